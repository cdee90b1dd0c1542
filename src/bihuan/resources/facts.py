"""What can happen to a need."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class NeedsAsked(Fact):
    """A submitted form names what departments are asked for."""

    name: ClassVar[str] = "resources.needs.asked"
    form_code: str
    version: int
    created: tuple[int, ...]
    changed: tuple[int, ...]
    dropped: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class NeedFact(Fact):
    need_id: int
    what: str
    provider_id: int


@dataclass(frozen=True, kw_only=True)
class NeedAnswered(NeedFact):
    name: ClassVar[str] = "resources.need.answered"
    answer: str
    text: str
    offer: str
    named_person_id: int | None


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(NeedFact):
    name: ClassVar[str] = "resources.need.offer_accepted"
    offer: str


@dataclass(frozen=True, kw_only=True)
class NeedDropped(NeedFact):
    name: ClassVar[str] = "resources.need.dropped"
    reason: str


@dataclass(frozen=True, kw_only=True)
class NeedInPlace(NeedFact):
    name: ClassVar[str] = "resources.need.in_place"
    evidence: str


@dataclass(frozen=True, kw_only=True)
class NeedReleased(NeedFact):
    name: ClassVar[str] = "resources.need.released"


@dataclass(frozen=True, kw_only=True)
class NamedPersonChanged(NeedFact):
    """Another person is given in the place of who was promised."""

    name: ClassVar[str] = "resources.need.person_changed"
    before: int
    after: int
    reason: str
