"""A command block that says it runs does run: here, on the deployed stack, or word for word in a test."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from manual.pages import Block, all_blocks, blocks
from manual.place import ROOT
from manual.typed import typed_by

HERE, DEPLOYED = "here", "deployed"
BLOCKS = all_blocks()
NAMED = [block for block in BLOCKS if block.by not in {HERE, DEPLOYED}]
# What the README promises a newcomer, in this order.
STEPS = ["make up", "curl ", "sed ", "pulumi up", "slipway rollback", "slipway status", "cat ", "make down"]


def ids(found: list[Block]) -> list[str]:
    return [f"{block.page}: {block.commands[0]}" for block in found]


RUN_HERE = [block for block in BLOCKS if block.by == HERE]


@pytest.mark.parametrize("block", RUN_HERE, ids=ids(RUN_HERE))
def test_a_block_that_needs_no_deployment_runs(block: Block) -> None:
    path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-ec", block.text],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("block", NAMED, ids=ids(NAMED))
def test_a_block_is_word_for_word_what_the_test_that_it_names_types(block: Block) -> None:
    file, _, function = block.by.partition("::")
    typed = typed_by(ROOT / file, function)
    for command in block.commands:
        assert tuple(shlex.split(command)) in typed, f"{block.by} doesn't type `{command}`"


def test_the_readme_shows_the_whole_way_and_every_step_of_it_is_run() -> None:
    shown = [command for block in blocks(ROOT / "README.md") for command in block.commands]
    found = [next((n for n, command in enumerate(shown) if command.startswith(step)), None) for step in STEPS]
    assert None not in found, f"missing: {[step for step, n in zip(STEPS, found, strict=True) if n is None]}"
    assert [n for n in found if n is not None] == sorted(n for n in found if n is not None)


def test_a_block_is_read_with_its_comments_left_out(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- runs: here -->\n```sh\n# why\nmake up      # what for\n\nls -l\n```\n```sh\nrm x\n```\n")
    (found,) = blocks(page, tmp_path)
    assert (found.page, found.by, found.commands) == ("page.md", "here", ["make up", "ls -l"])


def test_a_comment_without_a_block_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- runs: here -->\n\n```sh\nls\n```\n")
    with pytest.raises(ValueError, match="no block follows"):
        blocks(page, tmp_path)


def test_only_literal_words_count_as_typed(tmp_path: Path) -> None:
    source = tmp_path / "test_x.py"
    source.write_text(
        "def test_a(deployed):\n    deployed.slipway('rollback', '-s', 'local')\n    deployed.pulumi('up', name)\n"
        "    deployed.must('make', 'up', timeout_s=9)\n    other('ls')\n"
    )
    assert typed_by(source, "test_a") == [("slipway", "rollback", "-s", "local"), ("make", "up")]
    with pytest.raises(LookupError, match="no function test_b"):
        typed_by(source, "test_b")
