"""Turns a person into an actor: every principal key the person answers to at a moment."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from bihuan.kernel import principals
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.organisation.enums import Function, PostKind
from bihuan.organisation.models import Charge, Department, Person, Post
from bihuan.organisation.queries.effective import in_force

OFFICES = ("d:", "h:", "x:")


def actor_for(person: Person, at: datetime) -> Actor:
    """Who the person is now. At most four queries. Who belongs to a department answers for those that went into it.

    Somebody inactive answers to no key, so that a session or token that outlived its owner opens nothing.
    """
    if not person.is_active:
        return Actor(ActorKind.PERSON, person.pk, person.name, frozenset())
    posts = list(Post.objects.filter(in_force(at), person=person).select_related("department"))
    charged = list(Charge.objects.filter(in_force(at), person=person).select_related("department"))
    keys = {principals.EVERYONE, principals.person(person.pk)}
    keys.update(key for post in posts for key in _of_post(post))
    keys.update(_of_charges([charge.department for charge in charged], at))
    keys.update(_of_absorbed(keys))
    if person.is_administrator:
        keys.add(principals.ADMINISTRATOR)
    departments = frozenset(post.department_id for post in posts)
    return Actor(ActorKind.PERSON, person.pk, person.name, frozenset(keys), departments)


def _of_post(post: Post) -> Iterable[str]:
    yield from (principals.department(pk) for pk in post.department.lineage)
    if post.kind == PostKind.HEAD:
        yield principals.head(post.department_id)
    if post.department.function == Function.PMO:
        yield from (principals.PMO, principals.FILING)
    if post.department.function == Function.ADMINISTRATION:
        yield principals.FILING


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


def _of_charges(roots: list[Department], at: datetime) -> set[str]:
    if not roots:
        return set()
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
