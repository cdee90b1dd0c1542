"""Periods of a recurring matter: opened once, given to, consolidated, accepted; gaps are waived one by one (AS26)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F

from bihuan import clock
from bihuan.clock.cadences import at_time
from bihuan.collaborations import facts
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.errors import HasEnded, NotTheConsolidator, NotTheReceiver, NotThisStep, StalePeriod
from bihuan.collaborations.models import Collaboration, Contribution, ContributionFile, RecurringPeriod
from bihuan.collaborations.operations.loops import close_loops, open_loop, root_of
from bihuan.collaborations.operations.periods import wait_for_next
from bihuan.collaborations.operations.promises import verifier_besides, zone_of
from bihuan.collaborations.operations.steps import settle
from bihuan.collaborations.policy.playbook import JUDGED
from bihuan.collaborations.policy.recurrence import (
    CONSOLIDATION,
    Checked,
    Recurrence,
    Waiver,
    check_findings,
    incomplete_findings,
    missing,
    not_settled,
)
from bihuan.collaborations.queries.recurrence import (
    contributions_of,
    given_to,
    is_over,
    promise_of,
    recurrence_in,
)
from bihuan.collaborations.queries.steps import current_run
from bihuan.collaborations.rules import carries
from bihuan.commitments import operations as commitments
from bihuan.commitments import rules as commitment_rules
from bihuan.commitments.enums import CommitmentKind, CommitmentState
from bihuan.commitments.errors import NotTheOwner
from bihuan.commitments.models import Commitment
from bihuan.deadlines.queries import whereabouts_of
from bihuan.files import operations as files
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.organisation import queries as organisation
from bihuan.organisation.models import Person
from bihuan.records.policy.attached import as_kept, gathered

END_OF_DAY = time(18, 0)


@dataclass(frozen=True, slots=True)
class _Owed:
    """Something to be promised to a period."""

    line: str
    data: str
    owner_id: int
    department_id: int | None
    working_day: int
    verifier: str
    asked_by: str
    as_file: bool = False
    layout: str = ""


def take_recurrence(
    collaboration: Collaboration, _body: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> None:
    """What comes round has changed: the next period is waited for, or none where the last one is open."""
    recurrence = recurrence_in(collaboration)
    if recurrence is not None:
        wait_for_next(collaboration, recurrence)


@transaction.atomic
def open_due_period(period_id: int, *, actor: Actor, at: datetime) -> RecurringPeriod | None:
    """A period is over: what its departments give to it, and its consolidation, are owed from now on, each by the n-th
    working day at the place of who owes it. Opening it twice does nothing.

    Records ``PeriodOpened`` and a ``CommitmentMade`` for each. Nothing is opened before the day after, nor while the
    matter rests or once it has ended.
    """
    period = _held(period_id)
    collaboration = period.collaboration
    recurrence = recurrence_in(collaboration)
    if recurrence is None or not is_over(period, at) or at.astimezone(zone_of(collaboration)).date() <= period.ends_on:
        return None
    if not RecurringPeriod.objects.filter(pk=period.pk, opened_at__isnull=True).update(opened_at=at):
        return None
    rows = _write_down(period, _owed_to(collaboration, recurrence), at)
    given = tuple({"what": row.data, "who": one.owner_id, "due_at": row.due_at.isoformat()} for row, one in rows)
    _tell(period, facts.PeriodOpened(period_id=period.pk, key=period.key, given=given), actor=actor, at=at)
    for row, one in rows:
        _promise(period, row, one, actor=actor, at=at)
    wait_for_next(collaboration, recurrence)
    settle(collaboration, actor=actor, at=at)
    return period


def _held(period_id: int) -> RecurringPeriod:
    """The period as it is now, its matter held against whoever else acts upon it."""
    rows = RecurringPeriod.objects.select_related(
        "collaboration__lead_department__site", "collaboration__playbook_version"
    )
    ledger.lock_chain(root_of(rows.get(pk=period_id).collaboration))
    return rows.get(pk=period_id)


def _owed_to(collaboration: Collaboration, recurrence: Recurrence) -> list[_Owed]:
    """Whoever has left is owed nothing of: the department then names somebody."""
    named = {recurrence.consolidator.id, recurrence.receiver.id, *(give.owner.id for give in recurrence.gives)}
    working = set(Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    consolidator, receiver = recurrence.consolidator.id, recurrence.receiver.id
    receives = principals.person(receiver) if receiver in working else verifier_besides(collaboration, consolidator)
    looks = principals.person(consolidator) if consolidator in working else receives
    owed = [
        _Owed(
            line=give.line, data=give.data, owner_id=give.owner.id if give.owner.id in working else 0,
            department_id=give.department.id, working_day=give.working_day, as_file=give.as_file, layout=give.layout,
            verifier=receives if give.owner.id == consolidator else looks, asked_by=looks,
        )
        for give in recurrence.gives
    ]  # fmt: skip
    whole = _Owed(
        line=CONSOLIDATION, data=recurrence.result, owner_id=consolidator if consolidator in working else 0,
        department_id=collaboration.lead_department_id, working_day=recurrence.consolidated_on, verifier=receives,
        asked_by=receives,
    )  # fmt: skip
    return [*owed, whole]


def _write_down(period: RecurringPeriod, owed: list[_Owed], at: datetime) -> list[tuple[Contribution, _Owed]]:
    places = whereabouts_of({_principal(one) for one in owed}, at)
    schedules = organisation.schedules_of_sites({place.site_id for place in places.values()})
    rows = []
    for position, one in enumerate(owed):
        schedule, limit = schedules[places[_principal(one)].site_id], f"{one.working_day}wd"
        since = at_time(schedule, period.ends_on, END_OF_DAY)
        due = clock.add(schedule, since, clock.parse_limit(limit), clock.Profile.LITERAL)
        row = Contribution.objects.create(
            period=period, line_id=one.line, position=position, data=one.data, as_file=one.as_file, layout=one.layout,
            counts_from=since, limit=limit, due_at=due.at,
        )  # fmt: skip
        rows.append((row, one))
    return rows


def _principal(one: _Owed) -> str:
    return principals.person(one.owner_id) if one.owner_id else principals.head(one.department_id or 0)


def _promise(period: RecurringPeriod, row: Contribution, one: _Owed, *, actor: Actor, at: datetime) -> None:
    collaboration = period.collaboration
    made = commitments.promise(
        kind=CommitmentKind.CONTRIBUTION,
        text=f"{one.data} {period.key}",
        owner_id=one.owner_id or None,
        department_id=one.department_id,
        due_on=row.due_at.date(),
        source=row.subject,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        verifier=one.verifier,
        asked_by=one.asked_by,
        actor=actor,
        at=at,
    )
    Contribution.objects.filter(pk=row.pk).update(commitment=made)


@transaction.atomic
def hand_in(
    contribution: Contribution,
    *,
    text: str = "",
    handed: Iterable[tuple[str, Iterable[bytes]]] = (),
    actor: Actor,
    at: datetime,
) -> Commitment:
    """Give what a period needs, in words, as files, or both. Late is accepted and marked.

    `handed` are names and bytes, at most twenty; after it was given back they take the place of those before.

    Records ``CommitmentClaimed`` and ``ContributionGiven``. Raises ``NotTheOwner``, ``StaleCommitment``, ``Refused``
    for a file that is not taken, for too many, or where one is asked for and none was handed in.
    """
    promise = promise_of(contribution)
    if not commitment_rules.is_owner(actor, promise):
        raise NotTheOwner
    ledger.lock_chain(promise.root)
    names = _keep_files(contribution, handed, actor=actor, at=at)
    return commitments.claim(promise, evidence=text.strip() or "、".join(names), actor=actor, at=at)


def _keep_files(
    contribution: Contribution, handed: Iterable[tuple[str, Iterable[bytes]]], *, actor: Actor, at: datetime
) -> list[str]:
    """The names of the files, as they are told."""
    names: list[str] = []
    for number, (name, pieces) in enumerate(handed, start=1):
        if number == 1:
            contribution.files.all().delete()
        told = files.told_name(name)
        kept, findings = as_kept(told, gathered(pieces), held=len(names))
        if findings:
            raise Refused(findings)
        stored = files.store([kept], name=told, actor=actor, at=at)
        ContributionFile.objects.create(contribution=contribution, number=number, file=stored)
        names.append(told)
    return names


@transaction.atomic
def begin_incomplete(period: RecurringPeriod, *, seen_revision: int, actor: Actor, at: datetime) -> RecurringPeriod:
    """Consolidate without what is missing after its day, which is named from now on. Records ``PeriodGathered``.

    Raises ``NotTheConsolidator``, ``NotThisStep`` before the period is over or once it was gathered, ``StalePeriod``,
    ``Refused`` while nothing is missing, something is still in time, or all is to be waited for.
    """
    now = _held(period.pk)
    if not may_consolidate(actor, now):
        raise NotTheConsolidator
    if now.opened_at is None or now.gathered_at is not None:
        raise NotThisStep
    recurrence = recurrence_in(now.collaboration)
    given = given_to(now, at)
    findings = incomplete_findings(given, recurrence.gap) if recurrence is not None else []
    if findings:
        raise Refused(findings)
    gather(now, seen_revision=seen_revision, actor=actor, at=at)
    settle(now.collaboration, actor=actor, at=at)
    return _held(period.pk)


def gather(period: RecurringPeriod, *, seen_revision: int, actor: Actor, at: datetime) -> None:
    """The consolidation may begin. Records ``PeriodGathered``; raises ``StalePeriod``."""
    lacking = [{"who": one.who, "what": one.what, "due": one.due} for one in missing(given_to(period, at))]
    seen = RecurringPeriod.objects.filter(pk=period.pk, revision=seen_revision, gathered_at__isnull=True)
    if not seen.update(gathered_at=at, missing=lacking, revision=F("revision") + 1):
        raise StalePeriod
    fact = facts.PeriodGathered(period_id=period.pk, key=period.key, missing=tuple(lacking))
    _tell(period, fact, actor=actor, at=at)


def may_consolidate(actor: Actor, period: RecurringPeriod) -> bool:
    """Who consolidates the period, and who carries the matter."""
    whole = _consolidation(period)
    return carries(actor, period.collaboration) or commitment_rules.is_owner(actor, promise_of(whole))


def _consolidation(period: RecurringPeriod) -> Contribution:
    rows = Contribution.objects.select_related("commitment")
    return rows.get(period=period, line_id=CONSOLIDATION)


@transaction.atomic
def ask_waiver(contribution: Contribution, *, reason: str, actor: Actor, at: datetime) -> None:
    """Ask to do without what is missing; who signs for the lead department decides, not the one who asks.

    Records ``WaiverAsked``. Raises ``NotTheConsolidator``, ``HasEnded``, ``Refused`` without a reason, for what is in,
    asked about or waived already, or before its day is over.
    """
    period = _held(contribution.period_id)
    now = _fresh(contribution)
    if not may_consolidate(actor, period):
        raise NotTheConsolidator
    if period.collaboration.ended_at is not None:
        raise HasEnded
    reason = reason.strip()
    if not reason:
        raise Refused([error("collaborations.reason_missing", "reason")])
    if now.line_id == CONSOLIDATION or now.waiver in (Waiver.ASKED, Waiver.GRANTED) or _state(now) != "OPEN":
        raise Refused([error("collaborations.no_gap", "reason", what=now.data)])
    if now.due_at >= at:
        raise Refused([error("collaborations.gap_in_time", "reason", what=now.data)])
    asker = principals.person(actor.person_id or 0)
    Contribution.objects.filter(pk=now.pk).update(waiver=Waiver.ASKED, waiver_reason=reason, waiver_asked_by=asker)
    collaboration = period.collaboration
    open_loop(
        collaboration,
        kind=LoopKind.WAIVER,
        subject=now.subject,
        owner=organisation.signatory_for(collaboration.lead_department_id or 0, at, besides=actor.person_id),
        asked_by=asker,
        params={"what": f"{now.data} {period.key}", "reason": reason},
        at=at,
    )
    fact = facts.WaiverAsked(contribution_id=now.pk, key=period.key, what=now.data, reason=reason)
    _tell_of(now, period, fact, actor=actor, at=at)


@transaction.atomic
def answer_waiver(contribution: Contribution, *, granted: bool, note: str = "", actor: Actor, at: datetime) -> None:
    """Do without it in this period, or not. Who asked, and who owes it, does not decide.

    Records ``WaiverAnswered``, and ``CommitmentCancelled`` where it is waived. Raises ``NotAllowed``, ``Stale`` when
    nobody asks any more, ``Refused`` when no is said without a reason.
    """
    period = _held(contribution.period_id)
    now = _fresh(contribution)
    if not may_answer(actor, now):
        raise NotAllowed
    note = note.strip()
    if not granted and not note:
        raise Refused([error("collaborations.reason_missing", "note")])
    said = {
        "waiver": Waiver.GRANTED if granted else Waiver.REFUSED,
        "waiver_answer": note,
        "waiver_answered_by": principals.person(actor.person_id or 0),
    }
    if not Contribution.objects.filter(pk=now.pk, waiver=Waiver.ASKED).update(**said):
        raise Stale
    close_loops(subject=now.subject, kind=LoopKind.WAIVER, at=at)
    fact = facts.WaiverAnswered(contribution_id=now.pk, key=period.key, what=now.data, granted=granted, note=note)
    _tell_of(now, period, fact, actor=actor, at=at)
    if granted:
        promise = promise_of(now)
        commitments.cancel_these([promise.pk], root=promise.root, reason=now.waiver_reason, actor=actor, at=at)
        gather_when_all_in(period, actor=actor, at=at)
    settle(period.collaboration, actor=actor, at=at)


def may_answer(actor: Actor, contribution: Contribution) -> bool:
    """Whoever is asked, and the PMO; neither who asked nor who owes it."""
    collaboration = contribution.period.collaboration
    asked = collaboration.loops.filter(
        kind=LoopKind.WAIVER, subject_kind="contribution", subject_id=contribution.pk, closed_at__isnull=True
    )
    owner = asked.values_list("owner", flat=True).first()
    if owner is None or actor.person_id is None:
        return False
    concerned = {contribution.waiver_asked_by, principals.person(promise_of(contribution).owner_id or 0)}
    return principals.person(actor.person_id) not in concerned and (
        actor.is_one_of(owner) or actor.is_one_of(principals.PMO)
    )


@transaction.atomic
def accept_period(
    period: RecurringPeriod, *, checks: Mapping[str, Checked], seen_revision: int, actor: Actor, at: datetime
) -> None:
    """The receiver takes what was made of a period: complete or waived, looked at, every check holds.

    Records ``PeriodAccepted`` and ``CommitmentVerified``; what came late is named. Raises ``NotTheReceiver``,
    ``NotThisStep`` unless the matter stands in the acceptance of this period, ``StalePeriod``, ``Refused`` with every
    gap, and with every check that has no answer or does not hold.
    """
    now = _held(period.pk)
    collaboration, run = now.collaboration, current_run(now.collaboration)
    promise = promise_of(_consolidation(now))
    if not commitment_rules.is_verifier(actor, promise) or commitment_rules.is_owner(actor, promise):
        raise NotTheReceiver
    if run is None or (run.step, run.period) != (JUDGED, now.key) or now.accepted_at is not None:
        raise NotThisStep
    recurrence, given = recurrence_in(collaboration), given_to(now, at)
    asked = recurrence.checks if recurrence is not None else ()
    findings = [*not_settled(given), *check_findings(asked, checks)]
    if promise.state != CommitmentState.CLAIMED:
        who = promise.owner.name if promise.owner else ""
        findings.append(error("collaborations.not_consolidated", "periods", who=who))
    if findings:
        raise Refused(findings)
    said = [{"check": what, "note": checks[line].note.strip()} for line, what in asked]
    seen = RecurringPeriod.objects.filter(pk=now.pk, revision=seen_revision, accepted_at__isnull=True)
    if not seen.update(accepted_at=at, checks=said, revision=F("revision") + 1):
        raise StalePeriod
    rows = contributions_of([now])[now.pk]
    fact = facts.PeriodAccepted(
        period_id=now.pk,
        key=now.key,
        checks=tuple(said),
        late=tuple(row.data for row in rows if is_late(row)),
        waived=tuple(row.data for row in rows if row.waiver == Waiver.GRANTED),
    )
    _tell(now, fact, actor=actor, at=at)
    commitments.verify(promise, accepted=True, actor=actor, at=at)


def is_late(row: Contribution) -> bool:
    """Whether what is in came after its day."""
    claimed_at = promise_of(row).claimed_at
    return claimed_at is not None and claimed_at > row.due_at


def gather_when_all_in(period: RecurringPeriod, *, actor: Actor, at: datetime) -> None:
    """The last contribution is in, or waived: the consolidation may begin."""
    if period.gathered_at is None and not missing(given_to(period, at)):
        gather(period, seen_revision=period.revision, actor=actor, at=at)


def _fresh(contribution: Contribution) -> Contribution:
    return Contribution.objects.select_related("commitment", "period__collaboration").get(pk=contribution.pk)


def _state(contribution: Contribution) -> str:
    return promise_of(contribution).state


def _tell(period: RecurringPeriod, fact: Fact, *, actor: Actor, at: datetime) -> None:
    matter = period.collaboration
    ledger.record(fact, actor=actor, root=root_of(matter), subject=period.subject, scope_id=matter.scope_id, at=at)


def _tell_of(row: Contribution, period: RecurringPeriod, fact: Fact, *, actor: Actor, at: datetime) -> None:
    matter = period.collaboration
    ledger.record(fact, actor=actor, root=root_of(matter), subject=row.subject, scope_id=matter.scope_id, at=at)
