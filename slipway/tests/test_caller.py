from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from slipway import caller
from slipway.errors import ConfigurationFault

Get = Callable[..., httpx.Response]


def answering(text: str) -> Get:
    return lambda url, timeout: httpx.Response(200, text=text, request=httpx.Request("GET", url))


@pytest.fixture(autouse=True)
def _no_address_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(caller.VARIABLE, raising=False)


def test_what_the_operator_says_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(caller.VARIABLE, "203.0.113.9")
    assert caller.caller_address("198.18.97.1", asks_outside=True) == "203.0.113.9"


def test_to_a_local_cloud_it_is_the_address_that_the_route_begins_with() -> None:
    assert caller.caller_address("127.0.0.1", asks_outside=False) == "127.0.0.1"


def test_behind_a_translation_of_addresses_the_outside_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "source_address", lambda target: "10.0.0.7")
    monkeypatch.setattr("httpx.get", answering("203.0.113.7\n"))
    assert caller.caller_address("192.0.2.1", asks_outside=True) == "203.0.113.7"


def test_a_public_address_is_taken_without_asking_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "source_address", lambda target: "8.8.4.4")
    monkeypatch.setattr("httpx.get", None)
    assert caller.caller_address(None, asks_outside=True) == "8.8.4.4"


@pytest.mark.parametrize("answer", ["<html>sign in to this network</html>", "", "2001:db8::1"])
def test_an_answer_that_is_no_address_is_refused_with_what_to_do(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "source_address", lambda target: None)
    monkeypatch.setattr("httpx.get", answering(answer))
    with pytest.raises(ConfigurationFault, match=f"export {caller.VARIABLE}="):
        caller.caller_address(None, asks_outside=True)
