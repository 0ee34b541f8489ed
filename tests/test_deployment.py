"""One deployment after `make up`, in the order in which a person would live through it."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from pathlib import Path

import pytest

from slipway.errors import LOCKED, USAGE
from tests.checkout import INSTANCE, Checkout
from verification.deployment import get
from verification.droplet import connect

pytestmark = pytest.mark.deployed

API = "apps/api/api/__init__.py"
OPEN_PORTS = "from verification.scan import open_ports; print(*open_ports('{address}'))"


def assert_quiet(said: str) -> None:
    assert "warning" not in said.lower(), said


def test_make_up_says_where_to_look(deployed: Checkout) -> None:
    address = deployed.deployment.address
    assert f"site       https://{deployed.deployment.domain}" in deployed.up_said
    assert f"address    {address}" in deployed.up_said
    assert re.search(rf"artifacts  \S+/local_run_logs/{re.escape(address)}-\d{{8}}_\d{{6}}", deployed.up_said)
    assert_quiet(deployed.up_said)


def test_the_report_of_make_up_names_its_occasion(deployed: Checkout) -> None:
    folder = re.search(r"artifacts  (\S+/local_run_logs/\S+)", deployed.up_said)
    assert folder is not None
    report = json.loads((deployed.root / folder[1] / "meta/post-deploy-report.json").read_text())
    assert (report["mode"], report["ok"], report["release"]) == ("deploy", True, deployed.serving())


def test_make_up_says_how_to_sign_in_and_tells_no_log_the_password(deployed: Checkout) -> None:
    password = (deployed.root / ".slipway/keys/guard").read_text().strip()
    assert f"mail       https://mail.{deployed.deployment.domain}" in deployed.up_said
    assert "password in .slipway/keys/guard" in deployed.up_said
    kept = [deployed.root / "local_run_logs", deployed.root / ".slipway/run", deployed.root / ".slipway/deployments"]
    texts = [path.read_bytes() for folder in kept for path in folder.rglob("*") if path.is_file()]
    assert texts
    assert not any(password.encode() in text for text in [deployed.up_said.encode(), *texts])


def test_pulumi_s_state_holds_no_secret_in_plain_text(deployed: Checkout) -> None:
    secrets = connect(deployed.deployment).secrets
    files = [path for path in (deployed.root / ".slipway/keys").iterdir() if path.suffix != ".pub"]
    assert files
    for path in [*files, deployed.root / ".slipway/local/token"]:
        secrets |= {f"{path.name}, line {n}": line for n, line in enumerate(path.read_text().splitlines()) if line}
    kept = [path for path in (deployed.root / ".slipway/pulumi-state").rglob("*") if path.is_file()]
    assert any("ciphertext" in path.read_text() for path in kept if path.name == "local.json")
    texts = {str(path): path.read_bytes() for path in kept}
    leaked = {(file, name) for file, text in texts.items() for name, value in secrets.items() if value.encode() in text}
    assert leaked == set()


def test_the_printed_curl_reaches_home_page_and_api(deployed: Checkout) -> None:
    printed = re.search(r"curl (.+) https://\S+/api/health", deployed.up_said)
    assert printed is not None
    for path in ("/", "/api/health"):
        url = f"https://{deployed.deployment.domain}{path}"
        said = deployed.must("curl", "-sSi", *shlex.split(printed[1]), url)
        assert said.splitlines()[0].split()[1] == "200"
        assert f"x-release: {deployed.serving()}" in said.lower()


def test_a_stranger_reaches_only_the_web_ports(deployed: Checkout) -> None:
    address = deployed.deployment.address
    network = f"localcloud-{INSTANCE['SLIPWAY_LOCAL_NAME']}-public"
    scan = OPEN_PORTS.format(address=address)
    said = deployed.must(
        *["docker", "run", "--rm", "--network", network, "-v", f"{deployed.root}/verification:/x/verification:ro"],
        *["-w", "/x", "python:3.13-slim-trixie", "python", "-c", scan],
    )
    assert said.split() == ["80", "443"]


def test_nothing_is_left_to_change(deployed: Checkout) -> None:
    preview = deployed.pulumi("preview", "-s", "local", "--expect-no-changes")
    assert preview.code == 0, preview.said
    assert_quiet(preview.said)
    refresh = deployed.pulumi("refresh", "-s", "local", "--yes", "--expect-no-changes")
    assert refresh.code == 0, refresh.said
    assert_quiet(refresh.said)


def test_verification_passes_by_itself(deployed: Checkout) -> None:
    said = deployed.must(".venv/bin/python", "-m", "pytest", "verification/", f"--host={deployed.deployment.address}")
    assert " failed" not in said
    status = deployed.status()
    assert {service["health"] for service in status["services"]} == {"healthy"}
    report = json.loads((deployed.root / status["artifacts"] / "meta/post-deploy-report.json").read_text())
    assert report["ok"] is True


def test_a_changed_line_is_released_without_touching_the_droplet(deployed: Checkout) -> None:
    before, droplets = deployed.serving(), _droplet_ids(deployed)
    _change_the_api(deployed)
    ended = deployed.pulumi("up", "-s", "local", "--yes", "--skip-preview")
    assert ended.code == 0, ended.said
    assert_quiet(ended.said)
    assert deployed.serving() != before
    assert _droplet_ids(deployed) == droplets


def test_a_rule_deleted_behind_pulumis_back_is_seen_and_repaired(deployed: Checkout) -> None:
    with deployed.api() as api:
        (firewall,) = api.get("/v2/firewalls").json()["firewalls"]
        rule = next(rule for rule in firewall["inbound_rules"] if rule["ports"] == "443")
        removed = api.request("DELETE", f"/v2/firewalls/{firewall['id']}/rules", json={"inbound_rules": [rule]})
        assert removed.status_code == 204, removed.text
        refresh = deployed.pulumi("refresh", "-s", "local", "--yes")
        assert refresh.code == 0, refresh.said
        assert "firewall" in refresh.said.lower()
        assert deployed.pulumi("preview", "-s", "local", "--expect-no-changes").code != 0
        assert deployed.pulumi("up", "-s", "local", "--yes", "--skip-preview").code == 0
        (repaired,) = api.get("/v2/firewalls").json()["firewalls"]
    assert rule in repaired["inbound_rules"]
    assert deployed.serving()


def test_an_update_only_deploy_releases_and_touches_nothing_else_and_no_other_deploy_disturbs_it(
    deployed: Checkout,
) -> None:
    before = deployed.serving()
    path = deployed.root / API
    path.write_text(path.read_text() + "\nCHANGED_AGAIN = True\n")
    slipway, deploy = str(deployed.root / ".venv/bin/slipway"), ("deploy", "-s", "local", "--skip-verify")
    with deployed.beside(slipway, *deploy, "--update-only", until=lambda: _is_locked(deployed)) as first:
        refused = deployed.slipway(*deploy)
        waited = deployed.slipway(*deploy, "--lock-wait", "300")
    (ended,) = first
    assert (ended.code, refused.code, waited.code) == (0, LOCKED, 0), ended.said + refused.said + waited.said
    assert re.search(r"created by \S+@\S+ \(pid \d+\)", refused.said), refused.said
    assert "waiting for it" in waited.said
    assert_quiet(ended.said)
    assert "digitalocean:" not in ended.said
    assert deployed.serving() != before


def test_a_release_can_be_rolled_back(deployed: Checkout) -> None:
    status = deployed.status()
    ended = deployed.slipway("rollback", "-s", "local")
    assert ended.code == 0, ended.said
    assert deployed.serving() == status["previous"]


def test_after_a_rollback_the_unchanged_program_is_released_again(deployed: Checkout) -> None:
    stray = "127.0.0.1:5000/slipway/stray:one"
    tags = "/var/lib/docker-registry/docker/registry/v2/repositories/slipway/{}/_manifests/tags"
    image = "$(docker image ls --quiet slipway/redis | head -1)"
    deployed.on_droplet(f"docker tag {image} {stray} && docker push -q {stray} && docker rmi {stray}")
    deployed.on_droplet(f"touch -d '2 hours ago' {tags.format('stray')}/one/current/link")
    kept, before = deployed.on_droplet(f"ls {tags.format('api')}"), deployed.serving()
    assert deployed.pulumi("preview", "-s", "local", "--expect-no-changes").code != 0
    ended = deployed.pulumi("up", "-s", "local", "--yes", "--skip-preview")
    assert ended.code == 0, ended.said
    assert deployed.serving() != before
    assert deployed.on_droplet(f"ls {tags.format('stray')}") == "", "what no release names is collected"
    assert deployed.on_droplet(f"ls {tags.format('api')}") == kept


def test_a_backup_is_proved_on_the_droplet_and_fetched(deployed: Checkout, tmp_path: Path) -> None:
    ended = deployed.slipway("backup", "-s", "local", "--to", str(tmp_path), "--json")
    assert ended.code == 0, ended.said
    made = json.loads(ended.said[ended.said.index("\n{\n") :])
    (file,) = tmp_path.iterdir()
    assert (str(file), file.stat().st_mode & 0o777) == (made["file"], 0o600)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made["sha256"]
    assert made["tables"] > 10
    assert made["rows"] > 20
    assert "slipway_proof" not in deployed.on_droplet(
        "docker exec --user postgres data-postgres-1 psql --list --tuples-only"
    )


def test_what_was_deleted_is_restored_from_a_file_and_that_can_be_undone(deployed: Checkout, tmp_path: Path) -> None:
    items = _newest_items(deployed)
    assert deployed.slipway("backup", "-s", "local", "--to", str(tmp_path)).code == 0
    (file,) = tmp_path.iterdir()
    delete = shlex.quote("delete from item where id in (select id from item order by id desc limit 500)")
    deployed.on_droplet(f"docker exec --user postgres data-postgres-1 psql -d slipway -c {delete}")
    spoilt = _newest_items(deployed)
    assert spoilt != items

    ended = deployed.slipway("restore", str(file), "-s", "local")
    assert (ended.code, "Say --yes" in ended.said) == (USAGE, True)
    ended = deployed.slipway("restore", str(file), "-s", "local", "--yes")
    assert ended.code == 0, ended.said
    assert (_newest_items(deployed), deployed.slipway("verify", "-s", "local").code) == (items, 0)
    assert deployed.slipway("restore", "--undo", "-s", "local", "--yes").code == 0
    assert _newest_items(deployed) == spoilt
    assert deployed.slipway("restore", file.name.removeprefix("local-"), "-s", "local", "--yes").code == 0
    assert _newest_items(deployed) == items
    ended = deployed.slipway("restore", "--forget", "-s", "local", "--yes")
    assert "removed slipway_before" in ended.said


def test_a_new_droplet_gets_everything_again_and_finds_the_data(deployed: Checkout) -> None:
    droplets, items = _droplet_ids(deployed), _newest_items(deployed)
    ended = deployed.pulumi("up", "-s", "local", "--yes", "--skip-preview", "--replace", "**Droplet::slipway-local")
    assert ended.code == 0, ended.said
    assert deployed.serving()
    assert set(_droplet_ids(deployed)).isdisjoint(droplets)
    assert _newest_items(deployed) == items != []


def _newest_items(deployed: Checkout) -> list[str]:
    with deployed.deployment.client() as client:
        answer = get(client, deployed.deployment, "/api/items?limit=5")
    return [item["id"] for item in answer.json()["items"]]


def _is_locked(deployed: Checkout) -> bool:
    return any((deployed.root / ".slipway/pulumi-state/.pulumi/locks").rglob("*.json"))


def _change_the_api(deployed: Checkout) -> None:
    deployed.must("sed", "-i", "s/Slipway API/Our API/", "apps/api/api/app.py")


def _droplet_ids(deployed: Checkout) -> list[int]:
    with deployed.api() as api:
        return [droplet["id"] for droplet in api.get("/v2/droplets").json()["droplets"]]
