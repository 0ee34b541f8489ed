"""Search on large tables: by the trigram indexes, by key, by account; and counts that need no count."""

from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db import connections, models
from django.db.models import QuerySet
from django.db.models.lookups import Contains
from django.http import HttpRequest
from django.utils.functional import cached_property

COUNTED_UP_TO = 100_000


class ContainsAnyCase(Contains):
    """`column__anycase="text"`: ILIKE, which the trigram indexes serve; Django's icontains compares upper cases."""

    lookup_name = "anycase"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        """Return the comparison."""
        return f"ILIKE {rhs}"


models.CharField.register_lookup(ContainsAnyCase)
models.TextField.register_lookup(ContainsAnyCase)


class FindsRows:
    """For a ModelAdmin: a UUID finds the row or what is of that account, an address what is of that account.

    Anything else goes to `search_fields`. One condition at a time, so that each is answered by an index.
    """

    account_field = "account"  # empty: the rows belong to no account

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return what is found, and that no row is found twice."""
        term = search_term.strip()
        key = uuid_or_none(term)
        if key and (self.account_field or is_key(queryset.model)):
            return queryset.filter(self.has_key(queryset.model, key)), False
        if "@" in term and self.account_field:
            return queryset.filter(**{f"{self.account_field}__email__anycase": term}), False
        return super().get_search_results(request, queryset, search_term)  # type: ignore[misc,no-any-return]

    def has_key(self, model: type[models.Model], key: UUID) -> models.Q:
        """Return the condition of the row with this key and of the rows of the account with it."""
        condition = models.Q(pk=key) if is_key(model) else models.Q()
        return condition | models.Q(**{f"{self.account_field}_id": key}) if self.account_field else condition


def is_key(model: type[models.Model]) -> bool:
    """Tell whether a model's rows are named by UUIDs."""
    return isinstance(model._meta.pk, models.UUIDField)


def uuid_or_none(text: str) -> UUID | None:
    """Read a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """Takes the number of rows of a large table, looked at whole, from the database's statistics."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, about."""
        rows = cast("QuerySet[Any]", self.object_list)
        if rows.query.where:
            return rows.count()
        with connections[rows.db].cursor() as cursor:
            cursor.execute(
                "select reltuples::bigint from pg_class where oid = %s::regclass", [rows.model._meta.db_table]
            )
            (estimate,) = cursor.fetchone()
        return int(estimate) if estimate > COUNTED_UP_TO else rows.count()
