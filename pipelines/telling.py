"""Texts for comments and issues."""

from __future__ import annotations

# GitHub takes 65,536 characters; the rest is for what stands around.
LONGEST = 60_000


def folded(title: str, text: str) -> str:
    """Return a text behind a line that opens it; of one that is too long the end, where results and errors stand."""
    kept = text.strip("\n")
    if len(kept) > LONGEST:
        kept = "… (the beginning is in the run's log)\n" + kept[-LONGEST:].partition("\n")[2]
    fence = "```"
    while fence in kept:
        fence += "`"
    return f"<details><summary>{title}</summary>\n\n{fence}\n{kept}\n{fence}\n\n</details>"


def summary_of(text: str) -> str:
    """Return Pulumi's own count of changes (`Resources:` and what stands under it), in one line."""
    _, found, rest = text.rpartition("\nResources:\n")
    counts = []
    for line in rest.splitlines() if found else ():
        if not line.startswith(" "):
            break
        counts.append(line.strip())
    return ", ".join(counts)
