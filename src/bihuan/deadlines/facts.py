"""What happens to deadlines. Instants are ISO text in UTC."""

from dataclasses import dataclass
from typing import Any, ClassVar

from bihuan.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DeadlinesStarted(Fact):
    """Somebody is to act by an instant; each of `deadlines` says who, by which rule, from when and until when."""

    name: ClassVar[str] = "deadlines.deadlines.started"

    rule: str
    deadlines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class DeadlinesKept(Fact):
    """What was owed is done; each of `deadlines` with its lateness in minutes, nought when in time."""

    name: ClassVar[str] = "deadlines.deadlines.kept"

    deadlines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class DeadlinesMissed(Fact):
    """What was owed was never done, and it is too late to do it."""

    name: ClassVar[str] = "deadlines.deadlines.missed"

    deadlines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class DeadlinesCancelled(Fact):
    name: ClassVar[str] = "deadlines.deadlines.cancelled"

    deadlines: tuple[dict[str, Any], ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeadlinesMoved(Fact):
    """Other instants than before, and why: another day was agreed, or the calendar changed."""

    name: ClassVar[str] = "deadlines.deadlines.moved"

    deadlines: tuple[dict[str, Any], ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeadlinesReclassed(Fact):
    """The matter is more or less urgent: limit and instant of each of `deadlines` before and by its new class."""

    name: ClassVar[str] = "deadlines.deadlines.reclassed"

    deadlines: tuple[dict[str, Any], ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeadlinesHandedOver(Fact):
    """Somebody else owes it; `before` and `after` in each of `deadlines` are principals."""

    name: ClassVar[str] = "deadlines.deadlines.handed_over"

    deadlines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class DeadlineWarned(Fact):
    """A rung of the ladder was reached."""

    name: ClassVar[str] = "deadlines.deadline.warned"

    deadline_id: int
    rule: str
    owner: str
    what: str
    level: int
    due_at: str


@dataclass(frozen=True, kw_only=True)
class DeadlinePaused(Fact):
    name: ClassVar[str] = "deadlines.deadline.paused"

    deadline_id: int
    rule: str
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeadlineResumed(Fact):
    name: ClassVar[str] = "deadlines.deadline.resumed"

    deadline_id: int
    rule: str
    what: str
    due_before: str
    due_at: str
    paused_minutes: int


@dataclass(frozen=True, kw_only=True)
class ClocksStopped(Fact):
    """The matter rests, and with it every clock of it that is not urgent."""

    name: ClassVar[str] = "deadlines.clocks.stopped"

    deadlines: tuple[dict[str, Any], ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClocksStarted(Fact):
    """The matter goes on: each of `deadlines` with its instant before and now."""

    name: ClassVar[str] = "deadlines.clocks.started"

    deadlines: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class ProfileChosen(Fact):
    """The company chose what an hour of a rule is, for what begins from now on; empty is the rule's own."""

    name: ClassVar[str] = "deadlines.profile.chosen"

    rule: str
    before: str
    after: str
