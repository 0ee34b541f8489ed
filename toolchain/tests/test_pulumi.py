from __future__ import annotations

import hashlib
import http.server
import io
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolchain.environment import ORIGIN, find_pulumi, pulumi_environment
from toolchain.errors import ChecksumMismatch, ToolMissing
from toolchain.files import link_to
from toolchain.go_tools import PULUMI
from toolchain.steps.pulumi import Pulumi, download, downloaded
from toolchain.tests.fakes import session_in, settings_in, tool

SCRIPT = b"#!/bin/sh\necho v3.259.0\n"
ARCHIVE = f"pulumi-v{PULUMI.version}-linux-x64.tar.gz"


def install_ours(tmp_path: Path, origin: str) -> Path:
    settings = settings_in(tmp_path)
    binary = {"built": PULUMI.built(settings), "downloaded": downloaded(settings)}[origin]
    binary.parent.mkdir(parents=True)
    binary.write_bytes(SCRIPT)
    binary.chmod(0o755)
    (binary.parent / ORIGIN).write_text(origin)
    link_to(binary, settings.bin / "pulumi")
    return binary


def test_the_user_s_own_pulumi_is_used_as_it_is(tmp_path: Path) -> None:
    own = tool(tmp_path, "pulumi", "echo v3.300.0")
    install_ours(tmp_path, "built")
    tools = pulumi_environment(tmp_path, settings_in(tmp_path))
    assert (tools.pulumi, tools.pulumi_home, tools.path_entry) == (own, None, None)
    assert tools.variables == {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    assert Pulumi().probe(session_in(tmp_path)) == f"v3.300.0 is on PATH ({own})"


def test_a_built_one_has_a_home_of_its_own_and_looks_for_no_plugins_elsewhere(tmp_path: Path) -> None:
    install_ours(tmp_path, "built")
    tools = pulumi_environment(tmp_path, settings_in(tmp_path))
    assert tools.origin == "built"
    assert tools.pulumi_home == tmp_path / ".slipway" / "pulumi-home"
    assert tools.path_entry == tmp_path / ".slipway" / "bin"
    assert tools.variables["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert Pulumi().probe(session_in(tmp_path)) == "v3.259.0, built"


def test_a_downloaded_one_fetches_official_plugins_into_another_home(tmp_path: Path) -> None:
    install_ours(tmp_path, "downloaded")
    tools = pulumi_environment(tmp_path, settings_in(tmp_path))
    assert tools.pulumi_home == tmp_path / ".slipway" / "pulumi-home-official"
    assert "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION" not in tools.variables


def test_a_build_that_another_checkout_put_on_path_is_not_taken_for_the_user_s(tmp_path: Path) -> None:
    other = install_ours(tmp_path / "other", "built")
    assert find_pulumi(settings_in(tmp_path, PATH=str(other.parent))) is None


def test_a_link_of_an_older_recipe_is_work_to_do(tmp_path: Path) -> None:
    binary = install_ours(tmp_path, "built")
    old = binary.parent.with_name("built-of-last-year")
    binary.parent.rename(old)
    link_to(old / "pulumi", settings_in(tmp_path).bin / "pulumi")
    assert Pulumi().probe(session_in(tmp_path)) is None


def test_without_any_the_message_names_the_command_that_brings_one(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="there is no pulumi") as caught:
        pulumi_environment(tmp_path, settings_in(tmp_path))
    assert "make up" in caught.value.mend


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    files = tmp_path / "site"
    files.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(files))  # type: ignore[arg-type]

        def log_message(self, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", files
    server.shutdown()
    server.server_close()
    thread.join()


def publish(files: Path, digest: str | None = None) -> None:
    with tarfile.open(files / ARCHIVE, "w:gz") as archive:
        for name in ("pulumi", "pulumi-language-python"):
            member = tarfile.TarInfo(f"pulumi/{name}")
            member.size, member.mode = len(SCRIPT), 0o755
            archive.addfile(member, io.BytesIO(SCRIPT))
    digest = digest or hashlib.sha256((files / ARCHIVE).read_bytes()).hexdigest()
    (files / f"pulumi-{PULUMI.version}-checksums.txt").write_text(f"{digest}  {ARCHIVE}\n")


def test_the_official_archive_is_checked_and_unpacked(tmp_path: Path, site: tuple[str, Path]) -> None:
    publish(site[1])
    session = session_in(tmp_path)
    binary = download(session, site[0])
    assert binary == downloaded(session.settings)
    assert session.shell.ask([binary, "version"]).text == "v3.259.0"
    assert (binary.parent / "pulumi-language-python").exists()


def test_an_archive_with_another_checksum_is_refused_and_not_kept(tmp_path: Path, site: tuple[str, Path]) -> None:
    publish(site[1], "0" * 64)
    session = session_in(tmp_path)
    with pytest.raises(ChecksumMismatch, match="not the file that its maker published"):
        download(session, site[0])
    assert not downloaded(session.settings).parent.exists()


def test_a_site_out_of_reach_is_no_error(tmp_path: Path, site: tuple[str, Path]) -> None:
    assert download(session_in(tmp_path), site[0]) is None
    assert download(session_in(tmp_path), "http://127.0.0.1:1") is None
