"""Tags on resources: the field, and putting on and taking off."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from toolchain.plugins.digitalocean.fields import Field, lower
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.provider import Failure
from toolchain.plugins.values import Value

TAGS = "/v2/tags"
TAGS_FIELD = Field("tags", "texts", normal=lower)


def check_tags(tags: Value, path: str = "tags") -> list[Failure]:
    """Refuse names that the API does not take."""
    entries = enumerate(tags if isinstance(tags, list) else [])
    return [Failure(f"{path}[{i}]", _rule(tag)) for i, tag in entries if isinstance(tag, str) and not is_tag(tag)]


def is_tag(name: str) -> bool:
    """Tell whether the API takes it as a tag's name."""
    return re.fullmatch(r"[A-Za-z0-9:_-]{1,255}", name) is not None


def _rule(name: str) -> str:
    return f"{name!r} is no tag: 1 to 255 letters, digits, colons, dashes and underscores"


def change_tags(api: Session, id: str, kind: str, old: Any, new: Any) -> None:  # noqa: A002
    """Take off the tags that are no longer wanted and put on the new ones."""
    had = {str(tag).lower(): str(tag) for tag in old or []}
    wanted = {str(tag).lower(): str(tag) for tag in new or []}
    body = {"resources": [{"resource_id": id, "resource_type": kind}]}
    for key in sorted(had.keys() - wanted.keys()):
        api.delete(f"{TAGS}/{quote(had[key], safe='')}/resources", body)
    for key in sorted(wanted.keys() - had.keys()):
        api.repeat_post(TAGS, {"name": wanted[key]})
        api.repeat_post(f"{TAGS}/{quote(wanted[key], safe='')}/resources", body)
