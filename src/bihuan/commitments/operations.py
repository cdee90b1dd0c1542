"""Making, moving and ending a promise. Each act is one fact and one conditional update."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from bihuan.clock import ClockError
from bihuan.commitments import errors, facts, policy, rules
from bihuan.commitments.enums import UNFINISHED, CommitmentKind, CommitmentState
from bihuan.commitments.models import Commitment
from bihuan.deadlines.queries import closes_on
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.duties import HandOver
from bihuan.organisation.models import Person


@transaction.atomic
def promise(
    *,
    kind: CommitmentKind,
    text: str,
    source: SubjectRef,
    root: SubjectRef,
    scope_id: int,
    verifier: str,
    asked_by: str = "",
    owner_id: int | None = None,
    department_id: int | None = None,
    due_on: date | None = None,
    gate: str = "",
    actor: Actor,
    at: datetime,
) -> Commitment:
    """Write down who owes what to whom by when.

    Owner and date may follow later (`set_owner_and_due`). Records `CommitmentMade`.
    Raises `Refused` without text or verifier, or when the owner would be his own verifier.
    """
    text = policy.clean(text)
    _refuse(policy.findings_to_promise(text=text, verifier=verifier, owner_id=owner_id))
    commitment = Commitment.objects.create(
        kind=CommitmentKind(kind), text=text, owner_id=owner_id, department_id=department_id, due_on=due_on, gate=gate,
        source_kind=source.kind, source_id=source.id, root_kind=root.kind, root_id=root.id, scope_id=scope_id,
        asked_by=asked_by, verifier=verifier, state=CommitmentState.OPEN, made_at=at,
    )  # fmt: skip
    fact = facts.CommitmentMade(
        commitment_id=commitment.pk, kind=commitment.kind, text=text, owner_id=owner_id, department_id=department_id,
        due_on=_day(due_on), gate=gate, source=str(source), asked_by=asked_by, verifier=verifier,
    )  # fmt: skip
    return _record(commitment, fact, actor, at)


@transaction.atomic
def set_owner_and_due(
    commitment: Commitment, *, owner_id: int | None, due_on: date | None, seen_revision: int, actor: Actor, at: datetime
) -> Commitment:
    """Name the one person who does it and the day.

    By the asker or the head of the owing department; while nobody owns it, by anybody of that department who works on
    the matter. Another day than before lies ahead (V2). Records `CommitmentAssigned`. Raises `MayNotAssign`, `Refused`,
    `StaleCommitment`.
    """
    if not rules.may_assign(actor, commitment, at):
        raise errors.MayNotAssign
    _refuse(policy.findings_to_assign(owner_id=owner_id, due_on=due_on, verifier=commitment.verifier))
    _refuse_unless_working_here(owner_id)
    if due_on is not None and due_on != commitment.due_on:
        _refuse_unless_ahead(commitment, principals.person(owner_id or 0), due_on, at)
    _move(commitment, CommitmentState.OPEN, seen_revision=seen_revision, owner_id=owner_id, due_on=due_on)
    fact = facts.CommitmentAssigned(
        commitment_id=commitment.pk, owner_id=owner_id or 0, due_on=_day(due_on) or "",
        owner_before=commitment.owner_id, due_before=_day(commitment.due_on),
    )  # fmt: skip
    return _record(commitment, fact, actor, at)


@transaction.atomic
def claim(commitment: Commitment, *, evidence: str, actor: Actor, at: datetime) -> Commitment:
    """The owner says it is done and shows it. Records `CommitmentClaimed`.

    Raises `NotTheOwner`, `Refused` without evidence, `StaleCommitment` when it is not open or the owner changed.
    """
    if not rules.is_owner(actor, commitment):
        raise errors.NotTheOwner
    evidence = policy.clean(evidence)
    _refuse(policy.text_findings(evidence, place="evidence", missing="commitments.evidence_missing"))
    _move(
        commitment, CommitmentState.OPEN, owned_by=actor.person_id,
        state=CommitmentState.CLAIMED, evidence=evidence, claimed_at=at,
    )  # fmt: skip
    return _record(commitment, facts.CommitmentClaimed(commitment_id=commitment.pk, evidence=evidence), actor, at)


@transaction.atomic
def verify(commitment: Commitment, *, accepted: bool, note: str = "", actor: Actor, at: datetime) -> Commitment:
    """Somebody other than the owner says whether it is done (AS16).

    Accepted ends it and records `CommitmentVerified`; otherwise it is owed again, a note says what is missing, the
    counter goes up and `CommitmentReturned` is recorded. Raises `OwnerVerifies`, `NotTheVerifier`, `Refused`,
    `StaleCommitment`.
    """
    if rules.is_owner(actor, commitment):
        raise errors.OwnerVerifies
    if not rules.is_verifier(actor, commitment):
        raise errors.NotTheVerifier
    note = policy.clean(note)
    _refuse(policy.findings_to_verify(accepted=accepted, note=note))
    fact = _accept(commitment, note, actor, at) if accepted else _return(commitment, note)
    return _record(commitment, fact, actor, at)


@transaction.atomic
def cancel(commitment: Commitment, *, reason: str, actor: Actor, at: datetime) -> Commitment:
    """Who asked for it no longer needs it. Records `CommitmentCancelled`.

    Raises `NotTheAsker`, `Refused` without a reason, `StaleCommitment` when it has ended already.
    """
    if not rules.is_asker(actor, commitment):
        raise errors.NotTheAsker
    reason = policy.clean(reason)
    _refuse(policy.text_findings(reason, place="reason", missing="commitments.reason_missing"))
    _move(
        commitment, *UNFINISHED,
        state=CommitmentState.CANCELLED, note=reason, ended_at=at, ended_by_id=actor.person_id,
    )  # fmt: skip
    return _record(commitment, facts.CommitmentCancelled(commitment_id=commitment.pk, reason=reason), actor, at)


@transaction.atomic
def cancel_all(
    root: SubjectRef, *, reason: str, besides: Collection[CommitmentKind] = (), actor: Actor, at: datetime
) -> None:
    """Nothing is owed to a matter that is given up, `besides` these kinds. Records `CommitmentCancelled` for each.

    Part of giving it up: the caller has checked who may do that.
    """
    given_up = Commitment.objects.filter(root_kind=root.kind, root_id=root.id).exclude(kind__in=besides)
    _cancel(given_up, reason, actor, at)


def cancel_of(sources: Collection[SubjectRef], *, reason: str, actor: Actor, at: datetime) -> None:
    """What asked for these promises holds no longer. Records `CommitmentCancelled` for each unfinished one.

    Part of taking that back: the caller has checked who may do that.
    """
    for kind in {source.kind for source in sources}:
        ids = [source.id for source in sources if source.kind == kind]
        _cancel(Commitment.objects.filter(source_kind=kind, source_id__in=ids), reason, actor, at)


def cancel_these(ids: Collection[int], *, root: SubjectRef, reason: str, actor: Actor, at: datetime) -> None:
    """Something else takes the place of these promises. Records `CommitmentCancelled` for each unfinished one.

    Part of putting that in their place: the caller has checked who may do that.
    """
    _cancel(Commitment.objects.filter(pk__in=ids, root_kind=root.kind, root_id=root.id), reason, actor, at)


def _cancel(promises: QuerySet[Commitment], reason: str, actor: Actor, at: datetime) -> None:
    for commitment in promises.filter(state__in=UNFINISHED).order_by("pk"):
        _move(
            commitment, *UNFINISHED,
            state=CommitmentState.CANCELLED, note=reason, ended_at=at, ended_by_id=actor.person_id,
        )  # fmt: skip
        _record(commitment, facts.CommitmentCancelled(commitment_id=commitment.pk, reason=reason), actor, at)


@transaction.atomic
def hand_over(
    commitment: Commitment, *, owner_id: int, reason: str, seen_revision: int, actor: Actor, at: datetime
) -> Commitment:
    """Another person owes it from now on; text and date stay. Records `CommitmentHandedOver`.

    By the owner, the head of the owing department or the asker. Raises `MayNotAssign`, `Refused`, `StaleCommitment`.
    """
    if commitment.owner_id is None or not rules.may_hand_over(actor, commitment):
        raise errors.MayNotAssign
    return _give_to(
        commitment,
        owner_id,
        policy.clean(reason),
        CommitmentState.OPEN,
        seen_revision=seen_revision,
        actor=actor,
        at=at,
    )


def pass_on(commitment_id: int, change: HandOver) -> Commitment:
    """Who leaves hands over what he owes, also what waits to be verified. Fact `CommitmentHandedOver`.

    Who may is checked by the caller (`organisation.operations.hand_over_duties`). Raises `Refused`, `StaleCommitment`.
    """
    commitment = Commitment.objects.get(pk=commitment_id, owner=change.before)
    return _give_to(commitment, change.after, change.reason, *UNFINISHED, actor=change.actor, at=change.at)


def _give_to(
    commitment: Commitment,
    owner_id: int,
    reason: str,
    *expected: CommitmentState,
    seen_revision: int | None = None,
    actor: Actor,
    at: datetime,
) -> Commitment:
    before = commitment.owner_id or 0
    _refuse(
        policy.findings_to_hand_over(
            owner_id=owner_id, owner_before=before, reason=reason, verifier=commitment.verifier
        )
    )
    _refuse_unless_working_here(owner_id)
    _move(commitment, *expected, seen_revision=seen_revision, owned_by=before, owner_id=owner_id)
    fact = facts.CommitmentHandedOver(
        commitment_id=commitment.pk, owner_before=before, owner_id=owner_id, reason=reason
    )
    return _record(commitment, fact, actor, at)


def pass_on_verification(commitment_id: int, change: HandOver) -> Commitment:
    """Who leaves hands over the promises he was to verify, and the asking for them. Fact `VerifierChanged`.

    Who may is checked by the caller. Raises `Refused` when the successor owes it himself, `StaleCommitment`.
    """
    before, after = principals.person(change.before), principals.person(change.after)
    commitment = Commitment.objects.get(pk=commitment_id, verifier=before)
    _refuse(policy.verifier_findings(after, commitment.owner_id))
    asked_by = after if commitment.asked_by == before else commitment.asked_by
    _move(commitment, *UNFINISHED, verifier=after, asked_by=asked_by)
    fact = facts.VerifierChanged(commitment_id=commitment.pk, before=before, after=after, reason=change.reason)
    return _record(commitment, fact, change.actor, change.at)


def change_asker(root: SubjectRef, *, before: str, after: str) -> int:
    """Whoever takes a matter over asks for what was promised to the one before. Covered by the caller's fact."""
    asked = Commitment.objects.filter(
        root_kind=root.kind, root_id=root.id, asked_by=before, state__in=[state.value for state in UNFINISHED]
    )
    return asked.update(asked_by=after, revision=F("revision") + 1)


def change_department(root: SubjectRef, *, before: int, after: int, principals_after: Mapping[str, str]) -> None:
    """What a department of a matter owes, asked for or verifies goes with it. Covered by the caller's fact."""
    states = [state.value for state in UNFINISHED]
    mine = Commitment.objects.filter(root_kind=root.kind, root_id=root.id, state__in=states)
    mine.filter(department=before).update(department_id=after, revision=F("revision") + 1)
    for old, new in principals_after.items():
        mine.filter(verifier=old).update(verifier=new)
        mine.filter(asked_by=old).update(asked_by=new)


def follow_day(commitment_id: int, due_on: date) -> None:
    """A promise whose day is counted is due on another one. Covered by the caller's fact."""
    open_now = Commitment.objects.filter(pk=commitment_id, state=CommitmentState.OPEN)
    open_now.exclude(due_on=due_on).update(due_on=due_on, revision=F("revision") + 1)


def _accept(commitment: Commitment, note: str, actor: Actor, at: datetime) -> Fact:
    _move(
        commitment, CommitmentState.CLAIMED, owned_by=commitment.owner_id,
        state=CommitmentState.VERIFIED, note=note, ended_at=at, ended_by_id=actor.person_id,
    )  # fmt: skip
    return facts.CommitmentVerified(commitment_id=commitment.pk, note=note)


def _return(commitment: Commitment, note: str) -> Fact:
    _move(
        commitment, CommitmentState.CLAIMED, owned_by=commitment.owner_id,
        state=CommitmentState.OPEN, note=note, claimed_at=None, times_returned=F("times_returned") + 1,
    )  # fmt: skip
    times = Commitment.objects.values_list("times_returned", flat=True).get(pk=commitment.pk)
    return facts.CommitmentReturned(commitment_id=commitment.pk, note=note, times_returned=times)


def _move(
    commitment: Commitment,
    *expected: CommitmentState,
    seen_revision: int | None = None,
    owned_by: int | None = None,
    **changes: Any,
) -> None:
    """The one conditional update: state, and what else the caller relied on, must still hold in the database.

    The chain is locked first, as every operation that records and then reacts does, so that no two wait for each other.
    """
    ledger.lock_chain(commitment.root)
    rows = Commitment.objects.filter(pk=commitment.pk, state__in=expected)
    if seen_revision is not None:
        rows = rows.filter(revision=seen_revision)
    if owned_by is not None:
        rows = rows.filter(owner_id=owned_by)
    if not rows.update(revision=F("revision") + 1, **changes):
        raise errors.StaleCommitment


def _record(commitment: Commitment, fact: Fact, actor: Actor, at: datetime) -> Commitment:
    ledger.record(fact, actor=actor, root=commitment.root, subject=commitment.ref, scope_id=commitment.scope_id, at=at)
    commitment.refresh_from_db()
    return commitment


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _refuse_unless_ahead(commitment: Commitment, owner: str, day: date, at: datetime) -> None:
    """The day is not over where its owner works."""
    department_id = commitment.department_id
    there = "" if department_id is None else principals.department(department_id)
    try:
        ends = closes_on([(owner, day)], at, otherwise=there)[owner, day]
    except ClockError as far:
        raise Refused([Finding(far.code, "due_on", far.params)]) from None
    _refuse([error("commitments.due_in_past", "due_on", day=day.isoformat())] if ends <= at else [])


def _refuse_unless_working_here(owner_id: int | None) -> None:
    if not Person.objects.filter(pk=owner_id or 0, is_active=True).exists():
        raise Refused([error("commitments.owner_unknown", "owner")])


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
