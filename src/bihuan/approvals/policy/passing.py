"""Whose turn it is, how a sign-off ends and what is carried into the next version, on plain values.

Slots of one step that are asked about the same part under the same rule are a group. Of a group at least `need` must
sign, or all of it; a sign-off goes on to the next step when every group of the step has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bihuan.approvals.enums import SIGNED, UNANSWERED, SignoffState, SlotState

Group = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A slot as the outcome sees it. `need` is how many of its group must sign, 0 for all who are asked."""

    step: int
    state: SlotState
    part: str = ""
    group: str = ""
    need: int = 0
    vetoes: bool = False

    @property
    def place(self) -> Group:
        return self.step, self.group, self.part


def verdict(group: Sequence[Standing]) -> SignoffState:
    """How one group stands: enough have signed, too few are left who could, or it is open.

    A refusal by somebody with a veto refuses it, whatever the others said. A group in which nobody is asked any more
    does not pass: silence is no consent.
    """
    asked = [slot for slot in group if slot.state is not SlotState.VOID]
    needed = max(1, group[0].need or len(asked))
    signed = sum(slot.state in SIGNED for slot in asked)
    if any(slot.vetoes and slot.state is SlotState.REFUSED for slot in asked):
        return SignoffState.REFUSED
    if signed >= needed:
        return SignoffState.APPROVED
    possible = signed + sum(slot.state in UNANSWERED for slot in asked)
    return SignoffState.OPEN if possible >= needed else SignoffState.REFUSED


def verdicts(slots: Iterable[Standing]) -> dict[Group, SignoffState]:
    groups: dict[Group, list[Standing]] = {}
    for slot in slots:
        groups.setdefault(slot.place, []).append(slot)
    return {place: verdict(group) for place, group in groups.items()}


def turn(slots: Iterable[Standing]) -> int | None:
    """The step that is up: the first one not wholly signed, or None when all are."""
    return _turn(verdicts(slots))


def _turn(stand: dict[Group, SignoffState]) -> int | None:
    return min((step for (step, _, _), state in stand.items() if state is not SignoffState.APPROVED), default=None)


def is_decidable(slot: Standing, slots: Iterable[Standing]) -> bool:
    """A slot may be decided while it is pending, every earlier step is signed, and its own group still needs it."""
    return slot.state is SlotState.PENDING and slot.place in groups_up(slots)


def groups_up(slots: Iterable[Standing]) -> frozenset[Group]:
    """The groups whose pending slots may be decided now. One that is refused still hears the others."""
    stand = verdicts(slots)
    step = _turn(stand)
    return frozenset(place for place, state in stand.items() if place[0] == step and state is not SignoffState.APPROVED)


def groups_passed(slots: Iterable[Standing]) -> frozenset[Group]:
    """The groups that need nobody any more; who has not answered there is released."""
    return frozenset(place for place, state in verdicts(slots).items() if state is SignoffState.APPROVED)


def steps_reached(slots: Iterable[Standing]) -> tuple[frozenset[str], frozenset[str]]:
    """The steps of the route whose turn has come, and those that have been passed, by the names of their groups.

    A step whose offices sign one after another is several; its turn comes with the first, it is passed with the last.
    """
    stand = verdicts(slots)
    now = _turn(stand)
    asked = {group for step, group, _part in stand if now is None or step <= now}
    open_ones = {group for (_step, group, _part), state in stand.items() if state is not SignoffState.APPROVED}
    return frozenset(asked), frozenset({group for _step, group, _part in stand} - open_ones)


def outcome(slots: Sequence[Standing], *, by_part: bool) -> SignoffState:
    """How the sign-off stands: approved when every group of every step has passed.

    A refused group refuses a whole subject at once. Line by line it waits until nobody can decide any more line, so
    that the author hears all objections together, and has answered every amendment.
    """
    stand = verdicts(slots)
    if _turn(stand) is None:
        return SignoffState.APPROVED
    if not any(state is SignoffState.REFUSED for state in stand.values()):
        return SignoffState.OPEN
    if by_part:
        up = groups_up(slots)
        if any(slot.state in UNANSWERED and slot.place in up for slot in slots):
            return SignoffState.OPEN
    return SignoffState.REFUSED


def is_carried(*, state: SlotState, same_digest: bool, decided_by: int | None, author_id: int | None) -> bool:
    """An approval of an unchanged part holds for the next version, unless its signer wrote that version."""
    return state in SIGNED and same_digest and decided_by != author_id


def state_in_next(
    before: SlotState, *, same_digest: bool, is_as_amended: bool, decided_by: int | None, author_id: int | None
) -> SlotState:
    """How a party stands to a line in the next version. Who wanted the text that it says now agrees to it; who wants
    another one for an unchanged line still waits for the answer; who agreed to an unchanged line still does."""
    if before is SlotState.AMENDED and decided_by != author_id:
        return SlotState.APPROVED if is_as_amended else SlotState.AMENDED if same_digest else SlotState.PENDING
    is_kept = is_carried(state=before, same_digest=same_digest, decided_by=decided_by, author_id=author_id)
    return before if is_kept else SlotState.PENDING
