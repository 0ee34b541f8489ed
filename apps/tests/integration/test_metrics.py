import json
from pathlib import Path

import pytest

from apps.tests.stack import Api, Postgres, running_api

pytestmark = pytest.mark.docker
COUNT = "slipway_http_request_duration_seconds_count"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_requests_are_counted_by_route_and_never_by_path(
    tables: Postgres, api_secrets: Path, tmp_path: Path, workers: str
) -> None:
    with running_api(api_secrets, tmp_path / "api.log", API_WORKERS=workers) as api:
        for path in ("/items", "/items", "/items/0198c0de-0000-7000-8000-000000000000", "/a", "/b", "/docs"):
            api.get(path)
        api.request("PROPFIND", "/items")
        page = api.metrics()
        assert api.get("/metrics").status_code == 404
    counted = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in page.splitlines() if COUNT in line}
    assert counted[f'{COUNT}{{method="GET",route="/items",status="200"}}'] == 2
    assert counted[f'{COUNT}{{method="GET",route="/items/{{item_id}}",status="404"}}'] == 1
    assert counted[f'{COUNT}{{method="GET",route="unmatched",status="404"}}'] == 2
    assert counted[f'{COUNT}{{method="OTHER",route="/items",status="405"}}'] == 1
    assert "slipway_database_connections" in page


def test_each_request_has_one_line_in_the_log_without_its_query(
    tables: Postgres, api_secrets: Path, tmp_path: Path
) -> None:
    log = tmp_path / "api.log"
    with running_api(api_secrets, log) as api:
        api.get("/items", params={"q": "secret words"}, headers={"X-Request-Id": "one"})
        api.get("/health")
    text = log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    (line,) = [line for line in lines if line.get("logger") == "api.access"]
    assert (line["method"], line["path"], line["status"], line["request_id"]) == ("GET", "/items", 200, "one")
    assert "secret words" not in text


def test_the_metrics_page_holds_no_secret_and_no_address(tables: Postgres, api: Api) -> None:
    page = api.metrics()
    assert "redis-password" not in page
    assert "127.0.0.1" not in page
