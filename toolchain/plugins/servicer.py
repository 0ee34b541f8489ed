"""The resource provider protocol over a `Provider`: Structs become plain values here, and back."""
# ruff: noqa: D102 - the protocol documents its own methods

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any, cast

import grpc
from google.protobuf.empty_pb2 import Empty

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.engine import Engine
from toolchain.plugins.errors import PartialFailure, ProviderError, UnknownInRealRun
from toolchain.plugins.failures import answering
from toolchain.plugins.provider import (
    CheckResult,
    Context,
    DiffResult,
    Failure,
    Provider,
    Resource,
    compare,
    refuse_unlisted,
)
from toolchain.plugins.secrecy import protect_inputs, protect_outputs, secret_names
from toolchain.plugins.values import (
    Properties,
    contains_unknown,
    drop_unknowns,
    from_struct,
    strip_secrets,
    to_struct,
)
from toolchain.plugins.wire import plugin_pb2, provider_pb2, provider_pb2_grpc

Rpc = grpc.ServicerContext
_VERSION = re.compile(r"-v(\d[^/]*)$")


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine for one provider; one process serves one provider resource of the stack."""

    def __init__(self, provider: Provider, version: str, engine: Engine, cancellation: Cancellation) -> None:
        self._provider = provider
        self._version = version
        self._engine = engine
        self._cancellation = cancellation

    def Handshake(self, request: Any, rpc: Rpc) -> Any:
        self._cancellation.clear()  # an attached plugin outlives many runs
        self._engine.connect(request.engine_address)
        # The engine asks for exactly the version in the directory's name and warns of any other.
        if found := _VERSION.search(PurePath(request.root_directory).name):
            self._version = found[1]
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, rpc: Rpc) -> Empty:
        self._engine.connect(request.address)
        return Empty()

    def GetPluginInfo(self, request: Empty, rpc: Rpc) -> Any:
        return plugin_pb2.PluginInfo(version=self._version)

    def Cancel(self, request: Empty, rpc: Rpc) -> Empty:
        self._cancellation.set()
        return Empty()

    def CheckConfig(self, request: Any, rpc: Rpc) -> Any:
        news, olds = from_struct(request.news), from_struct(request.olds)

        def check() -> Any:
            result = self._provider.check_config(self._context(request, news), strip_secrets(olds), strip_secrets(news))
            return _checked(result, news)

        return answering(self._engine, rpc, check, news)

    def DiffConfig(self, request: Any, rpc: Rpc) -> Any:
        old = strip_secrets(from_struct(request.old_inputs))
        return _diffed(DiffResult(compare(old, strip_secrets(from_struct(request.news)))))

    def Configure(self, request: Any, rpc: Rpc) -> Any:
        args = strip_secrets(from_struct(request.args))

        def configure() -> Any:
            self._provider.configure(args)
            return provider_pb2.ConfigureResponse(
                acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
            )

        return answering(self._engine, rpc, configure, {})

    def Invoke(self, request: Any, rpc: Rpc) -> Any:
        args = from_struct(request.args)

        def invoke() -> Any:
            function = self._provider.invokes.get(request.tok)
            if function is None:
                raise ProviderError(self._refusal("function", request.tok, list(self._provider.invokes)))
            context = self._context(request, args)
            results = {"return": to_struct(function(context, strip_secrets(args)))}  # a keyword, hence the map
            return provider_pb2.InvokeResponse(**cast(Any, results))

        return answering(self._engine, rpc, invoke, args)

    def Check(self, request: Any, rpc: Rpc) -> Any:
        news, olds = from_struct(request.news), from_struct(request.olds)

        def check() -> Any:
            token, resource = self._resource(request.urn)
            plain = strip_secrets(news)
            failures = refuse_unlisted(plain, resource.inputs, token) + _missing(plain, resource)
            if failures:
                return _checked(CheckResult(plain, failures), news)
            return _checked(resource.check(self._context(request, news), strip_secrets(olds), plain), news)

        return answering(self._engine, rpc, check, news)

    def Diff(self, request: Any, rpc: Rpc) -> Any:
        news, olds, old_inputs = _structs(request.news, request.olds, request.old_inputs)

        def diff() -> Any:
            _, resource = self._resource(request.urn)
            context = self._context(request, news)
            return _diffed(resource.diff(context, request.id, *map(strip_secrets, (olds, old_inputs, news))))

        return answering(self._engine, rpc, diff, news)

    def Create(self, request: Any, rpc: Rpc) -> Any:
        inputs = from_struct(request.properties)

        def create() -> Any:
            _, resource = self._resource(request.urn)
            context, plain = self._context(request, inputs), strip_secrets(inputs)
            if request.preview:
                outputs = protect_outputs(resource.preview_create(context, plain), inputs, {})
                return provider_pb2.CreateResponse(properties=to_struct(outputs))
            try:
                created = resource.create(context, plain)
            except PartialFailure as failure:
                raise _protected(failure, inputs, {}) from failure
            outputs = _settled(created.id, protect_outputs(created.outputs, inputs, {}), context)
            return provider_pb2.CreateResponse(id=created.id, properties=to_struct(outputs))

        return answering(self._engine, rpc, create, inputs)

    def Read(self, request: Any, rpc: Rpc) -> Any:
        inputs, outputs = _structs(request.inputs, request.properties)

        def read() -> Any:
            _, resource = self._resource(request.urn)
            found = resource.read(
                self._context(request, inputs), request.id, strip_secrets(inputs), strip_secrets(outputs)
            )
            if found is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(
                id=found.id,
                inputs=to_struct(protect_inputs(found.inputs, inputs)),
                properties=to_struct(protect_outputs(found.outputs, inputs, outputs)),
            )

        return answering(self._engine, rpc, read, inputs)

    def Update(self, request: Any, rpc: Rpc) -> Any:
        news, olds, old_inputs = _structs(request.news, request.olds, request.old_inputs)

        def update() -> Any:
            _, resource = self._resource(request.urn)
            context = self._context(request, news)
            change = resource.preview_update if request.preview else resource.update
            try:
                answer = change(context, request.id, *map(strip_secrets, (olds, old_inputs, news)))
            except PartialFailure as failure:
                raise _protected(failure, news, olds) from failure
            outputs = protect_outputs(answer, news, olds)
            if not request.preview:
                outputs = _settled(request.id, outputs, context)
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))

        return answering(self._engine, rpc, update, news)

    def Delete(self, request: Any, rpc: Rpc) -> Empty:
        outputs = from_struct(request.properties)

        def delete() -> Empty:
            _, resource = self._resource(request.urn)
            resource.delete(self._context(request, outputs), request.id, strip_secrets(outputs))
            return Empty()

        return answering(self._engine, rpc, delete, {})

    def _context(self, request: Any, inputs: Properties) -> Context:
        """Gather what a call says about itself; no request has all the fields."""
        autonaming = getattr(request, "autonaming", None)
        return Context(
            getattr(request, "urn", ""),
            preview=getattr(request, "preview", False),
            timeout_s=getattr(request, "timeout", 0.0),
            secret_inputs=secret_names(inputs),
            cancelled=self._cancellation,
            log=self._engine.log,
            proposed_name=(autonaming.proposed_name or None) if autonaming is not None else None,
        )

    def _resource(self, urn: str) -> tuple[str, Resource]:
        token = urn.split("::")[2].rsplit("$", 1)[-1]
        resource = self._provider.resources.get(token)
        if resource is None:
            raise ProviderError(self._refusal("resource", token, list(self._provider.resources)))
        return token, resource

    def _refusal(self, kind: str, token: str, covered: list[str]) -> str:
        return (
            f"the {kind} {token} has no support in Slipway's stand-in for the {self._provider.name} plugin; "
            f"it covers {', '.join(sorted(covered)) or 'none'}. Use one of these, or the official plugin"
        )


def _structs(*structs: Any) -> tuple[Properties, ...]:
    return tuple(from_struct(struct) for struct in structs)


def _missing(inputs: Properties, resource: Resource) -> list[Failure]:
    return [Failure(key, "is required") for key in sorted(resource.required) if inputs.get(key) is None]


def _checked(result: CheckResult, asked: Properties) -> Any:
    failures = [provider_pb2.CheckFailure(property=item.property, reason=item.reason) for item in result.failures]
    return provider_pb2.CheckResponse(inputs=to_struct(protect_inputs(result.inputs, asked)), failures=failures)


def _diffed(result: DiffResult) -> Any:
    response = provider_pb2.DiffResponse
    detailed = {
        path: provider_pb2.PropertyDiff(kind=cast(Any, kind.value), inputDiff=True)
        for path, kind in result.changes.items()
    }
    replacing = [path for path, kind in result.changes.items() if kind is kind.replacing()]
    return response(
        changes=response.DIFF_SOME if result.changes else response.DIFF_NONE,
        detailedDiff=detailed,
        hasDetailedDiff=True,
        diffs=sorted({_top(path) for path in result.changes}),
        replaces=sorted({_top(path) for path in replacing}),
        deleteBeforeReplace=result.delete_before_replace,
        stables=result.stables,
    )


def _top(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _settled(id: str, outputs: Properties, context: Context) -> Properties:  # noqa: A002
    """Refuse unknowns in a real run without losing the thing: the engine would drop the answer and orphan it."""
    if not contains_unknown(outputs):
        return outputs
    raise PartialFailure(id, drop_unknowns(outputs), [str(UnknownInRealRun(context.urn))])


def _protected(failure: PartialFailure, inputs: Properties, olds: Properties) -> PartialFailure:
    outputs = drop_unknowns(protect_outputs(failure.outputs, inputs, olds))
    kept = None if failure.inputs is None else protect_inputs(failure.inputs, inputs)
    return PartialFailure(failure.id, outputs, failure.reasons, kept)
