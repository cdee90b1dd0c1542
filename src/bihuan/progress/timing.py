"""The time rules of what is reported again and again, the table of a problem (T11) and the weekly one (T13): they come
round, and what was not reported in its turn never is."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from bihuan.clock.rounds import explain_round
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.facts import LeadChanged, ProblemReclassified, StepEntered, StepLeft
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.policy.playbook import TABLE, WEEKLY
from bihuan.collaborations.policy.playbook_cadences import asked_in, rhythm_of, turn_of
from bihuan.collaborations.queries import plan_of
from bihuan.collaborations.timing import follow_loops, follow_owners, is_urgent_problem
from bihuan.deadlines import operations
from bihuan.deadlines.enums import State
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.registry import Anew, Handler, bind, register_round
from bihuan.kernel.actor import Actor
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.subscriptions import Recorded
from bihuan.organisation.queries import schedule_of_department, schedules_of_sites, sites_of_departments
from bihuan.plans.enums import EXECUTE
from bihuan.progress import operations as weekly
from bihuan.progress.facts import (
    PeriodLocked,
    PeriodOpened,
    ReporterChanged,
    ReportSubmitted,
    TableFiled,
    TableLocked,
    TableOpened,
)
from bihuan.progress.models import Report

RULE_OF = {TABLE: "T11", WEEKLY: "T13"}
TURNS = tuple(RULE_OF.values())


def bind_rules() -> None:
    facts: dict[type[Fact], Handler] = {
        PeriodOpened: on_opened,
        TableOpened: on_opened,
        StepEntered: on_entered,
        StepLeft: on_left,
        PeriodLocked: on_locked,
        TableLocked: on_locked,
        ReportSubmitted: on_submitted,
        TableFiled: on_submitted,
        ReporterChanged: follow_owners,
    }
    bind(TURNS, facts, room="progress")
    bind([RULE_OF[TABLE]], {LeadChanged: follow_owners, ProblemReclassified: on_classed_anew}, room="progress")
    register_round(TURNS, moves=weeks_moved, move=move_weeks, explain=explain_turn)


def weeks_moved(at: datetime) -> list[Anew]:
    """Reports that are still asked for and whose week is due at another instant by the calendar of the lead department,
    or is certain by now.

    A week that is due already stays as it is, and so does one in which nobody works any more. A fixed number of
    queries.
    """
    running = Deadline.objects.filter(rule__in=TURNS, state=State.RUNNING, due_at__gt=at, subject_kind="report")
    rows = {row.subject_id: row for row in running.order_by("pk")}
    reports = Report.objects.filter(pk__in=rows, period__locked_at__isnull=True).order_by("pk")
    found = list(reports.select_related("period__collaboration__playbook_version", "period__collaboration__problem"))
    leads = {report.pk: report.period.collaboration.lead_department_id or 0 for report in found}
    sites = sites_of_departments(leads.values()) if found else {}
    schedules = schedules_of_sites({None, *sites.values()}) if found else {}
    moved = []
    for report in found:
        day, matter = report.period.starts_on, report.period.collaboration
        problem = getattr(matter, "problem", None)
        rhythm = rhythm_of(plan_of(matter), report.period.form, problem.urgency if problem else "")
        week, row = turn_of(rhythm, day, schedules[sites.get(leads[report.pk])]), rows[report.pk]
        if week is None or (week.starts_on, week.ends_on) != (day, report.period.ends_on):
            continue  # opened by another rhythm, before its matter went on by another version
        if (week.due_at, week.is_provisional) != (row.due_at, row.is_provisional):
            moved.append(Anew(row, week.due_at, week.is_provisional))
    return moved


def explain_turn(deadline: Deadline) -> Mapping[str, str] | None:
    """Which day its turn fell on and what was passed over; None where rhythm or calendar are others by now."""
    report = (
        Report.objects.filter(pk=deadline.subject_id).select_related("period__collaboration__lead_department").first()
    )
    if report is None:
        return None
    matter, day = report.period.collaboration, report.period.starts_on
    schedule, rhythm = schedule_of_department(matter.lead_department_id), weekly.rhythm_in(matter, report.period.form)
    turn = turn_of(rhythm, day, schedule)
    if turn is None or turn.due_at != deadline.due_at:
        return None
    return explain_round(schedule, asked_in(rhythm, turn), turn.due_at)


def move_weeks(limit: int, *, reason: str, actor: Actor, at: datetime) -> int:
    """Let some of these weeks be due when their calendar says, each whole. Returns how many reports."""
    weeks: dict[SubjectRef, dict[int, datetime]] = defaultdict(dict)
    unsure = set()
    for each in weeks_moved(at):
        weeks[each.deadline.root][each.deadline.pk] = each.due_at
        unsure |= {each.deadline.pk} if each.is_provisional else set()
    moved = 0
    for root, instants in sorted(weeks.items(), key=lambda item: item[0].id):
        if moved < limit:
            moved += weekly.move_week(root, instants, provisional=unsure, reason=reason, actor=actor, at=at)
    return moved


def on_opened(fact: PeriodOpened, context: Recorded) -> None:
    _ask(context)


def on_entered(fact: StepEntered, context: Recorded) -> None:
    """Work that begins anew asks again for the week that is open."""
    if fact.step == EXECUTE:
        _ask(context)


def _ask(context: Recorded) -> None:
    waiting = Loop.objects.filter(collaboration=context.root.id, kind=LoopKind.REPORT, closed_at__isnull=True)
    by_form: dict[str, list[Loop]] = defaultdict(list)
    for loop in waiting.order_by("pk"):
        by_form[loop.params.get("form", WEEKLY)].append(loop)
    for form, loops in by_form.items():
        follow_loops(RULE_OF[form], loops, context, is_urgent=form == TABLE and is_urgent_problem(context))


def on_left(fact: StepLeft, context: Recorded) -> None:
    if fact.step == EXECUTE:
        operations.cancel_of_root(context.root, rules=TURNS, actor=context.actor, at=context.at)


def on_classed_anew(fact: ProblemReclassified, context: Recorded) -> None:
    """The table that is asked for now is asked for as often as the new class says."""
    matter = Collaboration.objects.select_related("playbook_version").get(pk=context.root.id)
    weekly.class_turn_anew(matter, urgency=fact.after, reason=fact.reason, actor=context.actor, at=context.at)


def on_submitted(fact: ReportSubmitted | TableFiled, context: Recorded) -> None:
    operations.fulfil(context.subject, rules=TURNS, root=context.root, actor=context.actor, at=context.at)


def on_locked(fact: PeriodLocked, context: Recorded) -> None:
    """Whoever did not report in the week has missed it for good; what was not due yet is no longer owed."""
    for report in Report.objects.filter(period=fact.period_id, submitted_at__isnull=True):
        operations.give_up(report.subject, rules=TURNS, root=context.root, actor=context.actor, at=context.at)
