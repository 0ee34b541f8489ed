"""A bundle is judged whole."""

import json

import pytest

from rollout.bundle import parse_bundle
from rollout.errors import BundleFaults
from rollout.tests.machine import FILES, make_bundle


def test_a_whole_bundle_is_read() -> None:
    bundle = parse_bundle(json.dumps(make_bundle(limits={"drain_ms": 70})))
    assert bundle.limits.drain_ms == 70
    assert [image.name for image in bundle.images] == ["api", "postgres", "traefik"]
    assert "super-secret-value" not in repr(bundle)


def test_all_faults_are_named_at_once() -> None:
    bad = make_bundle(
        revision="ABC/1",
        domain="",
        images={"api": {"ref": "x", "id": "latest", "variable": "api"}},
        probe={"routes": []},
        limits={"drain": 1},
        colour="blue",
    )
    with pytest.raises(BundleFaults) as told:
        parse_bundle(json.dumps(bad))
    expected = (
        "revision",
        "domain",
        "images.api.id",
        "images.api.variable",
        "probe.routes",
        "unknown key 'drain'",
        "'colour'",
    )
    assert [word for word in expected if not any(word in fault for fault in told.value.faults)] == []
    assert told.value.exit_code == 2


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"../outside": "x"}, "outside"),
        ({"/etc/passwd": "x"}, "outside"),
        ({"secrets/api/token": "x"}, "outside"),
        ({"edge/dynamic/more.yml": "x"}, "only a switch writes"),
        ({"dynamic.yml": "http: {}"}, "never names @RELEASE@"),
        ({"dynamic.yml": "@RELEASE@ basicAuth: {usersFile: /x}"}, "secret traefik/admin_users is missing"),
        ({"compose/app.yml": ""}, "compose/app.yml is missing"),
    ],
)
def test_files_that_would_do_harm_are_refused(files: dict[str, str], fault: str) -> None:
    with pytest.raises(BundleFaults, match=fault):
        parse_bundle(json.dumps(make_bundle(files=FILES | files)))


def test_a_secret_in_the_environment_is_refused_without_telling_it() -> None:
    with pytest.raises(BundleFaults, match="URL holds secret api/token") as told:
        parse_bundle(json.dumps(make_bundle(environment={"URL": "x://super-secret-value@y"})))
    assert "super-secret-value" not in str(told.value)


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_what_is_no_bundle_at_all_is_a_usage_fault(text: str) -> None:
    with pytest.raises(BundleFaults):
        parse_bundle(text)
