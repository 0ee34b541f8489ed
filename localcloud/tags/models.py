"""Tags: request bodies and record."""

import re

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body
from localcloud.wire.errors import Unprocessable

NAME_PATTERN = re.compile(r"[A-Za-z0-9:_\-]{1,255}")


class TagRecord(StoredRecord):
    """A tag, with the capitals of its first use; what carries it stands with the droplets and volumes."""

    name: str

    @property
    def key(self) -> str:
        """The name without case: `Web` and `web` are one tag."""
        return self.name.lower()


class CreateTag(Body):
    """Body of POST /v2/tags."""

    name: str


class TaggedResource(Body):
    """One thing to tag or untag; the id is a text for droplets too."""

    resource_id: str | int
    resource_type: str


class TagResources(Body):
    """Body of POST and DELETE /v2/tags/NAME/resources."""

    resources: list[TaggedResource]


def checked_tag_name(name: str) -> str:
    """Return the name, or refuse it."""
    if not NAME_PATTERN.fullmatch(name):
        raise Unprocessable("Name can only contain letters, numbers, colons, dashes and underscores (at most 255)")
    return name
