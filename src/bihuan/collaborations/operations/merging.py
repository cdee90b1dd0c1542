"""Two reports of one problem become one matter; or the PMO says that they are two (AS19, playbooks.md §3.12)."""

from datetime import datetime

from django.db import transaction

from bihuan.collaborations.enums import Ending, LoopKind, PartyRole, Urgency
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.facts import ProblemKeptApart, ProblemMerged, ProblemReclassified, ProblemTakenIn
from bihuan.collaborations.models import Collaboration, Loop, Party, Problem
from bihuan.collaborations.operations.loops import Wanted, close_loops, open_loops, root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.problems import related_departments, tell_departments
from bihuan.collaborations.operations.signing import void_open
from bihuan.collaborations.operations.steps import end
from bihuan.collaborations.policy.playbook import leave
from bihuan.collaborations.queries.merging import (
    ASSESSED_IN,
    ASSESSMENT,
    is_assessed,
    lookalikes,
    part_about,
    questions_about,
    surviving,
)
from bihuan.collaborations.rules import may_merge
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.models import Version


def ask_whether_same(collaboration: Collaboration, version: Version, *, at: datetime) -> None:
    """The PMO is asked about each problem that sounds the same, unless it was asked before; nothing goes on before."""
    others = lookalikes(collaboration, version.data["description"])
    known = _asked_before(collaboration)
    open_loops(
        collaboration,
        [
            Wanted(
                kind=LoopKind.DUPLICATE,
                subject=root_of(collaboration),
                part=part_about(other.pk),
                owner=principals.PMO,
                gate=leave(ASSESSED_IN),
                params={"what": other.number},
            )
            for other in others
            if other.pk not in known
        ],
        at=at,
    )


def _asked_before(collaboration: Collaboration) -> set[int]:
    """The matters that were compared with this one, asked from here or from there."""
    asked = Loop.objects.filter(kind=LoopKind.DUPLICATE)
    here = asked.filter(collaboration=collaboration).values_list("part", flat=True)
    there = asked.filter(part=part_about(collaboration.pk)).values_list("collaboration_id", flat=True)
    return {int(part.rpartition("-")[2]) for part in here} | set(there)


@transaction.atomic
def merge_problem(
    collaboration: Collaboration, *, into: Collaboration, reason: str, actor: Actor, at: datetime
) -> None:
    """End a problem because another matter solves it; whoever reported it takes part there.

    The clock of the other one runs from the earlier report, by the more urgent of both classes. Records
    ``ProblemTakenIn`` there, and ``ProblemReclassified`` where this was the more urgent one; ``ProblemMerged`` and
    ``CollaborationEnded`` here. Raises ``NotAllowed`` unless the actor is of the PMO, ``HasEnded``, ``Refused`` without
    a reason or unless both are being assessed.
    """
    if not may_merge(actor):
        raise NotAllowed
    ledger.lock_chains([root_of(collaboration), root_of(into)])
    if Collaboration.objects.filter(pk=collaboration.pk, ended_at__isnull=False).exists():
        raise HasEnded
    findings = _refusals(collaboration, into, reason)
    if findings:
        raise Refused(findings)
    reason = reason.strip()
    Collaboration.objects.filter(pk=collaboration.pk).update(merged_into=into)
    collaboration.merged_into_id = into.pk
    _take_in(collaboration, into, reason=reason, actor=actor, at=at)
    _give_up(collaboration, into, reason=reason, actor=actor, at=at)


def _refusals(collaboration: Collaboration, into: Collaboration, reason: str) -> list[Finding]:
    findings = [] if reason.strip() else [error("collaborations.reason_missing", "reason")]
    if collaboration.pk == into.pk:
        return [*findings, error("collaborations.merged_with_itself", "into")]
    instead = surviving(into) if into.merged_into_id != collaboration.pk else ""
    if instead:
        return [*findings, error("collaborations.merged_itself", "into", number=into.number or "", instead=instead)]
    both = [each for each in (collaboration, into) if not is_assessed(each.pk)]
    return [*findings, *(error("collaborations.not_in_assessment", "into", number=each.number or "") for each in both)]


def _give_up(collaboration: Collaboration, into: Collaboration, *, reason: str, actor: Actor, at: datetime) -> None:
    root = root_of(collaboration)
    void_open(root, reason=reason, actor=actor, at=at)
    report, other = record_queries.record_of(root, ASSESSMENT), record_queries.record_of(root_of(into), ASSESSMENT)
    if report is not None:
        records.supersede(report, by=other, actor=actor, at=at)
    fact = ProblemMerged(into_id=into.pk, into_number=into.number or "", reason=reason)
    _record(collaboration, fact, actor=actor, at=at)
    end(collaboration, Ending.MERGED, actor=actor, at=at, reason=reason)


def _take_in(collaboration: Collaboration, into: Collaboration, *, reason: str, actor: Actor, at: datetime) -> None:
    """The reporting department takes part, with who reported it; once the other is told, so are those it named."""
    runs_from = _earlier_clock(collaboration, into)
    Party.objects.bulk_create(_reporting(collaboration, into), ignore_conflicts=True)
    sync_members(into, at=at)
    _tell_those_named(into, at=at)
    close_loops(subject=root_of(into), kind=LoopKind.DUPLICATE, parts=[part_about(collaboration.pk)], at=at)
    fact = ProblemTakenIn(
        from_id=collaboration.pk, from_number=collaboration.number or "", reason=reason,
        runs_from=runs_from.isoformat() if runs_from is not None else "",
    )  # fmt: skip
    _record(into, fact, actor=actor, at=at)
    _keep_urgency(collaboration, into, reason=reason, actor=actor, at=at)


def _keep_urgency(
    collaboration: Collaboration, into: Collaboration, *, reason: str, actor: Actor, at: datetime
) -> None:
    """What was promised of the more urgent report is kept: its class, and the clock that runs by it."""
    gone, problem = Problem.objects.get(collaboration=collaboration), Problem.objects.get(collaboration=into)
    if Urgency.values.index(gone.urgency) >= Urgency.values.index(problem.urgency):
        return
    before = problem.urgency
    problem.urgency, problem.classed_at = gone.urgency, gone.classed_at
    problem.save(update_fields=["urgency", "classed_at"])
    _record(into, ProblemReclassified(before=before, after=gone.urgency, reason=reason), actor=actor, at=at)


def _earlier_clock(collaboration: Collaboration, into: Collaboration) -> datetime | None:
    """The other report's instant where it is the earlier one; what was classed anew by an act runs from that act."""
    earlier = Problem.objects.get(collaboration=collaboration).reported_at
    problem = Problem.objects.get(collaboration=into)
    if earlier >= problem.reported_at:
        return None
    is_as_reported = problem.classed_at == problem.reported_at
    problem.reported_at = earlier
    if is_as_reported:
        problem.classed_at = earlier
    problem.save(update_fields=["classed_at", "reported_at"])
    return earlier if is_as_reported else None


def _reporting(collaboration: Collaboration, into: Collaboration) -> list[Party]:
    department = collaboration.lead_department_id
    if department is None or department == into.lead_department_id:
        return []
    return [
        Party(
            collaboration=into, department_id=department, role=PartyRole.SUPPORT, contact_id=collaboration.initiator_id
        )
    ]


def _tell_those_named(into: Collaboration, *, at: datetime) -> None:
    """What a merged report named is told as well, where the surviving one has been told already."""
    version = record_queries.latest(root_of(into), ASSESSMENT)
    if version is not None and Problem.objects.filter(collaboration=into, synced_at__isnull=False).exists():
        tell_departments(into, related_departments(into, version), at=at)


@transaction.atomic
def keep_apart(collaboration: Collaboration, *, other: Collaboration, reason: str, actor: Actor, at: datetime) -> None:
    """Say that a problem is another one than it sounds like; it may go on. Records ``ProblemKeptApart``.

    Raises ``NotAllowed`` unless the actor is of the PMO, ``Refused`` without a reason or when nobody asks.
    """
    if not may_merge(actor):
        raise NotAllowed
    ledger.lock_chain(root_of(collaboration))
    findings = [] if reason.strip() else [error("collaborations.reason_missing", "reason")]
    if other.pk not in questions_about(collaboration):
        findings.append(error("collaborations.not_asked_about", "other"))
    if findings:
        raise Refused(findings)
    close_loops(subject=root_of(collaboration), kind=LoopKind.DUPLICATE, parts=[part_about(other.pk)], at=at)
    fact = ProblemKeptApart(other_id=other.pk, other_number=other.number or "", reason=reason.strip())
    _record(collaboration, fact, actor=actor, at=at)


def _record(collaboration: Collaboration, fact: Fact, *, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=root_of(collaboration), scope_id=collaboration.scope_id, at=at)
