from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from toolchain.errors import ChecksumMismatch, ToolchainError
from toolchain.registries import registry_of
from toolchain.standins import NPM, STANDINS, NpmPackage, StandIn
from toolchain.steps.images import RECIPES, OfficialImage, fetch_npm, npm_package, recipe_digest
from toolchain.tests.fakes import session_in, tool

REDIS = next(standin for standin in STANDINS if standin.folder == "redis")
DOCKER = """
put() {{ printf '[{{"Id": "sha256:%s", "Config": {{"Labels": %s}}}}]' "$2" "$3" > "{folder}/images/$1"; }}
case "$1 $2" in
  "image inspect") cat "{folder}/images/$3" 2>/dev/null || exit 1 ;;
  "manifest inspect") [ -e {folder}/internet ] ;;
  "pull "*) [ -e {folder}/stalled ] && exit 1; put "$2" official null ;;
  "build --progress=plain")
    recipe=${{4#*=}}
    echo "$6 $recipe" >> {folder}/builds
    put "$6" "$recipe" "{{\\"slipway.standin\\": \\"$recipe\\"}}" ;;
  "image rm") echo "$3" >> {folder}/removed ;;
esac
"""


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    tool(tmp_path, "docker", DOCKER.format(folder=tmp_path))
    return tmp_path


def put_image(folder: Path, reference: str, labels: dict[str, str]) -> None:
    facts = [{"Id": "sha256:there", "Config": {"Labels": labels}}]
    (folder / "images" / reference).write_text(json.dumps(facts))


def test_an_image_from_elsewhere_is_used_as_it_is(engine: Path) -> None:
    put_image(engine, "redis:8", {})
    assert OfficialImage(REDIS).probe(session_in(engine)) == "is here, from elsewhere"


def test_a_stand_in_is_built_once_and_again_when_the_base_below_it_changes(engine: Path) -> None:
    put_image(engine, "debian:trixie-slim", {"slipway.standin": "one"})
    step, session = OfficialImage(REDIS), session_in(engine)
    assert step.probe(session) is None
    assert step.work(session) == "built the stand-in"
    assert step.probe(session) == "stand-in is current"
    put_image(engine, "debian:trixie-slim", {"slipway.standin": "two"})
    assert step.probe(session) is None
    step.work(session)
    builds = (engine / "builds").read_text().split()
    assert builds[0] == builds[2] == "redis:8"
    assert builds[1] != builds[3]
    assert (engine / "removed").read_text() == f"sha256:{builds[1]}\n"
    assert session.ledger.read()["images"] == {"redis:8": f"sha256:{builds[3]}"}


def test_the_official_image_is_pulled_where_its_registry_answers(engine: Path) -> None:
    (engine / "internet").touch()
    session = session_in(engine)
    assert OfficialImage(REDIS).work(session) == "pulled"
    assert OfficialImage(REDIS).probe(session) == "is here, from elsewhere"


def test_a_pull_that_breaks_off_ends_in_the_stand_in(engine: Path) -> None:
    (engine / "internet").touch()
    (engine / "stalled").touch()
    assert OfficialImage(REDIS).work(session_in(engine)) == "built the stand-in"


def test_every_recipe_is_there_and_has_a_digest_of_its_own(engine: Path) -> None:
    session = session_in(engine)
    assert {standin.folder for standin in STANDINS} == {path.name for path in RECIPES.iterdir()}
    assert len({recipe_digest(session, standin) for standin in STANDINS}) == len(STANDINS)


def test_a_machine_of_another_kind_is_told_so(engine: Path) -> None:
    node = next(standin for standin in STANDINS if standin.folder == "node")
    session = session_in(engine)
    object.__setattr__(session.settings, "machine", "riscv64")
    with pytest.raises(ToolchainError, match="no stand-in for a machine of the kind riscv64"):
        recipe_digest(session, node)


def test_a_package_that_is_not_what_was_pinned_is_refused_and_not_kept(engine: Path) -> None:
    tool(engine, "npm", 'echo other > "$5/npm.tgz"')
    session = session_in(engine)
    with pytest.raises(ChecksumMismatch, match="npm@10"):
        fetch_npm(session, NPM)
    assert list((session.settings.cache / "npm").iterdir()) == []


def test_a_package_is_fetched_once(engine: Path) -> None:
    content = b"the package\n"
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    tool(engine, "npm", f'echo the package > "$5/p.tgz"; echo fetched >> {engine}/fetched')
    session = session_in(engine)
    package = NpmPackage("p", "1.0.0", integrity)
    assert fetch_npm(session, package) == fetch_npm(session, package)
    assert (engine / "fetched").read_text() == "fetched\n"
    assert npm_package(session, StandIn("x", "x:1", npm={"p.tgz": package}), "p.tgz") is package


@pytest.mark.parametrize(
    ("reference", "registry"),
    [
        ("redis:8", ""),
        ("library/redis:8", ""),
        ("ghcr.io/letsencrypt/pebble:latest", "ghcr.io"),
        ("localhost:5000/a", "localhost:5000"),
    ],
)
def test_the_registry_of_a_reference(reference: str, registry: str) -> None:
    assert registry_of(reference) == registry
