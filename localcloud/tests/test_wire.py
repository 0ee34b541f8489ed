"""What holds for every request: token, errors, pages, limits, ids."""

from itertools import pairwise
from uuid import UUID

import pytest

from localcloud.tests.conftest import TOKEN, Serve, Served
from localcloud.wire.limits import RateLimiter


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
@pytest.mark.parametrize("path", ["/v2/account", "/v2/nothing", "/"])
def test_without_the_right_token_nothing_is_answered(local: Served, header: str | None, path: str) -> None:
    request = local.http.build_request("GET", path)
    del request.headers["authorization"]
    if header is not None:
        request.headers["authorization"] = header
    answer = local.http.send(request)
    body = answer.json()
    assert answer.status_code == 401
    assert (body["id"], body["message"]) == ("Unauthorized", "Unable to authenticate you")
    assert body["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "error_id"),
    [
        ("GET", "/v2/nothing", None, 404, "not_found"),
        ("GET", "/v3/droplets", None, 404, "not_found"),
        ("GET", "/v2/droplets/1", None, 404, "not_found"),
        ("GET", "/v2/droplets/one", None, 404, "not_found"),
        ("GET", "/v2/volumes/nope", None, 404, "not_found"),
        ("DELETE", "/v2/account", None, 404, "not_found"),
        ("GET", "/v2/load_balancers", None, 501, "not_implemented"),
        ("POST", "/v2/databases", "{}", 501, "not_implemented"),
        ("POST", "/v2/tags", "{", 400, "bad_request"),
        ("POST", "/v2/tags", "[]", 422, "unprocessable_entity"),
        ("POST", "/v2/tags", "{}", 422, "unprocessable_entity"),
        ("POST", "/v2/tags", None, 422, "unprocessable_entity"),
        ("GET", "/v2/tags?page=0", None, 422, "unprocessable_entity"),
    ],
)
def test_every_error_has_one_shape(
    local: Served, method: str, path: str, content: str | None, status: int, error_id: str
) -> None:
    headers = {"content-type": "application/json"}
    answer = local.http.request(method, path, content=content, headers=headers)
    body = answer.json()
    assert (answer.status_code, body["id"]) == (status, error_id)
    assert set(body) == {"id", "message", "request_id"}
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["message"]


def test_an_unexpected_failure_has_the_same_shape_and_tells_nothing(
    local: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(local.cloud.state.tags, "all", fail)
    answer = local.http.get("/v2/tags")
    assert (answer.status_code, answer.json()["id"]) == (500, "server_error")
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_each_request_has_an_id_of_its_own(local: Served) -> None:
    ids = [UUID(local.http.get("/v2/account").headers["x-request-id"]) for _ in range(2)]
    assert ids[0] != ids[1]


def test_a_long_list_is_read_page_by_page(local: Served) -> None:
    names = [f"tag-{number}" for number in range(5)]
    for name in names:
        local.do.tags.create(body={"name": name})
    seen: list[str] = []
    url = "/v2/tags?page=1&per_page=2"
    pages = []
    while url:
        page = local.http.get(url).json()
        pages.append(page)
        seen += [tag["name"] for tag in page["tags"]]
        assert page["meta"] == {"total": 5}
        url = page["links"].get("pages", {}).get("next", "")
    assert seen == names
    assert [sorted(page["links"]["pages"]) for page in pages] == [
        ["last", "next"],
        ["first", "last", "next", "prev"],
        ["first", "prev"],
    ]
    assert pages[1]["links"]["pages"]["prev"] == f"{local.url}/v2/tags?page=1&per_page=2"


def test_a_list_on_one_page_has_no_links_and_a_page_behind_the_end_is_empty(local: Served) -> None:
    local.do.tags.create(body={"name": "web"})
    page = local.http.get("/v2/tags?page=1&per_page=1000").json()
    assert (page["links"], page["meta"], len(page["tags"])) == ({}, {"total": 1}, 1)
    assert local.http.get("/v2/tags?page=7").json()["tags"] == []


def test_links_keep_the_filter(local: Served) -> None:
    link = local.http.get("/v2/droplets?name=web&per_page=1").json()["links"]
    assert link == {}
    for name in ("a", "b"):
        local.droplet(name, tags=["pair"])
    link = local.http.get("/v2/droplets?tag_name=pair&per_page=1").json()["links"]["pages"]["next"]
    assert "tag_name=pair" in link


def test_the_catalogue_is_complete_in_itself(local: Served) -> None:
    sizes = {size["slug"] for size in local.do.sizes.list(per_page=200)["sizes"]}
    regions = {region["slug"]: region for region in local.do.regions.list(per_page=200)["regions"]}
    assert {"fra1", "nyc3", "ams3"} <= set(regions)
    assert {"s-1vcpu-1gb", "s-1vcpu-2gb", "s-2vcpu-4gb"} <= sizes
    assert set(regions["fra1"]["sizes"]) == sizes
    image = local.do.images.get("debian-13-x64")["image"]
    assert local.do.images.get(image["id"])["image"] == image
    assert local.do.images.list(private=True)["images"] == []
    assert local.refusal("GET", "/v2/images/none")[0] == 404


def test_too_many_requests_in_a_minute_are_refused_until_it_has_passed(serve: Serve) -> None:
    with serve(requests_per_minute=3) as local:
        remaining = []
        for _ in range(3):
            answer = local.http.get("/v2/account")
            assert answer.status_code == 200
            remaining.append(int(answer.headers["ratelimit-remaining"]))
        assert all(later == earlier - 1 for earlier, later in pairwise(remaining))
        assert answer.headers["ratelimit-limit"] == "5000"
        refused = local.http.get("/v2/account")
        assert refused.status_code == 429
        assert (refused.json()["id"], refused.json()["message"]) == ("too_many_requests", "API Rate limit exceeded.")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert local.http.get("/v2/account", headers={"authorization": ""}).status_code == 401


def test_both_windows_slide() -> None:
    now = 1_000_000.0
    limiter = RateLimiter(per_hour=4, per_minute=2, now=lambda: now)
    assert [limiter.take().retry_after_s for _ in range(3)] == [0, 0, 60]
    now += 60
    assert [limiter.take().retry_after_s for _ in range(3)] == [0, 0, 3540]
    told = limiter.take()
    assert (told.limit, told.remaining, told.reset) == (4, 0, 1_003_600)
    now += 3540
    assert limiter.take().retry_after_s == 0
