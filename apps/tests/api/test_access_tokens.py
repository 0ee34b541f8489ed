from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from api.errors import SignInNeeded
from api.sessions.access_tokens import KNOWN_MAX, LIFETIME, AccessTokens

KEY = "a key of more than thirty-two characters"
ACCOUNT, SESSION = uuid4(), uuid4()


def test_a_token_says_whose_it_is_and_no_two_are_the_same() -> None:
    tokens = AccessTokens(KEY, "slipway.test")
    one, two = (tokens.issue(ACCOUNT, SESSION) for _ in range(2))
    assert one != two
    for _ in range(2):
        assert (tokens.read(one).account_id, tokens.read(one).session_id) == (ACCOUNT, SESSION)


def test_a_token_that_was_taken_once_still_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = AccessTokens(KEY, "slipway.test")
    token = tokens.issue(ACCOUNT, SESSION, datetime.now(UTC) - LIFETIME + timedelta(seconds=60))
    expires_at = tokens.read(token).expires_at
    monkeypatch.setattr("api.sessions.access_tokens.time.time", lambda: expires_at - 1)
    assert tokens.read(token).account_id == ACCOUNT
    monkeypatch.setattr("api.sessions.access_tokens.time.time", lambda: expires_at)
    monkeypatch.setattr(tokens, "_checked", lambda _: (_ for _ in ()).throw(SignInNeeded))
    with pytest.raises(SignInNeeded):
        tokens.read(token)


def test_what_is_refused_is_not_remembered() -> None:
    tokens = AccessTokens(KEY, "slipway.test")
    for _ in range(2):
        with pytest.raises(SignInNeeded):
            tokens.read(AccessTokens("another " + KEY, "slipway.test").issue(ACCOUNT, SESSION))
    assert tokens._known == {}


def test_tokens_without_end_take_no_memory_without_end() -> None:
    tokens = AccessTokens(KEY, "slipway.test")
    issued = [tokens.issue(ACCOUNT, SESSION) for _ in range(KNOWN_MAX + 1)]
    for token in issued:
        tokens.read(token)
    assert len(tokens._known) == 1
