from __future__ import annotations

import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from verification.certificates import distrusted_names
from verification.errors import SiteUnreachable
from verification.suites import GOOD
from verification.tests.authority import Issued, issue
from verification.tls import offered_suites, offered_versions, served_chain

LOOPBACK, NAME = "127.0.0.1", "x.test"


@pytest.fixture(scope="module")
def intermediate() -> Issued:
    now = datetime.now(UTC)
    return issue("Pebble Intermediate CA", begins=now - timedelta(days=1), ends=now + timedelta(days=1))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, intermediate: Issued) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    now = datetime.now(UTC)
    leaf = issue("site", intermediate, names=(NAME,), begins=now - timedelta(days=1), ends=now + timedelta(days=1))
    (folder / "chain.pem").write_bytes(leaf.pem + intermediate.pem)
    (folder / "key.pem").write_bytes(leaf.key_pem)
    return folder / "chain.pem", folder / "key.pem"


@contextmanager
def serving(
    files: tuple[Path, Path], ciphers: str | None = None, oldest: str = "TLSv1_2", newest: str = "TLSv1_3"
) -> Iterator[int]:
    """Serve TLS on the loopback as the settings say; yields the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is looked for
        context.minimum_version, context.maximum_version = ssl.TLSVersion[oldest], ssl.TLSVersion[newest]
    context.set_ciphers(ciphers or "ECDHE+AESGCM:ECDHE+CHACHA20")
    with socket.create_server((LOOPBACK, 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, context))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # shut down: the test is over
        with connection, suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)


def test_current_versions_and_strong_suites_are_found(files: tuple[Path, Path], intermediate: Issued) -> None:
    with serving(files) as port:
        assert offered_versions(LOOPBACK, NAME, port) == ["TLS 1.2", "TLS 1.3"]
        suites = offered_suites(LOOPBACK, NAME, port)
        chain = served_chain(LOOPBACK, NAME, port)
    assert suites == {name for name in GOOD.values() if "ECDSA" in name}
    assert [each.subject.rfc4514_string() for each in chain] == ["CN=site", "CN=Pebble Intermediate CA"]
    assert chain[1] == intermediate.certificate


def test_old_versions_are_found_whatever_this_machine_speaks_itself(files: tuple[Path, Path]) -> None:
    with serving(files, "ECDHE-ECDSA-AES128-SHA@SECLEVEL=0", oldest="TLSv1", newest="TLSv1_2") as port:
        assert offered_versions(LOOPBACK, NAME, port) == ["TLS 1.0", "TLS 1.1", "TLS 1.2"]


def test_weak_suites_are_found_beside_strong_ones(files: tuple[Path, Path]) -> None:
    ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA@SECLEVEL=0"
    with serving(files, ciphers) as port:
        found = offered_suites(LOOPBACK, NAME, port)
    assert found == {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA"}


def test_a_browser_s_distrust_is_told_by_name(files: tuple[Path, Path], intermediate: Issued) -> None:
    trusting = ssl.create_default_context(cadata=intermediate.pem.decode())
    with serving(files) as port:
        assert distrusted_names(LOOPBACK, {NAME}, trusting, port) == {}
        found = distrusted_names(LOOPBACK, {NAME, "y.test"}, ssl.create_default_context(), port)
    assert found.keys() == {NAME, "y.test"}


def test_no_connection_is_not_taken_for_a_refused_version() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SiteUnreachable, match=f"no answer from {LOOPBACK}:{port}"):
        offered_versions(LOOPBACK, NAME, port)
