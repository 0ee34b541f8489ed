"""What can go wrong between the provider and the DigitalOcean API, one class per thing a caller can act on."""

from __future__ import annotations

import http

from toolchain.plugins.errors import ProviderError

TOKEN_ADVICE = "set a valid token with `pulumi config set --secret digitalocean:token TOKEN` or in DIGITALOCEAN_TOKEN"  # noqa: S105


class ApiError(ProviderError):
    """The API refused a call or could not be understood; the text names the call, the status and the API's message."""

    def __init__(self, text: str, status: int = 0, message: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.message = message

    @property
    def is_missing(self) -> bool:
        """Whether the thing that was asked for does not exist."""
        return self.status == http.HTTPStatus.NOT_FOUND


class Unsure(ApiError):
    """A call that must not be repeated blindly failed in a way that leaves open whether it was done."""


class NotSent(Exception):
    """No connection could be made, so the request has certainly not been processed."""


class Dropped(Exception):
    """The connection ended before the whole answer was there; the request may have been processed."""
