"""Remote commands and copies through the real CLI and a real sshd."""

from __future__ import annotations

import json

import pytest

from toolchain.plugins.tests.conftest import Project, Sshd

pytestmark = pytest.mark.pulumi


def head(sshd: Sshd) -> str:
    (sshd.folder / "connection.json").write_text(json.dumps(sshd.connection()))
    return (
        "import json, pulumi\nfrom pulumi import FileArchive, FileAsset, StringAsset\n"
        "from pulumi_command import local, remote\n"
        f"given = json.load(open('{sshd.folder}/connection.json'))\n"
        "connection = remote.ConnectionArgs(host=given['host'], port=given['port'], user=given['user'],\n"
        "    private_key=given['privateKey'], host_key=given['hostKey'], dial_error_limit=1)\n"
    )


def test_a_remote_command_lives_from_preview_to_destroy(project: Project, sshd: Sshd) -> None:
    log = project.folder / "log"
    project.write(
        head(sshd) + f"c = remote.Command('c', connection=connection, create='cat; echo made >> {log}', stdin='given',"
        f" delete='echo gone >> {log}')\npulumi.export('out', c.stdout)\n"
    )
    assert "[unknown]" in project.run("preview")
    assert not log.exists()
    texts = [project.run("up", "--yes"), project.run("refresh", "--yes", "--expect-no-changes")]
    assert project.output("out") == "given"
    texts += [project.run("preview", "--diff", "--expect-no-changes"), project.everything_kept()]
    texts.append(project.run("destroy", "--yes"))
    assert log.read_text() == "made\ngone\n"
    key_line = sshd.private_key.splitlines()[2]
    assert not [text for text in texts if key_line in text]


def test_a_host_that_is_not_known_yet_is_fine_in_a_preview(project: Project, sshd: Sshd) -> None:
    project.write(
        head(sshd) + "host = local.Command('host', create='echo 127.0.0.1')\n"
        "connection.host = host.stdout\n"
        "c = remote.Command('c', connection=connection, create='echo in')\n"
        "t = remote.CopyToRemote('t', connection=connection, source=StringAsset('x'), remote_path='/nowhere/x')\n"
    )
    assert "+ 4 to create" in project.run("preview")


def test_a_connection_with_an_unknown_field_shows_no_key(project: Project, sshd: Sshd) -> None:
    project.write(
        head(sshd) + "given['identity'] = 'x'\ndel given['host']\n"
        "pulumi.CustomResource('command:remote:Command', 'c', {'connection': given, 'create': 'true'})\n"
    )
    text = project.run("preview", fails=True)
    assert "'identity'" in text
    assert "connection.host" in text
    assert sshd.private_key.splitlines()[2] not in text


def test_copies_land_where_the_table_says(project: Project, sshd: Sshd) -> None:
    there = project.folder / "there"
    tree = project.folder / "tree"
    (tree / "inner").mkdir(parents=True)
    (tree / "inner" / "deep.txt").write_text("deep")
    (tree / "top.txt").write_text("top")
    (there / "exists").mkdir(parents=True)
    copies = {
        "new/file": "FileAsset('tree/top.txt')",
        "exists": "FileAsset('tree/top.txt')",
        "text/file": "StringAsset('a text')",
        "named": "FileArchive('tree')",
        "content": "FileArchive('tree/')",
    }
    program = head(sshd) + "".join(
        f"remote.CopyToRemote({name!r}, connection=connection, source={source}, remote_path='{there}/{name}')\n"
        for name, source in copies.items()
    )
    project.write(program)
    project.run("preview")
    project.up()
    found = {str(path.relative_to(there)): path.read_text() for path in there.rglob("*") if path.is_file()}
    assert found == {
        "new/file": "top",
        "exists/top.txt": "top",
        "text/file": "a text",
        "named/tree/top.txt": "top",
        "named/tree/inner/deep.txt": "deep",
        "content/top.txt": "top",
        "content/inner/deep.txt": "deep",
    }
    project.run("up", "--yes", "--expect-no-changes")
    project.run("refresh", "--yes", "--expect-no-changes")
    (tree / "top.txt").write_text("changed")
    project.run("up", "--yes")
    assert (there / "new/file").read_text() == "changed"
    assert (there / "content/top.txt").read_text() == "changed"


def test_a_copy_that_cannot_be_is_told(project: Project, sshd: Sshd) -> None:
    (project.folder / "there").mkdir()
    project.write(
        head(sshd) + "remote.CopyToRemote('t', connection=connection, source=StringAsset('x'),"
        f" remote_path='{project.folder}/there')\n"
    )
    assert "is a directory; for a text" in project.run("up", "--yes", "--skip-preview", fails=True)


def test_a_changed_connection_updates_and_does_not_copy_again(project: Project, sshd: Sshd) -> None:
    target = project.folder / "there"
    program = head(sshd) + (
        f"connection.per_dial_timeout = %d\nremote.CopyToRemote('t', connection=connection, source=StringAsset('x'),"
        f" remote_path='{target}')\n"
    )
    project.write(program % 10)
    project.up()
    target.unlink()
    project.write(program % 20)
    assert "~ 1 updated" in project.up()
    assert not target.exists()
