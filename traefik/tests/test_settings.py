"""What the edge's settings refuse, and how they say it."""

from dataclasses import replace

import pytest

from traefik.errors import InvalidEdgeSettings, InvalidUsersFile
from traefik.settings import EdgeSettings, GuardedHost, check_users_file

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
GOOD = EdgeSettings(domain="staging.example.com", acme_directory=STAGING, acme_email="ops@example.com")
GUARDED = replace(
    GOOD, guarded=frozenset({GuardedHost.ADMIN}), allow_list=("203.0.113.7/32", "2001:db8::/64"), has_users=True
)
BCRYPT = "$2y$10$" + "a" * 53


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"domain": ""}, "domain"),
        ({"domain": "localhost"}, "domain"),
        ({"domain": "Example.com"}, "lower-case"),
        ({"domain": "a`) || Host(`b.com"}, "domain"),
        ({"acme_email": "nobody"}, "acme_email"),
        ({"acme_email": 'a@example.com"\nx: "'}, "acme_email"),
        ({"acme_directory": ""}, "acme_directory is missing"),
        ({"acme_directory": "http://acme.example.com/dir"}, "https"),
        ({"acme_directory": 'https://acme.example.com/dir"'}, "https"),
        ({"acme_directory": "https://acme-v02.api.letsencrypt.org/directory"}, "production"),
        ({"acme_directory": "https://ACME-V02.api.letsencrypt.org/directory"}, "production"),
        ({"acme_directory": "https://acme-v02.api.letsencrypt.org:443/directory", "acme_ca": True}, "production"),
        ({"acme_directory": "https://acme.zerossl.com/v2/DV90"}, "unknown"),
        ({"rate_limit_rpm": 0}, "rate_limit_rpm"),
        ({"hsts_max_age_s": 31_535_999}, "hsts_max_age_s"),
        ({"allow_list": ("0.0.0.0/0",)}, "everyone"),
        ({"allow_list": ("::/0",)}, "everyone"),
        ({"allow_list": ("203.0.113.7/8",)}, "no network"),
        ({"guarded": frozenset({GuardedHost.FLOWER}), "has_users": True}, "without an allow_list"),
        ({"guarded": frozenset({GuardedHost.FLOWER}), "allow_list": ("203.0.113.7/32",)}, "without a user"),
    ],
)
def test_unsafe_settings_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidEdgeSettings, match=said):
        replace(GOOD, **changes)  # type: ignore[arg-type]


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(InvalidEdgeSettings) as raised:
        EdgeSettings(domain="", acme_directory="", acme_email="", rate_limit_rpm=0)
    assert len(raised.value.problems) == 4


def test_acme_server_with_a_private_ca_is_accepted() -> None:
    private = replace(GOOD, acme_directory="https://acme.localcloud.test:14000/dir", acme_ca=True)
    assert private.acme_ca


def test_guards_with_users_and_networks_are_accepted() -> None:
    assert GUARDED.disabled_hosts == {
        f"{label}.staging.example.com" for label in ("traefik", "flower", "pgadmin", "mail")
    }


@pytest.mark.parametrize(("rpm", "burst"), [(1, 1), (6, 1), (300, 50)])
def test_burst_is_ten_seconds_worth(rpm: int, burst: int) -> None:
    assert replace(GOOD, rate_limit_rpm=rpm).rate_limit_burst == burst


def test_users_file_with_bcrypt_is_accepted() -> None:
    check_users_file(f"# operators\nanna:{BCRYPT}\n\nbert:{BCRYPT}\n")


@pytest.mark.parametrize(
    "text",
    ["", "\n", "# only a comment\n", "anna:plain\n", "anna:$apr1$x$y\n", f"anna:{BCRYPT.replace('$10$', '$05$')}\n"],
)
def test_users_file_that_freezes_traefik_or_is_weak_is_refused(text: str) -> None:
    with pytest.raises(InvalidUsersFile):
        check_users_file(text)


def test_refusal_of_a_user_never_repeats_the_line() -> None:
    with pytest.raises(InvalidUsersFile) as raised:
        check_users_file("anna:hunter2-plain\n")
    assert "hunter2" not in str(raised.value)
