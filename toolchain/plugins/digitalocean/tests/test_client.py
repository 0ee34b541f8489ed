from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.digitalocean.client import Client, Settings
from toolchain.plugins.digitalocean.errors import ApiError, Unsure
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.digitalocean.tests.scripted import DROP, serving
from toolchain.plugins.errors import Cancelled, TimedOut
from toolchain.plugins.provider import Context

KEYS = "/v2/account/keys"
REFUSED = {"id": "unprocessable_entity", "message": "SSH Key is already in use on your account", "request_id": "4d9d"}


def test_error_names_call_status_request_and_message() -> None:
    with serving({f"POST {KEYS}": [(422, REFUSED)]}) as api:
        with pytest.raises(ApiError) as caught:
            api.client().call(Context(), "POST", KEYS, {"name": "a"})
        url = f"{api.url}{KEYS}"
    assert str(caught.value) == f'POST {url}: 422 (request "4d9d") SSH Key is already in use on your account'
    assert api.lines() == [f"POST {KEYS}"]


def test_request_id_is_taken_from_the_header_and_text_answers_are_shown_raw() -> None:
    with (
        serving({f"GET {KEYS}": [(403, "no entry", {"x-request-id": "r1"})]}) as api,
        pytest.raises(ApiError) as caught,
    ):
        api.client().call(Context(), "GET", KEYS)
    assert str(caught.value).endswith(': 403 (request "r1") no entry')


def test_unauthorised_call_tells_how_to_mend_it() -> None:
    body = {"id": "unauthorized", "message": "Unable to authenticate you"}
    with serving({f"GET {KEYS}": [(401, body)]}) as api, pytest.raises(ApiError) as caught:
        api.client().call(Context(), "GET", KEYS)
    assert "401 Unable to authenticate you; set a valid token with `pulumi config set" in str(caught.value)


def test_missing_token_is_told_without_a_call() -> None:
    with serving({}) as api:
        with pytest.raises(ApiError, match="no DigitalOcean API token is known"):
            api.client(token="").call(Context(), "GET", KEYS)
        assert api.calls == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_reading_is_repeated_until_it_works(status: int) -> None:
    with serving({f"GET {KEYS}": [(status, "busy"), (status, "busy"), (200, {"ssh_keys": []})]}) as api:
        assert api.client().call(Context(), "GET", KEYS).data == {"ssh_keys": []}
    assert len(api.calls) == 3


def test_repeating_ends_after_the_configured_number_of_tries() -> None:
    text = r"500 Unexpected server-side error; giving up after 3 attempt\(s\)"
    with (
        serving({f"GET {KEYS}": [(500, {"message": "Unexpected server-side error"})]}) as api,
        pytest.raises(ApiError, match=text),
    ):
        api.client(retry_max=2).call(Context(), "GET", KEYS)
    assert len(api.calls) == 3


def test_retry_after_is_obeyed() -> None:
    busy = (429, {"message": "API Rate limit exceeded."}, {"Retry-After": "1"})
    with serving({f"POST {KEYS}": [busy, (201, {"ssh_key": {"id": 1}})]}) as api:
        started = time.monotonic()
        api.client().call(Context(), "POST", KEYS, {})
        assert time.monotonic() - started >= 1.0
    assert len(api.calls) == 2


@pytest.mark.parametrize("answer", [(500, "oops"), (503, "later", {"Retry-After": "0"}), (504, "gateway"), DROP])
def test_a_post_that_may_be_done_is_not_repeated(answer: object) -> None:
    with serving({f"POST {KEYS}": [answer]}) as api, pytest.raises(Unsure):
        api.client().call(Context(), "POST", KEYS, {})
    assert len(api.calls) == 1


def test_a_post_that_was_never_sent_is_repeated() -> None:
    client = Client(Settings("t", "http://127.0.0.1:1", retry_wait_min_s=0.001))
    with pytest.raises(ApiError, match=r"POST .*refused; giving up after 5 attempt\(s\)") as caught:
        client.call(Context(), "POST", KEYS, {})
    assert not isinstance(caught.value, Unsure)


def test_good_answer_that_is_not_json_is_explained() -> None:
    with (
        serving({f"POST {KEYS}": [(201, "hello")]}) as api,
        pytest.raises(ApiError, match="201, but the answer is not"),
    ):
        api.client().call(Context(), "POST", KEYS, {})


def test_answer_without_its_object_is_explained() -> None:
    with serving({f"POST {KEYS}": [(201, {})]}) as api, pytest.raises(ApiError, match="lacks 'ssh_key'"):
        Session(api.client(), Context()).post(KEYS, {}, "ssh_key")


def test_all_pages_are_read() -> None:
    first = {"ssh_keys": [{"id": 1}], "links": {"pages": {"next": "x"}}}
    second = {"ssh_keys": [{"id": 2}], "links": None, "meta": None}
    answers: dict[str, list[Any]] = {
        f"GET {KEYS}?page=1&per_page=200": [(200, first)],
        f"GET {KEYS}?page=2&per_page=200": [(200, second)],
    }
    with serving(answers) as api:
        assert Session(api.client(), Context()).list(KEYS, "ssh_keys") == [{"id": 1}, {"id": 2}]


def test_deleting_what_is_gone_succeeds() -> None:
    with serving({}) as api:
        Session(api.client(), Context()).delete(f"{KEYS}/1")
    assert api.lines() == [f"DELETE {KEYS}/1"]


def test_bodies_carry_whole_numbers_as_integers() -> None:
    with serving({"POST /v2/volumes": [(201, {"volume": {"id": "v"}})]}) as api:
        Session(api.client(), Context()).make("/v2/volumes", {"name": "v", "size_gigabytes": 10}, "volume")
    assert api.calls == [("POST /v2/volumes", {"name": "v", "size_gigabytes": 10})]
    assert isinstance(api.calls[0][1]["size_gigabytes"], int)


def _droplet(number: int, created_at: str, name: str = "web") -> dict[str, object]:
    return {"id": number, "name": name, "created_at": created_at, "region": "fra1"}


def test_a_create_lost_behind_a_504_is_found_again_and_not_made_twice() -> None:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    found = [_droplet(1, "2020-01-01T00:00:00Z"), _droplet(2, now), _droplet(3, now, "other")]
    answers: dict[str, list[Any]] = {
        "POST /v2/droplets": [(504, "gateway time-out")],
        "GET /v2/droplets?page=1&per_page=200": [(200, {"droplets": found})],
        "GET /v2/account": [(200, {"account": {}})],
    }
    with serving(answers) as api:
        made = Session(api.client(), Context()).make("/v2/droplets", {"name": "web"}, "droplet", lambda item: True)
    assert made["id"] == 2
    assert api.lines().count("POST /v2/droplets") == 1


def test_a_create_that_left_no_trace_is_tried_again() -> None:
    answers: dict[str, list[Any]] = {
        "POST /v2/droplets": [(500, "oops"), (202, {"droplet": {"id": 7, "name": "web"}})],
        "GET /v2/droplets?page=1&per_page=200": [(200, {"droplets": [_droplet(1, "2020-01-01T00:00:00Z")]})],
        "GET /v2/account": [(200, {"account": {}})],
    }
    with serving(answers) as api:
        made = Session(api.client(), Context()).make("/v2/droplets", {"name": "web"}, "droplet", lambda item: True)
    assert made["id"] == 7


def test_a_lost_create_of_an_object_without_a_date_asks_to_look() -> None:
    with (
        serving({"POST /v2/reserved_ips": [(500, "oops")]}) as api,
        pytest.raises(ApiError, match="look whether it was made before trying again"),
    ):
        Session(api.client(), Context()).make("/v2/reserved_ips", {"region": "fra1"}, "reserved_ip")
    assert len(api.calls) == 1


def test_an_object_is_taken_by_one_resource_only() -> None:
    client = Client(Settings("t"))
    assert client.claim("/v2/droplets", "1")
    assert not client.claim("/v2/droplets", "1")


def test_waiting_starts_fast_and_ends_when_the_action_has_completed() -> None:
    pending = {"action": {"id": 5, "status": "in-progress", "completed_at": None}}
    done = {"action": {"id": 5, "status": "completed", "completed_at": "2026-01-01T00:00:00Z"}}
    with serving({"GET /v2/actions/5": [(200, pending), (200, pending), (200, done)]}) as api:
        Session(api.client(), Context(timeout_s=20)).finish_action({"id": 5})
    assert len(api.calls) == 3


def test_waiting_ends_with_custom_timeouts() -> None:
    session = Session(Client(Settings("t")), Context(timeout_s=0.3))
    with pytest.raises(TimedOut, match=r"waiting for godot took longer than 0.3 s"):
        session.poll(lambda: None, 3600, "godot")


def test_waiting_ends_with_ctrl_c() -> None:
    cancellation = Cancellation()
    session = Session(Client(Settings("t")), Context(cancelled=cancellation))
    looked = threading.Event()

    def look() -> None:
        looked.set()

    def press() -> None:
        looked.wait(10)
        cancellation.set()

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(Cancelled):
        session.poll(look, 3600, "godot")
    thread.join()


def test_a_refusal_that_passes_is_waited_for_and_the_last_one_shown() -> None:
    pending = (422, {"message": "Droplet already has a pending event."})
    with serving({"POST /v2/volumes/v/actions": [pending, pending, (202, {"action": {"id": 1}})]}) as api:
        session = Session(api.client(), Context())

        def do() -> dict[str, object]:
            return session.post("/v2/volumes/v/actions", {}, "action")

        assert session.retry_while(lambda failure: failure.status == 422, do, 60) == {"id": 1}
        api.answers["POST /v2/volumes/v/actions"] = [pending]
        with pytest.raises(ApiError, match="pending event"):
            session.retry_while(lambda failure: failure.status == 422, do, 0)
