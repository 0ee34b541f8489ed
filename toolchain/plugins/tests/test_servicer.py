"""The provider protocol, call by call, over a real connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty

from toolchain.plugins.tests.fake import Fake, serving
from toolchain.plugins.values import UNKNOWN, Properties, Secret, Value, from_struct, to_struct
from toolchain.plugins.wire import provider_pb2, status_pb2

URN = "urn:pulumi:dev::tried::fake:index:Thing::web"


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture
def stub(fake: Fake) -> Iterator[Any]:
    with serving(fake) as (_, made):
        yield made


def check(stub: Any, urn: str = URN, olds: Properties | None = None, **news: Value) -> Any:
    return stub.Check(provider_pb2.CheckRequest(urn=urn, news=to_struct(news), olds=to_struct(olds or {})))


def create(stub: Any, *, preview: bool = False, timeout: float = 0, **inputs: Value) -> Any:
    full = {"name": "web", "mood": "calm", "size": 1, **inputs}
    request = provider_pb2.CreateRequest(urn=URN, properties=to_struct(full), preview=preview, timeout=timeout)
    return stub.Create(request)


def update(stub: Any, olds: Properties, news: Properties, *, preview: bool) -> Properties:
    request = provider_pb2.UpdateRequest(
        id="s1", urn=URN, olds=to_struct(olds), old_inputs=to_struct({}), news=to_struct(news), preview=preview
    )
    return from_struct(stub.Update(request).properties)


def diff(stub: Any, old: Properties, new: Properties) -> Any:
    return stub.Diff(provider_pb2.DiffRequest(urn=URN, id="s1", old_inputs=to_struct(old), news=to_struct(new)))


def test_the_version_is_that_of_the_directory(stub: Any) -> None:
    stub.Handshake(provider_pb2.ProviderHandshakeRequest(root_directory="/x/resource-fake-v4.84.1"))
    assert stub.GetPluginInfo(Empty()).version == "4.84.1"
    stub.Handshake(provider_pb2.ProviderHandshakeRequest(root_directory=""))
    assert stub.GetPluginInfo(Empty()).version == "4.84.1"


def test_check_adds_defaults_and_keeps_what_is_secret(stub: Any) -> None:
    response = check(stub, size=1, password=Secret("p"), tags=[Secret("a"), "b"])
    inputs = from_struct(response.inputs)
    assert inputs["mood"] == "calm"
    assert inputs["name"].startswith("web-")
    assert inputs["password"] == Secret("p")
    assert inputs["tags"] == [Secret("a"), "b"]
    again = from_struct(check(stub, olds=inputs, size=1).inputs)
    assert again["name"] == inputs["name"]


def test_check_refuses_by_name_what_is_unlisted_or_missing(stub: Any) -> None:
    failures = {item.property: item.reason for item in check(stub, colour="red").failures}
    assert set(failures) == {"colour", "size"}
    assert "no support for the property 'colour'" in failures["colour"]
    assert list(check(stub, size=UNKNOWN).failures) == []


def test_an_unknown_type_or_function_is_refused_by_name(stub: Any) -> None:
    with pytest.raises(grpc.RpcError, match=r"fake:index:Other has no support .* it covers fake:index:Thing"):
        check(stub, urn="urn:pulumi:dev::tried::a:b:C$fake:index:Other::web")
    with pytest.raises(grpc.RpcError, match="the function fake:index:none has no support"):
        stub.Invoke(provider_pb2.InvokeRequest(tok="fake:index:none"))
    answer = stub.Invoke(provider_pb2.InvokeRequest(tok="fake:index:getThing", args=to_struct({"n": Secret(2)})))
    assert from_struct(getattr(answer, "return")) == {"asked": {"n": 2}}


def test_a_diff_says_how_and_where(stub: Any) -> None:
    answer = diff(stub, {"name": "a", "size": 1, "tags": ["x"]}, {"name": "b", "size": 1, "tags": ["y"]})
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(answer.replaces) == ["name"]
    assert sorted(answer.diffs) == ["name", "tags"]
    kinds = {path: (item.kind, item.inputDiff) for path, item in answer.detailedDiff.items()}
    assert kinds == {
        "name": (provider_pb2.PropertyDiff.UPDATE_REPLACE, True),
        "tags[0]": (provider_pb2.PropertyDiff.UPDATE, True),
    }
    same = diff(stub, {"size": 1, "password": Secret("p")}, {"size": 1, "password": "p"})
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_preview_makes_nothing_and_knows_what_can_be_known(stub: Any, fake: Fake) -> None:
    outputs = from_struct(create(stub, preview=True, tags=[UNKNOWN]).properties)
    assert outputs == {
        "name": "web",
        "mood": "calm",
        "size": 1,
        "tags": [UNKNOWN],
        "serial": UNKNOWN,
        "address": UNKNOWN,
    }
    changed = update(stub, {"serial": "s1", "address": "a1", "size": 1}, {"size": 2}, preview=True)
    assert changed == {"size": 2, "serial": "s1", "address": UNKNOWN}
    assert fake.thing.things == {}


def test_a_create_returns_id_and_outputs_with_secrets_marked(stub: Any, fake: Fake) -> None:
    answer = create(stub, password=Secret("p"), timeout=12)
    assert answer.id == "s1"
    assert from_struct(answer.properties)["password"] == Secret("p")
    assert fake.thing.things["s1"]["password"] == "p"
    assert fake.thing.timeouts == [12]


def test_an_update_keeps_old_secrets_that_kept_their_value(stub: Any) -> None:
    olds = {"serial": Secret("s1"), "address": Secret("a1"), "password": Secret("p")}
    outputs = update(stub, olds, {"size": 2, "password": "now plain"}, preview=False)
    assert outputs["serial"] == Secret("s1")
    assert outputs["address"] == "a1+"
    assert outputs["password"] == "now plain"


def test_read_tells_what_is_there_and_what_is_gone(stub: Any, fake: Fake) -> None:
    create(stub, password=Secret("p"))
    fake.thing.things["s1"]["size"] = 7
    request = provider_pb2.ReadRequest(id="s1", urn=URN, inputs=to_struct({"size": 1, "password": Secret("p")}))
    found = stub.Read(request)
    assert from_struct(found.inputs) == {"size": 7, "password": Secret("p")}
    assert from_struct(found.properties)["password"] == Secret("p")
    assert stub.Read(provider_pb2.ReadRequest(id="none", urn=URN)).id == ""


def test_errors_are_their_own_text(stub: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(stub, mood="forbidden")
    assert caught.value.details() == "POST /things: 422 this mood is not allowed (request abc)"
    with pytest.raises(grpc.RpcError, match="a defect of this plugin, KeyError: 'oops'"):
        create(stub, mood="buggy")


def partial(error: grpc.RpcError) -> Any:
    return unpacked(error, provider_pb2.ErrorResourceInitFailed())


def unpacked(error: Any, detail: Any) -> Any:
    packed = {item.key: item.value for item in error.trailing_metadata()}["grpc-status-details-bin"]
    assert status_pb2.Status.FromString(packed).details[0].Unpack(detail)
    return detail


def test_a_partial_failure_keeps_the_id_and_the_secrets(stub: Any) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        create(stub, mood="ill", password=Secret("p"))
    detail = partial(caught.value)
    assert (detail.id, list(detail.reasons)) == ("s1", ["it exists but is ill"])
    assert from_struct(detail.properties)["password"] == Secret("p")
    assert from_struct(detail.inputs)["password"] == Secret("p")


def test_an_unknown_in_a_real_answer_loses_nothing(stub: Any) -> None:
    with pytest.raises(grpc.RpcError, match="unknown value") as caught:
        create(stub, mood="vague")
    assert "address" not in from_struct(partial(caught.value).properties)


def test_configuration_arrives_plain_and_its_lack_is_told_by_key(stub: Any, fake: Fake) -> None:
    stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"token": Secret("t"), "n": 3})))
    assert fake.configured == [{"token": "t", "n": 3}]
    with pytest.raises(grpc.RpcError, match="missing configuration: token") as caught:
        stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"token": ""})))
    keys = unpacked(caught.value, provider_pb2.ConfigureErrorMissingKeys())
    assert [(item.name, item.description) for item in keys.missingKeys] == [("token", "the key to everything")]


def test_messages_beyond_four_mebibytes_pass(stub: Any) -> None:
    text = "x" * 6_000_000
    assert from_struct(create(stub, tags=[text]).properties)["tags"] == [text]
