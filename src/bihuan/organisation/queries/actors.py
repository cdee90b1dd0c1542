"""Turns a person into an actor: every principal key the person answers to at a moment."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DateField, Exists, FilteredRelation, OuterRef, Q

from bihuan.kernel import principals
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models import Charge, Department, Person, Post
from bihuan.organisation.models.departments import lineage_of
from bihuan.organisation.queries.deputies import acts_for, headships_of
from bihuan.organisation.queries.effective import day_of, in_force

OFFICES = ("d:", "h:", "x:")
MORE = """SELECT EXISTS(SELECT 1 FROM "organisation_deputy" "named" JOIN "organisation_absence" "away"
 ON "away"."person_id" = "named"."person_id"
 WHERE "named"."deputy_id" = %s AND "away"."starts_on" <= %s AND "away"."ends_on" > %s),
 EXISTS(SELECT 1 FROM "organisation_department" WHERE "merged_into_id" IN ({named}))"""
HELD = """SELECT "office"."kind", "department"."id", "department"."path", "department"."function"
 FROM "organisation_post" "office" JOIN "organisation_department" "department"
 ON "department"."id" = "office"."department_id"
 WHERE "office"."person_id" = %s AND "office"."starts_on" <= %s
 AND ("office"."ends_on" IS NULL OR "office"."ends_on" > %s)
 UNION ALL SELECT '', "department"."id", "department"."path", "department"."function"
 FROM "organisation_charge" "office" JOIN "organisation_department" "department"
 ON "department"."id" = "office"."department_id"
 WHERE "office"."person_id" = %s AND "office"."starts_on" <= %s
 AND ("office"."ends_on" IS NULL OR "office"."ends_on" > %s)"""


class Held(NamedTuple):
    """A post in a department; of no kind where the department is in the person's charge."""

    kind: str
    department_id: int
    path: str
    function: str


def actor_for(person: Person, at: datetime) -> Actor:
    """Who the person is now. Two queries; a few more for executives, who stands in for somebody, or took a
    department in.

    Who belongs to a department answers for those that went into it. Who stands in for a head who is away answers as
    that head does; `acting_for` says for whom.

    Somebody inactive answers to no key, so that a session or token that outlived its owner opens nothing.
    """
    if not person.is_active:
        return Actor(ActorKind.PERSON, person.pk, person.name, frozenset())
    offices = _held(person.pk, at)
    posts = [office for office in offices if office.kind]
    keys = {principals.EVERYONE, principals.person(person.pk)}
    keys.update(key for post in posts for key in offices_of_post(post))
    keys.update(_of_charges([office for office in offices if not office.kind], at))
    is_deputy, has_absorbed = _has_more(person.pk, keys, at)
    deputised = _deputised(person.pk, at) if is_deputy else []
    acting_for = {principals.head(pk): name for pk, name in deputised if principals.head(pk) not in keys}
    keys.update(acting_for)
    if acting_for or has_absorbed:
        keys.update(_of_absorbed(keys))
    if person.is_administrator:
        keys.add(principals.ADMINISTRATOR)
    departments = frozenset(post.department_id for post in posts)
    return Actor(ActorKind.PERSON, person.pk, person.name, frozenset(keys), departments, acting_for)


def answers_to(person_id: int, wanted: Collection[str], at: datetime) -> bool:
    """Whether an active person answers to every one of the keys now. One query for who is head of just these."""
    return _heads_all(person_id, wanted, at) or _is_everyone(person_id, wanted, at)


def actor_now(person_id: int, at: datetime) -> Actor | None:
    """Who an active person is at a moment; nobody for who has left or does not exist."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    return None if person is None else actor_for(person, at)


def _heads_all(person_id: int, wanted: Collection[str], at: datetime) -> bool:
    heads = {pk for kind, pk in map(principals.split, wanted) if kind == "h"}
    if len(heads) < len(wanted):
        return False
    posts = Post.objects.filter(
        in_force(at), person=person_id, person__is_active=True, department__in=heads, kind=PostKind.HEAD
    )
    return heads == set(posts.values_list("department", flat=True))


def _is_everyone(person_id: int, wanted: Collection[str], at: datetime) -> bool:
    actor = actor_now(person_id, at)
    return actor is not None and set(wanted) <= actor.principals


def belongings(person_ids: Collection[int], at: datetime) -> dict[int, frozenset[int]]:
    """Of the active ones among these people, the departments each works in on the day, and those above. One query."""
    held = FilteredRelation("posts", condition=in_force(at, "posts__"))
    people = Person.objects.filter(pk__in=person_ids, is_active=True).annotate(held=held)
    found: dict[int, frozenset[int]] = {}
    for person_id, path in people.values_list("pk", "held__department__path"):
        found[person_id] = found.get(person_id, frozenset()) | set(lineage_of(path or ""))
    return found


def _held(person_id: int, at: datetime) -> list[Held]:
    """The posts and charges of the day. One query, said in SQL because every request asks it."""
    day = _as_stored(day_of(at))
    with connection.cursor() as cursor:
        cursor.execute(HELD, [person_id, day, day] * 2)
        return [Held(*row) for row in cursor.fetchall()]


def _as_stored(day: date) -> Any:
    return DateField().get_db_prep_value(day, connection)


def offices_of_post(post: Held) -> Iterable[str]:
    """Every key that somebody in this post answers to."""
    yield from (principals.department(pk) for pk in lineage_of(post.path))
    if post.kind == PostKind.HEAD:
        yield principals.head(post.department_id)
    if post.function == Function.PMO:
        yield from (principals.PMO, principals.FILING)
    if post.function == Function.ADMINISTRATION:
        yield principals.FILING


def _has_more(person_id: int, keys: set[str], at: datetime) -> tuple[bool, bool]:
    """Whether the person is named for somebody who is away, and whether a department of the keys took others in.

    One query, said in SQL because every request asks it and the answer is nearly always twice no.
    """
    named = sorted({int(key.partition(":")[2]) for key in keys if key[:2] in OFFICES}) or [0]
    day = _as_stored(day_of(at))
    with connection.cursor() as cursor:
        cursor.execute(MORE.format(named=", ".join(["%s"] * len(named))), [person_id, day, day, *named])
        is_named, has_absorbed = cursor.fetchone()
    return bool(is_named), bool(has_absorbed)


def _deputised(person_id: int, at: datetime) -> list[tuple[int, str]]:
    absent = acts_for(person_id, at)
    return headships_of(absent, at) if absent else []


def _of_absorbed(keys: set[str]) -> set[str]:
    """The same offices in departments that were merged into those the keys name. One query."""
    named = [key.partition(":") for key in keys if key[:2] in OFFICES]
    by_department: dict[int, list[str]] = {}
    for kind, _colon, pk in named:
        by_department.setdefault(int(pk), []).append(kind)
    if not by_department:
        return set()
    gone = Department.objects.filter(merged_into__in=by_department).values_list("pk", "merged_into")
    return {f"{kind}:{pk}" for pk, into in gone for kind in by_department[into or 0]}


def _of_charges(charges: list[Held], at: datetime) -> set[str]:
    if not charges:
        return set()
    roots = [Department(pk=charge.department_id, path=charge.path) for charge in charges]
    return {principals.EXECUTIVES, *(principals.executive(pk) for pk in departments_in_charge_of(roots, at))}


def departments_in_charge_of(roots: Iterable[Department], at: datetime) -> set[int]:
    """The departments put in somebody's charge, and all below that have no executive of their own. One query."""
    held = {root.pk for root in roots}
    below: Q = reduce(or_, (Q(path__startswith=root.path) for root in roots))
    owned = Exists(Charge.objects.filter(in_force(at), department=OuterRef("pk")))
    for department in sorted(Department.objects.filter(below).annotate(owned=owned), key=lambda row: len(row.lineage)):
        if not department.owned and department.parent_id in held:
            held.add(department.pk)
    return held
