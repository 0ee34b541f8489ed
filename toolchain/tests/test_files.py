from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from toolchain.files import copy_whole, digest_of, digest_of_folder, folder_made_whole, link_to, unpack, write_whole


def test_a_digest_knows_where_one_part_ends() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc")


def test_a_folder_s_digest_sees_names_contents_and_modes_but_not_tests(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = digest_of_folder(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("assert True is not False")
    assert digest_of_folder(tmp_path) == first
    (tmp_path / "a").chmod(0o755)
    second = digest_of_folder(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, digest_of_folder(tmp_path)}) == 3


def fill_half(target: Path) -> None:
    with folder_made_whole(target) as partial:
        (partial / "binary").write_text("half")
        (partial / "no such file").read_text()


def test_a_folder_that_fails_half_way_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "tool"
    with folder_made_whole(target) as partial:
        (partial / "binary").write_text("old")
    with pytest.raises(FileNotFoundError):
        fill_half(target)
    assert (target / "binary").read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "tool"
    for name in ("first", "second"):
        with folder_made_whole(target) as partial:
            (partial / name).write_text(name)
    assert [path.name for path in target.iterdir()] == ["second"]


def test_files_and_links_are_swapped_in(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "one", 0o600)
    write_whole(tmp_path / "a", "two", 0o600)
    copy_whole(tmp_path / "a", tmp_path / "deep" / "b")
    link_to(tmp_path / "a", tmp_path / "link")
    link_to(tmp_path / "deep" / "b", tmp_path / "link")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "link").resolve() == tmp_path / "deep" / "b"
    assert (tmp_path / "deep" / "b").stat().st_mode & 0o777 == 0o755
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "deep", "link"]


def test_an_archive_can_write_nothing_outside_its_folder(tmp_path: Path) -> None:
    archive = tmp_path / "archive.tar"
    with tarfile.open(archive, "w") as content:
        for name, mode in (("tool/run", 0o755), ("tool/deep/text", 0o644), ("tool/../../out", 0o644), ("/abs", 0o644)):
            member = tarfile.TarInfo(name)
            member.size, member.mode = 2, mode
            content.addfile(member, io.BytesIO(b"ok"))
        link = tarfile.TarInfo("tool/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        content.addfile(link)
    unpack(archive, tmp_path / "into", below="tool/")
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"archive.tar", "into/run", "into/deep/text"}
    assert (tmp_path / "into" / "run").stat().st_mode & 0o777 == 0o755
