"""Random tokens that are shown once and kept as hashes."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a new token of 256 bits, fit for URLs and cookies."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is kept of a token; being random, it needs no slow hash."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).digest()
