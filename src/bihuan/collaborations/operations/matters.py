"""The life of a matter as a whole: begun, handed over, taken back."""

from datetime import datetime

from django.db import transaction

from bihuan.access import operations as access
from bihuan.collaborations.enums import Ending
from bihuan.collaborations.errors import HasEnded, NotTheLead, TooLateToWithdraw
from bihuan.collaborations.facts import CollaborationStarted, LeadChanged
from bihuan.collaborations.models import Collaboration, PlaybookVersion
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.signing import void_open
from bihuan.collaborations.operations.steps import end, enter_step, settle
from bihuan.collaborations.policy.playbook import key_of
from bihuan.collaborations.queries.playbooks import startable
from bihuan.collaborations.queries.steps import current_run, has_worked, plan_of
from bihuan.collaborations.rules import carries, may_withdraw
from bihuan.commitments import operations as commitments
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotAllowed, Refused, Stale
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.organisation.models import Person
from bihuan.records import operations as records
from bihuan.records import queries as record_queries
from bihuan.records.enums import Status

OF_THE_LEAD = ("FORM", "STEP", "NEED_SETTLE", "PROBLEM", "RESUME", "OBLIGATION")
WITHDRAWABLE = (Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED)


@transaction.atomic
def start_collaboration(*, title: str, department_id: int, playbook: str, actor: Actor, at: datetime) -> Collaboration:
    """Begin a matter as a draft that only its initiator sees, and open its first form.

    The initiator acts for a department in which he holds a post. Records ``CollaborationStarted``; raises ``Refused``
    when the title is missing or nothing can begin on the playbook, ``NotAllowed`` when the department is not his.
    """
    if not title.strip():
        raise Refused([error("collaborations.title_missing", "title")])
    if actor.person_id is None or department_id not in actor.department_ids:
        raise NotAllowed
    version = to_begin_on(playbook)
    (scope,) = access.reserve_scopes("collaboration", at=at)
    collaboration = Collaboration.objects.create(
        scope_id=scope.pk,
        title=title.strip(),
        playbook_version=version,
        lead_department_id=department_id,
        initiator_id=actor.person_id,
        lead_id=actor.person_id,
        created_at=at,
        started_at=at,
    )
    access.name_subjects({scope.pk: collaboration.pk})
    sync_members(collaboration, at=at)
    ledger.record(
        CollaborationStarted(
            title=collaboration.title,
            playbook=version.playbook.key,
            playbook_version=version.version,
            department_id=department_id,
        ),
        actor=actor,
        root=root_of(collaboration),
        scope_id=scope.pk,
        at=at,
    )
    enter_step(collaboration, plan_of(collaboration).first().key, actor=actor, at=at)
    return collaboration


def to_begin_on(playbook: str) -> PlaybookVersion:
    """The newest version of a playbook a person can begin on, by either name; raises ``Refused`` for any other."""
    for version in startable():
        if version.playbook.key == key_of(playbook):
            return version
    raise Refused([error("collaborations.playbook_unknown", "playbook")])


@transaction.atomic
def withdraw_collaboration(collaboration: Collaboration, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a matter back before its work has begun. Every question asked on it is withdrawn too.

    Records ``CollaborationEnded``. Raises ``NotAllowed`` unless the actor is the initiator, ``TooLateToWithdraw`` from
    EXECUTE on, ``HasEnded`` when it is over, ``Refused`` without a reason.
    """
    if not may_withdraw(actor, collaboration):
        raise NotAllowed
    ledger.lock_chain(root_of(collaboration))
    run = current_run(collaboration)
    if run is None:
        raise HasEnded
    if has_worked(collaboration, run):
        raise TooLateToWithdraw
    if not reason.strip():
        raise Refused([error("collaborations.reason_missing", "reason")])
    void_open(root_of(collaboration), reason=reason, actor=actor, at=at)
    _withdraw_forms(collaboration, reason=reason, actor=actor, at=at)
    end(collaboration, Ending.WITHDRAWN, actor=actor, at=at, reason=reason)


def _withdraw_forms(collaboration: Collaboration, *, reason: str, actor: Actor, at: datetime) -> None:
    """His drafts go, his forms not yet approved are withdrawn; what was approved, or filed by others, stays."""
    for record in record_queries.records_of(root_of(collaboration), actor=actor, at=at):
        if record.status == Status.DRAFT:
            records.discard_draft(record, seen_revision=record.revision, actor=actor, at=at)
        elif record.status in WITHDRAWABLE and record_queries.may_fill(actor, record, at=at):
            records.withdraw(record, reason=reason, actor=actor, at=at)


@transaction.atomic
def change_lead(collaboration: Collaboration, *, lead_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Hand the matter to another project lead, with what waits for the old one. To who leads it already: nothing.

    Records ``LeadChanged``. Raises ``NotTheLead``, ``HasEnded``, ``Refused`` without a reason or for somebody who does
    not work here, ``Stale`` when somebody else handed it over meanwhile.
    """
    if not carries(actor, collaboration):
        raise NotTheLead
    if collaboration.ended_at is not None:
        raise HasEnded
    if not reason.strip():
        raise Refused([error("collaborations.reason_missing", "reason")])
    refuse_unless_working_here(lead_id)
    give_lead(collaboration, lead_id=lead_id, reason=reason.strip(), actor=actor, at=at)


def give_lead(collaboration: Collaboration, *, lead_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """The change itself; the caller checked who may. Records ``LeadChanged``; raises ``Stale``."""
    ledger.lock_chain(root_of(collaboration))
    before = collaboration.lead_id
    if before == lead_id:
        return
    running = Collaboration.objects.filter(pk=collaboration.pk, lead_id=before, ended_at__isnull=True)
    if not running.update(lead_id=lead_id):
        raise Stale
    collaboration.lead_id = lead_id
    if before is not None:
        _hand_over_loops(collaboration, before=principals.person(before), after=principals.person(lead_id))
    sync_members(collaboration, at=at)
    ledger.record(
        LeadChanged(before=before, after=lead_id, reason=reason),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
    settle(collaboration, actor=actor, at=at)


def refuse_unless_working_here(person_id: int) -> None:
    if not Person.objects.filter(pk=person_id, is_active=True).exists():
        raise Refused([error("collaborations.lead_unknown", "lead")])


def _hand_over_loops(collaboration: Collaboration, *, before: str, after: str) -> None:
    """What belongs to the office of lead; tasks and promises stay with the one who took them on.

    What the one before asked for, the one after waits for.
    """
    waiting = collaboration.loops.filter(closed_at__isnull=True)
    waiting.filter(owner=before, kind__in=["FORM", "STEP", "NEED_SETTLE", "PROBLEM", "RESUME", "OBLIGATION"]).update(
        owner=after
    )
    waiting.filter(asked_by=before).update(asked_by=after)
    commitments.change_asker(root_of(collaboration), before=before, after=after)
