"""ETags: an item's version in quotes."""

import re

TAG_MAX = 500
QUOTED = re.compile(r'\s*(W/)?"([^"]*)"\s*')


def etag(version: int) -> str:
    """Return the tag of a version."""
    return f'"{version}"'


def names(header: str | None, version: int, *, weakly: bool) -> bool:
    """Tell whether a header, as If-Match or If-None-Match have it, names a version; `weakly` lets weak tags count."""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    tags = [QUOTED.fullmatch(part) for part in header.split(",")]
    return any(tag and tag[2] == str(version) and (weakly or not tag[1]) for tag in tags)
