"""When a channel may speak: the hours of the receiver, by the clock of the site. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bihuan.kernel.findings import Finding, error
from bihuan.notifications.enums import Urgency

SHORTEST = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """From when until when somebody is reached on each day, and where the clock hangs."""

    opens: time
    closes: time
    zone: ZoneInfo

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.closes, self.zone)


def speaks_at(urgency: Urgency, at: datetime, reach: Reach) -> datetime:
    """When a channel may tell it. What is urgent, now; the rest within the hours; digests when the next day opens.

    No due instant moves by this: only the telling waits (domain.md §4.3).
    """
    if urgency is Urgency.URGENT:
        return at
    today = at.astimezone(reach.zone).date()
    if urgency is Urgency.NORMAL and reach.opening(today) <= at < reach.closing(today):
        return at
    opening = reach.opening(today)
    return opening if at < opening else reach.opening(today + DAY)


def findings_of_hours(opens: time | None, closes: time | None) -> list[Finding]:
    """Both are said, and there is at least an hour between them on the same day."""
    if opens is None or closes is None:
        return [error("notifications.hours_unreadable", "opens" if opens is None else "closes")]
    span = _since_midnight(closes) - _since_midnight(opens)
    return [] if span >= SHORTEST else [error("notifications.hours_too_short", "closes")]


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
