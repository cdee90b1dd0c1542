"""Matters under way follow a reorganisation, a chunk at a time."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.approvals import operations as approvals
from bihuan.collaborations.facts import DepartmentReplaced
from bihuan.collaborations.models import Acknowledgement, Collaboration, Criterion, Milestone, Party, Petition
from bihuan.collaborations.operations.loops import close_loops, root_of
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.operations.steps import settle
from bihuan.collaborations.queries.reorganising import taking_part
from bihuan.commitments import operations as commitments
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.ledger import operations as ledger
from bihuan.organisation import operations as organisation
from bihuan.outbox import operations as outbox
from bihuan.records import operations as records

TOPIC = "collaborations.follow_reorganisation"
CHUNK = 50


def begin_following(reorganisation_id: int, *, before: int, after: int, only: list[int] | None, at: datetime) -> None:
    """Owe the work; `only` names the matters that go along, None means all of them."""
    matters = taking_part(before)
    total = matters.count() if only is None else matters.filter(pk__in=only).count()
    organisation.note_progress(reorganisation_id, total=total, at=at)
    _owe_next({"id": reorganisation_id, "before": before, "after": after, "only": only, "from": 0}, at)


def _owe_next(work: dict[str, Any], at: datetime) -> None:
    outbox.post(TOPIC, work, key=f"{TOPIC}:{work['id']}:{work['from']}", at=at)


@transaction.atomic
def follow(work: dict[str, Any], *, actor: Actor, at: datetime) -> int:
    """One chunk, and owe the next one. Run again from the beginning it changes nothing. Returns how many followed."""
    matters = taking_part(work["before"]).filter(pk__gt=work["from"])
    if work["only"] is not None:
        matters = matters.filter(pk__in=work["only"])
    chunk = list(matters.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    for pk in chunk:
        replace_department(
            pk, before=work["before"], after=work["after"], reorganisation_id=work["id"], actor=actor, at=at
        )
    organisation.note_progress(work["id"], done=len(chunk), at=at)
    if chunk:
        _owe_next({**work, "from": chunk[-1]}, at)
    return len(chunk)


@transaction.atomic
def replace_department(
    collaboration_id: int, *, before: int, after: int, reorganisation_id: int, actor: Actor, at: datetime
) -> None:
    """Another department stands in a matter: leads, takes part, owns lines, is asked and owes. Higher rooms follow.

    Records ``DepartmentReplaced``. What was signed, measured and reported goes on naming the one before.
    """
    collaboration = Collaboration.objects.select_related("playbook_version").get(pk=collaboration_id)
    root = root_of(collaboration)
    ledger.lock_chain(root)
    if collaboration.lead_department_id == before:
        Collaboration.objects.filter(pk=collaboration_id).update(lead_department_id=after)
        collaboration.lead_department_id = after
    _replace_party(collaboration, before, after)
    _replace_acknowledgement(collaboration, before, after, at)
    _replace_petitions(collaboration, before, after, at)
    for line in (Milestone, Criterion):
        line.objects.filter(collaboration=collaboration, owner_department=before).update(owner_department_id=after)
    offices = offices_after(before, after)
    _ask_elsewhere(collaboration, offices)
    approvals.change_principals(root, offices)
    commitments.change_department(root, before=before, after=after, principals_after=offices)
    records.change_department(root, before=before, after=after)
    sync_members(collaboration, at=at)
    ledger.record(
        DepartmentReplaced(department_before=before, department_id=after, reorganisation_id=reorganisation_id),
        actor=actor,
        root=root,
        scope_id=collaboration.scope_id,
        at=at,
    )
    settle(collaboration, actor=actor, at=at)


def offices_after(before: int, after: int) -> dict[str, str]:
    """Principal keys of one department and those of the other."""
    kinds = (principals.department, principals.head, principals.executive)
    return {key(before): key(after) for key in kinds}


def _replace_party(collaboration: Collaboration, before: int, after: int) -> None:
    """Two parties that became one department are one party, with a contact person if either has one."""
    gone = Party.objects.filter(collaboration=collaboration, department=before).first()
    if gone is None:
        return
    there = Party.objects.filter(collaboration=collaboration, department=after).first()
    if there is None:
        Party.objects.filter(pk=gone.pk).update(department_id=after)
        return
    if there.contact_id is None and gone.contact_id is not None:
        Party.objects.filter(pk=there.pk).update(contact_id=gone.contact_id)
    gone.delete()


def _replace_acknowledgement(collaboration: Collaboration, before: int, after: int, at: datetime) -> None:
    """Two departments that became one are asked once; who leads the problem is not asked."""
    asked = Acknowledgement.objects.filter(collaboration=collaboration)
    gone = asked.filter(department=before).first()
    if gone is None:
        return
    if asked.filter(department=after).exists() or collaboration.lead_department_id == after:
        close_loops(subject=gone.subject, at=at)
        gone.delete()
        return
    asked.filter(pk=gone.pk).update(department_id=after)


def _replace_petitions(collaboration: Collaboration, before: int, after: int, at: datetime) -> None:
    """What one department asks for the other one asks for; once where both did."""
    asked = Petition.objects.filter(collaboration=collaboration, settled_at__isnull=True)
    for petition in asked.filter(department=before).order_by("pk"):
        if asked.filter(department=after, asking=petition.asking).exists():
            close_loops(subject=petition.subject, at=at)
            asked.filter(pk=petition.pk).update(settled_at=at)
        else:
            asked.filter(pk=petition.pk).update(department_id=after)


def _ask_elsewhere(collaboration: Collaboration, offices: dict[str, str]) -> None:
    waiting = collaboration.loops.filter(closed_at__isnull=True)
    for old, new in offices.items():
        waiting.filter(owner=old).update(owner=new)
        waiting.filter(asked_by=old).update(asked_by=new)
