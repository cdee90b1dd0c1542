"""What can happen to a feed, whose secret stands in no fact, and to the deadlines under a calendar."""

from dataclasses import dataclass
from typing import ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FeedIssued(Fact):
    """Somebody let a calendar program read what he may read."""

    name: ClassVar[str] = "agenda.feed.issued"
    feed_id: int
    kind: str
    department_id: int | None
    collaboration_id: int | None
    prefix: str


@dataclass(frozen=True, kw_only=True)
class FeedRotated(Fact):
    """The feed has another address; the one before opens nothing."""

    name: ClassVar[str] = "agenda.feed.rotated"
    feed_id: int
    before: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class FeedRevoked(Fact):
    name: ClassVar[str] = "agenda.feed.revoked"
    feed_id: int
    prefix: str


@dataclass(frozen=True, kw_only=True)
class RecountBegun(Fact):
    """A calendar changed: `expected` running deadlines will move, as whoever changed it was shown (`preview`)."""

    name: ClassVar[str] = "agenda.recount.begun"
    recount_id: int
    site_id: int | None
    reason: str
    expected: int
    preview: str


@dataclass(frozen=True, kw_only=True)
class RecountFinished(Fact):
    name: ClassVar[str] = "agenda.recount.finished"
    recount_id: int
    counted: int
    moved: int
