"""What may be done with an open signature besides giving it, on plain values."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bihuan.approvals.enums import SIGNED, UNANSWERED, SlotState
from bihuan.kernel.findings import Finding, error

REASON_LIMIT = 500
TEXT_LIMIT = 2000
ADDED_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Seat:
    """A slot as the verbs see it. `is_added`: somebody put it in, for the sake of `beside`."""

    pk: int
    step: int
    place: tuple[int, str, str]
    state: SlotState
    waits_for: int | None = None
    is_added: bool = False
    is_carried: bool = False


def waiting(slots: Iterable[Seat]) -> frozenset[int]:
    """The slots that are held up by one that somebody put before them and that is not answered."""
    seats = list(slots)
    pending = {seat.pk for seat in seats if seat.state in UNANSWERED}
    return frozenset(seat.pk for seat in seats if seat.waits_for in pending)


def has_been_followed(seat: Seat, slots: Iterable[Seat]) -> bool:
    """Whether somebody after this signature has acted on it: a later step, or who waited for it."""
    decided = (SlotState.REFUSED, *SIGNED)
    return any(
        other.state in decided and not other.is_carried and (other.step > seat.step or other.waits_for == seat.pk)
        for other in slots
    )


def released_with(seat: Seat, slots: Iterable[Seat]) -> list[int]:
    """The slots that were asked no longer because this signature sufficed."""
    return [
        other.pk
        for other in slots
        if other.state is SlotState.VOID and other.place == seat.place and not other.is_added
    ]


def asked_again(to_step: int, slots: Iterable[Seat]) -> list[int]:
    """The slots that are open again when a sign-off goes back to a step: all from there on, but none taken out."""
    return [
        seat.pk
        for seat in slots
        if seat.step >= to_step
        and seat.state is not SlotState.PENDING
        and not (seat.is_added and seat.state is SlotState.VOID)
    ]


def findings_of_words(text: str, *, place: str, limit: int = REASON_LIMIT) -> list[Finding]:
    """Every verb says why, or what; never nothing."""
    if not text:
        return [error("approvals.words_missing", place)]
    return [error("approvals.words_too_long", place, limit=limit)] if len(text) > limit else []


def findings_of_step(to_step: int, now: int | None, steps: Collection[int]) -> list[Finding]:
    """Back means to the author (0) or to a step of this route before the one that is up."""
    if to_step == 0 or (to_step in steps and now is not None and to_step < now):
        return []
    return [error("approvals.not_an_earlier_step", "to_step")]
