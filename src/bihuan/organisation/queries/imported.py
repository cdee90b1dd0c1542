"""What the database says of imported rows, so that an import can be compared before it writes."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Coalesce

from bihuan.organisation.enums import PostKind
from bihuan.organisation.models import Department, Person, Post, Site
from bihuan.organisation.models.departments import lineage_of
from bihuan.organisation.policy import NAMED_ONLY, USERNAME_LIMIT, endings, is_key
from bihuan.organisation.queries.effective import in_force
from bihuan.organisation.queries.sources import departments_by_name, without_own_key

Kept = dict[str, dict[str, Any]]
PostKey = tuple[str, str, str]  # person, department, kind; what each is called stands beside
Spells = dict[PostKey, dict[str, list["KeptSpell"]]]


@dataclass(frozen=True, slots=True)
class KeptSpell:
    """A time in which a post is held; `id` is 0 for one that is on its way in."""

    id: int
    starts_on: date
    ends_on: date | None
    is_main: bool


def departments_as_kept(keys: Iterable[str]) -> Kept:
    """The values of each department of these source keys, parent by key, the zone of the site, what it went into. One
    query."""
    names = ("id", "name", "name_en", "kind", "description", "is_active", "ended_on")
    rows = Department.objects.filter(source_key__in=sound(keys)).values(
        "source_key", "parent__source_key", "site__time_zone", "merged_into__source_key", "merged_into__name", "path",
        *names,
    )  # fmt: skip
    return {
        str(row["source_key"]): {
            **{name: row[name] for name in names},
            "parent": row["parent__source_key"],
            "top": lineage_of(row["path"])[0],
            "into": row["merged_into__source_key"],
            "into_name": row["merged_into__name"],
            "time_zone": row["site__time_zone"],
        }
        for row in rows
    }


def tops_as_kept(beginning: str) -> dict[int, str]:
    """The keys of what stands at the top with a key that begins so, by id. One query."""
    rows = Department.objects.filter(source_key__startswith=beginning, parent=None)
    return {pk: str(key) for pk, key in rows.values_list("pk", "source_key")}


def sites_by_zone() -> Counter[str]:
    """How many sites there are in each time zone. One query."""
    return Counter(Site.objects.values_list("time_zone", flat=True))


def departments_by_hand(names: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Open departments that no list of a source has, by name: id, and where each stands in the tree. Two queries."""
    rows = list(Department.objects.filter(without_own_key(), is_active=True, name__in=set(names)).order_by("pk"))
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


def posts_as_kept(people: Mapping[str, int]) -> Spells:
    """When these people (ids by key) held or hold their posts, by keys, kind and title, earliest first. One query."""
    keys = {pk: key for key, pk in people.items()}
    rows = Post.objects.filter(person__in=keys).order_by("starts_on", "pk")
    place = Coalesce("department__source_key", "department__name")
    names = ("person", place, "title", "kind", "pk", "starts_on", "ends_on", "is_main")
    found: Spells = {}
    for person, place, title, kind, *spell in rows.values_list(*names):
        titles = found.setdefault((keys[person], str(place), kind), {})
        titles.setdefault(title, []).append(KeptSpell(*spell))
    return found


def posts_besides(said: Mapping[str, Collection[str]], ids: Mapping[str, int], at: datetime) -> dict[str, list[str]]:
    """By key of a person (ids by key) the departments, by name, in which he holds a post and which are none of those
    named for him (keys, or names of those made by hand). One query, none where nobody is named."""
    keys = {ids[key]: key for key in said if key in ids}
    if not keys:
        return {}
    rows = Post.objects.filter(in_force(at), person__in=keys).order_by("pk")
    found: dict[str, list[str]] = {}
    for person, key, name in rows.values_list("person", "department__source_key", "department__name"):
        if (key or name) not in said[keys[person]] and name not in found.get(keys[person], ()):
            found.setdefault(keys[person], []).append(name)
    return found


def heads_besides(named: Mapping[str, Collection[str]], at: datetime) -> dict[str, list[str]]:
    """Who heads these departments (by key) and is none of those that are named there (keys or accounts). One
    query, none where nobody is named."""
    if not named:
        return {}
    rows = Post.objects.filter(in_force(at), kind=PostKind.HEAD, department__source_key__in=sound(named))
    key = Coalesce("person__source_key", "person__username")
    found: dict[str, list[str]] = {}
    for place, person, name in rows.order_by("pk").values_list("department__source_key", key, "person__name"):
        if person not in named[str(place)]:
            found.setdefault(str(place), []).append(name)
    return found


Keyed = list[tuple[str, tuple[str, ...]]]


def names_known() -> tuple[Keyed, Keyed]:
    """What open departments and active people are called, by their keys: those of a source, or the account of somebody
    and the name of a department made by hand; departments by the ways that lead to them too (`A/B`). Three queries."""
    rows = list(Department.objects.values_list("pk", "source_key", "name", "name_en", "path", "is_active"))
    called = {pk: name for pk, _key, name, *_more in rows}
    ways = {pk: endings([called[each] for each in lineage_of(path)]) for pk, _key, _name, _en, path, _open in rows}
    listed = [
        (key, (name, name_en, key.removeprefix(NAMED_ONLY), *ways[pk]))
        for pk, key, name, name_en, _path, is_open in rows
        if key and is_open
    ]
    people = Person.objects.filter(is_active=True).values_list("source_key", "username", "name", "name_en", "email")
    return (
        [*listed, *((name, (name, *ways[pk])) for name, pk in departments_by_name().items())],
        [(key or username, (username, *names)) for key, username, *names in people.order_by("pk")],
    )


def keys_known() -> tuple[frozenset[str], frozenset[str]]:
    """The keys of all imported departments and people, and names and accounts made by hand. Three queries."""
    departments = Department.objects.exclude(source_key=None).values_list("source_key", flat=True)
    people = Person.objects.values_list(Coalesce("source_key", "username"), flat=True)
    return frozenset(departments_by_name()).union(map(str, departments)), frozenset(map(str, people))


def sound(keys: Iterable[str]) -> set[str]:
    return {key for key in keys if is_key(key, limit=USERNAME_LIMIT)}
