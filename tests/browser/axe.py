"""What axe-core finds wrong with a page, for people who can't see it or can't use a mouse."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from toolchain.settings import read_settings
from toolchain.steps.axe import axe_script

# The rules of WCAG 2.2 AA, and what axe's makers recommend beyond them.
RUN = """
async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] })
  return violations.map(({ id, help, nodes }) => ({ id, help, places: nodes.map((node) => node.html.slice(0, 160)) }))
}
"""


def violations(page: Page) -> list[dict[str, Any]]:
    """Return each rule that the page breaks, with where; the script comes in past the page's policy."""
    script = axe_script(read_settings())
    assert script.is_file(), f"{script} is missing: python -m toolchain install --tests --only axe"
    page.evaluate(f"{script.read_text()}\n;undefined")
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return found
