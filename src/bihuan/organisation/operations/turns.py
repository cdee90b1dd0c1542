"""The list of who is on duty for the PMO, kept by the PMO itself or an administrator."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.duties import HandOver
from bihuan.organisation.enums import Function
from bihuan.organisation.facts import PutOnDuty, TurnOfDutyEnded
from bihuan.organisation.models import DutyTurn, Person, Post
from bihuan.organisation.operations.deputies import span_findings
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.effective import not_ended
from bihuan.organisation.rules import may_edit_duty_list


@transaction.atomic
def put_on_duty(
    person_id: int, *, starts_on: date | None = None, ends_on: date | None = None, actor: Actor, at: datetime
) -> DutyTurn:
    """Put somebody of the PMO on duty from a day, today unless named, until the first day no longer covered.

    Fact PutOnDuty. Raises NotAllowed; Refused for who holds no post in the PMO on the first day, days in the wrong
    order or past, and days on which the person is on the list already.
    """
    _require_right(actor)
    first = starts_on or day_of(at)
    locked = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    refuse([*_person_findings(locked, first, ends_on), *span_findings(first, ends_on, at)])
    return _put(person_id, first, ends_on, None, actor=actor, at=at)


@transaction.atomic
def end_turn(turn_id: int, *, actor: Actor, at: datetime) -> DutyTurn:
    """Not on duty any more from today, or never when the turn is yet to come. Fact TurnOfDutyEnded.

    Raises NotAllowed; NotFound when there is no such turn or it has ended.
    """
    _require_right(actor)
    return _end(turn_id, actor=actor, at=at)


def hand_over_turn(turn_id: int, change: HandOver) -> DutyTurn:
    """Who was on the list leaves; somebody else of the PMO takes what is left of the turn. Fact PutOnDuty.

    Raises NotFound, Refused.
    """
    row = DutyTurn.objects.filter(not_ended(change.at), pk=turn_id, person=change.before).first()
    if row is None:
        raise NotFound
    day = max(day_of(change.at), row.starts_on)
    refuse(_person_findings(Person.objects.filter(pk=change.after, is_active=True).first(), day, row.ends_on))
    if not DutyTurn.objects.filter(not_ended(change.at), pk=turn_id).update(ends_on=day):
        raise NotFound
    return _put(change.after, day, row.ends_on, change.before, actor=change.actor, at=change.at)


def _put(
    person_id: int, first: date, last: date | None, instead_of: int | None, *, actor: Actor, at: datetime
) -> DutyTurn:
    row = DutyTurn.objects.create(person_id=person_id, starts_on=first, ends_on=last)
    fact = PutOnDuty(
        turn_id=row.pk, person_id=person_id, instead_of=instead_of, starts_on=first.isoformat(),
        ends_on=last.isoformat() if last else None,
    )  # fmt: skip
    record(fact, "person", person_id, actor=actor, at=at)
    return row


def _end(turn_id: int, *, actor: Actor, at: datetime) -> DutyTurn:
    open_turn = DutyTurn.objects.filter(not_ended(at), pk=turn_id)
    row = open_turn.first()
    if row is None:
        raise NotFound
    day = max(day_of(at), row.starts_on)
    if not open_turn.update(ends_on=day):
        raise NotFound
    row.ends_on = day
    fact = TurnOfDutyEnded(turn_id=row.pk, person_id=row.person_id, ends_on=day.isoformat())
    record(fact, "person", row.person_id, actor=actor, at=at)
    return row


def _require_right(actor: Actor) -> None:
    if not may_edit_duty_list(actor):
        raise NotAllowed


def _person_findings(person: Person | None, first: date, last: date | None) -> list[Finding]:
    """Somebody of the PMO on the first day, and not on the list for these days already."""
    if person is None:
        return [error("organisation.person_unknown", "person")]
    held = Post.objects.filter(person=person, department__function=Function.PMO, starts_on__lte=first)
    if not held.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first)).exists():
        return [error("organisation.not_of_pmo", "person")]
    others = DutyTurn.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first), person=person)
    same = others.filter(starts_on__lt=last) if last else others
    return [error("organisation.on_duty_already", "person")] if same.exists() else []
