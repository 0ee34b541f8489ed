"""People who read and write through Traefik without pause, and check every answer they get."""

import http.client
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rollout.tests.droplet import DOMAIN, Droplet
from rollout.web import Answer

PAUSE_S = 0.15  # several people at once: more would be a measure of this machine, and take the rollouts its processor
TIMEOUT_S = 40  # longer than the longest request, so that a slow answer is told from a lost one


class Caller:
    """Asks over TLS: each time on a connection of its own, or always on the same one as a browser does."""

    def __init__(self, droplet: Droplet, *, keeps: bool = False) -> None:
        self.droplet, self.keeps = droplet, keeps
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self._kept: http.client.HTTPConnection | None = None

    def connect(self) -> ssl.SSLSocket:
        """Open a TLS connection."""
        plain = socket.create_connection((self.droplet.address, self.droplet.https_port), TIMEOUT_S)
        return self.context.wrap_socket(plain, server_hostname=DOMAIN)

    def ask(self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request; an answer of status 0 says why none came."""
        try:
            connection = self._connection()
            connection.request(method, path, body or None, {"Host": DOMAIN, **(headers or {})})
            response = connection.getresponse()
            read = response.read()
        except (OSError, http.client.HTTPException) as fault:
            self.hang_up()
            return Answer(0, error=f"{type(fault).__name__}: {fault}")
        if not self.keeps:
            self.hang_up()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, read)

    def _connection(self) -> http.client.HTTPConnection:
        if self._kept is None or self._kept.sock is None:  # the other side said that it closes this one
            self._kept = http.client.HTTPConnection(self.droplet.address, timeout=TIMEOUT_S)
            self._kept.sock = self.connect()
        return self._kept

    def hang_up(self) -> None:
        """Close the connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


class Person(threading.Thread):
    """Does one thing again and again until told to stop."""

    def __init__(self, load: "Load", path: str, *, writes: bool = False, keeps: bool = False) -> None:
        super().__init__(daemon=True)
        self.load, self.path, self.writes = load, path, writes
        self.caller = Caller(load.droplet, keeps=keeps)
        self.kept = list[str]()
        self.seen = set[str]()
        self.failures = list[str]()
        self.took_ms = list[float]()

    def run(self) -> None:
        """Ask, check, pause."""
        while not self.load.is_over.wait(PAUSE_S):
            begun = time.monotonic()
            fault = self._write() if self.writes else self._read()
            self.took_ms.append((time.monotonic() - begun) * 1000)
            if fault:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {self.path}: {fault}")
        self.caller.hang_up()

    def _read(self) -> str:
        answer = self.caller.ask("GET", self.path)
        release = self._release(answer)
        is_right = answer.status == 200 and answer.body.decode().split()[1:] == [release]
        return "" if is_right else _describe(answer)

    def _write(self) -> str:
        name = uuid.uuid4().hex
        answer = self.caller.ask("POST", self.path, name)
        self._release(answer)
        if answer.status == 201:
            self.kept.append(name)
        return "" if (answer.status, answer.body) == (201, f"kept {name}\n".encode()) else _describe(answer)

    def _release(self, answer: Answer) -> str:
        release = answer.header("x-release")
        if answer.status:
            self.seen.add(release)
        return release


class Load:
    """Readers and writers at work for the length of a `with` block; afterwards what became of every request."""

    def __init__(self, droplet: Droplet, *, reads: tuple[str, ...] = ("/", "/api/health"), writes: bool = True) -> None:
        self.droplet = droplet
        self.is_over = threading.Event()
        self.people = [Person(self, path, keeps=n % 2 == 1) for n, path in enumerate(reads)]
        if writes:
            self.people += [Person(self, "/api/writes", writes=True, keeps=keeps) for keeps in (False, True)]

    def __enter__(self) -> Self:
        for person in self.people:
            person.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Let everybody end the request in hand, and go home."""
        self.is_over.set()
        for person in self.people:
            person.join()

    @property
    def failures(self) -> list[str]:
        """What was not answered, or not rightly."""
        return sorted(failure for person in self.people for failure in person.failures)

    @property
    def seen(self) -> set[str]:
        """The releases that answered."""
        return {release for person in self.people for release in person.seen}

    @property
    def kept(self) -> list[str]:
        """The writes that were acknowledged."""
        return [name for person in self.people for name in person.kept]

    def not_once(self) -> dict[str, int]:
        """Return the acknowledged writes that the database has not exactly once, with how often it has them."""
        kept, stored = self.kept, self.droplet.written()
        return {name: stored.get(name, 0) for name in kept if stored.get(name, 0) != 1}

    def facts(self) -> dict[str, int]:
        """Return the figures that a report quotes."""
        odd = self.not_once()
        took = sorted(ms for person in self.people for ms in person.took_ms)
        return {
            "requests": len(took),
            "failed": len(self.failures),
            "writes": len(self.kept),
            "lost": sum(1 for times in odd.values() if times == 0),
            "doubled": sum(1 for times in odd.values() if times > 1),
            "median_ms": round(took[len(took) // 2]) if took else 0,
            "p99_ms": round(took[len(took) * 99 // 100]) if took else 0,
            "slowest_ms": round(took[-1]) if took else 0,
        }


def _describe(answer: Answer) -> str:
    said = answer.error or answer.body[:100].decode(errors="replace").strip()
    return f"{answer.status} {said} ({answer.header('x-release') or 'no release'})"
