"""A dozen items to look at where there are no users yet."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from django_admin.items.models import Item

NEWEST = datetime(2026, 1, 30, 9, 12, tzinfo=UTC)
STEP = timedelta(days=2, hours=5, minutes=41)
DEMO: tuple[tuple[str, str], ...] = (
    ("Renew the mooring permit", "The harbour office wants form B and proof of insurance before the end of the month."),
    ("Order new fenders", "Four cylindrical ones, 20 by 60 cm, navy blue. The old starboard pair is past repair."),
    ("Winter storage, bay 14", "Keys hang behind the door of the sail loft; the heater's timer is set to 05:30."),
    (
        "Tide table for February",
        "Springs on the 2nd and 17th. Low water before 08:00 on both, so plan the haul-out then.",
    ),
    ("Engine log", "Oil and both filters changed at 412 h. Impeller looked fine; next check at 460 h."),
    ("Crew list for the spring crossing", "Six so far. Ask Ines whether she can take the second watch."),
    ("Radio licence", "Paid until October. The call sign is engraved on the back of the handset."),
    ("Repaint the tender", "Two coats of primer, one of white. Needs three dry days above 12 °C."),
    ("Chart corrections", "Sheets 1812 and 1813 are up to date; 1820 still lacks the new wind farm."),
    ("Galley inventory", "Plenty of rice and coffee. Out of matches, and the gas bottle is two thirds empty."),
    ("Slipway bookings", "Tuesday and Thursday mornings are ours until Easter; the rowing club has the weekends."),
    ("Thank the lighthouse keeper", "She lent us the spare lamp in the November storm. A cake would be right."),
)


def seed(is_only_if_empty: bool) -> int:
    """Add the demo items that are missing and return how many; their ids and times are fixed, so twice adds nothing.

    With `is_only_if_empty`, a table that holds any item is left alone.
    """
    if is_only_if_empty and Item.objects.exists():
        return 0
    with transaction.atomic():
        before = Item.objects.count()
        Item.objects.bulk_create(demo_items(), ignore_conflicts=True)
        return Item.objects.count() - before


def demo_items() -> list[Item]:
    """Return the items as they would be stored, newest first."""
    return [
        Item(
            id=uuid5(NAMESPACE_URL, f"slipway:demo:{title}"),
            title=title,
            description=description,
            created_at=NEWEST - place * STEP,
            updated_at=NEWEST - place * STEP,
        )
        for place, (title, description) in enumerate(DEMO)
    ]
