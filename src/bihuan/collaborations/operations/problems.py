"""A problem on its way: reported, signed and told to the departments it touches, acknowledged, classed anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import SignoffState
from bihuan.approvals.models import Signoff
from bihuan.collaborations.enums import LoopKind, PartyRole, Urgency, Visibility
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.facts import (
    AcknowledgementsPassed,
    ProblemAcknowledged,
    ProblemReclassified,
    ProblemSynced,
)
from bihuan.collaborations.models import Acknowledgement, Collaboration, Loop, Party, Problem
from bihuan.collaborations.operations.lines import record_lines, take_metrics
from bihuan.collaborations.operations.loops import Wanted, close_loops, open_loop, open_loops, root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.promises import promise_asks
from bihuan.collaborations.policy.body import refs, rows
from bihuan.collaborations.policy.playbook import WORK, StepPlan, leave
from bihuan.collaborations.queries.petitions import is_lead_decided
from bihuan.collaborations.queries.problems import departments_spoken_for, reports_of
from bihuan.collaborations.queries.steps import plan_of
from bihuan.collaborations.rules import may_reclassify
from bihuan.deadlines import queries as deadlines
from bihuan.deadlines.models import Deadline
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation import operations as organisation_acts
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records
from bihuan.records.models import Version

Body = Mapping[str, Any]
ASSESSMENT, APPLICATION = "F13", "F02"


def take_assessment(collaboration: Collaboration, body: Body, *, version: int, actor: Actor, at: datetime) -> None:
    """The assessment says who leads and how urgent it is. Until its head has signed, his department alone reads it.

    One that is made up for while others are at work already hides nothing from them.
    """
    problem = _keep_problem(collaboration, body, at=at)
    is_beside = plan_of(collaboration).step_asking(ASSESSMENT) is None
    led_by = collaboration.lead_department_id if is_lead_decided(collaboration) else body["lead_dept"]["id"]
    Collaboration.objects.filter(pk=collaboration.pk).update(
        lead_department_id=led_by,
        initiator_id=body["initiator"]["id"],
        visibility=Visibility.RELATED_DEPTS if problem.synced_at or is_beside else Visibility.OWN_DEPT,
    )
    collaboration.refresh_from_db(from_queryset=Collaboration.objects.select_related("playbook_version"))
    sync_members(collaboration, at=at)
    open_loop(
        collaboration,
        kind=LoopKind.PROBLEM,
        subject=root_of(collaboration),
        part="problem",
        owner=_solver(collaboration),
        params={"what": collaboration.title},
        at=at,
    )


def _keep_problem(collaboration: Collaboration, body: Body, *, at: datetime) -> Problem:
    """Its clock runs from the first report. What was classed anew by an act is not undone by another version."""
    problem = Problem.objects.filter(collaboration=collaboration).first()
    if problem is None:
        record = records.latest(root_of(collaboration), ASSESSMENT)
        number = record.record.number if record is not None else ""
        return Problem.objects.create(
            collaboration=collaboration, number=number, urgency=body["urgency"], reported_at=at, classed_at=at
        )
    if problem.classed_at == problem.reported_at and problem.urgency != body["urgency"]:
        problem.urgency = body["urgency"]
        problem.save(update_fields=["urgency"])
    return problem


def _solver(collaboration: Collaboration) -> str:
    if collaboration.lead_id is not None:
        return principals.person(collaboration.lead_id)
    return principals.head(collaboration.lead_department_id or 0)


@transaction.atomic
def sync_problem(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """The head has signed: the related departments take part from now on and are asked to acknowledge (T37).

    Records ``ProblemSynced``.
    """
    related = related_departments(collaboration, version)
    Collaboration.objects.filter(pk=collaboration.pk).update(visibility=Visibility.RELATED_DEPTS)
    collaboration.visibility = Visibility.RELATED_DEPTS
    Problem.objects.filter(collaboration=collaboration).update(synced_at=at)
    tell_departments(collaboration, related, at=at)
    fact = ProblemSynced(number=version.record.number, version=version.version, departments=tuple(related))
    _record(collaboration, fact, actor=actor, at=at)


def related_departments(collaboration: Collaboration, version: Version) -> list[int]:
    """Those that the assessment names, and those that were named by problems merged into it; none that reported it."""
    merged = list(Collaboration.objects.filter(merged_into=collaboration).order_by("pk"))
    bodies = [version.data, *(report.data for report in reports_of([other.pk for other in merged]))]
    named = [each.id for body in bodies for each in refs(rows(body, "related_depts"), "dept")]
    reporting = {collaboration.lead_department_id, *(other.lead_department_id for other in merged)}
    return [pk for pk in dict.fromkeys(named) if pk not in reporting]


def tell_departments(collaboration: Collaboration, department_ids: Sequence[int], *, at: datetime) -> None:
    """They take part from now on and are asked to acknowledge; in an emergency they are at work already."""
    admit_departments(collaboration, department_ids, at=at)
    step = plan_of(collaboration).step_asking(ASSESSMENT)
    if step is not None:
        _ask_to_acknowledge(collaboration, department_ids, step, at=at)


def take_application(collaboration: Collaboration, body: Body, *, version: int, actor: Actor, at: datetime) -> None:
    """Whoever is asked takes part, with the owner of the ask where the department has no contact person yet."""
    until = datetime.fromisoformat(body["resolution_due"])
    Collaboration.objects.filter(pk=collaboration.pk).update(expected_finish=organisation.day_of(until))
    collaboration.refresh_from_db(fields=["expected_finish"])
    asked = {row["dept"]["id"]: row["owner"]["id"] for row in body["dept_asks"]}
    new = [pk for pk in asked if pk != collaboration.lead_department_id]
    admit_departments(collaboration, new, at=at)
    for party in collaboration.parties.filter(department__in=new, contact__isnull=True):
        party.contact_id = asked[party.department_id]
        party.save(update_fields=["contact"])
    sync_members(collaboration, at=at)
    counts = {"metrics": take_metrics(collaboration, body, APPLICATION)}
    record_lines(collaboration, APPLICATION, version, counts, actor=actor, at=at)


@transaction.atomic
def begin_solving(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """The application is approved: the goal's hours run, and what is asked of the departments is owed (T23, T24).

    Its fact is ``RecordSettled``; each ask is recorded as ``CommitmentMade``.
    """
    for row in version.data["metrics"]:
        due = at + timedelta(hours=row["window_hours"])
        collaboration.metrics.filter(form_code=APPLICATION, line_id=row["id"]).update(deadline=organisation.day_of(due))
    gate = leave(WORK) if plan_of(collaboration).has(WORK) else ""
    promise_asks(collaboration, version, gate=gate, actor=actor, at=at)


def copy_to_heads(signoff: Signoff, *, at: datetime) -> None:
    """The heads of all involved departments see the application at the moment it is asked to be approved."""
    asked = Version.objects.filter(record=signoff.subject_id, digest=signoff.digest, record__form_code=APPLICATION)
    version = asked.order_by("-version").first()
    if version is None or signoff.state != SignoffState.OPEN:
        return
    author = organisation.actor_now(version.submitted_by_id or 0, at)
    people = sorted({row["person"]["id"] for row in version.data["cc_heads"]})
    if author is not None and people:
        approvals.send_copies(signoff, person_ids=people, actor=author, at=at)


def call_departments(
    collaboration: Collaboration, *, lead_department_id: int, related: Iterable[int], at: datetime
) -> None:
    """An emergency: the departments named read the matter and take part at once, before anybody has signed."""
    Collaboration.objects.filter(pk=collaboration.pk).update(
        lead_department_id=lead_department_id, visibility=Visibility.RELATED_DEPTS
    )
    collaboration.refresh_from_db(from_queryset=Collaboration.objects.select_related("playbook_version"))
    admit_departments(collaboration, [pk for pk in related if pk != lead_department_id], at=at)


def admit_departments(collaboration: Collaboration, department_ids: Iterable[int], *, at: datetime) -> None:
    """These departments take part, each with its contact person where it has one; who took part already stays."""
    contacts = organisation.contacts_of(department_ids, at)
    Party.objects.bulk_create(
        (
            Party(
                collaboration=collaboration,
                department_id=pk,
                role=PartyRole.SUPPORT,
                contact_id=people[0].id if people else None,
            )
            for pk, people in contacts.items()
        ),
        ignore_conflicts=True,
    )
    sync_members(collaboration, at=at)


def _ask_to_acknowledge(
    collaboration: Collaboration, department_ids: Iterable[int], step: StepPlan, *, at: datetime
) -> None:
    """Who has acknowledged an earlier version is not asked again."""
    asked = [Acknowledgement(collaboration=collaboration, department_id=pk, asked_at=at) for pk in department_ids]
    Acknowledgement.objects.bulk_create(asked, ignore_conflicts=True)
    waiting = Acknowledgement.objects.filter(collaboration=collaboration, given_at__isnull=True).order_by("pk")
    contacts = dict(collaboration.parties.values_list("department_id", "contact_id"))
    open_loops(
        collaboration,
        [
            Wanted(
                kind=LoopKind.ACKNOWLEDGE,
                subject=row.subject,
                owner=_asked(contacts.get(row.department_id), row.department_id),
                asked_by=_solver(collaboration),
                gate=leave(step.key),
                params={"what": collaboration.title},
            )
            for row in waiting
        ],
        at=at,
    )


def _asked(contact_id: int | None, department_id: int) -> str:
    return principals.head(department_id) if contact_id is None else principals.person(contact_id)


@transaction.atomic
def acknowledge_problem(
    collaboration: Collaboration, *, department_id: int, actor: Actor, at: datetime
) -> Acknowledgement:
    """Say for a department that it knows of the problem; late is better than never. Records ``ProblemAcknowledged``.

    Raises ``NotFound`` for a department that was not told, ``NotAllowed`` for who is neither its contact person nor its
    head, ``HasEnded``, ``Stale`` when it was acknowledged meanwhile.
    """
    row = Acknowledgement.objects.filter(collaboration=collaboration, department=department_id).first()
    if row is None:
        raise NotFound
    if actor.person_id is None or department_id not in departments_spoken_for(actor, collaboration):
        raise NotAllowed
    _hold_running(collaboration)
    waiting = Acknowledgement.objects.filter(pk=row.pk, given_at__isnull=True)
    if not waiting.update(given_at=at, given_by_id=actor.person_id):
        raise Stale
    row.given_at, row.given_by_id = at, actor.person_id
    close_loops(subject=row.subject, at=at)
    fact = ProblemAcknowledged(department_id=department_id)
    _record(collaboration, fact, subject=row.subject, actor=actor, at=at)
    return row


def matters_waiting_in_vain(at: datetime) -> list[int]:
    """Matters held back by a department whose time to acknowledge is over. One query."""
    over = Loop.objects.filter(kind=LoopKind.ACKNOWLEDGE, closed_at__isnull=True, due_at__lt=at).exclude(gate="")
    return sorted(set(over.values_list("collaboration_id", flat=True)))


@transaction.atomic
def go_on_unacknowledged(collaboration_id: int, *, actor: Actor, at: datetime) -> int:
    """Silence holds nobody back longer than its time (T37): the step may be left, what is missing stays asked for.

    Records ``AcknowledgementsPassed``; returns how many departments were silent.
    """
    collaboration = Collaboration.objects.select_related("playbook_version").get(pk=collaboration_id)
    ledger.lock_chain(root_of(collaboration))
    over = collaboration.loops.filter(kind=LoopKind.ACKNOWLEDGE, closed_at__isnull=True, due_at__lt=at)
    ids = list(over.exclude(gate="").values_list("subject_id", flat=True))
    if not ids:
        return 0
    over.filter(subject_id__in=ids).update(gate="")
    silent = Acknowledgement.objects.filter(pk__in=ids)
    silent.update(passed_at=at)
    departments = tuple(silent.order_by("pk").values_list("department_id", flat=True))
    _record(collaboration, AcknowledgementsPassed(departments=departments), actor=actor, at=at)
    return len(departments)


@transaction.atomic
def reclassify_problem(
    collaboration: Collaboration, *, urgency: str, reason: str, actor: Actor, at: datetime
) -> Problem:
    """Say that a problem is more or less urgent than it was reported; its clock runs anew from now.

    Records ``ProblemReclassified``. Raises ``NotFound`` for a matter without an assessment, ``NotAllowed`` unless the
    actor carries the matter or is of the PMO, ``HasEnded``, ``Refused`` without a reason or for the class it has,
    ``Stale`` when it was classed otherwise meanwhile.
    """
    problem = Problem.objects.filter(collaboration=collaboration).first()
    if problem is None:
        raise NotFound
    if not may_reclassify(actor, collaboration):
        raise NotAllowed
    _hold_running(collaboration)
    findings = [] if reason.strip() else [error("collaborations.reason_missing", "reason")]
    if urgency not in Urgency.values or urgency == problem.urgency:
        findings.append(error("collaborations.urgency_same", "urgency"))
    if findings:
        raise Refused(findings)
    before = problem.urgency
    if not Problem.objects.filter(pk=problem.pk, urgency=before).update(urgency=urgency, classed_at=at):
        raise Stale
    problem.urgency, problem.classed_at = urgency, at
    _record(collaboration, ProblemReclassified(before=before, after=urgency, reason=reason.strip()), actor=actor, at=at)
    return problem


@dataclass(frozen=True, slots=True)
class Reclassed:
    """A deadline of the matter, and when it is due now and then; None where it does not run."""

    deadline: Deadline
    before: datetime | None
    after: datetime | None


def preview_reclassing(collaboration: Collaboration, *, urgency: str, actor: Actor, at: datetime) -> list[Reclassed]:
    """The deadlines that `reclassify_problem` would begin, move or end, the soonest first; no fact stays. Raises what
    it raises."""

    def running() -> dict[int, Deadline]:
        return {row.pk: row for row in deadlines.open_of(root_of(collaboration))}

    before, after = organisation_acts.before_and_after(
        lambda: reclassify_problem(collaboration, urgency=urgency, reason=urgency, actor=actor, at=at), running
    )
    found = [
        Reclassed(row, before[pk].due_at if pk in before else None, after[pk].due_at if pk in after else None)
        for pk, row in {**after, **before}.items()
    ]
    moving = [each for each in found if each.before != each.after]
    return sorted(moving, key=lambda each: (each.after or each.deadline.due_at, each.deadline.pk))


def _hold_running(collaboration: Collaboration) -> None:
    ledger.lock_chain(root_of(collaboration))
    if Collaboration.objects.filter(pk=collaboration.pk, ended_at__isnull=False).exists():
        raise HasEnded


def _record(
    collaboration: Collaboration, fact: Fact, *, subject: SubjectRef | None = None, actor: Actor, at: datetime
) -> None:
    ledger.record(
        fact, actor=actor, root=root_of(collaboration), subject=subject, scope_id=collaboration.scope_id, at=at
    )
