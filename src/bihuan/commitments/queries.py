"""Reads of promises. What the actor may not see does not exist for him."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.commitments.enums import UNFINISHED, CommitmentKind, CommitmentState
from bihuan.commitments.models import Commitment
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef


def visible_to(actor: Actor, at: datetime, *, level: Level = Level.READ) -> QuerySet[Commitment]:
    """Every promise in a scope the actor reads."""
    return Commitment.objects.filter(access.visible(actor, at=at, level=level, path="scope"))


def commitment_for(actor: Actor, pk: int, at: datetime) -> Commitment:
    """The promise, or `NotFound` when there is none that the actor may read."""
    found = visible_to(actor, at).select_related("owner", "department").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def open_for(actor: Actor, at: datetime) -> QuerySet[Commitment]:
    """What waits for the actor: to be done by him, to be given an owner by him, or to be confirmed by him."""
    heads = [int(key[2:]) for key in actor.principals if key.startswith("h:")]
    owed = Q(state=CommitmentState.OPEN, owner=actor.person_id) if actor.person_id else Q(pk__in=[])
    unowned = Q(state=CommitmentState.OPEN, owner=None, department__in=heads)
    claimed = Q(state=CommitmentState.CLAIMED, verifier__in=actor.principals) & ~Q(owner=actor.person_id)
    return visible_to(actor, at).filter(owed | unowned | claimed).order_by("due_on", "pk")


def of_root(root: SubjectRef, actor: Actor, at: datetime) -> QuerySet[Commitment]:
    """The promises of one matter that the actor may read, unfinished first, then by day."""
    rows = visible_to(actor, at).filter(root_kind=root.kind, root_id=root.id)
    return rows.select_related("owner", "department").order_by("ended_at", "due_on", "pk")


def blocking(root: SubjectRef, gate: str | Iterable[str]) -> list[Commitment]:
    """The unfinished promises which hold the gate shut (G05). For guards: no actor, all scopes."""
    gates = [gate] if isinstance(gate, str) else list(gate)
    rows = Commitment.objects.filter(root_kind=root.kind, root_id=root.id, gate__in=gates, state__in=UNFINISHED)
    return list(rows.select_related("owner", "department").order_by("due_on", "pk"))


def of_source(source: SubjectRef) -> list[Commitment]:
    """The promises that came out of one subject, in the order they were made. For rooms above: no actor."""
    return list(Commitment.objects.filter(source_kind=source.kind, source_id=source.id).order_by("pk"))


def principals_concerned(commitment: Commitment) -> tuple[str, ...]:
    """Who has something to do with it now, for loops: the owner, or who must name one, or the verifier."""
    if commitment.state == CommitmentState.CLAIMED:
        return (commitment.verifier,)
    if commitment.state != CommitmentState.OPEN:
        return ()
    if commitment.owner_id is not None:
        return (principals.person(commitment.owner_id),)
    if commitment.department_id is not None:
        return (principals.head(commitment.department_id),)
    return (commitment.asked_by,) if commitment.asked_by else ()


def handed_over_in(root: SubjectRef) -> list[Commitment]:
    """What was open at the end of a matter and goes on with a named owner, given up ones left out. One query."""
    mine = Commitment.objects.filter(root_kind=root.kind, root_id=root.id, kind=CommitmentKind.HANDED_OVER)
    return list(mine.exclude(state=CommitmentState.CANCELLED).select_related("owner").order_by("pk"))
