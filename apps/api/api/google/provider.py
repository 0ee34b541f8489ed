"""Google, or whatever else speaks OpenID Connect: its documents, its keys, and the exchange of a code."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from api.google.errors import GoogleRefused, GoogleUnavailable
from api.paths import published
from api.settings import Settings

TIMEOUT_S = 5.0
LEEWAY_S = 30
SCOPES = "openid email profile"
ALGORITHMS = ["RS256"]

log = structlog.stdlib.get_logger(__name__)


class Discovery(BaseModel):
    """What the provider says of itself."""

    model_config = ConfigDict(extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass(frozen=True)
class Identity:
    """Who signed in at the provider, with an address that it has proved."""

    subject: str
    email: str
    name: str
    picture: str | None


class Provider:
    """The provider as one process knows it; its documents are asked for once, its keys again when one is unknown."""

    def __init__(self, settings: Settings) -> None:
        self._client_id = settings.google_client_id or ""
        self._client_secret = settings.google_client_secret
        self._issuer = settings.google_issuer.rstrip("/")
        self._redirect_uri = settings.origin + published("/auth/google/callback")
        self._http = httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)
        self._lock = asyncio.Lock()
        self._discovery: Discovery | None = None
        self._keys: jwt.PyJWKSet | None = None

    async def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Return where the browser goes to sign in; `verifier` proves later that the code came back to us."""
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{(await self._documents()).authorization_endpoint}?{urlencode(query)}"

    async def identify(self, code: str, verifier: str, nonce: str) -> Identity:
        """Exchange a code for who signed in; raise `GoogleRefused` if the provider's answer does not prove it."""
        secret = self._client_secret.get_secret_value() if self._client_secret else ""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self._client_id,
            "client_secret": secret,
            "code_verifier": verifier,
        }
        answer = await self._ask("POST", (await self._documents()).token_endpoint, form)
        claims = await self._verified(str(answer.get("id_token", "")))
        if claims.get("nonce") != nonce or claims.get("email_verified") is not True or not claims.get("email"):
            raise GoogleRefused("Google has not proved the email address of this account.")
        picture = claims.get("picture")
        return Identity(
            str(claims["sub"]),
            str(claims["email"]).lower(),
            str(claims.get("name") or ""),
            str(picture) if picture else None,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _documents(self) -> Discovery:
        async with self._lock:
            if self._discovery is None:
                found = await self._ask("GET", f"{self._issuer}/.well-known/openid-configuration")
                try:
                    self._discovery = Discovery.model_validate(found)
                except ValidationError as error:
                    raise GoogleUnavailable from error
            return self._discovery

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            key = await self._key_of(str(jwt.get_unverified_header(token).get("kid")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._client_id,
                issuer=(await self._documents()).issuer,
                leeway=LEEWAY_S,
                options={"require": ["iss", "aud", "sub", "iat", "exp"]},
            )
        except jwt.PyJWTError as error:
            log.warning("an id token was refused", reason=str(error))
            raise GoogleRefused from error
        return claims

    async def _key_of(self, kid: str) -> jwt.PyJWK:
        if self._keys is None or not any(key.key_id == kid for key in self._keys.keys):
            self._keys = jwt.PyJWKSet.from_dict(await self._ask("GET", (await self._documents()).jwks_uri))
        return self._keys[kid]

    async def _ask(self, method: str, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, url, data=form, headers={"Accept": "application/json"})
            content = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("google unavailable", error=type(error).__name__, reason=str(error))
            raise GoogleUnavailable from error
        if answer.is_client_error and form:
            raise GoogleRefused
        if not answer.is_success or not isinstance(content, dict):
            log.warning("google unavailable", status=answer.status_code)
            raise GoogleUnavailable
        return content
