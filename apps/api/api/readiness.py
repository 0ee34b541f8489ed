"""Whether this process wants new requests: it says no a moment before it stops taking them."""


class Readiness:
    """The state that the server's signal handler sets and `/health` tells."""

    def __init__(self) -> None:
        self.is_draining = False


READINESS = Readiness()
