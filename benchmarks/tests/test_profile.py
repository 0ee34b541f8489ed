from benchmarks.api.profile import count

MAIN = "thread (7): MainThread;run (uvloop/__init__.py:92)"
SERVING = (
    f"{MAIN};RequestResponseCycle.run_asgi (uvicorn/protocols/http/httptools_impl.py:422);one (api/items/listing.py:52)"
)
SAMPLES = [
    f"{MAIN} 10",
    f"{SERVING};Connection._do_execute (asyncpg/connection.py:2069) 20",
    f"{SERVING};Pool._acquire (asyncpg/pool.py:5);helper (contextlib.py:3) 5",
    f"{SERVING};JsonAnswer.__init__ (api/json_answers.py:21) 4",
    f"{SERVING} 1",
    "thread (8): Thread-1 (serve_forever);select (selectors.py:398) 1000",
]


def test_samples_belong_to_the_innermost_part_and_other_threads_to_none() -> None:
    assert count(SAMPLES) == {
        "event loop, sockets, the protocol of Postgres in C": 10,
        "driver of the database": 20,
        "pool of connections": 5,
        "JSON of answers": 4,
        "handlers and queries": 1,
    }
