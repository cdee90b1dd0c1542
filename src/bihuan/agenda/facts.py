"""What can happen to a feed. Its secret stands in no fact."""

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
