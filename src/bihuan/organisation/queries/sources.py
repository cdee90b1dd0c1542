"""Meeting imported departments and people again by the keys of their source."""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Coalesce

from bihuan.organisation.models import Department, Person


def departments_by_source_key(keys: Iterable[str]) -> dict[str, int]:
    """Id of each department that came in under one of the keys, or of the one that it went into. One query."""
    standing = Coalesce("merged_into", "pk")
    rows = Department.objects.filter(source_key__in=set(keys)).values_list("source_key", standing)
    return {str(key): pk for key, pk in rows}


def people_by_source_key(keys: Iterable[str]) -> dict[str, int]:
    """Id of each person who came in under one of the keys, or was made by hand with that account. One query."""
    wanted = set(keys)
    named = Q(source_key__in=wanted) | Q(source_key__isnull=True, username__in=wanted)
    rows = Person.objects.filter(named).values_list("source_key", "username", "pk")
    return {key or username: pk for key, username, pk in rows}
