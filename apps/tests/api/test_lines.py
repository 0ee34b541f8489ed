import io
import threading

from api.lines import LineWriter
from apps.tests.containers import wait_until


class Pipe(io.BytesIO):
    """Counts writes, and takes none while it is full."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.has_room = threading.Event()
        self.has_room.set()

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.has_room.wait()
        self.writes += 1
        return super().write(data)


def test_lines_come_in_their_order_and_in_fewer_writes() -> None:
    pipe = Pipe()
    writer = LineWriter(pipe, pause_s=0.01)
    for number in range(1000):
        writer.info(str(number).encode())
    wait_until(lambda: pipe.getvalue().count(b"\n") == 1000, "every line is written")
    assert pipe.getvalue().split() == [str(number).encode() for number in range(1000)]
    assert pipe.writes < 1000
    writer.close()


def test_a_full_pipe_stops_nobody_who_logs() -> None:
    pipe = Pipe()
    pipe.has_room.clear()
    writer = LineWriter(pipe, pause_s=0)
    for number in range(1000):
        writer.info(str(number).encode())
    assert pipe.getvalue() == b""
    pipe.has_room.set()
    writer.close()
    assert pipe.getvalue().count(b"\n") == 1000


def test_what_is_held_is_written_when_it_closes() -> None:
    pipe = Pipe()
    writer = LineWriter(pipe, pause_s=60)
    writer.info(b"last words")
    writer.close()
    assert pipe.getvalue() == b"last words\n"


def test_lines_of_many_threads_are_all_written_once() -> None:
    pipe = Pipe()
    writer = LineWriter(pipe, pause_s=0.001)

    def log() -> None:
        for _ in range(2000):
            writer.info(b"x")

    threads = [threading.Thread(target=log) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert pipe.getvalue() == b"x\n" * 8000
