"""Recurring matters: their plan (F27), their periods, and what is owed to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.enums import LoopKind, Outcome
from bihuan.collaborations.models import Collaboration, Contribution, ContributionFile, Loop, RecurringPeriod, StepRun
from bihuan.collaborations.policy.playbook import JUDGED, OF_A_PERIOD, RECURS, WORK, PlaybookPlan, StepPlan
from bihuan.collaborations.policy.recurrence import (
    CONSOLIDATION,
    ONE_DAY,
    Given,
    Recurrence,
    Span,
    Waiver,
    not_gathered,
    not_settled,
    recurrence_of,
    step_after,
)
from bihuan.commitments.enums import CommitmentState
from bihuan.commitments.models import Commitment
from bihuan.files.models import StoredFile
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import day_of
from bihuan.records import queries as records

FILES = "files__file"
OF_A_CONTRIBUTION = "contribution"
IN = (CommitmentState.CLAIMED, CommitmentState.VERIFIED)
SHOWN = 13
"""A year of months, or a quarter of weeks, besides the one under way."""


def recurrence_in(collaboration: Collaboration) -> Recurrence | None:
    """What comes round in a matter, as last handed in. One query."""
    version = records.latest(SubjectRef("collaboration", collaboration.pk), RECURS)
    return recurrence_of(version.data) if version is not None else None


def span_in(period: RecurringPeriod, recurrence: Recurrence) -> Span:
    return Span(recurrence.cadence, period.starts_on, period.ends_on)


def period_stood_in(collaboration: Collaboration) -> RecurringPeriod | None:
    """The period of the step it stands in, or stood in last. Two queries."""
    last = collaboration.step_runs.exclude(period="").order_by("-pk").values_list("period", flat=True).first()
    return collaboration.recurring_periods.filter(key=last).first() if last else None


def was_stopped_early(collaboration: Collaboration) -> bool:
    return collaboration.step_runs.filter(outcome=Outcome.STOPPED).exists()


def following_step(collaboration: Collaboration, plan: PlaybookPlan, run: StepRun) -> StepPlan | None:
    """The step after this stay: the next of the playbook; of a recurring matter what its period asks for."""
    if not plan.recurs or run.step not in OF_A_PERIOD:
        return plan.after(run.step)
    period, recurrence = period_stood_in(collaboration), recurrence_in(collaboration)
    if period is None or recurrence is None:
        return plan.after(run.step)
    span = span_in(period, recurrence)
    is_last = recurrence.is_last(span) or was_stopped_early(collaboration)
    step = step_after(run.step, span, is_last=is_last)
    while not plan.has(step):
        step = step_after(step, span, is_last=is_last)
    return plan.step(step)


def contributions_of(periods: Iterable[RecurringPeriod]) -> dict[int, list[Contribution]]:
    """What is owed to each period, with who owes it and the files handed in. At most three queries."""
    wanted = [period.pk for period in periods]
    rows = Contribution.objects.filter(period__in=wanted, commitment__isnull=False)
    found: dict[int, list[Contribution]] = {pk: [] for pk in wanted}
    told = rows.select_related("commitment__owner", "commitment__department", "period")
    for row in told.prefetch_related(FILES):
        found[row.period_id].append(row)
    return found


def given_to(period: RecurringPeriod, at: datetime) -> list[Given]:
    """How everything owed to a period stands. One query."""
    return [as_given(row, at) for row in contributions_of([period])[period.pk]]


def as_given(row: Contribution, at: datetime) -> Given:
    promise = promise_of(row)
    department = promise.department.name if promise.department else ""
    person = promise.owner.name if promise.owner else ""
    return Given(
        id=row.pk,
        line=row.line_id,
        what=row.data,
        who=" ".join(filter(None, (department, person))),
        due=promise.due_on.isoformat() if promise.due_on else "",
        is_due=row.due_at <= at,
        is_in=promise.state in IN,
        is_checked=promise.state == CommitmentState.VERIFIED,
        waiver=Waiver(row.waiver),
    )


def promise_of(row: Contribution) -> Commitment:
    """What was made with the row, in one transaction."""
    if row.commitment is None:
        raise NotFound
    return row.commitment


def findings_of_period(collaboration: Collaboration, run: StepRun, at: datetime) -> list[Finding]:
    """What keeps a recurring matter in the work or the acceptance of its period."""
    if run.step not in (WORK, JUDGED):
        return []
    period = collaboration.recurring_periods.filter(key=run.period).first()
    if period is None:
        return []
    if period.opened_at is None:
        until = (period.ends_on + ONE_DAY).isoformat()
        return [error("collaborations.period_running", "periods", period=period.key, until=until)]
    if run.step == WORK:
        return [] if period.gathered_at is not None else not_gathered(given_to(period, at))
    given = given_to(period, at)
    whole = [one for one in given if one.line == CONSOLIDATION]
    if period.accepted_at is None and not all(one.is_in for one in whole):
        said = [error("collaborations.not_consolidated", f"contribution.{one.id}", who=one.who) for one in whole]
    elif period.accepted_at is None:
        said = [error("collaborations.period_not_accepted", "periods", period=period.key)]
    else:
        said = []
    return [*not_settled(given), *said]


def periods_to_open(at: datetime) -> list[int]:
    """Periods that are over and not open yet, of recurring matters at work. One query."""
    waiting = _over(at).filter(opened_at__isnull=True)
    return list(waiting.order_by("ends_on", "pk").values_list("pk", flat=True))


def is_over(period: RecurringPeriod, at: datetime) -> bool:
    """Whether what it needs may be asked for. One query."""
    return _over(at).filter(pk=period.pk).exists()


def _over(at: datetime) -> QuerySet[RecurringPeriod]:
    """Those whose last day is behind us; matters that rest or were ended early wait."""
    matter = OuterRef("collaboration")
    resting = Loop.objects.filter(collaboration=matter, kind=LoopKind.RESUME, closed_at__isnull=True)
    at_work = StepRun.objects.filter(collaboration=matter, left_at__isnull=True, step__in=OF_A_PERIOD)
    stopped = StepRun.objects.filter(collaboration=matter, outcome=Outcome.STOPPED)
    over = RecurringPeriod.objects.filter(ends_on__lt=day_of(at) + ONE_DAY)
    return over.filter(Exists(at_work), ~Exists(resting), ~Exists(stopped))


def periods_of(collaboration: Collaboration, *, limit: int = SHOWN) -> list[RecurringPeriod]:
    """The newest periods of a matter the caller holds, the one under way first. One query."""
    return list(collaboration.recurring_periods.order_by("-starts_on")[:limit])


def accepted_periods(collaboration: Collaboration) -> list[RecurringPeriod]:
    return list(collaboration.recurring_periods.filter(accepted_at__isnull=False))


def period_for(actor: Actor, collaboration: Collaboration, key: str) -> RecurringPeriod:
    """A period of a matter the actor reads; raises ``NotFound``."""
    found = collaboration.recurring_periods.filter(key=key).first()
    if found is None:
        raise NotFound
    found.collaboration = collaboration
    return found


def contribution_for(actor: Actor, pk: int, *, at: datetime) -> Contribution:
    """A contribution to a matter the actor reads; raises ``NotFound`` otherwise."""
    rows = Contribution.objects.filter(access.visible(actor, at=at, path="period__collaboration__scope"))
    found = rows.filter(pk=pk, commitment__isnull=False).select_related(
        "period__collaboration__lead_department__site", "period__collaboration__playbook_version",
        "commitment__owner", "commitment__department",
    ).prefetch_related(FILES).first()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def files_of(row: Contribution) -> list[ContributionFile]:
    """What was handed in as files, in their order. One query, none where they were read with the row."""
    return list(row.files.all())


def file_of(row: Contribution, number: int) -> StoredFile:
    """One file that was handed in; raises ``NotFound`` where there is none of this number."""
    found = next((each.file for each in files_of(row) if each.number == number), None)
    if found is None:
        raise NotFound
    return found


def due_of_contribution(commitment: Commitment) -> datetime | None:
    """The instant by the clock of who owes it; None for any other promise, without a query."""
    if commitment.source_kind != OF_A_CONTRIBUTION:
        return None
    return Contribution.objects.filter(pk=commitment.source_id).values_list("due_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class Counted:
    """From when, and how much working time is counted."""

    since: datetime
    limit: str


def counted_for(source: str) -> Counted | None:
    """How the day of a contribution is counted; None for any other source of a promise, without a query."""
    kind, _colon, pk = source.partition(":")
    if kind != OF_A_CONTRIBUTION:
        return None
    row = Contribution.objects.filter(pk=pk).first()
    return Counted(row.counts_from, row.limit) if row is not None else None


def asked_waiver(row: Contribution) -> Loop | None:
    """The open question whether to do without it."""
    return Loop.objects.filter(
        kind=LoopKind.WAIVER, subject_kind=OF_A_CONTRIBUTION, subject_id=row.pk, closed_at__isnull=True
    ).first()
