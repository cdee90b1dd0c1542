"""Who holds which post, and which executive is in charge of what."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.enums import PostKind
from bihuan.organisation.facts import ExecutivePutInCharge, PersonAppointed, PostChanged, PostEnded
from bihuan.organisation.models import Charge, Department, Person, Post
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import clean
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.effective import not_ended
from bihuan.organisation.rules import require_administrator

TITLE_LIMIT = 100


@transaction.atomic
def appoint(
    *,
    person_id: int,
    department_id: int,
    title: str = "",
    kind: str = PostKind.STAFF,
    starts_on: date | None = None,
    is_main: bool = True,
    actor: Actor,
    at: datetime,
) -> Post:
    """Give a person a post in a department, from today unless another day is named; one held beside another is no main
    one, so that its site does not decide when the person works. Fact PersonAppointed.

    Raises NotAllowed; Refused for an unknown person, department or kind and for a post the person holds already.
    """
    require_administrator(actor)
    title, first = clean(title), starts_on or day_of(at)
    refuse(_appointment_findings(person_id, department_id, title, kind, first))
    post = Post.objects.create(
        person_id=person_id, department_id=department_id, title=title, kind=kind, starts_on=first, is_main=is_main
    )
    record(appointment(post), "post", post.pk, actor=actor, at=at)
    return post


def appointment(post: Post) -> PersonAppointed:
    return PersonAppointed(
        post_id=post.pk,
        person_id=post.person_id,
        department_id=post.department_id,
        title=post.title,
        kind=str(post.kind),
        starts_on=post.starts_on.isoformat(),
        is_main=post.is_main,
        ends_on=post.ends_on.isoformat() if post.ends_on else None,
    )


def change_post(post: Post, values: Mapping[str, bool | date], *, actor: Actor, at: datetime) -> None:
    """Say that a post is the main one or held beside it (`is_main`), or since when it is held (`starts_on`), in the
    caller's transaction. Fact PostChanged."""
    before = {name: getattr(post, name) for name in values}
    for name, value in values.items():
        setattr(post, name, value)
    post.save(update_fields=list(values))
    fact = PostChanged(
        post_id=post.pk,
        person_id=post.person_id,
        department_id=post.department_id,
        before=_told(before),
        after=_told(values),
    )
    record(fact, "post", post.pk, actor=actor, at=at)


def _told(values: Mapping[str, bool | date]) -> dict[str, bool | str]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


@transaction.atomic
def end_post(post_id: int, *, ends_on: date | None = None, actor: Actor, at: datetime) -> Post:
    """End a post: `ends_on` is the first day on which it is no longer held, today unless named. Fact PostEnded.

    Raises NotAllowed; NotFound when there is no such post or it has ended; Refused for a day before its first.
    """
    require_administrator(actor)
    day = ends_on or day_of(at)
    post = Post.objects.filter(not_ended(at), pk=post_id).first()
    if post is None:
        raise NotFound
    refuse([error("organisation.ends_before_start", "ends_on")] if day < post.starts_on else [])
    set_end(post, day, actor=actor, at=at)
    return post


def set_end(post: Post, day: date, *, actor: Actor, at: datetime) -> None:
    """Write the first day on which a post is no longer held, in the caller's transaction. Fact PostEnded.

    Raises Stale when it has ended meanwhile.
    """
    if not Post.objects.filter(not_ended(at), pk=post.pk).update(ends_on=day):
        raise Stale
    post.ends_on = day
    fact = PostEnded(
        post_id=post.pk, person_id=post.person_id, department_id=post.department_id, ends_on=day.isoformat()
    )
    record(fact, "post", post.pk, actor=actor, at=at)


@transaction.atomic
def put_in_charge(
    *, person_id: int | None, department_id: int, starts_on: date | None = None, actor: Actor, at: datetime
) -> Charge | None:
    """Put an executive in charge of a department and what is below it, instead of the one before.

    `person_id` None takes the present one away, so that the executive above is in charge. Fact ExecutivePutInCharge.
    Raises NotAllowed; Refused for an unknown person or department.
    """
    require_administrator(actor)
    day = starts_on or day_of(at)
    found = _unknown_department(department_id)
    refuse(found if person_id is None else [*_unknown_person(person_id), *found])
    return take_charge(department_id, person_id, day=day, actor=actor, at=at)


def take_charge(department_id: int, person_id: int | None, *, day: date, actor: Actor, at: datetime) -> Charge | None:
    """The change itself, in the caller's transaction. Fact ExecutivePutInCharge, none when nothing changes."""
    held = Charge.objects.select_for_update().filter(department=department_id, ends_on__isnull=True).first()
    if (held.person_id if held else None) == person_id:
        return held
    if held:
        held.ends_on = max(day, held.starts_on)
        held.save(update_fields=["ends_on"])
    charge = person_id and Charge.objects.create(person_id=person_id, department_id=department_id, starts_on=day)
    fact = ExecutivePutInCharge(
        department_id=department_id,
        person_id=person_id,
        instead_of=held.person_id if held else None,
        starts_on=day.isoformat(),
    )
    record(fact, "department", department_id, actor=actor, at=at)
    return charge or None


def _appointment_findings(person_id: int, department_id: int, title: str, kind: str, day: date) -> list[Finding]:
    found = [*_unknown_person(person_id), *_unknown_department(department_id)]
    if kind not in PostKind.values:
        found.append(error("organisation.value_unknown", "kind"))
    if len(title) > TITLE_LIMIT:
        found.append(error("organisation.name_too_long", "title", limit=TITLE_LIMIT))
    same = Post.objects.filter(person=person_id, department=department_id, title=title, kind=kind)
    if same.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day)).exists():
        found.append(error("organisation.post_exists", "title"))
    return found


def _unknown_person(person_id: int) -> list[Finding]:
    known = Person.objects.filter(pk=person_id, is_active=True).exists()
    return [] if known else [error("organisation.person_unknown", "person")]


def _unknown_department(department_id: int) -> list[Finding]:
    known = Department.objects.filter(pk=department_id, is_active=True).exists()
    return [] if known else [error("organisation.department_unknown", "department")]
