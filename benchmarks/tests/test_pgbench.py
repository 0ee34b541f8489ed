from uuid import UUID

import pytest

from benchmarks.api.data import Seeded
from benchmarks.api.pgbench import filled, read, work_of

SAID = """transaction type: multiple scripts
number of transactions actually processed: 33129
number of failed transactions: {failed} (0.000%)
latency average = 0.906 ms
tps = 11043.123456 (without initial connection time)
"""


def test_parameters_get_names_and_casts_stay() -> None:
    assert filled("select $1::text, $2, $1 where a::int = $10", *"abcdefghij") == (
        "select :a::text, :b, :a where a::int = :j;\n"
    )


def test_the_rate_is_read() -> None:
    assert read(SAID.format(failed=0)) == 11043.123456


@pytest.mark.parametrize("said", [SAID.format(failed=3), "pgbench: error: no route"])
def test_failures_are_no_rate(said: str) -> None:
    with pytest.raises(ValueError, match="pgbench said no rate"):
        read(said)


def test_items_from_all_over_the_table_are_asked_for() -> None:
    ids = [UUID(int=n) for n in range(1000)]
    work = work_of(Seeded(UUID(int=1), UUID(int=2), ids))["GET /items/{id}"]
    assert [script.rpartition(" = :")[2] for script in work.scripts] == [f"{name};\n" for name in work.values]
    assert list(work.values.values()) == [str(UUID(int=n)) for n in range(0, 1000, 20)]
