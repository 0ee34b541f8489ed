"""Local commands through the real CLI: previews, changes, replacement, secrets, failures."""

from __future__ import annotations

import json

import pytest

from toolchain.plugins.tests.conftest import Project

pytestmark = pytest.mark.pulumi

HEAD = "import pulumi\nfrom pulumi import ResourceOptions as Opts\nfrom pulumi_command import local\n"


def kept(project: Project) -> list[dict[str, object]]:
    deployment = json.loads(project.run("stack", "export"))["deployment"]
    resources: list[dict[str, object]] = deployment.get("resources", [])
    return [item for item in resources if str(item["type"]).startswith("command:")]


def test_a_chain_lives_from_preview_to_destroy(project: Project) -> None:
    log = project.folder / "log"
    project.write(
        HEAD + f"a = local.Command('a', create='echo one', delete='echo bye >> {log}')\n"
        "b = local.Command('b', create='cat', stdin=a.stdout, environment={'V': pulumi.Output.concat('x', a.stdout)})\n"
        "pulumi.export('out', b.stdout)\n"
    )
    assert "[unknown]" in project.run("preview")
    assert "+ 3 created" in project.run("up", "--yes")
    assert project.output("out") == "one"
    project.run("preview", "--expect-no-changes")
    project.run("refresh", "--yes", "--expect-no-changes")
    project.run("up", "--yes", "--expect-no-changes")
    assert "- 3 deleted" in project.run("destroy", "--yes")
    assert log.read_text() == "bye\n"
    assert kept(project) == []


def test_a_change_runs_update_and_sees_the_output_before(project: Project) -> None:
    project.write(HEAD + "c = local.Command('c', create='echo made')\npulumi.export('out', c.stdout)\n")
    project.up()
    change = "c = local.Command('c', create='echo made', update='echo from $PULUMI_COMMAND_STDOUT'%s)\n"
    project.write(HEAD + change % "" + "pulumi.export('out', c.stdout)\n")
    assert "~ 1 to update" in project.run("preview")
    assert "~ 1 updated" in project.up()
    assert project.output("out") == "from made"
    project.write(HEAD + change % ", add_previous_output_in_env=False" + "pulumi.export('out', c.stdout)\n")
    project.up()
    assert project.output("out") == "from"


def test_without_update_a_change_runs_create_again(project: Project) -> None:
    for word in ("one", "two"):
        project.write(HEAD + f"c = local.Command('c', create='echo {word}')\npulumi.export('out', c.stdout)\n")
        project.up()
        assert project.output("out") == word


@pytest.mark.parametrize(("first", "order"), [("False", "made\nmade\ngone\n"), ("True", "made\ngone\nmade\n")])
def test_triggers_replace_in_the_order_asked_for(project: Project, first: str, order: str) -> None:
    log = project.folder / "log"
    program = (
        HEAD + f"local.Command('c', create='echo made >> {log}', delete='echo gone >> {log}', triggers=[%s],"
        f" opts=Opts(delete_before_replace={first}))\n"
    )
    project.write(program % "1, 'a'")
    project.up()
    project.run("preview", "--expect-no-changes")
    project.write(program % "2, 'a'")
    assert "1 to replace" in project.run("preview")
    assert "1 replaced" in project.up()
    assert log.read_text() == order


def test_engine_options_are_honoured(project: Project) -> None:
    program = (
        HEAD + "local.Command('kept', create='echo %s', opts=Opts(ignore_changes=['create']))\n"
        "local.Command('renewed', create='echo %s', opts=Opts(replace_on_changes=['create']))\n"
        "local.Command('held', create='echo held', opts=Opts(protect=True))\n"
    )
    project.write(program % (1, 1))
    project.up()
    project.write(program % (2, 2))
    text = project.up()
    assert "1 replaced" in text
    assert "3 unchanged" in text
    urn = "urn:pulumi:dev::tried::command:local:Command::"
    assert "protected" in project.run("destroy", "--yes", "--target", urn + "held", fails=True)
    assert "1 replaced" in project.up("--replace", urn + "kept")
    assert "- 1 deleted" in project.run("destroy", "--yes", "--target", urn + "kept")


def test_a_create_that_takes_too_long_is_ended(project: Project) -> None:
    marker = project.folder / "marker"
    project.write(
        HEAD + f"local.Command('slow', create='sleep 30; touch {marker}',"
        " opts=Opts(custom_timeouts=pulumi.CustomTimeouts(create='1s')))\n"
    )
    text = project.run("up", "--yes", "--skip-preview", fails=True)
    assert "took longer than 1 s" in text
    assert not marker.exists()
    assert kept(project) == []


def test_secrets_stay_secret_wherever_they_go(project: Project) -> None:
    planted = {name: f"planted-in-{name}-5f1c" for name in ("create", "stdin", "env", "trigger", "update")}
    project.write(
        HEAD + f"p = {{k: pulumi.Output.secret(v) for k, v in {planted!r}.items()}}\n"
        "local.Command('a', create=pulumi.Output.concat('echo ', p['create'], '; echo err ', p['create'], ' >&2'),"
        " update=pulumi.Output.concat('echo ', p['update']))\n"
        "local.Command('b', create='cat; rev >&2', stdin=p['stdin'], logging='stdoutAndStderr')\n"
        "local.Command('c', create='echo $E | tr a-z A-Z; echo $E > out', environment={'E': p['env']},"
        " triggers=[p['trigger']], asset_paths=['out'])\n"
    )
    texts = [project.run("preview", "--diff"), project.run("up", "--yes"), project.run("refresh", "--yes")]
    texts.append(project.run("preview", "--diff", "--expect-no-changes"))
    texts += [project.run("stack", "export"), project.everything_kept()]
    for name, value in planted.items():
        for text in texts:
            assert value not in text, name
            assert value.upper() not in text, name
            assert value[::-1] not in text, name
    failing = HEAD + "s = pulumi.Output.secret('planted-in-failure')\n"
    project.write(failing + "local.Command('f', create='cat; echo told; exit 3', stdin=s)\n")
    text = project.run("up", "--yes", "--skip-preview", fails=True)
    assert "exit code 3" in text
    assert "told" in text
    assert "planted-in-failure" not in text + project.everything_kept()


def test_a_failed_create_leaves_nothing_and_the_next_heals(project: Project) -> None:
    flag = project.folder / "flag"
    project.write(HEAD + f"local.Command('c', create='echo trying; echo why >&2; test -e {flag}')\n")
    text = project.run("up", "--yes", "--skip-preview", fails=True)
    assert "exit code 1" in text
    assert "why" in text
    assert kept(project) == []
    flag.touch()
    assert "1 created" in project.up()


def test_a_failed_update_keeps_the_old_inputs(project: Project) -> None:
    project.write(HEAD + "local.Command('c', create='true')\n")
    project.up()
    project.write(HEAD + "local.Command('c', create='true', update='exit 9')\n")
    project.run("up", "--yes", "--skip-preview", fails=True)
    assert "update" not in dict(kept(project)[0]["inputs"])  # type: ignore[call-overload]
    project.write(HEAD + "local.Command('c', create='true', update='true')\n")
    assert "~ 1 updated" in project.up()


def test_a_failed_delete_is_tried_again(project: Project) -> None:
    flag = project.folder / "flag"
    project.write(HEAD + f"local.Command('c', create='true', delete='test -e {flag}')\n")
    project.up()
    assert "exit code 1" in project.run("destroy", "--yes", "--skip-preview", fails=True)
    assert len(kept(project)) == 1
    flag.touch()
    project.run("destroy", "--yes", "--skip-preview")
    assert kept(project) == []


def test_what_is_not_covered_is_refused_by_name_in_the_preview(project: Project) -> None:
    project.write(HEAD + "pulumi.CustomResource('command:local:Command', 'c', {'create': 'true', 'retries': 3})\n")
    assert "no support for the property 'retries'" in project.run("preview", fails=True)
    project.write(HEAD + "pulumi.CustomResource('command:remote:CopyFile', 'c', {'localPath': 'x'})\n")
    assert "the resource command:remote:CopyFile has no support" in project.run("preview", fails=True)
    project.write(HEAD + "pulumi.runtime.invoke('command:local:nothing', {})\n")
    assert "the function command:local:nothing has no support" in project.run("preview", fails=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{'create': 5}", "must be a string, not int"),
        ("{'environment': {'A': 1}}", "must be a string"),
        ("{'logging': 'loud'}", "must be one of stdout"),
        ("{'assetPaths': ['a{b']}", "does not close"),
    ],
)
def test_inputs_that_cannot_be_fail_the_preview(project: Project, arguments: str, said: str) -> None:
    project.write(HEAD + f"pulumi.CustomResource('command:local:Command', 'c', {arguments})\n")
    assert said in project.run("preview", fails=True)


def test_files_come_back_as_assets_and_archive(project: Project) -> None:
    (project.folder / "made").mkdir()
    project.write(
        HEAD
        + "c = local.Command('c', dir='made', create='echo a > a.txt; mkdir -p d; echo b > d/b.txt; echo s > s.key',"
        " asset_paths=['**', '!**.key'], archive_paths=['d/*'])\n"
        "d = local.Command('d', create=c.assets.apply(lambda found: 'echo ' + ' '.join(sorted(found))))\n"
        "pulumi.export('names', d.stdout)\n"
        "pulumi.export('archived', c.archive.apply(lambda it: sorted(it.assets)))\n"
    )
    project.run("preview")
    project.up()
    assert project.output("names") == "a.txt d/b.txt"
    assert json.loads(project.output("archived")) == ["d/b.txt"]
    project.run("refresh", "--yes", "--expect-no-changes")
    project.run("up", "--yes", "--expect-no-changes")
    assert project.output("names") == "a.txt d/b.txt"


def test_a_missing_directory_and_interpreter_are_told(project: Project) -> None:
    project.write(HEAD + "local.Command('c', create='true', dir='nowhere')\n")
    assert "nowhere (input `dir`) does not exist" in project.run("up", "--yes", "--skip-preview", fails=True)
    project.write(HEAD + "local.Command('c', create='true', interpreter=['no-such-shell', '-c'])\n")
    assert "cannot start no-such-shell" in project.run("up", "--yes", "--skip-preview", fails=True)


def test_the_function_runs_in_preview_too(project: Project) -> None:
    project.write(
        HEAD + "r = local.run(command='cat; echo $V', stdin='given', environment={'V': 'v'})\n"
        "o = local.run_output(command=pulumi.Output.secret('echo hidden'))\n"
        "pulumi.export('out', r.stdout)\npulumi.export('hidden', o.stdout)\n"
    )
    assert "givenv" in project.run("preview")
    project.up()
    assert project.output("hidden") == "hidden"
    assert "hidden: [secret]" in " ".join(project.run("up", "--yes").replace('"', "").split())


def test_children_see_nothing_of_pulumi(project: Project) -> None:
    project.write(
        HEAD + "c = local.Command('c', create='env | grep -c ^PULUMI_ || true')\npulumi.export('n', c.stdout)\n"
    )
    project.up()
    assert project.output("n") == "0"


def test_a_large_input_and_many_slow_ones_pass(project: Project) -> None:
    met = project.folder / "met"
    met.mkdir()
    # Each waits for the others, so only side by side can they end.
    wait = f"for _ in $(seq 300); do [ $(ls {met} | wc -l) = 12 ] && exit 0; sleep 0.1; done; exit 1"
    project.write(
        HEAD + "big = local.Command('big', create='wc -c', stdin='x' * 6_000_000)\n"
        f"for i in range(12):\n    local.Command(f's{{i}}', create=f'touch {met}/{{i}}; {wait}')\n"
        "pulumi.export('size', big.stdout)\n"
    )
    project.up("--parallel", "16")
    assert project.output("size") == "6000000"
