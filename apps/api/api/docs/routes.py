"""`GET /docs` and the two files that its page loads."""

from functools import cache
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.docs.page import write_page

ASSETS = Path(__file__).parent / "assets"
KINDS = {"docs.css": "text/css", "docs.js": "text/javascript"}
CACHED = {"Cache-Control": "public, max-age=300"}

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def show_docs(request: Request) -> Response:
    """Show the OpenAPI document to a person."""
    state = request.app.state
    if not hasattr(state, "docs_page"):
        state.docs_page = write_page(request.app.openapi())
    return HTMLResponse(state.docs_page, headers=CACHED)


@router.get("/docs/{name}")
async def show_asset(name: Literal["docs.css", "docs.js"]) -> Response:
    """Serve the page's style or its script."""
    return Response(asset(name), media_type=KINDS[name], headers=CACHED)


@cache
def asset(name: str) -> bytes:
    """Read a file once."""
    return (ASSETS / name).read_bytes()
