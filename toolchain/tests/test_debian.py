from __future__ import annotations

from pathlib import Path

import pytest

from toolchain.debian import (
    Source,
    codename_of,
    kept_options,
    own_certificates,
    read_sources,
    sources_for,
)
from toolchain.errors import MirrorUnknown

STANZAS = """\
# a comment
Types: deb deb-src
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components:
 main
 contrib

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
"""
ONE_LINE = """\
# deb http://commented.example bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://other.example/debian bookworm main contrib
deb-src http://source.example/debian bookworm main
deb http://vendor.example stable main
"""


def apt_folder(tmp_path: Path, stanzas: str, one_line: str) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(one_line)
    (tmp_path / "sources.list.d" / "debian.sources").write_text(stanzas)
    return tmp_path


def test_both_formats_are_read_and_what_is_off_is_not(tmp_path: Path) -> None:
    assert read_sources(apt_folder(tmp_path, STANZAS, ONE_LINE)) == [
        Source("http://other.example/debian", "bookworm"),
        Source("http://vendor.example", "stable"),
        Source("http://mirror.example/debian", "bookworm"),
        Source("http://mirror.example/debian", "bookworm-updates"),
        Source("http://mirror.example/debian-security", "bookworm-security"),
    ]


def test_the_new_release_comes_from_the_mirrors_of_the_old_one(tmp_path: Path) -> None:
    sources = read_sources(apt_folder(tmp_path, STANZAS, ""))
    assert sources_for("trixie", sources, "bookworm") == [
        "deb http://mirror.example/debian trixie main",
        "deb http://mirror.example/debian trixie-updates main",
        "deb http://mirror.example/debian-security trixie-security main",
    ]


def test_the_first_of_two_mirrors_is_taken(tmp_path: Path) -> None:
    sources = read_sources(apt_folder(tmp_path, STANZAS, ONE_LINE))
    assert sources_for("trixie", sources, "bookworm")[0] == "deb http://other.example/debian trixie main"


def test_a_machine_without_a_mirror_is_told_what_to_write_where() -> None:
    with pytest.raises(MirrorUnknown) as caught:
        sources_for("trixie", [Source("http://vendor.example", "stable")], "bookworm")
    assert "/etc/apt/sources.list" in caught.value.where
    assert "suite bookworm" in caught.value.mend


def test_the_code_name_is_found_quoted_or_not() -> None:
    assert codename_of('ID=debian\nVERSION_CODENAME=bookworm\nX="y"\n') == "bookworm"
    assert codename_of('VERSION_CODENAME="trixie"\n') == "trixie"
    assert codename_of("ID=arch\n") == ""


def test_options_that_decide_about_mirrors_are_kept_and_no_others() -> None:
    dump = (
        'APT "";\nAcquire::http::Proxy "http://proxy:3128";\nAcquire::https::Proxy "";\n'
        'Acquire::Check-Date "false";\nAPT::Install-Recommends "0";\n'
    )
    assert kept_options(dump) == ['Acquire::http::Proxy "http://proxy:3128"', 'Acquire::Check-Date "false"']


def certificate(body: str) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


def test_only_certificates_that_debian_does_not_ship_are_the_machine_s_own() -> None:
    bundle = "# name\n" + certificate("AAAA\nBBBB") + certificate("CCCC") + certificate("DDDD")
    assert own_certificates(bundle, [certificate("AAAABBBB"), certificate("DDDD")]) == [certificate("CCCC")]
