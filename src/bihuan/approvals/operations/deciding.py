"""Giving signatures: who decides first wins.

The sign-off row is locked, the slot is taken by a conditional update, and what the signatory saw is compared by digest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.approvals import errors, facts, policy, rules
from bihuan.approvals.enums import Decision, SignoffState, SlotState
from bihuan.approvals.models import Signoff, Slot
from bihuan.approvals.operations import amending, copying, recording
from bihuan.approvals.policy import Condition, PartDecision
from bihuan.approvals.rules import Right
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation


@transaction.atomic
def decide(
    slot: Slot,
    *,
    decision: Decision,
    opinion: str = "",
    conditions: Sequence[Condition] = (),
    tests: Mapping[str, bool] | None = None,
    amendment: Mapping[str, Any] | None = None,
    seen_digest: str,
    request_key: str = "",
    actor: Actor,
    at: datetime,
) -> Slot:
    """Give one signature, once, on the digest that was seen (G04, G05).

    The same request sent again (`request_key`) by the same person answers the same and writes nothing. Records
    `SlotDecided`. Raises `AuthorSigns`, `NotTheSignatory`, `SignoffClosed`, `StaleSlot`, `NotYourTurn`,
    `CountedOnce`, `Refused`.
    """
    said = _cleaned(
        PartDecision(slot.pk, Decision(decision), opinion, tuple(conditions), dict(tests or {}), dict(amendment or {}))
    )
    signoff, slots = recording.locked(slot.signoff_id, slot.signoff.root)
    mine = _pick(slots, [said])
    if _is_replay(mine, [said], request_key, actor):
        return mine[0]
    rights = _check_may_sign(signoff, mine, actor, at)
    _check_still_open(signoff, mine, slots, [(mine[0].digest, seen_digest)])
    _check_counts_once(mine, slots, actor)
    wanted = amending.wanted(signoff, mine, [said], at)
    recording.refuse([*_findings(mine[0], said), *wanted.findings(mine[0].pk)])
    _give(mine[0], said, _Hand(actor, rights[0], request_key, at), wanted.amendment(mine[0].pk))
    state = recording.settle(signoff, slots, at)
    fact = facts.SlotDecided(
        signoff_id=signoff.pk, route=signoff.route, state_of_signoff=state, **_decided(mine[0], said)
    )
    recording.record(signoff, fact, actor, at)
    copying.send_due(signoff, slots, at)
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
    recording.refuse(_findings_of_list(said))
    fresh, slots = recording.locked(signoff.pk, signoff.root)
    mine = _pick(slots, said)
    if _is_replay(mine, said, request_key, actor):
        return fresh
    rights = _check_may_sign(fresh, mine, actor, at)
    _check_still_open(fresh, mine, slots, [(fresh.digest, seen_digest)])
    _check_counts_once(mine, slots, actor)
    wanted = amending.wanted(fresh, mine, said, at)
    recording.refuse(
        [
            _under(slot.pk, each)
            for slot, one in zip(mine, said, strict=True)
            for each in (*_findings(slot, one), *wanted.findings(slot.pk))
        ]
    )
    for slot, one, right in zip(mine, said, rights, strict=True):
        _give(slot, one, _Hand(actor, right, request_key, at), wanted.amendment(slot.pk))
    state = recording.settle(fresh, slots, at)
    decided = tuple(_decided(slot, one) for slot, one in zip(mine, said, strict=True))
    fact = facts.PartsDecided(signoff_id=fresh.pk, route=fresh.route, decisions=decided, state_of_signoff=state)
    recording.record(fresh, fact, actor, at)
    copying.send_due(fresh, slots, at)
    return fresh


@transaction.atomic
def decide_by_letter(slot: Slot, *, person_id: int, opinion: str, seen_digest: str, actor: Actor, at: datetime) -> Slot:
    """What somebody who is asked wrote outside the product counts as his agreement, by the act of another one (AS21).

    The caller has seen the letter and that it is countersigned; `opinion` says so beside the signature. Records
    `SlotDecided`, done by `actor`. Raises `AuthorSigns`, `NotTheSignatory`, `SignoffClosed`, `StaleSlot`,
    `NotYourTurn`, all about the writer.
    """
    signoff, slots = recording.locked(slot.signoff_id, slot.signoff.root)
    said = _cleaned(PartDecision(slot.pk, Decision.APPROVE, opinion))
    mine, writer = _pick(slots, [said]), organisation.actor_now(person_id, at)
    if writer is None:
        raise errors.NotTheSignatory(who=slot.label)
    (right,) = _check_may_sign(signoff, mine, writer, at)
    _check_still_open(signoff, mine, slots, [(mine[0].digest, seen_digest)])
    _check_counts_once(mine, slots, writer)
    _give(mine[0], said, _Hand(writer, right, "", at))
    state = recording.settle(signoff, slots, at)
    fact = facts.SlotDecided(
        signoff_id=signoff.pk, route=signoff.route, state_of_signoff=state, **_decided(mine[0], said)
    )
    recording.record(signoff, fact, actor, at)
    copying.send_due(signoff, slots, at)
    return mine[0]


def _pick(slots: Iterable[Slot], said: Sequence[PartDecision]) -> list[Slot]:
    by_id = {slot.pk: slot for slot in slots}
    try:
        return [by_id[each.slot_id] for each in said]
    except KeyError:
        raise NotFound from None


def _check_may_sign(signoff: Signoff, mine: Sequence[Slot], actor: Actor, at: datetime) -> list[Right]:
    """By what right each is signed; asked once for each office."""
    if rules.is_author(actor, signoff):
        raise errors.AuthorSigns
    rights: dict[tuple[str, str], Right] = {}
    for slot in mine:
        place = slot.principal, slot.moved
        right = rights.get(place) or (
            rules.right_now(actor, slot, signoff, at) if rules.answers_to(actor, slot) else None
        )
        if right is None:
            raise errors.NotTheSignatory(who=slot.label)
        rights[place] = right
    return [rights[slot.principal, slot.moved] for slot in mine]


def _check_still_open(
    signoff: Signoff, mine: Sequence[Slot], slots: Sequence[Slot], digests: Iterable[tuple[str, str]]
) -> None:
    if signoff.state != SignoffState.OPEN:
        raise errors.SignoffClosed
    if any(slot.state != SlotState.PENDING for slot in mine) or any(now != seen for now, seen in digests):
        raise errors.StaleSlot
    up = {slot.pk for slot in rules.slots_up(slots)}
    if not all(slot.pk in up for slot in mine):
        raise errors.NotYourTurn


def _check_counts_once(mine: Sequence[Slot], slots: Iterable[Slot], actor: Actor) -> None:
    """Where a number of a group suffices, a person counts once in it, whatever offices he holds (AT18)."""
    taken = [slot.standing.place for slot in slots if slot.need and slot.decided_by_id == actor.person_id]
    wanted = [slot.standing.place for slot in mine if slot.need]
    if len({*taken, *wanted}) < len({*taken}) + len(wanted):
        raise errors.CountedOnce


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


def _cleaned(said: PartDecision) -> PartDecision:
    conditions = tuple(replace(each, text=policy.clean(each.text)) for each in said.conditions)
    return replace(said, opinion=policy.clean(said.opinion), conditions=conditions)


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who signs, by what right, when, and by which request."""

    actor: Actor
    right: Right
    request_key: str
    at: datetime


def _give(slot: Slot, said: PartDecision, by: _Hand, amendment: Mapping[str, Any] | None = None) -> None:
    changes: dict[str, Any] = {
        "state": policy.STATE_AFTER[said.decision], "decided_by_id": by.actor.person_id,
        "decided_by_name": rules.signs_as(by.actor, by.right), "decided_at": by.at, "by_rule": dict(by.right.line),
        "opinion": said.opinion, "test_answers": dict(said.tests),
        "conditions": [each.as_json() for each in said.conditions], "request_key": by.request_key,
        "amendment": dict(amendment or slot.amendment),
    }  # fmt: skip
    _take(slot, changes)
    for name, value in changes.items():
        setattr(slot, name, value)


def _take(slot: Slot, changes: Mapping[str, Any]) -> None:
    """The conditional update that lets only the first one in, even where the lock above is not there."""
    if not Slot.objects.filter(pk=slot.pk, state=SlotState.PENDING, digest=slot.digest).update(**changes):
        raise errors.StaleSlot


def _decided(slot: Slot, said: PartDecision) -> dict[str, Any]:
    return {
        "slot_id": slot.pk, "key": slot.key, "principal": slot.principal, "part": slot.part, "digest": slot.digest,
        "decision": str(said.decision), "opinion": said.opinion,
        "conditions": tuple(each.as_json() for each in said.conditions), "tests": dict(said.tests),
        "instead_of": slot.instead_of, "by_rule": dict(slot.by_rule), **amending.told(slot),
    }  # fmt: skip
