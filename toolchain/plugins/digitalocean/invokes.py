"""Functions that look things up: `get_image`, `get_sizes`, `get_droplet` and their like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from toolchain.plugins.digitalocean.client import Json
from toolchain.plugins.digitalocean.fields import snake
from toolchain.plugins.digitalocean.projects import PROJECTS, urns_of
from toolchain.plugins.digitalocean.resources.droplet import Droplet, live_droplet
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.errors import ProviderError
from toolchain.plugins.values import Properties

Look = Callable[[Session, Properties], Properties]
REGION = ("slug", "name", "available", "features", "sizes")
SIZE = ("slug", "available", "transfer", "priceMonthly", "priceHourly", "memory", "vcpus", "disk", "regions")
KEY = ("id", "name", "publicKey", "fingerprint")
ACCOUNT = ("dropletLimit", "floatingIpLimit", "email", "uuid", "emailVerified", "status", "statusMessage")
VPC = ("id", "name", "region", "description", "ipRange", "default", "createdAt", "urn")
PROJECT = (
    "id",
    "name",
    "description",
    "purpose",
    "environment",
    "isDefault",
    "ownerId",
    "ownerUuid",
    "createdAt",
    "updatedAt",
)


def _pick(names: tuple[str, ...], found: Json) -> Properties:
    """Take values out of the API's object under their camelCase names."""
    return {name: found.get(snake(name)) for name in names}


def _get_account(api: Session, args: Properties) -> Properties:
    found = _pick(ACCOUNT, api.get("/v2/account", "account"))
    return {**found, "floatingIpLimit": found["floatingIpLimit"] or 0, "id": found["uuid"]}


def _get_ssh_key(api: Session, args: Properties) -> Properties:
    return _pick(KEY, _only(api.list("/v2/account/keys", "ssh_keys"), {"name": _need(args, "name")}, "ssh key"))


def _get_ssh_keys(api: Session, args: Properties) -> Properties:
    keys = [_pick(KEY, found) for found in api.list("/v2/account/keys", "ssh_keys")]
    return {"id": "ssh-keys", "sshKeys": _select(keys, args), **_asked(args)}


def _get_image(api: Session, args: Properties) -> Properties:
    if args.get("id") or args.get("slug"):
        found = api.get(f"/v2/images/{quote(str(args.get('id') or args['slug']), safe='')}", "image")
    else:
        source = args.get("source") or "user"
        queries = {"all": {}, "user": {"private": "true"}, "applications": {"type": "application"}}
        if source not in (*queries, "distributions"):
            raise ProviderError(f"source {source!r} is none of all, applications, distributions, user")
        query = queries.get(source, {"type": "distribution"})
        found = _only(api.list("/v2/images", "images", query), {"name": _need(args, "name", "id", "slug")}, "image")
    number = found.get("id") or 0
    names = (
        "name",
        "distribution",
        "slug",
        "type",
        "status",
        "minDiskSize",
        "sizeGigabytes",
        "description",
        "errorMessage",
    )
    return {
        **{name: found.get(snake(name)) or (0 if name in ("minDiskSize", "sizeGigabytes") else "") for name in names},
        "id": number,
        "image": str(number),
        "created": found.get("created_at") or "",
        "private": not found.get("public"),
        "regions": sorted(found.get("regions") or []),
        "tags": sorted(found.get("tags") or []),
        "source": args.get("source"),
    }


def _get_region(api: Session, args: Properties) -> Properties:
    found = _only(api.list("/v2/regions", "regions"), {"slug": _need(args, "slug")}, "region")
    return {**_pick(REGION, found), "id": found["slug"]}


def _get_regions(api: Session, args: Properties) -> Properties:
    regions = [_pick(REGION, found) for found in api.list("/v2/regions", "regions")]
    return {"id": "regions", "regions": _select(regions, args), **_asked(args)}


def _get_sizes(api: Session, args: Properties) -> Properties:
    sizes = [{**_pick(SIZE, found), "gpuInfos": _gpu(found)} for found in api.list("/v2/sizes", "sizes")]
    return {"id": "sizes", "sizes": _select(sizes, args), **_asked(args)}


def _gpu(size: Json) -> list[Properties]:
    gpu = size.get("gpu_info")
    if not gpu:
        return []
    modes = gpu.get("supported_partition_modes") or []
    vram = [gpu["vram"]] if gpu.get("vram") else []
    return [{"count": gpu.get("count"), "model": gpu.get("model"), "supportedPartitionModes": modes, "vrams": vram}]


def _get_droplet(api: Session, args: Properties) -> Properties:
    if args.get("gpu"):
        raise ProviderError("get_droplet: 'gpu' is not supported by this digitalocean plugin")
    if args.get("id"):
        found = api.get(f"/v2/droplets/{args['id']}", "droplet")
    elif args.get("tag"):
        tagged = [item for item in api.list("/v2/droplets", "droplets") if args["tag"] in (item.get("tags") or [])]
        found = _single(tagged, f"tag {args['tag']}", "droplet")
    else:
        name = _need(args, "name", "id", "tag")
        found = _only(api.list("/v2/droplets", "droplets"), {"name": name}, "droplet")
    live = live_droplet(Droplet.fields, found, {})
    unasked = {
        "sshKeys",
        "userData",
        "resizeDisk",
        "gracefulShutdown",
        "dropletAgent",
        "backupPolicy",
        "publicNetworking",
    }
    result = {name: value for name, value in live.items() if name not in unasked}
    result["urn"] = result.pop("dropletUrn")
    result["image"] = result["image"] or ""
    flags = {name: bool(result[name]) for name in ("backups", "ipv6", "monitoring", "privateNetworking", "locked")}
    private6 = {"ipv6AddressPrivate": "", "gpuPartitionMode": ""}
    return {**result, **flags, **private6, "id": found["id"], "tag": args.get("tag"), "tags": result["tags"] or []}


def _get_vpc(api: Session, args: Properties) -> Properties:
    if args.get("id"):
        return _pick(VPC, api.get(f"/v2/vpcs/{args['id']}", "vpc"))
    vpcs = api.list("/v2/vpcs", "vpcs")
    if args.get("name"):
        wanted = {"name": args["name"]} | ({"region": args["region"]} if args.get("region") else {})
        return _pick(VPC, _only(vpcs, wanted, "vpc"))
    wanted = {"region": _need(args, "region", "id", "name"), "default": True}
    return _pick(VPC, _only(vpcs, wanted, "vpc"))


def _get_domain(api: Session, args: Properties) -> Properties:
    name = _need(args, "name")
    found = api.get(f"/v2/domains/{quote(name, safe='')}", "domain")
    return {**_pick(("name", "ttl", "zoneFile"), found), "id": found.get("name"), "domainUrn": f"do:domain:{name}"}


def _get_project(api: Session, args: Properties) -> Properties:
    if args.get("name") and not args.get("id"):
        found = _only(api.list(PROJECTS, "projects"), {"name": args["name"]}, "project")
    else:
        found = api.get(f"{PROJECTS}/{args.get('id') or 'default'}", "project")
    return {**_pick(PROJECT, found), "resources": urns_of(api, str(found["id"]))}


def _need(args: Properties, *names: str) -> str:
    """Return the first of the arguments; `names` are those of which one has to be given."""
    if not args.get(names[0]):
        raise ProviderError(
            f"one of {', '.join(names)} must be given" if len(names) > 1 else f"{names[0]} must be given"
        )
    return str(args[names[0]])


def _only(found: list[Json], wanted: Mapping[str, Any], noun: str) -> Json:
    matching = [item for item in found if all(item.get(key) == value for key, value in wanted.items())]
    return _single(matching, " and ".join(f"{key} {value}" for key, value in wanted.items()), noun)


def _single(found: list[Json], wanted: str, noun: str) -> Json:
    if len(found) != 1:
        raise ProviderError(f"{'no' if not found else f'{len(found)} x'} {noun} found with {wanted}")
    return found[0]


def _asked(args: Properties) -> Properties:
    return {name: args[name] for name in ("filters", "sorts") if args.get(name)}


def _select(items: list[Properties], args: Properties) -> list[Properties]:
    """Keep what all filters let through, in the order of the sorts."""
    for rule in args.get("filters") or []:
        items = [item for item in items if _matches(item.get(_camel(rule["key"])), rule)]
    for rule in reversed(args.get("sorts") or []):
        items = sorted(items, key=_by(_camel(rule["key"])), reverse=rule.get("direction") == "desc")
    return items


def _by(key: str) -> Callable[[Properties], Any]:
    return lambda item: item.get(key)


def _matches(value: Any, rule: Properties) -> bool:
    have = [_text(entry) for entry in value] if isinstance(value, list) else [_text(value)]
    how = rule.get("matchBy") or "exact"
    tests: dict[str, Callable[[str, str], bool]] = {
        "exact": lambda have, want: have == want or _is_equal_number(have, want),
        "substring": lambda have, want: want in have,
        "re": lambda have, want: re.search(want, have) is not None,
    }
    if how not in tests:
        raise ProviderError(f"matchBy {how!r} is none of {', '.join(tests)}")
    hits = [any(tests[how](entry, want) for entry in have) for want in map(_text, rule["values"])]
    return all(hits) if rule.get("all") else any(hits)


def _is_equal_number(have: str, want: str) -> bool:
    try:
        return float(have) == float(want)
    except ValueError:
        return False


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


INVOKES: Final[Mapping[str, Look]] = {
    f"digitalocean:index/{name}:{name}": look
    for name, look in {
        "getAccount": _get_account,
        "getDomain": _get_domain,
        "getDroplet": _get_droplet,
        "getImage": _get_image,
        "getProject": _get_project,
        "getRegion": _get_region,
        "getRegions": _get_regions,
        "getSizes": _get_sizes,
        "getSshKey": _get_ssh_key,
        "getSshKeys": _get_ssh_keys,
        "getVpc": _get_vpc,
    }.items()
}
"""Functions by token. An argument that the SDK cannot express never arrives, so none is refused here."""
