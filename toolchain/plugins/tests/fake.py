"""A provider with a far side in memory, and a server for it inside the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc

from toolchain.plugins import process
from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.engine import Engine
from toolchain.plugins.errors import MissingConfiguration, PartialFailure, ProviderError
from toolchain.plugins.provider import CheckResult, Context, Created, Invoke, Provider, ReadResult, Resource, autoname
from toolchain.plugins.servicer import ProviderServicer
from toolchain.plugins.values import UNKNOWN, Properties
from toolchain.plugins.wire import MESSAGE_LIMITS, provider_pb2_grpc


class Thing(Resource):
    """Has a name, a size and tags; the far side gives it a serial for life and a new address at each update."""

    inputs = frozenset({"name", "size", "tags", "mood", "password"})
    required = frozenset({"size"})
    computed = frozenset({"serial", "address"})
    volatile = frozenset({"address"})
    replaces = frozenset({"name"})

    def __init__(self) -> None:
        self.things: dict[str, Properties] = {}
        self.timeouts: list[float] = []
        self.made = 0

    def check(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        return CheckResult(autoname(ctx, olds, {"mood": "calm", **news}))

    def create(self, ctx: Context, inputs: Properties) -> Created:
        self.timeouts.append(ctx.timeout_s)
        if inputs["mood"] == "forbidden":
            raise ProviderError("POST /things: 422 this mood is not allowed (request abc)")
        if inputs["mood"] == "buggy":
            raise KeyError("oops")
        self.made += 1
        thing = {**inputs, "serial": f"s{self.made}", "address": f"a{self.made}"}
        self.things[thing["serial"]] = thing
        if inputs["mood"] == "ill":
            raise PartialFailure(thing["serial"], thing, ["it exists but is ill"])
        if inputs["mood"] == "vague":
            return Created(thing["serial"], {**thing, "address": UNKNOWN})
        return Created(thing["serial"], thing)

    def read(self, ctx: Context, id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:  # noqa: A002
        thing = self.things.get(id)
        if thing is None:
            return None
        names = inputs.keys() if inputs else self.inputs & thing.keys()
        return ReadResult(id, {key: thing[key] for key in names if key in thing}, thing)

    def update(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> Properties:  # noqa: A002
        self.things[id] = {**news, "serial": olds["serial"], "address": f"{olds['address']}+"}
        return self.things[id]

    def delete(self, ctx: Context, id: str, outputs: Properties) -> None:  # noqa: A002
        self.things.pop(id, None)


class Fake(Provider):
    """Offers the thing and a function."""

    name = "fake"

    def __init__(self) -> None:
        self.thing = Thing()
        self.configured: list[Properties] = []

    @property
    def resources(self) -> Mapping[str, Resource]:
        return {"fake:index:Thing": self.thing}

    @property
    def invokes(self) -> Mapping[str, Invoke]:
        return {"fake:index:getThing": lambda ctx, args: {"asked": args}}

    def configure(self, args: Properties) -> None:
        self.configured.append(args)
        if args.get("token") == "":
            raise MissingConfiguration({"token": "the key to everything"})


@contextmanager
def serving(provider: Provider) -> Iterator[tuple[int, Any]]:
    """Serve it from this process; yields the port and a stub."""
    server, port = process.make_server()
    servicer = ProviderServicer(provider, "1.0.0", Engine(), Cancellation())
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=MESSAGE_LIMITS) as channel:
        yield port, provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(grace=0).wait()
