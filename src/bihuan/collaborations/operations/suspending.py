"""Letting a matter rest: its clocks stand still, nothing of it is acted upon, and a day reminds of it."""

from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.errors import NotSuspended, NotTheLead
from bihuan.collaborations.facts import CollaborationResumed, CollaborationSuspended
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.operations.loops import close_loops, open_loop, root_of
from bihuan.collaborations.operations.promises import end_of
from bihuan.collaborations.operations.steps import settle
from bihuan.collaborations.operations.telling import tell_owners
from bihuan.collaborations.policy.playbook import leave
from bihuan.collaborations.queries.proposals import suspension_of
from bihuan.collaborations.queries.steps import current_run
from bihuan.collaborations.rules import may_resume
from bihuan.deadlines import operations as deadlines
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.ledger import operations as ledger
from bihuan.organisation.queries import day_of
from bihuan.records.models import Version

ON_THE_DAY = timedelta(hours=10)
"""The day ends at close of business; so long before it is the morning."""


def suspend(collaboration: Collaboration, version: Version, *, actor: Actor, at: datetime) -> None:
    """It was agreed that the matter rests until a day; one that rests already rests longer, or less long.

    Records ``CollaborationSuspended`` and lets the clocks of the matter stand still, urgent ones excepted.
    """
    run = current_run(collaboration)
    reason, until = version.data["reason"], date.fromisoformat(version.data["until"])
    carrying = collaboration.lead_id or collaboration.initiator_id
    owner = principals.person(carrying) if carrying else principals.PMO
    is_first = suspension_of(collaboration.pk) is None
    open_loop(
        collaboration,
        kind=LoopKind.RESUME,
        subject=root_of(collaboration),
        owner=owner,
        gate=leave(run.step) if run else "",
        due_at=end_of(until, owner, collaboration, at=at),
        params={"what": version.data["waits_for"], "reason": reason, "until": until.isoformat()},
        at=at,
    )
    ledger.record(
        CollaborationSuspended(until=until.isoformat(), number=version.record.number, reason=reason),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
    if is_first:
        deadlines.stop_clocks(root_of(collaboration), reason=reason, actor=actor, at=at)


@transaction.atomic
def resume_collaboration(collaboration: Collaboration, *, note: str, actor: Actor, at: datetime) -> None:
    """Let a resting matter go on; its clocks go on with what was left of them. Records ``CollaborationResumed``.

    Raises ``NotTheLead``, ``NotSuspended``, ``Refused`` without a word on why it can go on.
    """
    if not may_resume(actor, collaboration):
        raise NotTheLead
    if not note.strip():
        raise Refused([error("collaborations.reason_missing", "note")])
    ledger.lock_chain(root_of(collaboration))
    if not end_suspension(collaboration, note=note.strip(), actor=actor, at=at):
        raise NotSuspended
    settle(collaboration, actor=actor, at=at)


def end_suspension(collaboration: Collaboration, *, note: str = "", actor: Actor, at: datetime) -> bool:
    """Whether the matter rested; it does no longer. Records ``CollaborationResumed`` then."""
    resting = suspension_of(collaboration.pk)
    if resting is None:
        return False
    close_loops(subject=root_of(collaboration), kind=LoopKind.RESUME, at=at)
    ledger.record(
        CollaborationResumed(rested_days=(day_of(at) - day_of(resting.opened_at)).days, note=note),
        actor=actor,
        root=root_of(collaboration),
        scope_id=collaboration.scope_id,
        at=at,
    )
    deadlines.start_clocks(root_of(collaboration), actor=actor, at=at)
    return True


def suspensions_to_recall(at: datetime) -> list[int]:
    """Loops of matters that were to rest until today and rest on, not told yet. One query."""
    over = Loop.objects.filter(kind=LoopKind.RESUME, closed_at__isnull=True, due_at__lte=at + ON_THE_DAY)
    return [loop.pk for loop in over.order_by("pk") if "recalled" not in loop.params]


@transaction.atomic
def recall_suspension(loop_id: int, *, at: datetime) -> None:
    """The day has come: whoever carries the matter is told to resume it or to ask for longer. Once for each day."""
    loop = Loop.objects.select_related("collaboration__playbook_version").get(pk=loop_id)
    ledger.lock_chain(root_of(loop.collaboration))
    loop.refresh_from_db(fields=["params", "closed_at"])
    if loop.closed_at is None and "recalled" not in loop.params:
        Loop.objects.filter(pk=loop.pk).update(params=loop.params | {"recalled": at.isoformat()})
        tell_owners(loop.collaboration, [loop], at=at)
