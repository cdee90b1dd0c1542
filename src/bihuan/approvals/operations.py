"""Opening, deciding and voiding sign-offs.

Whoever decides first wins: the sign-off row is locked, the slot is taken by a conditional update, and what the
signatory saw is compared by digest. Nothing outside this file writes these two tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.approvals import errors, facts, policy, rules
from bihuan.approvals.enums import Decision, SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.policy import Condition
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Refused
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding, error
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.organisation.duties import HandOver


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One signature to ask for. `key` is the party, the same over versions; `tests` are the questions put to it."""

    key: str
    principal: str
    label: str
    digest: str
    part: str = ""
    tests: tuple[str, ...] = ()
    step: int = 1


@dataclass(frozen=True, slots=True)
class PartDecision:
    """What somebody says to one slot of a sign-off."""

    slot_id: int
    decision: Decision
    opinion: str = ""
    conditions: tuple[Condition, ...] = ()
    tests: Mapping[str, bool] = field(default_factory=dict)


@transaction.atomic
def open_signoff(
    route: str,
    *,
    subject: SubjectRef,
    root: SubjectRef,
    scope_id: int,
    digest: str,
    author_id: int | None,
    slots: Sequence[SlotSpec],
    carry_from: Signoff | None = None,
    actor: Actor,
    at: datetime,
) -> Signoff:
    """Ask all named parties to sign this digest of the subject.

    With `carry_from`, approvals of unchanged parts are taken over from the sign-off of the version before (name and
    time kept), and that sign-off ends if it was still open. When everything is carried the new one is approved at
    once. Records `SignoffOpened`. Raises `Refused` when nobody is named to sign.
    """
    if not slots or not all(spec.principal for spec in slots):
        raise Refused([error("approvals.no_slots", "slots")])
    superseded = carry_from is not None and _supersede(carry_from, at)
    signoff = Signoff.objects.create(
        route=route, subject_kind=subject.kind, subject_id=subject.id, root_kind=root.kind, root_id=root.id,
        scope_id=scope_id, digest=digest, author_id=author_id, by_part=any(spec.part for spec in slots),
        opened_at=at, previous=carry_from,
    )  # fmt: skip
    rows = Slot.objects.bulk_create(_new_slot(signoff, spec, _approvals_of(carry_from)) for spec in slots)
    state = _settle(signoff, rows, at)
    fact = facts.SignoffOpened(
        signoff_id=signoff.pk, route=route, digest=digest, author_id=author_id,
        slots=tuple(_outline(row) for row in rows), carried=tuple(row.pk for row in rows if row.carried_from_id),
        previous_id=signoff.previous_id, superseded=superseded, state_of_signoff=state,
    )  # fmt: skip
    _record(signoff, fact, actor, at)
    return signoff


@transaction.atomic
def decide(
    slot: Slot,
    *,
    decision: Decision,
    opinion: str = "",
    conditions: Sequence[Condition] = (),
    tests: Mapping[str, bool] | None = None,
    seen_digest: str,
    request_key: str = "",
    actor: Actor,
    at: datetime,
) -> Slot:
    """Give one signature, once, on the digest that was seen (G04, G05).

    The same request sent again (`request_key`) by the same person answers the same and writes nothing. Records
    `SlotDecided`. Raises `AuthorSigns`, `NotTheSignatory`, `SignoffClosed`, `StaleSlot`, `NotYourTurn`, `Refused`.
    """
    said = _cleaned(PartDecision(slot.pk, Decision(decision), opinion, tuple(conditions), dict(tests or {})))
    signoff, slots = _locked(slot.signoff_id, slot.signoff.root)
    mine = _pick(slots, [said])
    if _is_replay(mine, [said], request_key, actor):
        return mine[0]
    _check_may_sign(signoff, mine, actor, at)
    _check_still_open(signoff, mine, slots, [(mine[0].digest, seen_digest)])
    _refuse(_findings(mine[0], said))
    _give(mine[0], said, request_key, actor, at)
    state = _settle(signoff, slots, at)
    fact = facts.SlotDecided(
        signoff_id=signoff.pk, route=signoff.route, state_of_signoff=state, **_decided(mine[0], said)
    )
    _record(signoff, fact, actor, at)
    return mine[0]


@transaction.atomic
def decide_many(
    signoff: Signoff,
    *,
    decisions: Sequence[PartDecision],
    seen_digest: str,
    request_key: str = "",
    actor: Actor,
    at: datetime,
) -> Signoff:
    """Decide several parts in one act, all or none; `seen_digest` is that of the whole sign-off.

    Places of findings are `decisions.<slot id>.…`. Records one `PartsDecided`. Raises as `decide`, and `NotFound` for
    a slot of another sign-off.
    """
    said = [_cleaned(each) for each in decisions]
    _refuse(_findings_of_list(said))
    fresh, slots = _locked(signoff.pk, signoff.root)
    mine = _pick(slots, said)
    if _is_replay(mine, said, request_key, actor):
        return fresh
    _check_may_sign(fresh, mine, actor, at)
    _check_still_open(fresh, mine, slots, [(fresh.digest, seen_digest)])
    _refuse([_under(slot.pk, each) for slot, one in zip(mine, said, strict=True) for each in _findings(slot, one)])
    for slot, one in zip(mine, said, strict=True):
        _give(slot, one, request_key, actor, at)
    state = _settle(fresh, slots, at)
    decided = tuple(_decided(slot, one) for slot, one in zip(mine, said, strict=True))
    fact = facts.PartsDecided(signoff_id=fresh.pk, route=fresh.route, decisions=decided, state_of_signoff=state)
    _record(fresh, fact, actor, at)
    return fresh


@transaction.atomic
def void(signoff: Signoff, *, reason: str, actor: Actor, at: datetime) -> Signoff:
    """End an open sign-off without an answer: withdrawn, returned, or no longer needed.

    Decisions already given stay readable. Records `SignoffVoided`. Raises `SignoffClosed` when it has ended already.
    """
    reason = policy.clean(reason)
    _refuse([] if reason else [error("approvals.reason_to_void_missing", "reason")])
    fresh, slots = _locked(signoff.pk, signoff.root)
    _close(fresh, SignoffState.VOID, at)
    pending = tuple(slot.pk for slot in slots if slot.state == SlotState.PENDING)
    fact = facts.SignoffVoided(signoff_id=fresh.pk, route=fresh.route, reason=reason, slots=pending)
    _record(fresh, fact, actor, at)
    return fresh


@transaction.atomic
def pass_on_slots(signoff_id: int, change: HandOver) -> Signoff:
    """Who leaves hands over the decisions asked of him by name. Records `SlotsHandedOver`.

    Who may is checked by the caller (`organisation.operations.hand_over_duties`). Raises `Refused` when the successor
    wrote the text, `SignoffClosed` when nothing is asked any more.
    """
    before, after = principals.person(change.before), principals.person(change.after)
    signoff, slots = _locked(signoff_id)
    mine = [slot for slot in slots if slot.principal == before and slot.state == SlotState.PENDING]
    if signoff.state != SignoffState.OPEN or not mine:
        raise errors.SignoffClosed
    _refuse([error("approvals.author_signs", "successor")] if signoff.author_id == change.after else [])
    Slot.objects.filter(pk__in=[slot.pk for slot in mine], state=SlotState.PENDING).update(principal=after)
    fact = facts.SlotsHandedOver(
        signoff_id=signoff.pk, route=signoff.route, slots=tuple(slot.pk for slot in mine), before=before, after=after,
        reason=change.reason,
    )  # fmt: skip
    _record(signoff, fact, change.actor, change.at)
    return signoff


def change_principals(root: SubjectRef, principals_after: Mapping[str, str]) -> int:
    """What was asked of an office that went elsewhere is asked of the office there. Covered by the caller's fact."""
    asked = Slot.objects.filter(
        signoff__root_kind=root.kind,
        signoff__root_id=root.id,
        signoff__state=SignoffState.OPEN,
        state=SlotState.PENDING,
    )
    return sum(asked.filter(principal=before).update(principal=after) for before, after in principals_after.items())


# Reading under the lock -------------------------------------------------------------------------------------------


def _locked(signoff_id: int, root: SubjectRef | None = None) -> tuple[Signoff, list[Slot]]:
    """The sign-off and all its slots as they are now; nobody else changes them until this transaction ends.

    The chain is locked first, as every operation that records and then reacts does, so that no two wait for each other.
    """
    ledger.lock_chain(root or Signoff.objects.only("root_kind", "root_id").get(pk=signoff_id).root)
    signoff = Signoff.objects.select_for_update().get(pk=signoff_id)
    return signoff, list(Slot.objects.filter(signoff=signoff).order_by("step", "pk"))


def _pick(slots: Iterable[Slot], said: Sequence[PartDecision]) -> list[Slot]:
    by_id = {slot.pk: slot for slot in slots}
    try:
        return [by_id[each.slot_id] for each in said]
    except KeyError:
        raise NotFound from None


# What must hold ---------------------------------------------------------------------------------------------------


def _check_may_sign(signoff: Signoff, mine: Sequence[Slot], actor: Actor, at: datetime) -> None:
    if rules.is_author(actor, signoff):
        raise errors.AuthorSigns
    for slot in mine:
        if not rules.answers_to(actor, slot):
            raise errors.NotTheSignatory(who=slot.label)
    if not rules.still_answers_to(actor, {slot.principal for slot in mine}, at):
        raise errors.NotTheSignatory(who=mine[0].label)


def _check_still_open(
    signoff: Signoff, mine: Sequence[Slot], slots: Sequence[Slot], digests: Iterable[tuple[str, str]]
) -> None:
    if signoff.state != SignoffState.OPEN:
        raise errors.SignoffClosed
    if any(slot.state != SlotState.PENDING for slot in mine) or any(now != seen for now, seen in digests):
        raise errors.StaleSlot
    standings = [slot.standing for slot in slots]
    if not all(policy.is_decidable(slot.standing, standings) for slot in mine):
        raise errors.NotYourTurn


def _is_replay(mine: Sequence[Slot], said: Sequence[PartDecision], request_key: str, actor: Actor) -> bool:
    """The very same request came before: same key, same person, same words."""
    if not request_key or actor.person_id is None:
        return False
    return all(
        slot.request_key == request_key
        and slot.decided_by_id == actor.person_id
        and slot.state == policy.STATE_AFTER[one.decision]
        and slot.opinion == one.opinion
        for slot, one in zip(mine, said, strict=True)
    )


def _findings(slot: Slot, said: PartDecision) -> list[Finding]:
    return policy.findings_of_decision(
        said.decision, opinion=said.opinion, conditions=said.conditions, tests=said.tests, asked=slot.tests
    )


def _findings_of_list(said: Sequence[PartDecision]) -> list[Finding]:
    if not said:
        return [error("approvals.nothing_decided", "decisions")]
    if len({each.slot_id for each in said}) < len(said):
        return [error("approvals.decided_twice", "decisions")]
    return []


def _under(slot_id: int, finding: Finding) -> Finding:
    return replace(finding, place=f"decisions.{slot_id}.{finding.place}")


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _cleaned(said: PartDecision) -> PartDecision:
    conditions = tuple(replace(each, text=policy.clean(each.text)) for each in said.conditions)
    return replace(said, opinion=policy.clean(said.opinion), conditions=conditions)


# Writing ----------------------------------------------------------------------------------------------------------


def _give(slot: Slot, said: PartDecision, request_key: str, actor: Actor, at: datetime) -> None:
    changes: dict[str, Any] = {
        "state": policy.STATE_AFTER[said.decision], "decided_by_id": actor.person_id,
        "decided_by_name": rules.signs_as(actor, slot), "decided_at": at,
        "opinion": said.opinion, "test_answers": dict(said.tests),
        "conditions": [each.as_json() for each in said.conditions], "request_key": request_key,
    }  # fmt: skip
    _take(slot, changes)
    for name, value in changes.items():
        setattr(slot, name, value)


def _take(slot: Slot, changes: Mapping[str, Any]) -> None:
    """The conditional update that lets only the first one in, even where the lock above is not there."""
    if not Slot.objects.filter(pk=slot.pk, state=SlotState.PENDING, digest=slot.digest).update(**changes):
        raise errors.StaleSlot


def _settle(signoff: Signoff, slots: Sequence[Slot], at: datetime) -> SignoffState:
    state = policy.outcome([slot.standing for slot in slots], by_part=signoff.by_part)
    if state is not SignoffState.OPEN:
        _close(signoff, state, at)
    return state


def _close(signoff: Signoff, state: SignoffState, at: datetime) -> None:
    """End it once; whoever has not signed is no longer asked."""
    if not Signoff.objects.filter(pk=signoff.pk, state=SignoffState.OPEN).update(state=state, closed_at=at):
        raise errors.SignoffClosed
    Slot.objects.filter(signoff_id=signoff.pk, state=SlotState.PENDING).update(state=SlotState.VOID)
    signoff.state, signoff.closed_at = state, at


def _supersede(previous: Signoff, at: datetime) -> bool:
    """End the sign-off of the version before, if it was still running."""
    fresh, _ = _locked(previous.pk, previous.root)
    if fresh.state != SignoffState.OPEN:
        return False
    _close(fresh, SignoffState.VOID, at)
    return True


def _approvals_of(previous: Signoff | None) -> dict[tuple[str, str], Slot]:
    if previous is None:
        return {}
    return {(slot.key, slot.part): slot for slot in Slot.objects.filter(signoff_id=previous.pk)}


def _new_slot(signoff: Signoff, spec: SlotSpec, before: Mapping[tuple[str, str], Slot]) -> Slot:
    slot = Slot(
        signoff=signoff, step=spec.step, key=spec.key, principal=spec.principal, label=spec.label, part=spec.part,
        digest=spec.digest, tests=list(spec.tests),
    )  # fmt: skip
    old = before.get((spec.key, spec.part))
    if old is not None and policy.is_carried(
        state=SlotState(old.state), same_digest=old.digest == spec.digest, decided_by=old.decided_by_id,
        author_id=signoff.author_id,
    ):  # fmt: skip
        _carry(old, slot)
    return slot


def _carry(old: Slot, new: Slot) -> None:
    for name in ("state", "decided_by_id", "decided_by_name", "decided_at", "opinion", "test_answers", "conditions"):
        setattr(new, name, getattr(old, name))
    new.carried_from = old


# Telling ----------------------------------------------------------------------------------------------------------


def _outline(slot: Slot) -> dict[str, Any]:
    return {
        "slot_id": slot.pk, "key": slot.key, "principal": slot.principal, "label": slot.label, "part": slot.part,
        "step": slot.step, "digest": slot.digest, "state": str(slot.state),
    }  # fmt: skip


def _decided(slot: Slot, said: PartDecision) -> dict[str, Any]:
    return {
        "slot_id": slot.pk, "key": slot.key, "principal": slot.principal, "part": slot.part, "digest": slot.digest,
        "decision": str(said.decision), "opinion": said.opinion,
        "conditions": tuple(each.as_json() for each in said.conditions), "tests": dict(said.tests),
    }  # fmt: skip


def _record(signoff: Signoff, fact: Fact, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=signoff.root, subject=signoff.subject, scope_id=signoff.scope_id, at=at)
