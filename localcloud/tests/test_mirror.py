from pathlib import Path

import pytest

from localcloud.errors import RuntimeFailure
from localcloud.machines.mirror import Source, deb822_sources, droplet_sources, machine_sources, one_line_sources

STANZAS = """Types: deb
# a comment in between
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb deb-src
URIs: http://mirror.example/debian-security/
Suites: bookworm-security
Components: main
 contrib

Enabled: no
Types: deb
URIs: http://other.example/debian
Suites: bookworm
Components: main
"""


def test_stanzas_with_comments_and_continuation_lines_are_read() -> None:
    assert list(deb822_sources(STANZAS)) == [
        Source("http://mirror.example/debian", ("bookworm", "bookworm-updates"), ("main",)),
        Source("http://mirror.example/debian-security", ("bookworm-security",), ("main", "contrib")),
    ]


def test_one_line_format_with_options_is_read() -> None:
    text = "# deb http://no.example/debian x main\ndeb [arch=x signed-by=/a] http://m.example/debian/ bookworm main # c"
    assert list(one_line_sources(text)) == [Source("http://m.example/debian", ("bookworm",), ("main",))]


def test_droplets_get_the_machines_mirrors_with_their_own_suites() -> None:
    assert droplet_sources(deb822_sources(STANZAS)) == [
        "deb http://mirror.example/debian trixie main",
        "deb http://mirror.example/debian trixie-updates main",
        "deb http://mirror.example/debian-security trixie-security main",
    ]


def test_a_machine_without_a_debian_mirror_is_told_how_to_name_one() -> None:
    with pytest.raises(RuntimeFailure, match="--mirror"):
        droplet_sources([Source("http://vendor.example/apt", ("stable",), ("main",))])


def test_both_kinds_of_files_count(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text("deb http://a.example/debian bookworm main\n")
    (tmp_path / "sources.list.d/b.sources").write_text(STANZAS)
    (tmp_path / "sources.list.d/b.save").write_text("deb http://stale.example/debian bookworm main\n")
    assert [source.uri for source in machine_sources(tmp_path)] == [
        "http://a.example/debian",
        "http://mirror.example/debian",
        "http://mirror.example/debian-security",
    ]
