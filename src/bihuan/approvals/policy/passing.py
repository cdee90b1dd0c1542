"""Whose turn it is, how a sign-off ends and what is carried into the next version, on plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bihuan.approvals.enums import SIGNED, SignoffState, SlotState


@dataclass(frozen=True, slots=True)
class Standing:
    """A slot as the outcome sees it."""

    step: int
    state: SlotState


def turn(slots: Iterable[Standing]) -> int | None:
    """The step that is up: the first one not wholly signed, or None when all are."""
    return min((slot.step for slot in slots if slot.state not in SIGNED), default=None)


def is_decidable(slot: Standing, slots: Iterable[Standing]) -> bool:
    """A slot may be decided while it is pending and every earlier step is signed."""
    return slot.state is SlotState.PENDING and turn(slots) == slot.step


def outcome(slots: Sequence[Standing], *, by_part: bool) -> SignoffState:
    """How the sign-off stands (会签: all must sign).

    One refusal refuses a whole subject at once. Line by line it waits until nobody can decide any more line, so that
    the author hears all objections together.
    """
    if turn(slots) is None:
        return SignoffState.APPROVED
    if not any(slot.state is SlotState.REFUSED for slot in slots):
        return SignoffState.OPEN
    if by_part and any(is_decidable(slot, slots) for slot in slots):
        return SignoffState.OPEN
    return SignoffState.REFUSED


def is_carried(*, state: SlotState, same_digest: bool, decided_by: int | None, author_id: int | None) -> bool:
    """An approval of an unchanged part holds for the next version, unless its signer wrote that version."""
    return state in SIGNED and same_digest and decided_by != author_id
