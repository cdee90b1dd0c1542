"""Promises: who owes what by when."""

from datetime import date, datetime
from typing import Any

from bihuan.api.http import Request
from bihuan.api.routing import Routes
from bihuan.api.schemas import Day, Flag, Id, In, Named, Out, Page, Reason, Receipt, Seen, SeenWithReason, Words, page
from bihuan.collaborations.queries import collaboration_for
from bihuan.commitments import operations, queries
from bihuan.kernel.subjects import SubjectRef

routes = Routes("commitments")
MOST = 200


class CommitmentOut(Out):
    id: int
    kind: str
    text: str
    owner: Named | None
    department: Named | None
    due_on: date | None
    gate: str
    source: str
    root: str
    verifier: str
    asked_by: str
    state: str
    evidence: str
    note: str
    times_returned: int
    revision: int
    made_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None


class AssignIn(Seen):
    owner_id: Id
    due_on: Day


class ClaimIn(In):
    evidence: Words


class VerifyIn(In):
    accepted: Flag
    note: Words = ""


class CommitmentHandOverIn(SeenWithReason):
    owner_id: Id


@routes.read("/commitments", Page[CommitmentOut])
def mine(request: Request) -> dict[str, Any]:
    """What waits for the caller: to do, to give an owner, to confirm. At most 200."""
    found = queries.open_for(request.actor, request.at).select_related("owner", "department")
    return page(map(_commitment, found[:MOST]))


@routes.read("/collaborations/{int:collaboration_id}/commitments", Page[CommitmentOut])
def of_collaboration(request: Request, collaboration_id: int) -> dict[str, Any]:
    """The promises of a matter, unfinished first."""
    matter = collaboration_for(request.actor, collaboration_id, at=request.at)
    root = SubjectRef("collaboration", matter.pk)
    return page(map(_commitment, queries.of_root(root, request.actor, request.at)))


@routes.read("/commitments/{int:commitment_id}", CommitmentOut)
def commitment(request: Request, commitment_id: int) -> dict[str, Any]:
    return _commitment(_found(request, commitment_id))


def _commitment(found: Any) -> dict[str, Any]:
    taken = {name: getattr(found, name) for name in CommitmentOut.model_fields}
    return {**taken, "source": str(found.source), "root": str(found.root)}


@routes.act("/commitments/{int:commitment_id}/assign")
def assign(request: Request, commitment_id: int, body: AssignIn) -> Receipt:
    """Name the one person who does it and the day."""
    found = _found(request, commitment_id)
    operations.set_owner_and_due(found, **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt(request, commitment_id)


@routes.act("/commitments/{int:commitment_id}/claim")
def claim(request: Request, commitment_id: int, body: ClaimIn) -> Receipt:
    """The owner says it is done and shows it."""
    operations.claim(_found(request, commitment_id), evidence=body.evidence, actor=request.actor, at=request.at)
    return _receipt(request, commitment_id)


@routes.act("/commitments/{int:commitment_id}/verify")
def verify(request: Request, commitment_id: int, body: VerifyIn) -> Receipt:
    """Somebody other than the owner says whether it is done."""
    operations.verify(_found(request, commitment_id), **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt(request, commitment_id)


@routes.act("/commitments/{int:commitment_id}/hand-over")
def hand_over(request: Request, commitment_id: int, body: CommitmentHandOverIn) -> Receipt:
    """Another person owes it from now on."""
    operations.hand_over(_found(request, commitment_id), **body.model_dump(), actor=request.actor, at=request.at)
    return _receipt(request, commitment_id)


@routes.act("/commitments/{int:commitment_id}/cancel")
def cancel(request: Request, commitment_id: int, body: Reason) -> Receipt:
    """Who asked for it no longer needs it."""
    operations.cancel(_found(request, commitment_id), reason=body.reason, actor=request.actor, at=request.at)
    return _receipt(request, commitment_id)


def _found(request: Request, commitment_id: int) -> Any:
    return queries.commitment_for(request.actor, commitment_id, request.at)


def _receipt(request: Request, commitment_id: int) -> Receipt:
    now = _found(request, commitment_id)
    href = f"/api/v1/commitments/{now.pk}"
    return Receipt(kind="commitment", id=now.pk, href=href, state=now.state, revision=now.revision)
