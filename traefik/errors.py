"""Every error of the edge, with what to do about it."""


class EdgeError(Exception):
    """Base of this room's errors."""


class InvalidEdgeSettings(EdgeError):
    """The settings would make an edge that is unsafe or that Traefik would refuse; all problems are named at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("The edge's settings are not usable:\n" + "\n".join(f"  - {problem}" for problem in problems))


class InvalidUsersFile(EdgeError):
    """The htpasswd text of the guarded hosts is empty or weak; Traefik would freeze on it or let it be guessed."""


class UnknownHole(EdgeError):
    """A template names a hole that nothing fills."""

    def __init__(self, template: str, hole: str) -> None:
        super().__init__(f"{template} has the hole @{hole}@, which nothing fills: add it in traefik/render.py.")
