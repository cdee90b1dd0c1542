"""Deciding on several papers in one go: each is decided or refused for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bihuan.approvals import policy, queries
from bihuan.approvals.enums import Decision, SlotState
from bihuan.approvals.models import Slot
from bihuan.approvals.operations import recording
from bihuan.approvals.operations.deciding import PartDecision, decide, decide_many
from bihuan.approvals.policy import Condition
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import DomainError, NotFound
from bihuan.kernel.findings import Finding, error

BATCH_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """What is said to one slot, on the digest that was shown of it.

    With `lines`, the same to each of these slots of its sign-off; the digest is then that of the whole.
    """

    slot_id: int
    seen_digest: str
    decision: Decision
    opinion: str = ""
    conditions: tuple[Condition, ...] = ()
    tests: Mapping[str, bool] = field(default_factory=dict)
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How one choice ended: the state of its slot, or why nothing of it was written."""

    slot_id: int
    state: SlotState | None
    refusal: DomainError | None = None


def decide_each(choices: Sequence[Choice], *, request_key: str = "", actor: Actor, at: datetime) -> list[Answer]:
    """Decide on each choice as `decide` or `decide_many` would; answers in the order of the choices.

    One that is refused leaves the others alone: each is a transaction, and a fact, of its own. Sent again with the same
    `request_key` it answers the same and writes nothing. Raises `Refused`, before anything is decided, for no choice at
    all, more than a hundred, and a slot that is named twice.
    """
    recording.refuse(_findings(choices))
    slots = queries.slots_for(actor, [choice.slot_id for choice in choices], at)
    answers = {
        choice.slot_id: _answer(choice, slots.get(choice.slot_id), request_key, actor, at)
        for choice in sorted(choices, key=lambda choice: _place(slots.get(choice.slot_id)))
    }
    return [answers[choice.slot_id] for choice in choices]


def _place(slot: Slot | None) -> tuple[str, int]:
    """Chains are taken in one order by everybody, as `ledger.lock_chains` does."""
    return (slot.signoff.root_kind, slot.signoff.root_id) if slot else ("", 0)


def _answer(choice: Choice, slot: Slot | None, request_key: str, actor: Actor, at: datetime) -> Answer:
    try:
        if slot is None:
            raise NotFound
        return Answer(slot.pk, _decide(choice, slot, request_key, actor, at))
    except DomainError as refusal:
        return Answer(choice.slot_id, None, refusal)


def _decide(choice: Choice, slot: Slot, request_key: str, actor: Actor, at: datetime) -> SlotState:
    if not choice.lines:
        decided = decide(
            slot, decision=choice.decision, opinion=choice.opinion, conditions=choice.conditions, tests=choice.tests,
            seen_digest=choice.seen_digest, request_key=request_key, actor=actor, at=at,
        )  # fmt: skip
        return SlotState(decided.state)
    said = [PartDecision(pk, choice.decision, choice.opinion, choice.conditions, choice.tests) for pk in choice.lines]
    decide_many(
        slot.signoff, decisions=said, seen_digest=choice.seen_digest, request_key=request_key, actor=actor, at=at
    )
    return policy.STATE_AFTER[choice.decision]


def _findings(choices: Sequence[Choice]) -> list[Finding]:
    if not choices:
        return [error("approvals.nothing_chosen", "decisions")]
    if len(choices) > BATCH_LIMIT:
        return [error("approvals.too_many_chosen", "decisions", limit=BATCH_LIMIT)]
    if len({choice.slot_id for choice in choices}) < len(choices):
        return [error("approvals.decided_twice", "decisions")]
    return []
