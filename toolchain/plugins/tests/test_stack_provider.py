"""The framework under the real engine, with a provider whose far side the test can change."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from toolchain.plugins.tests.conftest import Project
from toolchain.plugins.tests.fake import Fake, serving

pytestmark = pytest.mark.pulumi

HEAD = """import pulumi
from pulumi import ResourceOptions as Opts
class Thing(pulumi.CustomResource):
    serial: pulumi.Output[str]
    address: pulumi.Output[str]
    def __init__(self, label, /, opts=None, **props):
        super().__init__('fake:index:Thing', label, {'serial': None, 'address': None, **props}, opts)
"""


@pytest.fixture
def fake(project: Project) -> Iterator[Fake]:
    made = Fake()
    with serving(made) as (port, _):
        project.environ["PULUMI_DEBUG_PROVIDERS"] = f"fake:{port}"
        yield made


def test_only_what_can_change_is_unknown_to_dependents(project: Project, fake: Fake) -> None:
    program = HEAD + (
        "a = Thing('a', size=%d)\nb = Thing('b', size=1, tags=[a.serial], opts=Opts(depends_on=[a]))\n"
        "c = Thing('c', size=1, tags=[a.address])\n"
    )
    project.write(program % 1)
    assert "4 to create" in project.run("preview")
    project.up()
    project.run("preview", "--expect-no-changes")
    project.write(program % 2)
    assert "~ 2 to update" in project.run("preview")
    project.up()
    assert [thing["size"] for thing in fake.thing.things.values()] == [2, 1, 1]


def test_drift_is_seen_once_and_then_reversed(project: Project, fake: Fake) -> None:
    project.write(HEAD + "Thing('a', size=1, tags=['x', 'y'], mood='calm')\n")
    project.up()
    thing = next(iter(fake.thing.things.values()))
    thing["size"] = 9
    thing["tags"] = ["x", "y", "z"]
    assert "~ 1 updated" in project.run("refresh", "--yes", "--skip-preview")
    project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    text = project.run("preview", "--diff")
    assert "9 => 1" in text
    assert '- [2]: "z"' in text
    project.up()
    assert next(iter(fake.thing.things.values()))["size"] == 1
    fake.thing.things.clear()
    assert "- 1 deleted" in project.run("refresh", "--yes", "--skip-preview")


def test_import_by_option_and_by_command(project: Project, fake: Fake) -> None:
    fake.thing.things |= {
        key: {"name": key, "size": 1, "mood": "calm", "serial": key, "address": f"at {key}"} for key in ("one", "two")
    }
    one = "Thing('one', name='one', size=1%s)\n"
    project.write(HEAD + one % ", opts=Opts(import_='one')")
    assert "1 imported" in project.up()
    project.run("import", "fake:index:Thing", "two", "two", "--yes", "--generate-code=false", "--protect=false")
    project.write(HEAD + one % "" + "Thing('two', name='two', size=1)\n")
    project.run("preview", "--expect-no-changes")
    text = project.run("import", "fake:index:Thing", "no", "no", "--yes", "--generate-code=false", fails=True)
    assert "does not exist" in text


def test_a_partial_create_is_healed_by_the_next_up(project: Project, fake: Fake) -> None:
    project.write(HEAD + "Thing('a', size=1, mood='ill')\n")
    assert "it exists but is ill" in project.run("up", "--yes", "--skip-preview", fails=True)
    assert list(fake.thing.things) == ["s1"]
    assert "~ 1 updated" in project.up()
    assert list(fake.thing.things) == ["s1"]
    project.run("preview", "--expect-no-changes")


def test_names_timeouts_and_errors_arrive(project: Project, fake: Fake) -> None:
    options = "opts=Opts(custom_timeouts=pulumi.CustomTimeouts(create='90s'))"
    project.write(HEAD + f"Thing('auto', size=1, {options})\n")
    project.up()
    assert fake.thing.timeouts == [90]
    assert next(iter(fake.thing.things.values()))["name"].startswith("auto-")
    project.write(HEAD + f"Thing('auto', size=1, {options})\nThing('bad', size=1, mood='forbidden')\n")
    assert "422 this mood is not allowed (request abc)" in project.run("up", "--yes", "--skip-preview", fails=True)


def test_a_secret_input_is_secret_in_the_state(project: Project, fake: Fake) -> None:
    project.write(
        HEAD
        + "Thing('a', size=1, password=pulumi.Output.secret('planted'), tags=['x', pulumi.Output.secret('sown')])\n"
    )
    texts = [project.run("up", "--yes"), project.run("refresh", "--yes", "--expect-no-changes")]
    texts += [project.run("preview", "--diff", "--expect-no-changes"), project.everything_kept()]
    assert not [text for text in texts if "planted" in text or "sown" in text]
    exported = json.loads(project.run("stack", "export", "--show-secrets"))
    assert "planted" in json.dumps(exported)
