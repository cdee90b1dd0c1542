"""What happens to a sign-off. `state_of_signoff` is the state after the act, so that handlers need no query."""

from dataclasses import dataclass
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SignoffOpened(Fact):
    """`slots` are all slots; those named in `carried` keep the decision of the sign-off before."""

    name: ClassVar[str] = "approvals.signoff.opened"

    signoff_id: int
    route: str
    digest: str
    author_id: int | None
    slots: tuple[dict[str, Any], ...]
    carried: tuple[int, ...]
    previous_id: int | None
    superseded: bool
    state_of_signoff: str
    route_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SlotDecided(Fact):
    name: ClassVar[str] = "approvals.slot.decided"

    signoff_id: int
    route: str
    slot_id: int
    key: str
    principal: str
    part: str
    digest: str
    decision: str
    opinion: str
    conditions: tuple[dict[str, Any], ...]
    tests: dict[str, bool]
    state_of_signoff: str


@dataclass(frozen=True, kw_only=True)
class PartsDecided(Fact):
    """Several parts decided by one person in one act; each entry has the fields of `SlotDecided` about the slot."""

    name: ClassVar[str] = "approvals.parts.decided"

    signoff_id: int
    route: str
    decisions: tuple[dict[str, Any], ...]
    state_of_signoff: str


@dataclass(frozen=True, kw_only=True)
class SignoffVoided(Fact):
    name: ClassVar[str] = "approvals.signoff.voided"

    signoff_id: int
    route: str
    reason: str
    slots: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SlotsHandedOver(Fact):
    """Another person is asked in the place of who was named; `before` and `after` are principals."""

    name: ClassVar[str] = "approvals.slots.handed_over"

    signoff_id: int
    route: str
    slots: tuple[int, ...]
    before: str
    after: str
    reason: str
