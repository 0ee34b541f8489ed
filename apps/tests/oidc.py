"""A little OpenID provider: signs in whoever it is told to, by authorization code with PKCE."""

import hashlib
import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "slipway-client", "secret-of-the-client"


class Provider(ThreadingHTTPServer):
    """The provider; tests change `person` and `changes` to say who signs in and what is wrong with the proof."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key = self.key
        self.person: dict[str, Any] = {"sub": "g-1", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
        self.changes: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def authorize(self, url: str) -> str:
        """Do what a browser and a person at the provider do with an authorization URL; return the code."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT_ID)
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == "https://slipway.test/api/auth/google/callback"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code

    def id_token(self, asked: dict[str, str]) -> str:
        """Return the proof of who signed in."""
        now = datetime.now(UTC)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "nonce": asked["nonce"],
            **self.person,
            **self.changes,
        }
        return jwt.encode(claims, self.signing_key, "RS256", headers={"kid": "k1"})


class Handler(BaseHTTPRequestHandler):
    """The provider's pages."""

    def do_GET(self) -> None:
        """Answer the discovery document or the keys."""
        provider = cast(Provider, self.server)
        if self.path == "/.well-known/openid-configuration":
            self.answer(
                200,
                {
                    "issuer": provider.issuer,
                    "authorization_endpoint": f"{provider.issuer}/authorize",
                    "token_endpoint": f"{provider.issuer}/token",
                    "jwks_uri": f"{provider.issuer}/keys",
                },
            )
        else:
            key = RSAAlgorithm.to_jwk(provider.key.public_key(), as_dict=True)
            self.answer(200, {"keys": [{**key, "kid": "k1", "use": "sig", "alg": "RS256"}]})

    def do_POST(self) -> None:
        """Exchange a code, once, for whoever knows the client's secret and the verifier."""
        provider = cast(Provider, self.server)
        form = {name: values[0] for name, values in parse_qs(self.read_body()).items()}
        asked = provider.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        is_good = form.get("client_secret") == CLIENT_SECRET and form.get("grant_type") == "authorization_code"
        if asked is None or not is_good or challenge != asked["code_challenge"]:
            self.answer(400, {"error": "invalid_grant"})
        else:
            self.answer(200, {"id_token": provider.id_token(asked), "access_token": "unused", "token_type": "Bearer"})

    def read_body(self) -> str:
        """Return the form as it was sent."""
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def answer(self, status: int, content: dict[str, Any]) -> None:
        """Send JSON."""
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Say nothing."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Serve on a free port of this machine."""
    with Provider() as provider:
        thread = threading.Thread(target=provider.serve_forever, daemon=True)
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()
