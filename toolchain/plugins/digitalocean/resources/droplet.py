"""Droplet: a virtual machine."""

from __future__ import annotations

import hashlib
from typing import Any

from toolchain.plugins.digitalocean.attaching import attach, detach
from toolchain.plugins.digitalocean.client import Json
from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.errors import ApiError
from toolchain.plugins.digitalocean.fields import Field, read_fields
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.digitalocean.tags import TAGS_FIELD, change_tags, check_tags
from toolchain.plugins.errors import ProviderError, TimedOut
from toolchain.plugins.provider import Context, DiffKind, DiffResult, Failure
from toolchain.plugins.values import Properties, Value

DROPLETS = "/v2/droplets"
READY_LIMIT_S = 3600.0
DELETE_LIMIT_S = 300.0
SHUTDOWN_LIMIT_S = 60.0
SIZE = ("size",)
BACKUP_POLICY = (Field("plan"), Field("weekday"), Field("hour", "whole"))
CREATED_WITH = (
    ("name", "name"),
    ("region", "region"),
    ("size", "size"),
    ("backups", "backups"),
    ("backupPolicy", "backup_policy"),
    ("ipv6", "ipv6"),
    ("monitoring", "monitoring"),
    ("tags", "tags"),
    ("userData", "user_data"),
    ("volumeIds", "volumes"),
    ("vpcUuid", "vpc_uuid"),
    ("dropletAgent", "with_droplet_agent"),
    ("publicNetworking", "public_networking"),
)


class Droplet(CloudResource):
    """`digitalocean:index/droplet:Droplet`."""

    noun = "Droplet"
    name_limit = 255
    fields = (
        Field("name"),
        # A retired image loses its slug: comparing it would replace droplets that nobody touched.
        Field("image", api="-", required=True, replaces=True, unread=True),
        Field("size", required=True, api="size_slug"),
        Field("region", api="region.slug", replaces=True, computed=True),
        Field("sshKeys", "texts", api="-", replaces=True, unread=True),
        Field("userData", api="-", replaces=True, unread=True),
        Field("vpcUuid", replaces=True, computed=True),
        Field("monitoring", "flag", api="-", default=False, replaces=True),
        Field("ipv6", "flag", api="-", default=False),
        Field("backups", "flag", api="-", default=False),
        Field("backupPolicy", "object", api="-", unread=True, fields=BACKUP_POLICY),
        Field("dropletAgent", "flag", api="-", replaces=True, unread=True),
        Field("publicNetworking", "flag", api="-", replaces=True, computed=True),
        Field("resizeDisk", "flag", api="-", default=True, unread=True),
        Field("gracefulShutdown", "flag", api="-", default=False, unread=True),
        TAGS_FIELD,
        Field("volumeIds", "texts", computed=True, apart=True),
        Field("createdAt", output=True),
        Field("disk", "whole", output=True, follows=SIZE),
        Field("memory", "whole", output=True, follows=SIZE),
        Field("vcpus", "whole", output=True, follows=SIZE),
        Field("priceHourly", "number", "size.price_hourly", output=True, follows=SIZE),
        Field("priceMonthly", "number", "size.price_monthly", output=True, follows=SIZE),
        Field("ipv4Address", api="-", output=True),
        Field("ipv4AddressPrivate", api="-", output=True),
        Field("ipv6Address", api="-", output=True, follows=("ipv6",)),
        Field("privateNetworking", "flag", api="-", output=True),
        Field("locked", "flag", output=True),
        Field("status", output=True),
        Field("dropletUrn", api="-", output=True),
    )
    refused = {  # noqa: RUF012
        "privateNetworking": "is deprecated by DigitalOcean: use vpcUuid",
        "ipv6Address": "is chosen by DigitalOcean; leave it out",
    }

    def validate(self, olds: Properties, news: Properties) -> list[Failure]:
        """Check the tags, and that a backup policy has backups."""
        failures = check_tags(news.get("tags"))
        if news.get("backupPolicy") is not None and news["backups"] is False:
            failures.append(Failure("backupPolicy", "needs backups = true"))
        return failures

    def stored(self, name: str, value: Value) -> Value:
        """Keep only the hash of the user data in the outputs."""
        if name != "userData":
            return value
        return hashlib.sha1(str(value).encode(), usedforsecurity=False).hexdigest()

    def diff(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> DiffResult:  # noqa: A002
        """IPv6 can be switched on in place, but never off again."""
        result = super().diff(ctx, id, olds, old_inputs, news)
        if "ipv6" not in result.changes or old_inputs.get("ipv6") is not True:
            return result
        changes = {**result.changes, "ipv6": DiffKind.UPDATE_REPLACE}
        return DiffResult(changes, delete_before_replace=self.must_go_first(old_inputs, news))

    def make(self, api: Session, inputs: Properties) -> str:
        """Order the droplet."""
        body = {key: inputs[name] for name, key in CREATED_WITH if inputs.get(name) not in (None, "")}
        body["image"] = _number_or_text(inputs["image"])
        body["ssh_keys"] = [_number_or_text(key) for key in inputs.get("sshKeys") or []]

        def is_ours(found: Json) -> bool:
            live = read_fields(self.fields, found)
            return live["size"] == inputs["size"] and inputs.get("region") in (None, live["region"])

        return str(api.make(DROPLETS, body, "droplet", is_ours)["id"])

    def finish(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Wait until it runs."""

        def look() -> bool | None:
            found = api.find(f"{DROPLETS}/{id}", "droplet")
            status = "new" if found is None else found.get("status")
            if status not in ("new", "active"):
                advice = "`pulumi up` tries to start it, `pulumi up --replace URN` makes another"
                raise ProviderError(f"unexpected state {status!r}, wanted target 'active'; {advice}")
            return True if found is not None and status == "active" and not found.get("locked") else None

        api.poll(look, READY_LIMIT_S, f"droplet {id} to become active")

    def mend(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Start it if it is off: its boot failed, or a resize was interrupted."""
        if api.get(f"{DROPLETS}/{id}", "droplet").get("status") == "off":
            _act(api, id, {"type": "power_on"})
        self.finish(api, id, inputs)

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the droplet."""
        found = api.find(f"{DROPLETS}/{id}", "droplet")
        return None if found is None else live_droplet(self.fields, found, known)

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Change name, size, network, backups, tags and volumes."""
        if "name" in changed:
            _act(api, id, {"type": "rename", "name": news["name"]})
        if "size" in changed:
            _resize(api, id, news)
        if "ipv6" in changed and news["ipv6"]:
            _act(api, id, {"type": "enable_ipv6"})
        if changed & {"backups", "backupPolicy"}:
            _change_backups(api, id, live, news)
        if "tags" in changed:
            change_tags(api, id, "droplet", live.get("tags"), news.get("tags"))
        if "volumeIds" in changed:
            had, wanted = set(live.get("volumeIds") or []), set(news.get("volumeIds") or [])
            for volume in sorted(had - wanted):
                detach(api, volume, int(id))
            for volume in sorted(wanted - had):
                attach(api, volume, int(id))

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Shut it down if the program wants that, take its volumes off, destroy it and wait until it is gone."""
        found = _unlocked(api, id)
        if found is None:
            return
        if outputs.get("gracefulShutdown") and found.get("status") == "active":
            _shut_down(api, id)
        for volume in sorted(set(outputs.get("volumeIds") or []) & set(found.get("volume_ids") or [])):
            detach(api, volume, int(id))
        api.delete(f"{DROPLETS}/{id}")
        gone = f"droplet {id} to be gone"
        api.poll(lambda: True if api.find(f"{DROPLETS}/{id}", "droplet") is None else None, DELETE_LIMIT_S, gone)


def live_droplet(fields: tuple[Field, ...], found: Json, known: Properties) -> Properties:
    """Return the API's droplet by property name."""
    live = read_fields(fields, found)
    features = found.get("features")
    networks = found.get("networks") or {}
    image = found.get("image") or {}
    public = _address(networks.get("v4"), "public")
    return {
        **live,
        "size": live["size"] or (found.get("size") or {}).get("slug"),
        "image": image.get("slug") or (str(image["id"]) if image.get("id") else None),
        "ipv4Address": public,
        "ipv4AddressPrivate": _address(networks.get("v4"), "private"),
        "ipv6Address": (_address(networks.get("v6"), "public") or "").lower(),
        "publicNetworking": public is not None,
        "dropletUrn": f"do:droplet:{found.get('id')}",
        "volumeIds": sorted(found.get("volume_ids") or []),
        **{
            name: known.get(name) if features is None else feature in features
            for name, feature in (
                ("monitoring", "monitoring"),
                ("ipv6", "ipv6"),
                ("backups", "backups"),
                ("privateNetworking", "private_networking"),
            )
        },
    }


def _address(networks: Any, kind: str) -> str | None:
    found = [net.get("ip_address") for net in networks or [] if net.get("type") == kind and net.get("ip_address")]
    return str(found[0]) if found else None


def _number_or_text(value: str) -> int | str:
    return int(value) if value.isdigit() else value


def _act(api: Session, id: str, body: Json) -> None:  # noqa: A002
    def is_busy(failure: ApiError) -> bool:
        return failure.status == 422 and "pending event" in failure.message

    path = f"{DROPLETS}/{id}/actions"
    api.finish_action(api.retry_while(is_busy, lambda: api.repeat_post(path, body, "action"), READY_LIMIT_S))


def _resize(api: Session, id: str, news: Properties) -> None:  # noqa: A002
    _power(api, id, "power_off", "off")
    try:
        _act(api, id, {"type": "resize", "size": news["size"], "disk": bool(news["resizeDisk"])})
    finally:  # as the official plugin does: a size that is refused must not leave what ran before switched off
        _power(api, id, "power_on", "active")


def _power(api: Session, id: str, kind: str, wanted: str) -> None:  # noqa: A002
    if api.get(f"{DROPLETS}/{id}", "droplet").get("status") == wanted:
        return
    _act(api, id, {"type": kind})

    def look() -> bool | None:
        return True if api.get(f"{DROPLETS}/{id}", "droplet").get("status") == wanted else None

    api.poll(look, READY_LIMIT_S, f"droplet {id} to become {wanted}")


def _change_backups(api: Session, id: str, live: Properties, news: Properties) -> None:  # noqa: A002
    policy = {"backup_policy": news["backupPolicy"]} if news.get("backupPolicy") else {}
    if not news["backups"]:
        if live.get("backups"):
            _act(api, id, {"type": "disable_backups"})
    elif not live.get("backups"):
        _act(api, id, {"type": "enable_backups", **policy})
    elif policy:
        _act(api, id, {"type": "change_backup_policy", **policy})


def _unlocked(api: Session, id: str) -> Json | None:  # noqa: A002
    def look() -> tuple[Json | None] | None:
        found = api.find(f"{DROPLETS}/{id}", "droplet")
        return None if found is not None and found.get("locked") else (found,)

    return api.poll(look, DELETE_LIMIT_S, f"droplet {id} to be unlocked")[0]


def _shut_down(api: Session, id: str) -> None:  # noqa: A002
    """Ask the system to stop; one that does not within a minute is destroyed running."""
    body = {"type": "shutdown"}
    api.repeat_post(f"{DROPLETS}/{id}/actions", body, "action")

    def look() -> bool | None:
        found = api.find(f"{DROPLETS}/{id}", "droplet")
        return None if found is not None and found.get("status") != "off" else True

    try:
        api.poll(look, SHUTDOWN_LIMIT_S, f"droplet {id} to stop")
    except TimedOut:
        api.ctx.log("info", f"droplet {id} did not stop within {SHUTDOWN_LIMIT_S:g} s; it is destroyed running")
