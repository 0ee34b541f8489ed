"""What no client can bring about: an error that nobody foresaw, on the short way."""

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from api.app import build_api
from api.middleware import RequestScope


async def without_resources(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve as if the lifespan had opened something else."""
    scope["state"] = {"resources": object()}
    await RequestScope(build_api(), "r1")(scope, receive, send)


@pytest.mark.parametrize("path", ["/items", "/items/0198c0de-0000-7000-8000-000000000000", "/items?_=1"])
async def test_an_unforeseen_error_is_a_problem_document_on_both_ways(path: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(without_resources), base_url="http://api") as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:slipway:problem:internal-error")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
