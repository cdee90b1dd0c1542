"""What happens to a sign-off. `state_of_signoff` is the state after the act, so that handlers need no query."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SignoffOpened(Fact):
    """`slots` are all slots; those in `carried` keep the decision of the sign-off before, those in `vacant` wait
    for an office that nobody holds."""

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
    vacant: tuple[int, ...] = ()
    copies_due: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class SlotDecided(Fact):
    """`instead_of` is the office in whose place somebody signed, `by_rule` the line by which a deputy did; `amendment`
    the text wanted for the line, with its digest (AMEND)."""

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
    instead_of: str = ""
    by_rule: dict[str, Any] = field(default_factory=dict)
    amendment: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PartsDecided(Fact):
    """Several parts decided by one person in one act; each entry has the fields of `SlotDecided` about the slot."""

    name: ClassVar[str] = "approvals.parts.decided"

    signoff_id: int
    route: str
    decisions: tuple[dict[str, Any], ...]
    state_of_signoff: str


@dataclass(frozen=True, kw_only=True)
class AmendmentDeclined(Fact):
    """The author keeps the line as it is; the party (`key`) is asked again. `amended` is the digest it wanted."""

    name: ClassVar[str] = "approvals.amendment.declined"

    signoff_id: int
    route: str
    slot_id: int
    key: str
    part: str
    digest: str
    amended: str
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AmendmentTaken(Fact):
    """The author takes it over: the next version says what the party wanted, which thereby agrees to the line."""

    name: ClassVar[str] = "approvals.amendment.taken"

    signoff_id: int
    route: str
    slot_id: int
    key: str
    part: str
    digest: str
    amended: str
    what: str


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


@dataclass(frozen=True, kw_only=True)
class OfficeVacated(Fact):
    """Nobody holds an office any more that is asked; `empty` is what the route says, `after` who is asked now."""

    name: ClassVar[str] = "approvals.office.vacated"

    signoff_id: int
    route: str
    slots: tuple[int, ...]
    office: str
    label: str
    empty: str
    after: str


@dataclass(frozen=True, kw_only=True)
class SlotsPlaced(Fact):
    """The machine asks a deputy or a superior in the place of who is away, or the office again; `why` is `Moved`.

    `rule` is the line by which a deputy is asked.
    """

    name: ClassVar[str] = "approvals.slots.placed"

    signoff_id: int
    route: str
    slots: tuple[int, ...]
    before: str
    after: str
    why: str
    rule: dict[str, Any]
    reason: str


@dataclass(frozen=True, kw_only=True)
class SlotsTransferred(SlotsHandedOver):
    """Who was asked passed it on for good (转办)."""

    name: ClassVar[str] = "approvals.slots.transferred"


@dataclass(frozen=True, kw_only=True)
class SlotsConsulted(SlotsHandedOver):
    """Who is asked wants somebody's advice first (委派); the decision stays with `before`."""

    name: ClassVar[str] = "approvals.slots.consulted"


@dataclass(frozen=True, kw_only=True)
class SlotsGivenBack(SlotsHandedOver):
    """The advice was given, or is no longer waited for: `after` is asked again. `reason` is the advice."""

    name: ClassVar[str] = "approvals.slots.given_back"


@dataclass(frozen=True, kw_only=True)
class SignerAdded(Fact):
    """Somebody who is asked wants another signature (加签), `where` BEFORE or AFTER his own."""

    name: ClassVar[str] = "approvals.signer.added"

    signoff_id: int
    route: str
    slots: tuple[int, ...]
    beside: tuple[int, ...]
    where: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SignerRemoved(Fact):
    """A signature that somebody added is not wanted any more (减签)."""

    name: ClassVar[str] = "approvals.signer.removed"

    signoff_id: int
    route: str
    slots: tuple[int, ...]
    before: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DecisionTakenBack(Fact):
    """Who signed took it back before anybody followed; what he had said stands in the fact of his decision."""

    name: ClassVar[str] = "approvals.decision.taken_back"

    signoff_id: int
    route: str
    slots: tuple[int, ...]
    key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SignoffReturned(Fact):
    """Sent back to an earlier step, whose signatures are asked again (`slots`), or to the author (`to_step` 0)."""

    name: ClassVar[str] = "approvals.signoff.returned"

    signoff_id: int
    route: str
    to_step: int
    slots: tuple[int, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class CopiesSent(Fact):
    """`by_route`: the route says so. `left_out` may not read what is secret, and got none."""

    name: ClassVar[str] = "approvals.copies.sent"

    signoff_id: int
    route: str
    person_ids: tuple[int, ...]
    by_route: bool = False
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Remarked(Fact):
    """A comment, a question or an answer beside a sign-off; `addressed` are the people it was written to."""

    name: ClassVar[str] = "approvals.remark.made"

    signoff_id: int
    route: str
    remark_id: int
    kind: str
    text: str
    addressed: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RoutePublished(Fact):
    """A text of a route is in force for what is opened from now on."""

    name: ClassVar[str] = "approvals.route.published"

    key: str
    version: int
    digest: str
    note: str
    text: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RouteRetired(Fact):
    name: ClassVar[str] = "approvals.route.retired"

    key: str


@dataclass(frozen=True, kw_only=True)
class RouteRestored(Fact):
    name: ClassVar[str] = "approvals.route.restored"

    key: str


MOVING = (SlotsHandedOver, SlotsPlaced, SlotsTransferred, SlotsConsulted, SlotsGivenBack)
"""Somebody else is asked from now on."""
AMENDING = (AmendmentDeclined, AmendmentTaken)
"""An amendment is answered."""
