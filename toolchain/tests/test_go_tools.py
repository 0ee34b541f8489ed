from __future__ import annotations

from pathlib import Path

import pytest

from toolchain.environment import find_pulumi
from toolchain.errors import CommandFailed
from toolchain.go_tools import ACTIONLINT, MAILPIT, PULUMI, PULUMI_COMPANIONS, TRAEFIK, build, workshop
from toolchain.steps.pulumi import Pulumi
from toolchain.tests.fakes import session_in, tool

GO = """
while [ "$1" != -o ]; do shift; done
[ -e {folder}/broken ] && {{ echo "no space left"; exit 1; }}
printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"; chmod 755 "$2"
echo built >> {folder}/builds
"""


def with_go(tmp_path: Path) -> None:
    tool(tmp_path, "go", GO.format(folder=tmp_path))


def test_versions_are_those_of_the_go_mod_files() -> None:
    assert PULUMI.version == "3.259.0"
    assert TRAEFIK.version == "3.6.12"
    assert MAILPIT.version == "1.27.11"
    assert ACTIONLINT.version == "1.7.12"


def test_a_tool_is_built_once(tmp_path: Path) -> None:
    with_go(tmp_path)
    first, second = build(session_in(tmp_path), TRAEFIK), build(session_in(tmp_path), TRAEFIK)
    assert first == second
    assert (tmp_path / "builds").read_text() == "built\n"


def test_go_s_own_caches_last_until_a_build_succeeds(tmp_path: Path) -> None:
    with_go(tmp_path)
    (tmp_path / "broken").touch()
    session = session_in(tmp_path)
    kept = workshop(session.settings, TRAEFIK)
    kept.mkdir(parents=True)
    with pytest.raises(CommandFailed):
        build(session, TRAEFIK)
    assert kept.exists()
    (tmp_path / "broken").unlink()
    build(session, TRAEFIK)
    assert not kept.exists()


def test_a_build_that_fails_leaves_no_half_of_a_tool_and_the_next_one_succeeds(tmp_path: Path) -> None:
    with_go(tmp_path)
    (tmp_path / "broken").touch()
    session = session_in(tmp_path)
    with pytest.raises(CommandFailed, match="go build -v") as caught:
        build(session, TRAEFIK)
    assert caught.value.tail == ["no space left"]
    assert not TRAEFIK.built(session.settings).parent.exists()
    (tmp_path / "broken").unlink()
    assert build(session, TRAEFIK).exists()


def test_a_built_pulumi_is_linked_and_has_its_companions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_go(tmp_path)
    monkeypatch.setattr("toolchain.steps.pulumi.download", lambda session: None)
    session = session_in(tmp_path)
    sdk = session.settings.cache / "go/pulumi/modules/github.com/pulumi/pulumi" / f"sdk/v3@v{PULUMI.version}"
    for name in PULUMI_COMPANIONS:
        (sdk / name).parent.mkdir(parents=True)
        (sdk / name).write_text("a script")
    assert Pulumi().work(session) == "built 3.259.0"
    tools = find_pulumi(session.settings)
    assert tools is not None
    assert tools.origin == "built"
    assert {path.name for path in tools.pulumi.resolve().parent.iterdir()} >= {
        "pulumi",
        "pulumi-resource-pulumi-python",
        "pulumi-language-python-exec",
    }


GO_WITH_MODULES = """
if [ "$1 $2" = "mod download" ]; then
  mkdir -p "$GOMODCACHE/$3@v{version}/server"; echo '{{}}' > "$GOMODCACHE/$3@v{version}/package.json"; exit 0
fi
cat server/pages
while [ "$1" != -o ]; do shift; done
echo built > "$2"
"""


def test_a_module_that_lacks_its_pages_gets_them_from_npm_in_a_copy(tmp_path: Path) -> None:
    tool(tmp_path, "go", GO_WITH_MODULES.format(version=MAILPIT.version))
    tool(tmp_path, "npm", f'echo "$@" >> {tmp_path}/asked; [ "$1" = run ] && echo pages > server/pages; exit 0')
    session = session_in(tmp_path)
    assert build(session, MAILPIT).read_text() == "built\n"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["ci --ignore-scripts --no-audit --no-fund", "run package"]
    assert not workshop(session.settings, MAILPIT).exists()
