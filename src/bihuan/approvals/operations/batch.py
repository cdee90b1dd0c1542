"""Answering several papers in one go: each is decided, sent back or left alone for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bihuan.approvals import errors, policy, queries
from bihuan.approvals.enums import Decision, SlotState
from bihuan.approvals.models import Slot
from bihuan.approvals.operations import recording
from bihuan.approvals.operations.deciding import decide, decide_many
from bihuan.approvals.operations.returning import return_to
from bihuan.approvals.policy import Condition, PartDecision
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
class SendBack:
    """Instead of a decision: back to an earlier step, or to the author (0), with the digest as in `Choice`."""

    slot_id: int
    seen_digest: str
    reason: str
    to_step: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """How one choice ended: the state of its slot, or why nothing of it was written."""

    slot_id: int
    state: SlotState | None
    refusal: DomainError | None = None
    is_returned: bool = False


def decide_each(
    choices: Sequence[Choice | SendBack], *, request_key: str = "", actor: Actor, at: datetime
) -> list[Answer]:
    """Answer each choice as `decide`, `decide_many` or `return_to` would; answers in the order of the choices.

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


def _answer(choice: Choice | SendBack, slot: Slot | None, request_key: str, actor: Actor, at: datetime) -> Answer:
    try:
        if slot is None:
            raise NotFound
        if isinstance(choice, SendBack):
            return Answer(slot.pk, _send_back(choice, slot, request_key, actor, at), is_returned=True)
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


def _send_back(choice: SendBack, slot: Slot, request_key: str, actor: Actor, at: datetime) -> SlotState:
    if choice.seen_digest != (slot.signoff.digest if slot.part else slot.digest):
        raise errors.StaleSlot
    return_to(slot, to_step=choice.to_step, reason=choice.reason, request_key=request_key, actor=actor, at=at)
    slot.refresh_from_db(fields=["state"])
    return SlotState(slot.state)


def _findings(choices: Sequence[Choice | SendBack]) -> list[Finding]:
    if not choices:
        return [error("approvals.nothing_chosen", "decisions")]
    if len(choices) > BATCH_LIMIT:
        return [error("approvals.too_many_chosen", "decisions", limit=BATCH_LIMIT)]
    if len({choice.slot_id for choice in choices}) < len(choices):
        return [error("approvals.decided_twice", "decisions")]
    return []
