"""What the README and the first page of the manual show runs as it stands there, on the deployed stack."""

from __future__ import annotations

import pytest

from manual.pages import Block, blocks
from manual.place import DOCS, ROOT
from tests.checkout import Checkout

pytestmark = pytest.mark.deployed

# A person has done this once in their shell before any of the blocks.
SHELL = 'eval "$(uv run slipway env -s local)"'
FOUND = [block for page in (ROOT / "README.md", DOCS / "start.md") for block in blocks(page) if block.by == "deployed"]
# What stands on both pages is run once.
SHOWN = list({tuple(c for c in block.commands if c != SHELL): block for block in FOUND}.values())


def label(block: Block) -> str:
    return f"{block.page}: {block.commands[-1]}"


@pytest.mark.parametrize("block", SHOWN, ids=[label(block) for block in SHOWN])
def test_a_block_runs_as_it_stands(block: Block, deployed: Checkout) -> None:
    ended = deployed.run("sh", "-ec", f"{SHELL}\n{block.text}")
    assert ended.code == 0, ended.said
