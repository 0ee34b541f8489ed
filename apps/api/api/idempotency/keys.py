"""The header Idempotency-Key."""

from typing import Annotated

from fastapi import Header

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[!-~]+$",
        description="Chosen by the client; the same request sent again with it has no second effect",
        examples=["5f0c6f0e-3d9a-4e0e-9f5f-0d7f4f8a8c11"],
    ),
]
