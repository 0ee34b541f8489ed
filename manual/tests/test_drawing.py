"""Pictures are whole: nothing is cut off, and what they show comes from the code."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
import yaml

from manual import figures, terminal
from manual.place import PICTURES, ROOT
from manual.svg import MARGIN, WIDTH, Box, Frame, draw
from rollout.plan import PLANS

SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 -- drawn by ourselves


def texts(picture: str) -> list[str]:
    return ["".join(element.itertext()) for element in parsed(picture).iter(f"{SVG}text")]


def test_boxes_flow_into_rows_and_stay_inside() -> None:
    boxes = [Box(f"box number {n}", "with some detail & <marks>") for n in range(12)]
    root = parsed(draw("twelve boxes", [Frame("all", "a note", boxes, is_sequence=True)]))
    rights = [float(r.get("x", "0")) + float(r.get("width", "0")) for r in root.iter(f"{SVG}rect")]
    assert max(rights) <= WIDTH
    assert len({r.get("y") for r in root.iter(f"{SVG}rect") if float(r.get("x", "0")) >= 2 * MARGIN}) > 1
    assert len(list(root.iter(f"{SVG}path"))) == 11


def test_the_picture_of_a_release_has_every_step_in_order() -> None:
    shown = texts(figures.rollout())
    names = [step.name for step in PLANS["apply"].steps]
    assert [text for text in shown if text in names][: len(names)] == names


@pytest.mark.parametrize("file", ["edge", "app", "data", "ops"])
def test_the_picture_of_a_droplet_has_every_container(file: str) -> None:
    services = yaml.safe_load((ROOT / f"compose/{file}.yml").read_text(encoding="utf-8"))["services"]
    shown = texts((PICTURES / "droplet.svg").read_text(encoding="utf-8"))
    assert set(services) <= set(shown)


def test_a_terminal_shows_every_line_and_marks_the_prompt() -> None:
    picture = terminal.draw("make up", "$ make up\n  <said> & done\nDeployed in 1 s\n")
    assert texts(picture) == ["make up", "$ make up", "  <said> & done", "Deployed in 1 s"]
    assert re.search(rf'fill="{terminal.PROMPT}"[^>]*>\$ make up', picture)


def test_the_recording_of_make_up_tells_no_secret_and_no_path_of_a_machine() -> None:
    said = terminal.SAID.read_text(encoding="utf-8")
    assert said.startswith("$ make up\n")
    assert re.findall(r"/(?:root|home|work|tmp|Users)/|password [^i ]", said) == []
