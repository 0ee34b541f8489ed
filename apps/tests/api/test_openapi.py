"""The OpenAPI document: complete, stable, and the one that is committed."""

import pytest
from fastapi.routing import APIRoute

from api.app import VERSION, build_api
from api.openapi import METHODS, operations
from api.openapi_file import TARGET, document, main
from api.problems import MEDIA_TYPE

DOCUMENT = build_api().openapi()
OPERATIONS = {operation["operationId"]: operation for operation in operations(DOCUMENT)}


def test_the_committed_file_is_current() -> None:
    assert TARGET.read_text(encoding="utf-8") == document()


def test_a_stale_file_is_told(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.openapi_file.document", lambda: "something else")
    assert main(["--check"]) == 1


def test_the_version_does_not_change_with_a_release() -> None:
    assert DOCUMENT["info"]["version"] == VERSION


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_tells_all_that_it_may_answer(name: str) -> None:
    operation = OPERATIONS[name]
    statuses = operation["responses"].keys()
    assert name.isidentifier()
    assert name[0].islower()
    assert operation["description"]
    assert len(operation["tags"]) == 1
    assert "429" in statuses or name == "health"
    assert "503" in statuses
    assert {"400", "413", "422"} <= statuses or "requestBody" not in operation
    assert "401" in statuses or not operation.get("security")


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_error_is_a_problem_with_an_example(name: str) -> None:
    for status, response in OPERATIONS[name]["responses"].items():
        assert {"X-Request-Id", "X-Release"} <= response["headers"].keys()
        if status < "400" or (name, status) == ("health", "503"):
            continue
        assert list(response["content"]) == [MEDIA_TYPE], (name, status)
        for example in response["content"][MEDIA_TYPE]["examples"].values():
            assert example["value"]["status"] == int(status)
            assert example["value"].keys() >= {"type", "title", "detail", "request_id"}


def test_each_secured_operation_names_a_scheme_that_is_described() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"].keys()
    used = {name for operation in OPERATIONS.values() for one in operation.get("security", []) for name in one}
    assert used == schemes == {"bearer", "refreshCookie", "verificationToken"}


def test_no_change_has_a_default_that_a_client_would_send() -> None:
    for name in ("MeChange", "ItemChange"):
        properties = DOCUMENT["components"]["schemas"][name]["properties"]
        assert [field for field, schema in properties.items() if "default" in schema] == []


def test_every_member_has_a_kind_and_every_path_its_methods() -> None:
    assert all(set(item) <= METHODS for item in DOCUMENT["paths"].values())
    hidden = {route.path for route in build_api().routes if isinstance(route, APIRoute) and not route.include_in_schema}
    assert hidden & DOCUMENT["paths"].keys() == set()
