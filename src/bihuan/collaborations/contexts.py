"""What the checks of this room's forms need from the database, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from bihuan.collaborations import statistics
from bihuan.collaborations.forms.papers import MAY_BE_NONE
from bihuan.collaborations.models import Collaboration, Loop, Party, StepRun
from bihuan.collaborations.policy.acceptance import AcceptanceContext
from bihuan.collaborations.policy.adoption import is_made_up_for
from bihuan.collaborations.policy.body import Ref, instant
from bihuan.collaborations.policy.filing import FilingContext
from bihuan.collaborations.policy.letters import LetterContext
from bihuan.collaborations.policy.members import HIDDEN
from bihuan.collaborations.policy.papers import Confirmed, PaperContext
from bihuan.collaborations.policy.parties import Matter, People
from bihuan.collaborations.policy.playbook import MINUTES
from bihuan.collaborations.policy.playbook_thresholds import number_of
from bihuan.collaborations.policy.problem import AssessmentContext
from bihuan.collaborations.policy.proposals import HandingOver, OpenItem
from bihuan.collaborations.policy.recurrence import RecurrenceContext
from bihuan.collaborations.policy.request import RequestContext
from bihuan.collaborations.policy.secondment import LoanContext
from bihuan.collaborations.policy.solving import ApplicationContext, ReportContext, spelled
from bihuan.collaborations.queries.letters import awaited_words
from bihuan.collaborations.queries.loans import every_loan, other_loans
from bihuan.collaborations.queries.problems import limit_of, problem_of
from bihuan.collaborations.queries.proposals import items_to_hand_over, row_of, was_stopped
from bihuan.collaborations.queries.recurrence import period_stood_in, recurrence_in, span_in
from bihuan.collaborations.queries.steps import plan_of
from bihuan.collaborations.queries.yardstick import basis_of, items_to_judge, open_windows
from bihuan.commitments import queries as commitments
from bihuan.deadlines import queries as deadlines
from bihuan.kernel import principals
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records
from bihuan.records.enums import Status
from bihuan.records.models import Record, Version
from bihuan.records.policy.values import Unreadable, read_id
from bihuan.records.policy.words import one_line
from bihuan.records.registry import form_of
from bihuan.records.schema import Kind

KICKOFF, CONFIRMED = "G08", "G30"
CUSTOMER_ANSWER = "F32"
GOAL = "T24"
PLANNING = frozenset({"F01", "F03", "F04", "F05", "F06"})


def matter_of(record: Record) -> Collaboration:
    """The matter a record belongs to."""
    return Collaboration.objects.select_related("playbook_version", "lead_department__site").get(pk=record.root_id)


def involved_in(collaboration: Collaboration) -> QuerySet[Party]:
    """The departments besides the one that leads, in the order in which they were named."""
    return collaboration.parties.exclude(department=collaboration.lead_department_id).order_by("pk")


def departments_to_bind(record: Record) -> list[tuple[int, str]]:
    """Those besides the leading one. Two queries."""
    return list(involved_in(matter_of(record)).values_list("department_id", "department__name"))


def people_in(record: Record, at: datetime) -> People:
    """The active people the draft names, each with his departments and those above. One query."""
    return organisation.belongings(set(_person_ids(record)), at)


def _person_ids(record: Record) -> Iterator[int]:
    for kind, holder, key in records.references(form_of(record).fields(), record.draft):
        if kind is Kind.PERSON:
            try:
                yield read_id(holder.get(key))
            except Unreadable:
                continue


def today_for(record: Record, at: datetime, matter: Collaboration) -> date:
    """The day from which dates lie ahead. A later version keeps the dates that were ahead when the first was made.

    A form that makes up for a step carried out before an adoption tells what was: any of its dates may be over.
    """
    if is_made_up_for(plan_of(matter), matter.adopted_step, record.form_code):
        return date.min
    is_later = record.form_code in PLANNING and record.current_version_id is not None
    first = record.versions.order_by("version").first() if is_later else None
    return organisation.day_of(first.submitted_at if first is not None else at)


def matter_view(record: Record, at: datetime) -> Matter:
    """The matter as every form after the request is held against."""
    collaboration = matter_of(record)
    involved = involved_in(collaboration)
    return Matter(
        today=today_for(record, at, collaboration),
        initiating=collaboration.lead_department_id,
        involved=dict(involved.values_list("department_id", "department__name")),
        finish=collaboration.expected_finish,
        people=people_in(record, at),
    )


def request_context(record: Record, at: datetime) -> RequestContext:
    year = organisation.day_of(at).year
    taken = Collaboration.objects.exclude(pk=record.root_id).filter(number__startswith=f"XZ-{year}-")
    title = one_line(str(record.draft.get("title") or ""))
    same = taken.filter(title__iexact=title) if title else taken.none()
    matter = matter_of(record)
    plan = plan_of(matter)
    return RequestContext(
        today=today_for(record, at, matter),
        departments=number_of(plan, "G01", "departments"),
        working_days=number_of(plan, "G01", "working_days"),
        titles_taken=frozenset(same.values_list("title", flat=True)),
        people=people_in(record, at),
        is_without_executive=record.draft.get("secrecy") in HIDDEN and not _may_be_approved(record, matter, at),
    )


def assessment_context(record: Record, at: datetime) -> AssessmentContext:
    return AssessmentContext(now=at, people=people_in(record, at))


def _may_be_approved(record: Record, matter: Collaboration, at: datetime) -> bool:
    """Whether somebody in charge of the lead department, besides who carries the matter, can approve it."""
    try:
        department_id = read_id(record.draft.get("initiating_dept")) or matter.lead_department_id
    except Unreadable:
        department_id = matter.lead_department_id
    if department_id is None:
        return False
    in_charge = {card.id for card in organisation.people_holding(principals.executive(department_id), at)}
    return bool(in_charge - {matter.initiator_id, matter.lead_id})


@dataclass(frozen=True, slots=True)
class ConsensusContext:
    matter: Matter
    request: dict[str, Any] | None


def consensus_context(record: Record, at: datetime) -> ConsensusContext:
    return ConsensusContext(matter_view(record, at), version_ref(record.root, "F01"))


def version_ref(root: SubjectRef, form_code: str) -> dict[str, Any] | None:
    """How one form names the frozen version of another."""
    version = records.latest(root, form_code)
    return as_reference(version) if version is not None else None


def as_reference(version: Version) -> dict[str, Any]:
    return {
        "id": version.record_id,
        "number": version.record.number,
        "version": version.version,
        "digest": version.digest,
    }


@dataclass(frozen=True, slots=True)
class FilingView:
    checks: FilingContext
    plan: dict[str, Any] | None


def filing_context(record: Record, at: datetime) -> FilingView:
    plan = records.record_of(record.root, "F04")
    duties = records.settled_forms(record.root, ["F05"])
    unanswered = Loop.objects.filter(collaboration_id=record.root_id, kind="NEED_ANSWER", closed_at__isnull=True)
    checks = FilingContext(
        approval_present=plan is not None and plan.status == Status.APPROVED,
        duty_table_complete=bool(duties),
        resources_answered=not unanswered.exists(),
    )
    return FilingView(checks, version_ref(record.root, "F04"))


@dataclass(frozen=True, slots=True)
class AcceptanceView:
    check: AcceptanceContext
    basis: dict[str, dict[str, Any] | None]


def acceptance_context(record: Record, at: datetime) -> AcceptanceView:
    collaboration = matter_of(record)
    context = AcceptanceContext(
        matter=matter_view(record, at),
        items=tuple(items_to_judge(collaboration)),
        open_windows=tuple(open_windows(collaboration, at)),
        is_problem=plan_of(collaboration).step_asking("F02") is not None,
    )
    return AcceptanceView(context, {code: version_ref(record.root, code) for code in basis_of(collaboration)})


@dataclass(frozen=True, slots=True)
class ReviewView:
    matter: Matter
    acceptance: dict[str, Any] = field(default_factory=dict)
    stats: dict[str, int] = field(default_factory=dict)
    was_stopped: bool = False
    improvements: int = 1
    handed_over: list[dict[str, Any]] = field(default_factory=list)


def hand_over_context(record: Record, at: datetime) -> HandingOver:
    """What is open in the matter, in words."""
    loops = items_to_hand_over(record.root_id)
    names = organisation.names_of({loop.owner for loop in loops}, at)
    items = (OpenItem(row_of(loop), str(loop.params.get("what", "")), names.get(loop.owner, "")) for loop in loops)
    return HandingOver(organisation.day_of(at), people_in(record, at), tuple(items))


def review_context(record: Record, at: datetime) -> ReviewView:
    matter, accepted = matter_of(record), records.latest(record.root, "F16")
    return ReviewView(
        matter=matter_view(record, at),
        acceptance=accepted.data if accepted is not None else {},
        stats=statistics.figures(matter, at),
        was_stopped=was_stopped(matter),
        improvements=number_of(plan_of(matter), "G25", "improvements"),
        handed_over=[
            {
                "id": f"h{each.pk}",
                "what": each.text,
                "owner": each.owner.name if each.owner else "",
                "due": each.due_on.isoformat() if each.due_on else "",
            }
            for each in commitments.handed_over_in(record.root)
        ],
    )


def application_context(record: Record, at: datetime) -> ApplicationContext:
    matter, problem = matter_of(record), problem_of(matter_of(record))
    assessed = records.record_of(record.root, "F13")
    named = records.mentioned(form_of(record), record.draft)[Kind.DEPARTMENT]
    involved = [*involved_in(matter).values_list("department_id", flat=True)]
    return ApplicationContext(
        now=at,
        zone=records.zone_of(record),
        matter=matter_view(record, at),
        is_assessed=assessed is not None and assessed.status == Status.APPROVED,
        limit=limit_of(matter, problem) if problem is not None else None,
        lead=_department(matter),
        initiator=Ref(matter.initiator.pk, matter.initiator.name) if matter.initiator is not None else None,
        heads=_heads(
            [*involved, *(pk for pk in sorted(named) if pk not in {*involved, matter.lead_department_id})], at
        ),
        assessment=version_ref(record.root, "F13"),
    )


def _department(matter: Collaboration) -> Ref | None:
    department = matter.lead_department
    return Ref(department.pk, department.name) if department is not None else None


def _heads(department_ids: Sequence[int], at: datetime) -> tuple[tuple[Ref, Ref], ...]:
    """Every head of each department, in this order."""
    heads = organisation.heads_of(department_ids, at)
    departments = organisation.directory((), department_ids, at).departments
    return tuple(
        (Ref(pk, departments[pk].name), Ref(head.id, head.name))
        for pk in department_ids
        if pk in departments
        for head in heads[pk]
    )


def report_context(record: Record, at: datetime) -> ReportContext:
    matter = matter_of(record)
    assessed, accepted = records.latest(record.root, "F13"), records.latest(record.root, "F16")
    own = [matter.lead_department_id] if matter.lead_department_id is not None else []
    involved = involved_in(matter).values_list("department_id", flat=True)
    baselines = matter.metrics.filter(baseline__isnull=False).values_list("name", "baseline")
    return ReportContext(
        matter=matter_view(record, at),
        assessment=as_reference(assessed) if assessed is not None else None,
        described=str(assessed.data["description"]) if assessed is not None else "",
        course=tuple(_stay(run) for run in matter.step_runs.order_by("entered_at", "pk")),
        acceptance=accepted.data if accepted is not None else {},
        before={name: baseline for name, baseline in baselines if baseline is not None},
        heads=_heads([*own, *involved], at),
        improvements=number_of(plan_of(matter), "G25", "improvements"),
    )


def _stay(run: StepRun) -> dict[str, Any]:
    """In the company's language, since it is frozen into the record whoever submits it."""
    with override(settings.LANGUAGE_CODE):
        step = str(run.get_step_display())
    return {
        "id": str(run.pk), "step": step, "entered_at": spelled(run.entered_at), "left_at": spelled(run.left_at),
    }  # fmt: skip


def loan_context(record: Record, at: datetime) -> LoanContext:
    """Whom the draft names may be lent already; a loan under way was agreed to for days that may be over."""
    matter = matter_of(record)
    try:
        person_id = read_id(record.draft.get("person"))
    except Unreadable:
        person_id = None
    return LoanContext(
        matter=replace(matter_view(record, at), today=organisation.day_of(at)),
        others=other_loans(person_id, besides=matter) if person_id is not None else (),
        has_begun=matter.step_runs.filter(step="RESOURCE").exists(),
        earlier=every_loan(person_id, besides=matter) if person_id is not None else (),
    )


def recurrence_context(record: Record, at: datetime) -> RecurrenceContext:
    """Each department's own clock, and the period under way once there is one."""
    matter = matter_of(record)
    plan, stood_in = recurrence_in(matter), period_stood_in(matter)
    named = records.mentioned(form_of(record), record.draft)[Kind.DEPARTMENT]
    return RecurrenceContext(
        matter=matter_view(record, at),
        running=span_in(stood_in, plan) if stood_in is not None and plan is not None else None,
        places=organisation.zones_of_departments(named),
    )


def paper_context(record: Record, at: datetime) -> PaperContext:
    """A paper is of a day that has come, whenever its first version was made."""
    plan = plan_of(matter_of(record))
    step = plan.step_asking(record.form_code)
    return PaperContext(
        matter=replace(matter_view(record, at), today=organisation.day_of(at)),
        may_be_none=record.form_code in MAY_BE_NONE,
        is_kickoff=record.form_code == "F07" and step is not None and KICKOFF in step.guards,
        confirmed=_confirmed(record, at) if step is not None and CONFIRMED in step.guards else None,
        is_answer=record.form_code == CUSTOMER_ANSWER,
        is_sent_at_once=record.form_code == MINUTES and plan.minutes_clock != "",
        now=at,
    )


def _confirmed(record: Record, at: datetime) -> Confirmed:
    """The clock of the goal (T24) where it runs, else the instant the application names. Three queries."""
    lead = matter_of(record).lead_department_id
    heads = organisation.heads_of([lead], at)[lead] if lead else []
    ends = [row.due_at for row in deadlines.open_of(record.root) if row.rule == GOAL]
    asked = records.latest(record.root, "F02") if not ends else None
    until = max(ends, default=instant(asked.data, "resolution_due") if asked is not None else None)
    local = until.astimezone(records.zone_of(record)) if until is not None else None
    return Confirmed(local, frozenset(head.id for head in heads))


def letter_context(record: Record, at: datetime) -> LetterContext:
    """Who is still asked, and about which version."""
    slots = awaited_words(matter_of(record))
    asked = Version.objects.select_related("record").filter(
        record__in={slot.signoff.subject_id for slot in slots}, digest__in={slot.signoff.digest for slot in slots}
    )
    version = asked.order_by("-version").first()
    return LetterContext(
        organisation.day_of(at),
        {int(slot.key): _holders(slot.principal, at) for slot in slots if slot.key.isdigit()},
        as_reference(version) if version is not None else None,
    )


def _holders(principal: str, at: datetime) -> frozenset[int]:
    return frozenset(card.id for card in organisation.people_holding(principal, at))
