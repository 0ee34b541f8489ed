"""Tags and projects: what carries and holds other resources."""

from typing import Any

from localcloud.tests.conftest import REGION, Served


def resource(kind: str, number: object) -> dict[str, Any]:
    return {"resources": [{"resource_id": str(number), "resource_type": kind}]}


def urns(local: Served, project: str) -> set[str]:
    return {item["urn"] for item in local.do.projects.list_resources(project)["resources"]}


def test_a_tag_counts_what_carries_it(local: Served) -> None:
    number = local.droplet()["id"]
    volume = local.do.volumes.create(body={"name": "data", "region": REGION, "size_gigabytes": 1})["volume"]["id"]
    made = local.do.tags.create(body={"name": "Web"})["tag"]
    assert made["resources"]["count"] == 0
    local.do.tags.assign_resources("web", body=resource("droplet", number))
    local.do.tags.assign_resources("web", body=resource("volume", volume))
    tag = local.do.tags.get("web")["tag"]
    assert tag["name"] == "Web"
    assert (tag["resources"]["count"], tag["resources"]["droplets"]["count"]) == (2, 1)
    assert tag["resources"]["droplets"]["last_tagged_uri"] == f"{local.url}/v2/droplets/{number}"
    assert set(tag["resources"]) >= {"droplets", "images", "volumes", "volume_snapshots", "databases"}
    assert local.do.droplets.get(number)["droplet"]["tags"] == ["Web"]
    local.do.tags.unassign_resources("Web", body=resource("volume", volume))
    assert local.do.volumes.get(volume)["volume"]["tags"] == []
    local.do.tags.delete("WEB")
    assert local.do.droplets.get(number)["droplet"]["tags"] == []
    assert local.refusal("GET", "/v2/tags/web")[0] == 404


def test_making_a_tag_that_exists_succeeds(local: Served) -> None:
    for _ in range(2):
        assert local.do.tags.create(body={"name": "web"})["tag"]["name"] == "web"
    assert local.do.tags.list()["meta"]["total"] == 1


def test_tags_that_break_a_rule_are_refused(local: Served) -> None:
    assert local.refusal("POST", "/v2/tags", {"name": "no spaces"})[0] == 422
    assert local.refusal("POST", "/v2/tags/unknown/resources", resource("droplet", 1))[0] == 404
    local.do.tags.create(body={"name": "web"})
    assert local.refusal("POST", "/v2/tags/web/resources", resource("droplet", 1))[0] == 404
    assert local.refusal("POST", "/v2/tags/web/resources", resource("image", 1))[0] == 422


def test_everything_is_in_the_default_project_until_it_is_moved(local: Served) -> None:
    number = local.droplet()["id"]
    local.do.domains.create(body={"name": "example.test"})
    ip = local.do.reserved_ips.create(body={"region": REGION})["reserved_ip"]["ip"]
    default = local.do.projects.get_default()["project"]
    everything = {f"do:droplet:{number}", "do:domain:example.test", f"do:reservedip:{ip}"}
    assert urns(local, default["id"]) == everything

    body = {"name": "site", "purpose": "Web Application", "environment": "staging", "description": ""}
    project = local.do.projects.create(body=body)["project"]
    assert (project["environment"], project["is_default"]) == ("Staging", False)
    moved = {"resources": [f"do:droplet:{number}", f"do:reservedip:{ip}", "do:volume:gone"]}
    outcome = local.do.projects.assign_resources(project["id"], body=moved)["resources"]
    assert [item["status"] for item in outcome] == ["assigned", "assigned", "not_found"]
    again = local.do.projects.assign_resources(project["id"], body=moved)["resources"]
    assert [item["status"] for item in again] == ["already_assigned", "already_assigned", "not_found"]
    assert urns(local, project["id"]) == {f"do:droplet:{number}", f"do:reservedip:{ip}"}
    assert urns(local, default["id"]) == {"do:domain:example.test"}
    assert local.do.reserved_ips.get(ip)["reserved_ip"]["project_id"] == project["id"]

    expected = (412, "cannot delete a project with resources. move or remove resources first")
    assert local.refusal("DELETE", f"/v2/projects/{project['id']}") == expected
    local.do.projects.assign_resources_default(body=moved)
    assert urns(local, default["id"]) == everything
    local.do.projects.delete(project["id"])
    assert local.refusal("GET", f"/v2/projects/{project['id']}")[0] == 404


def test_a_destroyed_droplet_leaves_its_project(local: Served) -> None:
    number = local.droplet()["id"]
    project = local.do.projects.create(body={"name": "site", "purpose": "x"})["project"]["id"]
    local.do.projects.assign_resources(project, body={"resources": [f"do:droplet:{number}"]})
    local.do.droplets.destroy(number)
    local.settle()
    assert urns(local, project) == set()
    local.do.projects.delete(project)


def test_another_project_becomes_the_default_and_resources_stay(local: Served) -> None:
    number = local.droplet()["id"]
    old = local.do.projects.get_default()["project"]["id"]
    new = local.do.projects.create(body={"name": "site", "purpose": "x"})["project"]["id"]
    assert local.do.projects.patch(new, body={"is_default": True})["project"]["is_default"] is True
    assert local.do.projects.get_default()["project"]["id"] == new
    assert urns(local, old) == {f"do:droplet:{number}"}
    assert local.refusal("DELETE", f"/v2/projects/{new}")[0] == 412


def test_a_project_is_changed_whole_or_in_part(local: Served) -> None:
    project = local.do.projects.create(body={"name": "site", "purpose": "x"})["project"]
    whole = {"name": "s", "purpose": "y", "description": "d", "environment": "Production", "is_default": False}
    changed = local.do.projects.update(project["id"], body=whole)["project"]
    assert {name: changed[name] for name in whole} == whole
    assert local.do.projects.patch(project["id"], body={"description": "e"})["project"]["description"] == "e"
    taken = {"name": "s", "purpose": "z"}
    assert local.refusal("POST", "/v2/projects", taken) == (409, "name is already in use")
    assert local.refusal("PUT", f"/v2/projects/{project['id']}", {"name": "s"})[0] == 422
