"""Meeting imported departments and people again by the keys of their source."""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Coalesce

from bihuan.organisation.models import Department, Person
from bihuan.organisation.policy import NAMED_ONLY


def without_own_key() -> Q:
    """Departments that no list of a source gave a key of its own: made by hand, or only named in a file so far."""
    return Q(source_key=None) | Q(source_key__startswith=NAMED_ONLY)


def departments_by_source_key(keys: Iterable[str]) -> dict[str, int]:
    """Id of each department that came in under one of the keys, or of the one that it went into; else of the open one
    made by hand that alone is called so. Two queries."""
    wanted = set(keys)
    standing = Coalesce("merged_into", "pk")
    rows = Department.objects.filter(source_key__in=wanted).values_list("source_key", standing)
    return departments_by_name(wanted) | {str(key): pk for key, pk in rows}


def departments_by_name(names: Iterable[str] | None = None) -> dict[str, int]:
    """Open departments made by hand, of those names or all, by a name that no other one of them has. One query."""
    rows = Department.objects.filter(source_key=None, is_active=True)
    if names is not None:
        rows = rows.filter(name__in=set(names))
    found: dict[str, list[int]] = {}
    for name, pk in rows.order_by("pk").values_list("name", "pk"):
        found.setdefault(name, []).append(pk)
    return {name: pks[0] for name, pks in found.items() if len(pks) == 1}


def people_by_source_key(keys: Iterable[str]) -> dict[str, int]:
    """Id of each person who came in under one of the keys, or was made by hand with that account. One query."""
    wanted = set(keys)
    named = Q(source_key__in=wanted) | Q(source_key__isnull=True, username__in=wanted)
    rows = Person.objects.filter(named).values_list("source_key", "username", "pk")
    return {key or username: pk for key, username, pk in rows}
