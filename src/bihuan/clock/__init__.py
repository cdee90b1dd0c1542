"""Working time: when a limit is over, how much of it has passed, and why. Pure Python: no Django, no tables.

`calendars` say when work goes on, `arithmetic` adds and counts, `cadences` repeat, `closing` ends days, `explaining`
turns a result into sentences, `asking` is the door of the command line.
"""

from bihuan.clock.arithmetic import Due, add, count_days, count_work, count_working_days, is_working
from bihuan.clock.calendars import Calendar, Postings, Schedule
from bihuan.clock.closing import close_on, explain_ahead, explain_close, explain_former, explain_named
from bihuan.clock.errors import ClockError
from bihuan.clock.explaining import Explanation, explain
from bihuan.clock.limits import Limit, Profile, Unit, parse_limit, profile_for
from bihuan.clock.official import Official, official
from bihuan.clock.shifts import Hours, Shift, parse_hours
from bihuan.clock.zones import Zone, zone

__all__ = [
    "Calendar",
    "ClockError",
    "Due",
    "Explanation",
    "Hours",
    "Limit",
    "Official",
    "Postings",
    "Profile",
    "Schedule",
    "Shift",
    "Unit",
    "Zone",
    "add",
    "close_on",
    "count_days",
    "count_work",
    "count_working_days",
    "explain",
    "explain_ahead",
    "explain_close",
    "explain_former",
    "explain_named",
    "is_working",
    "official",
    "parse_hours",
    "parse_limit",
    "profile_for",
    "zone",
]
