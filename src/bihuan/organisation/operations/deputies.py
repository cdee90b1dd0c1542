"""Naming deputies and noting absences: by the person, a superior head or an administrator."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.duties import HandOver
from bihuan.organisation.enums import DeputyKind
from bihuan.organisation.facts import AbsenceEnded, AbsenceNoted, DeputyEnded, DeputyNamed
from bihuan.organisation.models import Absence, Deputy, Person
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import clean
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.duties import may_settle
from bihuan.organisation.queries.effective import not_ended

REASON_LIMIT = 200
LARGEST_AMOUNT = Decimal(10) ** 14


@transaction.atomic
def name_deputy(
    person_id: int,
    *,
    deputy_id: int,
    kinds: Collection[str] = (),
    forms: Collection[str] = (),
    amount_limit: Decimal | None = None,
    collaborations: Collection[int] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> Deputy:
    """Add somebody to the end of a person's list of deputies. `ends_on` is the first day no longer covered.

    `forms`, `amount_limit` (yuan, that amount included) and `collaborations` limit for which decisions he stands in
    (F24); such a line is for decisions alone. Fact DeputyNamed. Raises NotFound; NotAllowed; Refused for somebody
    unknown, oneself, an unknown kind, a limit on more than decisions, an amount that is none, days in the wrong order,
    and when the deputies would lead back to the person.
    """
    person = _person(person_id, actor, at)
    first, wanted = starts_on or day_of(at), sorted(set(kinds))
    limits = {"forms": sorted(set(forms)), "amount_limit": amount_limit, "collaborations": sorted(set(collaborations))}
    refuse(
        [
            *_deputy_findings(person.pk, deputy_id, at),
            *([] if set(wanted) <= set(DeputyKind.values) else [error("organisation.value_unknown", "kinds")]),
            *_limit_findings(wanted, limits),
            *span_findings(first, ends_on, at),
        ]
    )
    wanted = [DeputyKind.SIGNING.value] if _is_limited(limits) else wanted
    last = Deputy.objects.filter(person=person).aggregate(last=Max("position"))["last"] or 0
    row = Deputy.objects.create(
        person=person, deputy_id=deputy_id, position=last + 1, kinds=wanted, starts_on=first, ends_on=ends_on, **limits
    )
    _tell_named(row, None, actor, at)
    return row


def _tell_named(row: Deputy, instead_of: int | None, actor: Actor, at: datetime) -> None:
    fact = DeputyNamed(
        deputy_row_id=row.pk, person_id=row.person_id, deputy_id=row.deputy_id, instead_of=instead_of,
        kinds=row.kinds, starts_on=row.starts_on.isoformat(), ends_on=row.ends_on.isoformat() if row.ends_on else None,
        forms=row.forms, amount_limit=None if row.amount_limit is None else f"{row.amount_limit:.2f}",
        collaborations=row.collaborations,
    )  # fmt: skip
    record(fact, "person", row.person_id, actor=actor, at=at)


@transaction.atomic
def end_deputy(deputy_row_id: int, *, actor: Actor, at: datetime) -> Deputy:
    """Somebody stands in no longer, from today. Fact DeputyEnded. Raises NotFound; NotAllowed."""
    row = Deputy.objects.filter(not_ended(at), pk=deputy_row_id).first()
    if row is None:
        raise NotFound
    _person(row.person_id, actor, at)
    if not Deputy.objects.filter(not_ended(at), pk=row.pk).update(ends_on=max(day_of(at), row.starts_on)):
        raise NotFound
    fact = DeputyEnded(deputy_row_id=row.pk, person_id=row.person_id, deputy_id=row.deputy_id)
    record(fact, "person", row.person_id, actor=actor, at=at)
    return row


def hand_over_deputy(deputy_row_id: int, change: HandOver) -> Deputy:
    """Who stood in leaves; another person takes the same place in the list. Fact DeputyNamed. Raises Refused."""
    row = Deputy.objects.filter(not_ended(change.at), pk=deputy_row_id, deputy=change.before).first()
    if row is None:
        raise NotFound
    refuse(_deputy_findings(row.person_id, change.after, change.at))
    day = max(day_of(change.at), row.starts_on)
    if not Deputy.objects.filter(not_ended(change.at), pk=row.pk).update(ends_on=day):
        raise NotFound
    new = Deputy.objects.create(
        person_id=row.person_id, deputy_id=change.after, position=row.position, kinds=row.kinds, starts_on=day,
        ends_on=row.ends_on, forms=row.forms, amount_limit=row.amount_limit, collaborations=row.collaborations,
    )  # fmt: skip
    _tell_named(new, change.before, change.actor, change.at)
    return new


@transaction.atomic
def note_absence(
    person_id: int, *, starts_on: date | None, ends_on: date | None, reason: str = "", actor: Actor, at: datetime
) -> Absence:
    """Somebody is away; `ends_on` is the first day back. His deputies sign meanwhile. Fact AbsenceNoted.

    Raises NotFound; NotAllowed; Refused without the day of coming back, with days in the wrong order or past.
    """
    person, reason = _person(person_id, actor, at), clean(reason)
    first = starts_on or day_of(at)
    found = [] if ends_on else [error("organisation.day_of_return_missing", "ends_on")]
    if len(reason) > REASON_LIMIT:
        found.append(error("organisation.reason_too_long", "reason", limit=REASON_LIMIT))
    refuse([*found, *span_findings(first, ends_on, at)])
    row = Absence.objects.create(person=person, starts_on=first, ends_on=ends_on or first, reason=reason)
    fact = AbsenceNoted(
        absence_id=row.pk, person_id=person.pk, starts_on=first.isoformat(), ends_on=row.ends_on.isoformat()
    )
    record(fact, "person", person.pk, actor=actor, at=at)
    return row


@transaction.atomic
def end_absence(absence_id: int, *, actor: Actor, at: datetime) -> Absence:
    """Back today, or not going at all. Fact AbsenceEnded. Raises NotFound; NotAllowed."""
    unfinished = Absence.objects.filter(pk=absence_id, ends_on__gt=day_of(at))
    row = unfinished.first()
    if row is None:
        raise NotFound
    _person(row.person_id, actor, at)
    if not unfinished.update(ends_on=max(day_of(at), row.starts_on)):
        raise NotFound
    fact = AbsenceEnded(absence_id=row.pk, person_id=row.person_id, ends_on=day_of(at).isoformat())
    record(fact, "person", row.person_id, actor=actor, at=at)
    return row


def _person(person_id: int, actor: Actor, at: datetime) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    if not may_settle(actor, person_id, at):
        raise NotAllowed
    return person


def _deputy_findings(person_id: int, deputy_id: int, at: datetime) -> list[Finding]:
    if not Person.objects.filter(pk=deputy_id, is_active=True).exists():
        return [error("organisation.person_unknown", "deputy")]
    if deputy_id == person_id:
        return [error("organisation.own_deputy", "deputy")]
    return [error("organisation.deputies_in_a_circle", "deputy")] if _leads_to(deputy_id, person_id, at) else []


def _is_limited(limits: Mapping[str, Any]) -> bool:
    return any(limit not in (None, []) for limit in limits.values())


def _limit_findings(kinds: Collection[str], limits: Mapping[str, Any]) -> list[Finding]:
    """Who may only sign some papers stands in for nothing else."""
    found = []
    if _is_limited(limits) and not set(kinds) <= {DeputyKind.SIGNING.value}:
        found.append(error("organisation.limited_deputy_only_signs", "kinds"))
    amount = limits["amount_limit"]
    if amount is not None and not Decimal(0) < amount < LARGEST_AMOUNT:
        found.append(error("organisation.deputy_amount_out_of_range", "amount_limit"))
    return found


def _leads_to(start_id: int, person_id: int, at: datetime) -> bool:
    """Whether somebody's deputies, theirs, and so on, come to a person. One query for each step."""
    seen, frontier = {start_id}, {start_id}
    while frontier:
        rows = Deputy.objects.filter(not_ended(at), person__in=frontier).values_list("deputy", flat=True)
        frontier = set(rows) - seen
        if person_id in frontier:
            return True
        seen |= frontier
    return False


def span_findings(first: date, last: date | None, at: datetime) -> list[Finding]:
    """Days from one until, not including, another, that have not all passed."""
    if last is not None and last <= first:
        return [error("organisation.ends_before_start", "ends_on")]
    if last is not None and last <= day_of(at):
        return [error("organisation.days_have_passed", "ends_on")]
    return []
