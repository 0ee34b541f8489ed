"""Turns what a handler raises into the gRPC status whose text the user reads."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import NoReturn, TypeVar

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message

from toolchain.plugins.engine import Engine
from toolchain.plugins.errors import MissingConfiguration, PartialFailure, PluginError
from toolchain.plugins.values import Properties, to_struct
from toolchain.plugins.wire import provider_pb2, status_pb2

Answer = TypeVar("Answer")
Context = grpc.ServicerContext


def answering(engine: Engine, context: Context, handler: Callable[[], Answer], inputs: Properties) -> Answer:
    """Run a handler; `inputs` are what the state keeps of a partial failure that names none."""
    try:
        return handler()
    except PartialFailure as failure:
        _abort(context, str(failure), _partial(failure, inputs))
    except MissingConfiguration as failure:
        keys = [
            provider_pb2.ConfigureErrorMissingKeys.MissingKey(name=k, description=d) for k, d in failure.keys.items()
        ]
        _abort(context, str(failure), provider_pb2.ConfigureErrorMissingKeys(missingKeys=keys))
    except PluginError as failure:
        _abort(context, str(failure))
    except Exception as defect:  # noqa: BLE001 - the outermost layer: a defect must reach the user as one
        engine.log("debug", traceback.format_exc())
        _abort(context, f"a defect of this plugin, {type(defect).__name__}: {defect}; --debug shows where")


def _partial(failure: PartialFailure, inputs: Properties) -> Message:
    return provider_pb2.ErrorResourceInitFailed(
        id=failure.id,
        properties=to_struct(failure.outputs),
        inputs=to_struct(inputs if failure.inputs is None else failure.inputs),
        reasons=failure.reasons,
    )


def _abort(context: Context, text: str, detail: Message | None = None) -> NoReturn:
    if detail is not None:
        packed = AnyMessage()
        packed.Pack(detail)
        # The code inside must equal the one outside, or the engine drops the detail.
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=text, details=[packed])
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, text)
    raise AssertionError("abort returned")
