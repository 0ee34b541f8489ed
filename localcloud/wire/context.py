"""How a route gets at the cloud."""

from typing import Annotated, cast

from fastapi import Depends, Request

from localcloud.cloud import Cloud


def _cloud(request: Request) -> Cloud:
    return cast(Cloud, request.app.state.cloud)


CloudDep = Annotated[Cloud, Depends(_cloud)]
