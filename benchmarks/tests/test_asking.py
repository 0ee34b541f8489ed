from benchmarks.api.asking import Case

HEADERS = {"Host": "slipway.test"}


def test_one_path_needs_no_turns() -> None:
    script = Case("one", "GET", ["/items?limit=20"], HEADERS).wrk_script()
    assert 'wrk.headers["Host"] = "slipway.test"' in script
    assert "request = function" not in script


def test_several_paths_are_asked_for_in_turn() -> None:
    script = Case("many", "GET", ["/items/1", "/items/2"], HEADERS).wrk_script()
    assert 'local paths = {"/items/1", "/items/2"}' in script
    assert "request = function" in script


def test_a_body_survives_lua() -> None:
    case = Case("new", "POST", ["/items"], HEADERS, '{"title": "A small boat"}')
    assert r'wrk.body = "{\"title\": \"A small boat\"}"' in case.wrk_script()


def test_connections_rest_between_requests_only_when_they_are_to() -> None:
    case = Case("one", "GET", ["/"], HEADERS)
    assert "delay" not in case.wrk_script()
    assert "pause = 0, 32, 10" in (paced := case.wrk_script(pause_ms=10))
    assert "return begun > connections and pause or math.random(0, pause)" in paced


def test_the_edge_publishes_every_path_under_its_prefix() -> None:
    assert Case("many", "GET", ["/items/1", "/items/2"], HEADERS).under("/api").paths == [
        "/api/items/1",
        "/api/items/2",
    ]
