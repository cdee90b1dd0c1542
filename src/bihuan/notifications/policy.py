"""When a channel may speak: the hours of the receiver on days worked, by the clock of the site. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bihuan.kernel.findings import Finding, error
from bihuan.notifications.enums import Urgency

SHORTEST = timedelta(hours=1)
DAY = timedelta(days=1)
LONGEST_REST = 31  # days; whoever rests longer is told all the same
Rests = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Reach:
    """From when until when somebody is reached on each day, where the clock hangs, who rests when."""

    opens: time
    closes: time
    zone: ZoneInfo
    rests: Rests

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes, self.zone)


def speaks_at(urgency: Urgency, at: datetime, reach: Reach, *, by: datetime | None = None) -> datetime:
    """When a channel may tell it. What is urgent, now; the rest within the hours of days worked; digests when the next
    of them opens. `by` is the instant after which it would be told in vain: then no day of rest is waited for.

    No due instant moves by this: only the telling waits (domain.md §4.3).
    """
    if urgency is Urgency.URGENT:
        return at
    told = _within_hours(urgency, at, reach, reach.rests)
    return told if by is None or told < by else _within_hours(urgency, at, reach, _never)


def _within_hours(urgency: Urgency, at: datetime, reach: Reach, rests: Rests) -> datetime:
    today = at.astimezone(reach.zone).date()
    if urgency is Urgency.NORMAL and not rests(today) and reach.opening(today) <= at < reach.closing(today):
        return at
    first = today if at < reach.opening(today) else today + DAY
    ahead = (first + timedelta(days=number) for number in range(LONGEST_REST))
    return reach.opening(next((day for day in ahead if not rests(day)), first))


def _never(_day: date) -> bool:
    return False


def findings_of_hours(opens: time | None, closes: time | None) -> list[Finding]:
    """Both are said, and there is at least an hour between them on the same day."""
    if opens is None or closes is None:
        return [error("notifications.hours_unreadable", "opens" if opens is None else "closes")]
    span = _since_midnight(closes) - _since_midnight(opens)
    return [] if span >= SHORTEST else [error("notifications.hours_too_short", "closes")]


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
