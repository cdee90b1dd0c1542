"""A department asks to take part in a matter under way; whoever carries it lets it in with a duty, or says why not."""

from datetime import date, datetime

from django.db import transaction

from bihuan.collaborations.enums import Asking, LoopKind
from bihuan.collaborations.errors import HasEnded
from bihuan.collaborations.facts import JoinAsked, JoinGranted, JoinRefused
from bihuan.collaborations.models import Collaboration, Party, Petition
from bihuan.collaborations.operations.loops import close_loops, open_loop, root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.newcomers import ask_for_lines
from bihuan.collaborations.operations.problems import admit_departments
from bihuan.collaborations.operations.promises import verifier_besides
from bihuan.collaborations.policy.playbook import WORK, leave
from bihuan.collaborations.queries.petitions import departments_that_may_lead, may_ask_to_join, open_petitions
from bihuan.collaborations.queries.steps import current_run, has_worked, plan_of
from bihuan.collaborations.rules import may_answer_join
from bihuan.commitments import operations as commitments
from bihuan.commitments.enums import CommitmentKind
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding, error
from bihuan.ledger import operations as ledger
from bihuan.organisation import queries as organisation


@transaction.atomic
def ask_to_join(
    collaboration: Collaboration, *, department_id: int, reason: str, actor: Actor, at: datetime
) -> Petition:
    """Ask that one's own department may take part. The caller checked that the actor may read the matter.

    Its project lead is asked. Records ``JoinAsked``. Raises ``NotAllowed`` for a department of others, ``HasEnded``,
    ``Refused`` without a reason, before the matter is submitted, for a department that takes part or waits already.
    """
    if actor.person_id is None or department_id not in actor.department_ids:
        raise NotAllowed
    _hold_running(collaboration)
    findings = _refusals(collaboration, department_id, reason, actor)
    if findings:
        raise Refused(findings)
    petition = Petition.objects.create(
        collaboration=collaboration, department_id=department_id, asking=Asking.JOIN, reason=reason.strip(),
        asked_by_id=actor.person_id, asked_at=at,
    )  # fmt: skip
    _record(collaboration, JoinAsked(department_id=department_id, reason=reason.strip()), petition, actor=actor, at=at)
    name = organisation.names_of([principals.department(department_id)], at)[principals.department(department_id)]
    open_loop(
        collaboration, kind=LoopKind.JOIN, subject=petition.subject, owner=_asked(collaboration),
        asked_by=principals.person(actor.person_id), params={"what": name}, at=at,
    )  # fmt: skip
    return petition


def _refusals(collaboration: Collaboration, department_id: int, reason: str, actor: Actor) -> list[Finding]:
    findings = [] if reason.strip() else [error("collaborations.reason_missing", "reason")]
    if collaboration.number is None:
        findings.append(error("collaborations.not_submitted_yet", "department"))
    elif department_id in (inside := departments_that_may_lead(collaboration)):
        findings.append(error("collaborations.takes_part_already", "department"))
    elif department_id not in may_ask_to_join(actor, collaboration, inside=inside, asked=open_petitions(collaboration)):
        findings.append(error("collaborations.join_asked_already", "department"))
    return findings


def _asked(collaboration: Collaboration) -> str:
    if collaboration.lead_id is not None:
        return principals.person(collaboration.lead_id)
    return principals.head(collaboration.lead_department_id or 0)


@transaction.atomic
def grant_join(petition: Petition, *, expected: str, due_on: date | None, actor: Actor, at: datetime) -> None:
    """Let the department take part: it reads the matter, stands in its later forms, and owes what is expected of it.

    Its contact person, else who asked, owes that; it holds the work until it is kept, where the work is not over. So do
    the lines of the consensus that bind all, which the department is asked for now (`newcomers`).
    Records ``JoinGranted`` and ``CommitmentMade``. Raises ``NotAllowed`` unless the actor carries the matter,
    ``HasEnded``, ``Refused`` when it is not said what is expected, ``Stale`` when it was answered meanwhile.
    """
    collaboration = _answerable(petition, actor)
    if not expected.strip():
        raise Refused([error("collaborations.expected_missing", "expected")])
    _settle(petition, is_granted=True, answer=expected.strip(), actor=actor, at=at)
    admit_departments(collaboration, [petition.department_id], at=at)
    party = Party.objects.get(collaboration=collaboration, department=petition.department_id)
    if party.contact_id is None:
        party.contact_id = petition.asked_by_id
        party.save(update_fields=["contact"])
        sync_members(collaboration, at=at)
    fact = JoinGranted(department_id=petition.department_id, expected=expected.strip())
    _record(collaboration, fact, petition, actor=actor, at=at)
    commitments.promise(
        kind=CommitmentKind.ACTION, text=expected.strip(), source=petition.subject, root=root_of(collaboration),
        scope_id=collaboration.scope_id, verifier=verifier_besides(collaboration, party.contact_id or 0),
        asked_by=_asked(collaboration), owner_id=party.contact_id, department_id=petition.department_id,
        due_on=due_on, gate=_gate(collaboration), actor=actor, at=at,
    )  # fmt: skip
    ask_for_lines(collaboration, petition.department_id, actor=actor, at=at)


def _gate(collaboration: Collaboration) -> str:
    plan, run = plan_of(collaboration), current_run(collaboration)
    is_before = run is not None and (run.step == WORK or not has_worked(collaboration, run))
    return leave(WORK) if plan.has(WORK) and is_before else ""


@transaction.atomic
def refuse_join(petition: Petition, *, reason: str, actor: Actor, at: datetime) -> None:
    """Say why the department does not take part; it may ask again. Records ``JoinRefused``.

    Raises ``NotAllowed`` unless the actor carries the matter, ``HasEnded``, ``Refused`` without a reason, ``Stale``.
    """
    collaboration = _answerable(petition, actor)
    if not reason.strip():
        raise Refused([error("collaborations.reason_missing", "reason")])
    _settle(petition, is_granted=False, answer=reason.strip(), actor=actor, at=at)
    fact = JoinRefused(department_id=petition.department_id, reason=reason.strip())
    _record(collaboration, fact, petition, actor=actor, at=at)


def _answerable(petition: Petition, actor: Actor) -> Collaboration:
    collaboration = Collaboration.objects.select_related("playbook_version").get(pk=petition.collaboration_id)
    if not may_answer_join(actor, collaboration):
        raise NotAllowed
    _hold_running(collaboration)
    return collaboration


def _settle(petition: Petition, *, is_granted: bool, answer: str, actor: Actor, at: datetime) -> None:
    waiting = Petition.objects.filter(pk=petition.pk, settled_at__isnull=True)
    if not waiting.update(settled_at=at, is_granted=is_granted, answer=answer, answered_by=actor.person_id):
        raise Stale
    close_loops(subject=petition.subject, kind=LoopKind.JOIN, at=at)


def _hold_running(collaboration: Collaboration) -> None:
    ledger.lock_chain(root_of(collaboration))
    if Collaboration.objects.filter(pk=collaboration.pk, ended_at__isnull=False).exists():
        raise HasEnded


def _record(collaboration: Collaboration, fact: Fact, petition: Petition, *, actor: Actor, at: datetime) -> None:
    ledger.record(
        fact, actor=actor, root=root_of(collaboration), subject=petition.subject, scope_id=collaboration.scope_id, at=at
    )
