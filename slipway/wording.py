"""How amounts and times are said to a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from slipway.droplet import Disk, Dump


def tell_disk(disk: Disk) -> str:
    """Say how full a file system is."""
    used = gigabytes(disk.total_mb - disk.free_mb)
    return f"{used} of {gigabytes(disk.total_mb)} used ({disk.used_percent} %) under {disk.path}"


def tell_dump(dump: Dump | None, now: datetime) -> str:
    """Say how old the newest dump of the database is."""
    if dump is None:
        return "none yet: one is made before each migration"
    return f"{ago(now - dump.at)}, {dump.size / 1e6:.1f} MB, {dump.file}"


def gigabytes(megabytes: int | None) -> str:
    """Write an amount as people say it."""
    return "?" if megabytes is None else f"{megabytes / 1024:.1f} GB"


def ago(span: timedelta) -> str:
    """Say how long ago something was, in its largest unit."""
    seconds = max(0, int(span.total_seconds()))
    for unit, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds // unit} {name} ago"
    return f"{seconds} s ago"


def ahead(days: int) -> str:
    """Say when a certificate expires."""
    return f"expired {-days} days ago" if days < 0 else f"expires in {days} days"
