"""Who leads a problem when two departments want to, or none does: heads say it, the PMO decides (AS19)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, Q, When

from bihuan.collaborations.enums import Asking, LoopKind
from bihuan.collaborations.errors import HasEnded, NotBeingAssessed
from bihuan.collaborations.facts import LeadClaimed, LeadDecided, LeadRefused
from bihuan.collaborations.models import Acknowledgement, Collaboration, Loop, Party, Petition
from bihuan.collaborations.operations.loops import close_loops, open_loop, root_of
from bihuan.collaborations.operations.matters import give_lead
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.problems import admit_departments
from bihuan.collaborations.policy.playbook import leave
from bihuan.collaborations.queries.merging import ASSESSED_IN, is_assessed
from bihuan.collaborations.queries.petitions import (
    ABOUT_LEAD,
    departments_that_may_lead,
    is_lead_disputed,
    who_carries,
)
from bihuan.collaborations.rules import may_decide_lead
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger
from bihuan.organisation.models import Department

LEADER = "leader"


@transaction.atomic
def say_who_leads(
    collaboration: Collaboration, *, department_id: int, wants: bool, reason: str, actor: Actor, at: datetime
) -> None:
    """The head of a department says that it should lead the problem, or that it should not; saying it anew replaces it,
    saying the same again changes nothing.

    The first finder goes on leading meanwhile. While another department wants to lead, or the one that leads does not,
    the PMO is asked within the limit of the urgency and the assessment is not left. Records ``LeadClaimed`` or
    ``LeadRefused``. Raises ``NotFound`` for a department without a part in it, ``NotAllowed`` for who is not its head,
    ``HasEnded``, ``NotBeingAssessed``, ``Refused`` without a reason, or where it leads undisputed.
    """
    if department_id not in departments_that_may_lead(collaboration):
        raise NotFound
    if actor.person_id is None or not actor.is_one_of(principals.head(department_id)):
        raise NotAllowed
    _hold_assessed(collaboration)
    is_lead = department_id == collaboration.lead_department_id
    findings = [] if reason.strip() else [error("collaborations.reason_missing", "reason")]
    if wants and is_lead and not is_lead_disputed(collaboration):
        findings.append(error("collaborations.leads_already", "department"))
    if findings:
        raise Refused(findings)
    asking, reason = Asking.LEAD if wants else Asking.NOT_LEAD, reason.strip()
    before = Petition.objects.filter(
        collaboration=collaboration, department=department_id, asking__in=ABOUT_LEAD, settled_at__isnull=True
    )
    if before.filter(asking=asking, reason=reason).exists():
        return
    before.update(settled_at=at)
    Petition.objects.create(
        collaboration=collaboration, department_id=department_id, asked_by_id=actor.person_id, asked_at=at,
        asking=asking, reason=reason,
    )  # fmt: skip
    _ask_or_drop(collaboration, at=at)
    said = LeadClaimed if wants else LeadRefused
    _record(collaboration, said(department_id=department_id, reason=reason), actor=actor, at=at)


def _ask_or_drop(collaboration: Collaboration, *, at: datetime) -> None:
    """The PMO is asked for as long as there is something to decide."""
    if not is_lead_disputed(collaboration):
        close_loops(subject=root_of(collaboration), kind=LoopKind.LEADER, at=at)
        return
    open_loop(
        collaboration, kind=LoopKind.LEADER, subject=root_of(collaboration), part=LEADER, owner=principals.PMO,
        gate=leave(ASSESSED_IN), params={"what": collaboration.title}, at=at,
    )  # fmt: skip


@transaction.atomic
def decide_lead(collaboration: Collaboration, *, department_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say which department leads the problem, whether or not it has part in it yet; the one before takes part on.

    Its contact person, else its head, carries it from now on; a later version of the assessment does not undo it.
    Records ``LeadDecided``, and ``LeadChanged`` where somebody else carries it. Raises ``NotAllowed`` unless the actor
    is of the PMO, ``HasEnded``, ``NotBeingAssessed``, ``Refused`` without a reason, for a closed department or one that
    nobody could carry it for, and where nothing is disputed.
    """
    if not may_decide_lead(actor):
        raise NotAllowed
    _hold_assessed(collaboration)
    before, department = collaboration.lead_department_id or 0, Department.objects.filter(pk=department_id).first()
    findings = [] if reason.strip() else [error("collaborations.reason_missing", "reason")]
    if not is_lead_disputed(collaboration):
        findings.append(error("collaborations.nobody_disputes_lead", "department"))
    carrier = None if department is None else who_carries(department_id, at)
    findings += _unfit(department, carrier if department_id != before else 0)
    if findings:
        raise Refused(findings)
    if department_id != before:
        _change_department(collaboration, department_id, at=at)
    asked = Petition.objects.filter(collaboration=collaboration, asking__in=ABOUT_LEAD, settled_at__isnull=True)
    had_its_way = Case(When(_has_its_way(department_id), then=True), default=False)
    asked.update(settled_at=at, is_granted=had_its_way, answer=reason.strip(), answered_by=actor.person_id)
    close_loops(subject=root_of(collaboration), kind=LoopKind.LEADER, at=at)
    if department_id != before and carrier is not None:
        give_lead(collaboration, lead_id=carrier, reason=reason.strip(), actor=actor, at=at)
    fact = LeadDecided(department_before=before, department_id=department_id, reason=reason.strip())
    _record(collaboration, fact, actor=actor, at=at)


def _has_its_way(department_id: int) -> Q:
    """The department that wanted to lead and does, and the one that did not and does not."""
    leads = Q(department=department_id)
    return Q(leads, asking=Asking.LEAD) | Q(~leads, asking=Asking.NOT_LEAD)


def _unfit(department: Department | None, carrier: int | None) -> list[Finding]:
    if department is None or not department.is_active:
        return [error("collaborations.department_unknown", "department")]
    if carrier is None:
        return [error("collaborations.lead_without_head", "department", department=department.name)]
    return []


def _change_department(collaboration: Collaboration, department_id: int, *, at: datetime) -> None:
    """The one before takes part; the one that leads holds its own problem up with no acknowledgement any more."""
    before = collaboration.lead_department_id
    Collaboration.objects.filter(pk=collaboration.pk).update(lead_department_id=department_id)
    collaboration.refresh_from_db(from_queryset=Collaboration.objects.select_related("playbook_version"))
    Party.objects.filter(collaboration=collaboration, department=department_id).delete()
    if before is not None:
        admit_departments(collaboration, [before], at=at)
    asked = Acknowledgement.objects.filter(collaboration=collaboration, department=department_id)
    Loop.objects.filter(kind=LoopKind.ACKNOWLEDGE, subject_id__in=asked.values("pk"), closed_at__isnull=True).update(
        gate=""
    )
    sync_members(collaboration, at=at)


def _hold_assessed(collaboration: Collaboration) -> None:
    ledger.lock_chain(root_of(collaboration))
    if Collaboration.objects.filter(pk=collaboration.pk, ended_at__isnull=False).exists():
        raise HasEnded
    if not is_assessed(collaboration.pk):
        raise NotBeingAssessed
    collaboration.refresh_from_db(fields=["lead_department", "lead"])


def _record(collaboration: Collaboration, fact: Fact, *, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=root_of(collaboration), scope_id=collaboration.scope_id, at=at)
