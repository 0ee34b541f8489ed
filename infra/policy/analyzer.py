"""The rules behind Pulumi's analyzer protocol (proto/pulumi/analyzer.proto), as a policy pack serves it."""
# ruff: noqa: D102 - the protocol documents its own methods

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto.analyzer_pb2_grpc import AnalyzerServicer

from infra.policy.model import Resource, Rule
from infra.policy.rules import rules

NAME = "slipway"
VERSION = "1.0.0"  # as PulumiPolicy.yaml says, which is what the CLI shows

Rpc = grpc.ServicerContext


class Analyzer(AnalyzerServicer):
    """Judges each resource before it is touched, and the whole stack at the end; a violation stops the run."""

    def __init__(self) -> None:
        self._rules = rules()

    def GetPluginInfo(self, request: Empty, rpc: Rpc) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetAnalyzerInfo(self, request: Empty, rpc: Rpc) -> Any:
        infos = [
            wire.PolicyInfo(
                name=rule.name,
                description=f"{rule.must}.",
                enforcementLevel=wire.MANDATORY,
                policy_type=wire.POLICY_TYPE_RESOURCE if rule.judge else wire.POLICY_TYPE_STACK,
            )
            for rule in self._rules
        ]
        return wire.AnalyzerInfo(name=NAME, version=VERSION, policies=infos, supportsConfig=True)

    def Configure(self, request: Any, rpc: Rpc) -> Empty:
        return Empty()  # no rule can be set otherwise from outside: a change of one is a commit

    def ConfigureStack(self, request: Any, rpc: Rpc) -> Any:
        """Learn the stack's secrets, so that they are known wherever they turn up."""
        self._rules = rules([request.config[key] for key in request.config_secret_keys if key in request.config])
        return wire.AnalyzerStackConfigureResponse()

    def Remediate(self, request: Any, rpc: Rpc) -> Any:
        return wire.RemediateResponse()

    def Analyze(self, request: Any, rpc: Rpc) -> Any:
        return self._judged([_resource(request)], [rule for rule in self._rules if rule.judge])

    def AnalyzeStack(self, request: Any, rpc: Rpc) -> Any:
        return self._judged([_resource(each) for each in request.resources], [r for r in self._rules if not r.judge])

    def Cancel(self, request: Empty, rpc: Rpc) -> Empty:
        return Empty()  # no call takes long enough to be cut short

    def _judged(self, resources: Sequence[Resource], asked: Iterable[Rule]) -> Any:
        return wire.AnalyzeResponse(
            diagnostics=[
                wire.AnalyzeDiagnostic(
                    policyName=rule.name,
                    policyPackName=NAME,
                    policyPackVersion=VERSION,
                    description=f"{rule.must}.",
                    message=violation.problem,
                    enforcementLevel=wire.MANDATORY,
                    urn=violation.resource.urn,
                )
                for rule in asked
                for violation in rule.violations(resources)
            ]
        )


def _resource(sent: Any) -> Resource:
    return Resource(sent.type, sent.name, json_format.MessageToDict(sent.properties), sent.urn)
