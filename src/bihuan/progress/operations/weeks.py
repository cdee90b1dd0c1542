"""Opening, filing and locking what is reported again and again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bihuan.collaborations.enums import LoopKind, Urgency
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.models import Collaboration, Loop, Problem, StepRun
from bihuan.collaborations.operations import close_loops, open_loop, settle
from bihuan.collaborations.operations.loops import PROVISIONAL, root_of
from bihuan.collaborations.policy.playbook import TABLE, WEEKLY
from bihuan.collaborations.policy.playbook_cadences import (
    USUAL,
    Every,
    Rhythm,
    Turn,
    begins_on,
    falls_due,
    is_over,
    rhythm_of,
    turn_of,
)
from bihuan.collaborations.queries import current_run, plan_in, plan_of, versions_asking_for, versions_with
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.enums import State
from bihuan.deadlines.models import Deadline
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.duties import HandOver
from bihuan.organisation.models import Person
from bihuan.organisation.queries import day_of, schedule_of_department
from bihuan.plans import operations as plans
from bihuan.plans.enums import EXECUTE, FINISHED, TaskState
from bihuan.plans.models import Task
from bihuan.progress import policy
from bihuan.progress.errors import FiledAsForm, NotTheReporter, StaleReport, WeekLocked
from bihuan.progress.facts import (
    PeriodLocked,
    PeriodOpened,
    ReporterChanged,
    ReportSubmitted,
    TableFiled,
    TableLocked,
    TableOpened,
)
from bihuan.progress.models import Period, Report, Row
from bihuan.progress.policy import Told
from bihuan.progress.rules import may_report
from bihuan.records.models import Version
from bihuan.records.operations import allot


@transaction.atomic
def open_week(collaboration: Collaboration, *, actor: Actor, at: datetime) -> Period | None:
    """Open the week of `at`, or the turn its playbook has instead, filled in from the tasks, and lock the one before.
    Opening it twice does nothing.

    Records ``PeriodOpened`` (and ``PeriodLocked``). Nothing is opened while no department has an unfinished task, nor
    in a week in which nobody works at the site of the lead department (Q9).
    """
    week = _next_turn(collaboration, WEEKLY, at)
    if week is None:
        return None
    tasks = list(collaboration.tasks.exclude(state__in=FINISHED).select_related("department", "owner"))
    if not tasks:
        return None
    period = _open(collaboration, WEEKLY, week, actor=actor, at=at)
    departments = list(dict.fromkeys(task.department_id for task in tasks))
    for department_id in departments:
        mine = [task for task in tasks if task.department_id == department_id]
        _open_report(period, department_id, mine, week)
    _tell_opened(period, departments, actor=actor, at=at)
    return period


@transaction.atomic
def open_table(collaboration: Collaboration, *, actor: Actor, at: datetime) -> Period | None:
    """Ask whoever carries a problem to bring its table (F10) up to date in the turn of `at`, and lock the one before.
    Opening it twice does nothing (T11).

    Records ``TableOpened`` (and ``TableLocked``). Nothing is opened where the work does not ask for the table, nor on
    a day of rest, unless the problem is urgent (Q10).
    """
    if not falls_due(plan_of(collaboration), TABLE):
        return None
    turn, lead = _next_turn(collaboration, TABLE, at), collaboration.lead_department
    if turn is None or lead is None:
        return None
    period = _open(collaboration, TABLE, turn, actor=actor, at=at)
    report = Report.objects.create(period=period, department=lead, reporter_id=collaboration.lead_id)
    _wait_for(report, lead.name, at=at, is_provisional=turn.is_provisional)
    _tell_opened(period, [lead.pk], actor=actor, at=at)
    return period


def _next_turn(collaboration: Collaboration, form: str, at: datetime) -> Turn | None:
    """The turn to be opened now, if any."""
    deadlines.say_counting()
    schedule, today = schedule_of_department(collaboration.lead_department_id), day_of(at)
    rhythm, opened = rhythm_in(collaboration, form), collaboration.periods.filter(form=form)
    first = _first_day(opened, today) if rhythm.every is Every.TWO_DAYS else None
    turn = turn_of(rhythm, today, schedule, first=first)
    if turn is None or is_over(rhythm, turn, at) or opened.filter(starts_on__gte=turn.starts_on).exists():
        return None
    return turn


def rhythm_in(collaboration: Collaboration, form: str) -> Rhythm:
    """How often a form falls due in a matter now: what its playbook says, and of a problem how urgent it is."""
    problem = Problem.objects.filter(collaboration=collaboration).first() if form == TABLE else None
    return rhythm_of(plan_of(collaboration), form, problem.urgency if problem else "")


def _first_day(opened: QuerySet[Period], today: date) -> date:
    """Every second day is counted from the first one that was reported."""
    first = opened.order_by("starts_on").values_list("starts_on", flat=True).first()
    return first or today


def _open(collaboration: Collaboration, form: str, turn: Turn, *, actor: Actor, at: datetime) -> Period:
    for earlier in collaboration.periods.filter(form=form, locked_at__isnull=True):
        lock_week(earlier, actor=actor, at=at)
    return Period.objects.create(
        collaboration=collaboration,
        form=form,
        starts_on=turn.starts_on,
        ends_on=turn.ends_on,
        due_at=turn.due_at,
        opened_at=at,
    )


def _tell_opened(period: Period, departments: Sequence[int], *, actor: Actor, at: datetime) -> None:
    told = TableOpened if period.is_table else PeriodOpened
    ledger.record(
        told(
            period_id=period.pk,
            starts_on=period.starts_on.isoformat(),
            due_at=period.due_at.isoformat(),
            departments=tuple(departments),
        ),
        actor=actor,
        root=root_of(period.collaboration),
        subject=period.subject,
        scope_id=period.collaboration.scope_id,
        at=at,
    )


def _open_report(period: Period, department_id: int, tasks: list[Task], week: Turn) -> None:
    collaboration = period.collaboration
    report = Report.objects.create(
        period=period, department_id=department_id, reporter_id=_reporter(collaboration, department_id)
    )
    Row.objects.bulk_create(
        Row(
            report=report,
            task=task,
            position=position,
            planned=f"{task.duty}（{task.deliverable}）",
            planned_percent=policy.planned_percent(
                started_on=day_of(task.started_at or period.opened_at), due_on=task.due_on, week_ends_on=week.ends_on
            ),
            percent=task.percent,
        )
        for position, task in enumerate(tasks)
    )
    _wait_for(report, tasks[0].department.name, at=period.opened_at, is_provisional=week.is_provisional)


def _wait_for(report: Report, department: str, *, at: datetime, is_provisional: bool = False) -> None:
    period, collaboration = report.period, report.period.collaboration
    owner = principals.person(report.reporter_id) if report.reporter_id else principals.head(report.department_id)
    open_loop(
        collaboration,
        kind=LoopKind.REPORT,
        subject=report.subject,
        owner=owner,
        asked_by=principals.person(collaboration.lead_id) if collaboration.lead_id else "",
        due_at=period.due_at,
        params={
            "what": department,
            "week": period.starts_on.isoformat(),
            **({"form": period.form} if period.is_table else {}),
            **({PROVISIONAL: True} if is_provisional else {}),
        },
        at=at,
    )


def _reporter(collaboration: Collaboration, department_id: int) -> int | None:
    if department_id == collaboration.lead_department_id:
        return collaboration.lead_id
    party = collaboration.parties.filter(department_id=department_id).first()
    return party.contact_id if party is not None else None


def _without_week(at: datetime) -> QuerySet[Collaboration]:
    today = day_of(at)
    own = versions_with("cadences")
    without = ~Q(playbook_version__in=own) & _nothing_since(begins_on(USUAL, today), WEEKLY)
    for version in own:
        without |= Q(playbook_version=version) & _nothing_since(begins_on(rhythm_of(plan_in(version)), today), WEEKLY)
    unfinished = Task.objects.filter(collaboration=OuterRef("pk")).exclude(state__in=FINISHED)
    return _at_work().filter(without, Exists(unfinished))


def _without_table(at: datetime) -> QuerySet[Collaboration]:
    today = day_of(at)
    asking = [version for version in versions_asking_for(TABLE) if falls_due(plan_in(version), TABLE)]
    without = Q(pk__in=[])
    for version in asking:
        urgent, others = (rhythm_of(plan_in(version), TABLE, urgency) for urgency in (Urgency.URGENT, ""))
        is_urgent = Q(problem__urgency=Urgency.URGENT)
        turn = is_urgent & _nothing_since(begins_on(urgent, today), TABLE)
        turn |= ~is_urgent & _nothing_since(begins_on(others, today), TABLE)
        without |= Q(playbook_version=version) & turn
    return _at_work().filter(without)


def _at_work() -> QuerySet[Collaboration]:
    """Matters in execution that do not rest."""
    standing = StepRun.objects.filter(step=EXECUTE, left_at__isnull=True).values("collaboration")
    resting = Loop.objects.filter(collaboration=OuterRef("pk"), kind=LoopKind.RESUME, closed_at__isnull=True)
    return Collaboration.objects.filter(~Exists(resting), pk__in=standing)


def _nothing_since(day: date, form: str) -> Q:
    return ~Q(Exists(Period.objects.filter(collaboration=OuterRef("pk"), form=form, starts_on__gte=day)))


def matters_without_week(at: datetime) -> list[int]:
    """Every matter in execution whose week or turn is not open yet, with work left or with a table of its problem;
    resting ones open none. A fixed number of queries."""
    weeks = _without_week(at).values_list("pk", flat=True)
    return sorted({*weeks, *_without_table(at).values_list("pk", flat=True)})


@transaction.atomic
def open_due_week(collaboration_id: int, *, actor: Actor, at: datetime) -> list[Period]:
    """`open_week` and `open_table` for a matter that still is without them; nothing otherwise."""
    opened = []
    for without, opening in ((_without_week(at), open_week), (_without_table(at), open_table)):
        matters = without.select_related("lead_department__site", "playbook_version").filter(pk=collaboration_id)
        opened += [opening(matter, actor=actor, at=at) for matter in matters]
    return [period for period in opened if period is not None]


@transaction.atomic
def move_week(
    root: SubjectRef, instants: Mapping[int, datetime], *, provisional: Collection[int], reason: str, actor: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """The open week of a matter is due at another instant, or certain by now, because its calendar changed: week, loops
    and deadlines.

    `instants` by deadline of its reports, and which of these are `provisional`. Records ``DeadlinesMoved``, tells whom
    it concerns. Returns how many moved.
    """
    ledger.lock_chain(root)
    rows = {row.pk: row for row in Deadline.objects.filter(pk__in=instants, state=State.RUNNING)}
    before = {pk: row.due_at for pk, row in rows.items()}
    for pk, row in rows.items():
        Period.objects.filter(reports=row.subject_id, due_at=row.due_at).update(due_at=instants[pk])
        asked = Loop.objects.filter(subject_kind=row.subject_kind, subject_id=row.subject_id, closed_at__isnull=True)
        asked.update(due_at=instants[pk])
    moved = deadlines.move(
        {pk: instants[pk] for pk in rows}, root=root, reason=reason, actor=actor, at=at, provisional=provisional
    )
    anew = [row for row in Deadline.objects.filter(pk__in=rows).order_by("pk") if row.due_at != before[row.pk]]
    deadlines.tell_moved(((row, before[row.pk]) for row in anew), at)
    return moved


def lock_week(period: Period, *, actor: Actor, at: datetime) -> None:
    """Close a week or turn for good: who did not report although it was due is named in the ledger. Records
    ``PeriodLocked``, or ``TableLocked``."""
    if not Period.objects.filter(pk=period.pk, locked_at__isnull=True).update(locked_at=at):
        return
    missing = list(period.reports.filter(submitted_at__isnull=True))
    for report in missing:
        close_loops(subject=report.subject, at=at)
    told = TableLocked if period.is_table else PeriodLocked
    ledger.record(
        told(
            period_id=period.pk,
            starts_on=period.starts_on.isoformat(),
            missing=tuple(report.department_id for report in missing if period.due_at < at),
        ),
        actor=actor,
        root=root_of(period.collaboration),
        subject=period.subject,
        scope_id=period.collaboration.scope_id,
        at=at,
    )


@transaction.atomic
def submit_report(
    report: Report,
    *,
    told: Mapping[int, Told],
    next_plan: str,
    to_coordinate: str = "",
    seen_revision: int,
    actor: Actor,
    at: datetime,
) -> Report:
    """File a department's week: how far each task is and, where it fell short, why and what is done (AS12).

    `told` names rows by id. Late reports are accepted and marked. Tasks move with their rows. Records
    ``ReportSubmitted`` and the facts of the tasks. Raises ``NotTheReporter``, ``FiledAsForm``, ``HasEnded``,
    ``WeekLocked``, ``StaleReport``, ``Refused``.
    """
    if not may_report(actor, report):
        raise NotTheReporter
    if report.period.is_table:
        raise FiledAsForm
    ledger.lock_chain(root_of(report.period.collaboration))
    if current_run(report.period.collaboration) is None:
        raise HasEnded
    if Period.objects.filter(pk=report.period_id, locked_at__isnull=False).exists():
        raise WeekLocked
    rows = list(report.rows.select_related("task"))
    findings = _findings(rows, told, day_of(at))
    if findings:
        raise Refused(findings)
    number = report.number or _number(report, at)
    late = max(at - report.period.due_at, at - at)
    filed = Report.objects.filter(pk=report.pk, revision=seen_revision).update(
        revision=F("revision") + 1,
        number=number,
        next_plan=next_plan.strip(),
        to_coordinate=to_coordinate.strip(),
        submitted_by_id=actor.person_id,
        submitted_at=at,
        late_by=late,
    )
    if not filed:
        raise StaleReport
    for row in rows:
        if row.task.state != TaskState.CANCELLED:
            _tell_row(row, told[row.pk], actor=actor, at=at)
    close_loops(subject=report.subject, at=at)
    report.refresh_from_db()
    fact = ReportSubmitted(
        report_id=report.pk,
        number=number,
        department_id=report.department_id,
        late_seconds=int(late.total_seconds()),
        rows=tuple(_outline(row) for row in rows),
    )
    _tell(report, fact, actor=actor, at=at)
    settle(report.period.collaboration, actor=actor, at=at)
    return report


def take_table(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> Report | None:
    """The table of a problem was filed: what was asked for in the open turn is there, late or not.

    Records ``TableFiled``; nothing when the turn has its table already, or none is open.
    """
    asked = Report.objects.filter(
        period__collaboration=collaboration, period__form=TABLE, period__locked_at=None, submitted_at=None
    )
    report = asked.select_related("period__collaboration", "department").order_by("pk").last()
    if report is None:
        return None
    late = max(at - report.period.due_at, at - at)
    Report.objects.filter(pk=report.pk).update(
        version=version, submitted_by=actor.person_id, submitted_at=at, late_by=late, revision=F("revision") + 1
    )
    close_loops(subject=report.subject, at=at)
    report.refresh_from_db()
    fact = TableFiled(
        report_id=report.pk, number=version.record.number, version=version.version,
        starts_on=report.period.starts_on.isoformat(), late_seconds=int(late.total_seconds()),
    )  # fmt: skip
    _tell(report, fact, actor=actor, at=at)
    return report


def give_table(collaboration: Collaboration, *, at: datetime) -> None:
    """Who carries the problem from now on is asked for the table of the open turn, as the fact of that says."""
    asked = Report.objects.filter(
        period__collaboration=collaboration, period__form=TABLE, period__locked_at=None, submitted_at=None
    ).exclude(reporter=collaboration.lead_id)
    for report in asked.select_related("period__collaboration", "department"):
        Report.objects.filter(pk=report.pk).update(reporter_id=collaboration.lead_id, revision=F("revision") + 1)
        report.refresh_from_db()
        _wait_for(report, report.department.name, at=at)


@transaction.atomic
def pass_on(report_id: int, change: HandOver) -> Report:
    """Who was to report a week leaves; another person is asked. Records ``ReporterChanged``.

    Who may is checked by the caller (`organisation.operations.hand_over_duties`). Raises ``StaleReport``.
    """
    report = Report.objects.select_related("period__collaboration", "department").get(pk=report_id)
    ledger.lock_chain(root_of(report.period.collaboration))
    asked = Report.objects.filter(pk=report_id, reporter=change.before, submitted_at__isnull=True)
    if not asked.update(reporter_id=change.after, revision=F("revision") + 1):
        raise StaleReport
    report.refresh_from_db()
    if report.period.collaboration.loops.filter(
        subject_kind=report.subject.kind, subject_id=report.pk, closed_at__isnull=True
    ).exists():
        _wait_for(report, report.department.name, at=change.at)
    fact = ReporterChanged(
        report_id=report.pk, department_id=report.department_id, before=change.before, after=change.after,
        reason=change.reason,
    )  # fmt: skip
    _tell(report, fact, actor=change.actor, at=change.at)
    return report


def _tell(report: Report, fact: ReportSubmitted | TableFiled | ReporterChanged, *, actor: Actor, at: datetime) -> None:
    collaboration = report.period.collaboration
    ledger.record(
        fact,
        actor=actor,
        root=root_of(collaboration),
        subject=report.subject,
        scope_id=collaboration.scope_id,
        at=at,
    )


def _findings(rows: list[Row], told: Mapping[int, Told], today: date) -> list[Finding]:
    """What is missing. Nothing is asked about a task that was cancelled meanwhile."""
    named = {each.measure_owner_id for each in told.values() if each.measure_owner_id is not None}
    known = set(Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    findings = []
    for index, row in enumerate(rows):
        if row.task.state == TaskState.CANCELLED:
            continue
        said, place = told.get(row.pk, Told(None)), f"rows.{index}"
        findings += policy.row_findings(place, planned=row.planned_percent, told=said, today=today)
        if said.measure_owner_id is not None and said.measure_owner_id not in known:
            findings.append(error("progress.owner_unknown", f"{place}.measure_owner"))
    return findings


def _number(report: Report, at: datetime) -> str:
    series = f"{report.period.collaboration.number}-F09"
    return f"{series}-{allot(series, at=at):02d}"


def _tell_row(row: Row, told: Told, *, actor: Actor, at: datetime) -> None:
    row.percent = told.percent or 0
    row.actual = told.actual.strip()
    row.variance_reason, row.measure = told.variance_reason.strip(), told.measure.strip()
    row.measure_owner_id, row.measure_due = told.measure_owner_id, told.measure_due
    row.save(update_fields=["percent", "actual", "variance_reason", "measure", "measure_owner", "measure_due"])
    _move_task(row, actor=actor, at=at)


def _move_task(row: Row, *, actor: Actor, at: datetime) -> None:
    """The task says what its row says. One that was finished or dropped meanwhile stays as it is."""
    task = row.task
    if task.state in FINISHED:
        return
    if row.percent == policy.FULL:
        plans.finish_task(task, output=row.actual, seen_revision=task.revision, actor=actor, at=at)
    elif row.percent != task.percent or _new_day(row):
        plans.report_task(
            task,
            percent=row.percent,
            new_due_on=_new_day(row),
            reason=row.variance_reason,
            seen_revision=task.revision,
            actor=actor,
            at=at,
        )


def _new_day(row: Row) -> date | None:
    """A measure that runs beyond the task's day moves that day; one that ends before it does not."""
    due_on = row.task.new_due_on or row.task.due_on
    return row.measure_due if row.measure_due and row.measure_due > due_on else None


def _outline(row: Row) -> dict[str, Any]:
    return {
        "task_id": row.task_id,
        "planned": row.planned_percent,
        "percent": row.percent,
        "variance_reason": row.variance_reason,
        "measure": row.measure,
    }


def ask_again(collaboration: Collaboration, *, at: datetime) -> None:
    """Work begins anew in a week that is open already: who has not reported is asked for it again."""
    reports = Report.objects.filter(
        period__collaboration=collaboration, period__locked_at__isnull=True, submitted_at__isnull=True
    )
    for report in reports.select_related("period__collaboration", "department"):
        _wait_for(report, report.department.name, at=at)


def give_up_week(collaboration: Collaboration, *, at: datetime) -> None:
    """Execution is over: what is not due any more is not asked for."""
    for report in Report.objects.filter(period__collaboration=collaboration, submitted_at__isnull=True):
        close_loops(subject=report.subject, at=at)


def change_department(collaboration_id: int, *, before: int, after: int) -> None:
    """Weeks not reported yet go with their department after a reorganisation, whose fact tells it.

    Where the other department reports the same week itself, both reports are asked for, each under its own name.
    """
    mine = Report.objects.filter(
        period__collaboration=collaboration_id, department=before, submitted_at__isnull=True,
        period__locked_at__isnull=True,
    )  # fmt: skip
    taken = Report.objects.filter(period__collaboration=collaboration_id, department=after).values("period")
    mine.exclude(period__in=list(taken.values_list("period", flat=True))).update(
        department_id=after, revision=F("revision") + 1
    )
