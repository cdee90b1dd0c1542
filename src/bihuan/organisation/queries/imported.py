"""What the database says of imported rows, so that an import can be compared before it writes."""

from collections.abc import Iterable

from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.policy import USERNAME_LIMIT, is_key

Kept = dict[str, dict[str, object]]
PostKey = tuple[str, str, str, str]


def departments_as_kept(keys: Iterable[str]) -> Kept:
    """The values of each department that came in under one of the keys, its parent by key. One query."""
    names = ("name", "name_en", "kind", "description", "is_active")
    rows = Department.objects.filter(source_key__in=sound(keys)).values("source_key", "parent__source_key", *names)
    return {
        str(row["source_key"]): {**{name: row[name] for name in names}, "parent": row["parent__source_key"]}
        for row in rows
    }


def departments_by_hand(names: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Open departments that came from no source, by name: id, and where each stands in the tree. Two queries."""
    rows = list(Department.objects.filter(source_key=None, is_active=True, name__in=set(names)).order_by("pk"))
    above = {pk for row in rows for pk in row.lineage}
    labels = dict(Department.objects.filter(pk__in=above).values_list("pk", "name")) if above else {}
    found: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        found.setdefault(row.name, []).append((row.pk, " / ".join(labels[pk] for pk in row.lineage)))
    return found


def people_as_kept(keys: Iterable[str]) -> Kept:
    """The values of each person who came in under one of the keys. One query."""
    names = ("name", "name_en", "email")
    rows = Person.objects.filter(source_key__in=sound(keys)).values("source_key", *names)
    return {str(row["source_key"]): {name: row[name] for name in names} for row in rows}


def usernames_taken(keys: Iterable[str]) -> set[str]:
    """Which of the keys somebody signs in with who did not come in under it. One query."""
    wanted = sound(keys)
    rows = Person.objects.filter(username__in=wanted).exclude(source_key__in=wanted)
    return set(rows.values_list("username", flat=True))


def posts_as_kept(person_keys: Iterable[str]) -> set[PostKey]:
    """Posts held now by these people, by keys, title and kind. One query."""
    rows = Post.objects.filter(person__source_key__in=sound(person_keys), ends_on__isnull=True)
    names = ("person__source_key", "department__source_key", "title", "kind")
    return {(str(person), str(place), title, kind) for person, place, title, kind in rows.values_list(*names)}


def keys_known() -> tuple[frozenset[str], frozenset[str]]:
    """The keys of all imported departments and people. Two queries."""
    departments = Department.objects.exclude(source_key=None).values_list("source_key", flat=True)
    people = Person.objects.exclude(source_key=None).values_list("source_key", flat=True)
    return frozenset(map(str, departments)), frozenset(map(str, people))


def sound(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if is_key(key, limit=USERNAME_LIMIT)}
