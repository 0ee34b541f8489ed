"""Very many rows, made by the database itself: a million items in about a minute."""

from collections.abc import Callable

from django.contrib.auth.hashers import make_password
from django.db import connection

from django_admin.demo.people import DOMAIN
from django_admin.items.models import Item

BATCH = 25_000  # well within Django's statement timeout on a small droplet
OWNERS = 1000
BULK_DOMAIN = f"bulk.{DOMAIN}"
# Coprime steps walk through the word lists in all combinations before any comes again.
WORDS = {
    "deeds": "Paint,Check,Order,Borrow,Return,Repair,Measure,Replace,Clean,Oil,Sand,Varnish,Splice,Weigh,Survey,Label,"
    "Sort,Store,Lash,Grease,Test,Rinse,Patch",
    "things": "anchor,fender,halyard,rudder,tender,compass,lantern,winch,shackle,genoa,spinnaker,bilge pump,boathook,"
    "mooring line,radar,dinghy,keel bolt,log book,chart,sextant,tiller,hatch,cleat,stanchion,windvane,impeller,"
    "battery,gas bottle,life raft",
    "places": "at the north quay,in bay 7,before the crossing,for Saturday,in the sail loft,by the slipway,"
    "after the storm,under the crane,behind the boat shed,at low water,on the hard,for the survey,in the workshop,"
    "beside the ferry,near the lighthouse,on the visitors' pontoon,before winter",
}
ACCOUNTS = """
    with made as (
        insert into account (email, password, display_name, email_verified_at, created_at, updated_at)
        select 'sailor-' || lpad(n::text, 6, '0') || '@' || %(domain)s, %(password)s, 'Sailor ' || n,
            now(), now() - n * interval '10 minutes', now() - n * interval '10 minutes'
        from generate_series(1, %(count)s) as n
        on conflict (email) do nothing
        returning id
    )
    insert into profile (account_id) select id from made
"""
ITEMS = """
    with words as (
        select string_to_array(%(deeds)s, ',') as deeds, string_to_array(%(things)s, ',') as things,
            string_to_array(%(places)s, ',') as places
    ),
    owners as (select array(select id from account where email like %(owners)s order by email limit %(most)s) as ids)
    insert into item (owner_id, title, description, created_at, updated_at)
    select
        ids[1 + n %% greatest(cardinality(ids), 1)],
        deeds[1 + n %% cardinality(deeds)] || ' the ' || things[1 + n %% cardinality(things)] || ' '
            || places[1 + n %% cardinality(places)] || ', no. ' || n,
        'Noted on page ' || n / 40 || ' of the book; ' || things[1 + n / 7 %% cardinality(things)]
            || ' and ' || things[1 + n / 11 %% cardinality(things)] || ' are with it.',
        now() - n * interval '25 seconds',
        now() - n * interval '25 seconds'
    from words, owners, generate_series(%(first)s::bigint, %(last)s::bigint) as n
"""


def ensure_accounts(count: int, password: str | None) -> int:
    """Make accounts until there are `count` of these, and return how many were missing."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, {"count": count, "password": make_password(password), "domain": BULK_DOMAIN})
        return int(cursor.rowcount)


def ensure_items(total: int, tell: Callable[[int], None]) -> int:
    """Make items until the table holds `total`, and return how many were missing; `tell` hears how many there are."""
    present = Item.objects.count()
    values: dict[str, str | int] = {**WORDS, "owners": f"%@{BULK_DOMAIN}", "most": OWNERS}
    for first in range(present + 1, total + 1, BATCH):
        last = min(first + BATCH - 1, total)
        with connection.cursor() as cursor:
            cursor.execute(ITEMS, {**values, "first": first, "last": last})
        tell(last)
    return max(total - present, 0)
