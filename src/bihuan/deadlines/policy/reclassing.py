"""What another class of its matter makes of an instant that is counted (domain Q3, Q12)."""

from dataclasses import replace
from datetime import datetime

from bihuan.clock import Due, Schedule
from bihuan.deadlines.policy.counting import Counting, due_of

Found = tuple[Counting, Due]


def anew(
    wanted: Counting, due_at: datetime, at: datetime, schedule: Schedule, *, urgent: bool, has_stood: bool = False
) -> Found | None:
    """The limit of the class that a matter has from now on, counted from where the clock began; None where the instant
    stays as it is.

    Becoming urgent gives nobody more time: the earlier of both holds (Q12), and what would be over already is counted
    from now (Q3), so that nobody is late before he was told. Becoming calmer gives the whole limit, but undoes no
    breach, and gives nothing to a clock that stood still before (`has_stood`).
    """
    if urgent:
        found = wanted, due_of(wanted, schedule)
        if found[1].at < at:
            later = replace(wanted, start=at)
            found = later, due_of(later, schedule)
        return found if found[1].at < due_at else None
    if due_at < at or has_stood:
        return None
    due = due_of(wanted, schedule)
    return (wanted, due) if due.at >= at else None
