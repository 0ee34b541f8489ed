"""What rules are written over: resources as the engine sends them, with secrets marked and unknowns named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Marks on the wire; source: sdk/go/common/resource/properties.go of pulumi/pulumi.
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- a mark, no secret
# What stands where a preview can't know the value yet: boolean, number, string, array, asset, archive, object.
UNKNOWN_VALUES = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)

Path = tuple[str, ...]


@dataclass(frozen=True)
class Resource:
    """One resource: its type as Pulumi writes it, and its inputs as they travel."""

    type: str
    name: str
    props: Mapping[str, Any]
    urn: str = ""

    def get(self, name: str) -> Any:
        """Return a property without marks; None where it is absent or not known yet."""
        value = revealed(self.props.get(name))
        return None if is_unknown(value) else value

    def items(self, name: str) -> list[Any]:
        """Return a property that is a list, without marks; unknown elements stay, an unknown list is one of those."""
        value = revealed(self.props.get(name))
        return list(value) if isinstance(value, list) else [] if value is None else [value]


@dataclass(frozen=True)
class Violation:
    """What is wrong with which resource, and how to mend it; it never repeats a secret."""

    resource: Resource
    problem: str


@dataclass(frozen=True)
class Rule:
    """What must hold of each resource by itself (`judge`), or of the stack as a whole (`judge_stack`)."""

    name: str
    must: str
    judge: Callable[[Resource], Iterable[str]] | None = None
    judge_stack: Callable[[Sequence[Resource]], Iterable[Violation]] | None = None

    def violations(self, resources: Sequence[Resource]) -> list[Violation]:
        """Judge a whole stack."""
        found: list[Violation] = []
        if self.judge is not None:
            found += [Violation(each, problem) for each in resources for problem in self.judge(each)]
        return found + list(self.judge_stack(resources) if self.judge_stack else ())


@dataclass(frozen=True)
class Text:
    """A text somewhere in a resource's properties."""

    path: Path
    value: str
    is_secret: bool
    # The mark is on the text itself, and not on an object around it, of which most may be no secret.
    is_marked_itself: bool = False

    @property
    def where(self) -> str:
        """Its place, as a person writes it."""
        return ".".join(self.path)


def is_unknown(value: object) -> bool:
    """Tell whether a preview can't know this value yet."""
    return isinstance(value, str) and value in UNKNOWN_VALUES


def is_marked(value: object) -> bool:
    """Tell whether a value travels as a secret."""
    return isinstance(value, Mapping) and value.get(SIGNATURE) == SECRET


def revealed(value: Any) -> Any:
    """Return a value without the marks of secrets, at any depth."""
    if is_marked(value):
        return revealed(value.get("value"))
    if isinstance(value, Mapping):
        return {name: revealed(each) for name, each in value.items()}
    return [revealed(each) for each in value] if isinstance(value, list) else value


def texts(value: Any, path: Path = (), *, is_secret: bool = False) -> Iterator[Text]:
    """Yield every known text in a value, with whether a mark is on it or around it."""
    if is_marked(value) and isinstance(value.get("value"), str) and not is_unknown(value["value"]):
        yield Text(path, value["value"], is_secret=True, is_marked_itself=True)
    elif is_marked(value):
        yield from texts(value.get("value"), path, is_secret=True)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from texts(each, (*path, str(name)), is_secret=is_secret)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from texts(each, (*path, str(index)), is_secret=is_secret)
    elif isinstance(value, str) and value and not is_unknown(value):
        yield Text(path, value, is_secret)
