"""Where the year turns, on leap days, and where the clocks are changed: named cases beside the oracle."""

from datetime import date, datetime

import pytest

from bihuan.clock import (
    Calendar,
    Official,
    Profile,
    add,
    count_days,
    count_work,
    count_working_days,
    official,
    parse_hours,
    parse_limit,
    zone,
)
from bihuan.clock.days import DayKind, SpecialDay

USUAL = parse_hours("09:00-12:00,13:00-18:00")
SHANGHAI = Calendar(zone("Asia/Shanghai"), USUAL, official("CN"))
BERLIN = Calendar(zone("Europe/Berlin"), USUAL, official("DE"))
PUBLISHED = Calendar(  # as if the year 2028 were published, with the leap day off and the Saturday before made up
    zone("Asia/Shanghai"), USUAL,
    Official("CN", {
        date(2028, 2, 29): SpecialDay(DayKind.HOLIDAY, ("闰日", "leap day")),
        date(2028, 2, 26): SpecialDay(DayKind.MAKE_UP, ("闰日", "leap day")),
    }, frozenset({2028})),
)  # fmt: skip
AWARE = Profile.WORK_AWARE


@pytest.mark.parametrize(
    ("calendar", "start", "limit", "profile", "due", "provisional"),
    [
        # leap day; elapsed hours hang on no calendar
        (SHANGHAI, "2028-02-28T10:00", "1d", None, "2028-02-29T18:00+08:00", True),
        (SHANGHAI, "2028-02-28T10:00", "2wd", None, "2028-03-01T18:00+08:00", True),
        (SHANGHAI, "2028-02-28T17:30", "24h", None, "2028-02-29T17:30+08:00", False),
        (SHANGHAI, "2028-02-28T17:30", "24h", AWARE, "2028-02-29T17:30+08:00", True),
        (SHANGHAI, "2028-02-29T10:00", "365d", None, "2029-02-28T18:00+08:00", True),
        (SHANGHAI, "2027-02-28T10:00", "1d", None, "2027-03-01T18:00+08:00", True),  # no leap year
        (PUBLISHED, "2028-02-25T10:00", "2wd", None, "2028-02-28T18:00+08:00", False),
        (PUBLISHED, "2028-02-28T17:00", "2wh", None, "2028-03-01T10:00+08:00", False),
        (PUBLISHED, "2028-02-28T17:00", "24h", AWARE, "2028-03-01T17:00+08:00", False),
        # the year turns
        (SHANGHAI, "2025-12-31T17:30", "2wh", None, "2026-01-04T10:30+08:00", False),  # Sunday 4 January is made up
        (SHANGHAI, "2025-12-31T23:30", "1h", None, "2026-01-01T00:30+08:00", False),
        (SHANGHAI, "2025-12-30T10:00", "2wd", None, "2026-01-04T18:00+08:00", False),
        (SHANGHAI, "2025-12-31T16:00", "24h", AWARE, "2026-01-04T16:00+08:00", False),
        (SHANGHAI, "2025-12-31T10:00", "1d", None, "2026-01-01T18:00+08:00", False),
        (SHANGHAI, "2026-12-31T17:00", "2wh", None, "2027-01-04T10:00+08:00", True),
        (SHANGHAI, "2026-12-31T16:00", "2wh", None, "2026-12-31T18:00+08:00", False),  # ends with the shift
        (BERLIN, "2026-12-31T17:00", "1wd", None, "2027-01-04T18:00+01:00", False),
        # the clocks are changed
        (BERLIN, "2026-03-28T02:30", "24h", None, "2026-03-29T03:30+02:00", False),
        (BERLIN, "2026-10-24T02:30", "25h", None, "2026-10-25T02:30+01:00", False),
        (BERLIN, "2026-03-27T17:00", "2wh", None, "2026-03-30T10:00+02:00", False),
        (BERLIN, "2026-10-23T17:00", "2wh", None, "2026-10-26T10:00+01:00", False),
        (BERLIN, "2026-10-23T16:00", "24h", AWARE, "2026-10-26T16:00+01:00", False),
        (BERLIN, "2026-10-23T16:00", "3d", None, "2026-10-26T18:00+01:00", False),
    ],
)
def test_it_is_due_then_and_counting_back_finds_the_limit(calendar, start, limit, profile, due, provisional):
    began = datetime.fromisoformat(start).replace(tzinfo=calendar.zone.info)
    asked = parse_limit(limit)
    found = add(calendar, began, asked, profile or Profile.LITERAL)
    assert (found.at.isoformat(timespec="minutes"), found.provisional) == (due, provisional)
    if asked.unit == "wd":
        assert count_working_days(calendar, began, found.at) == asked.days
    elif asked.unit == "d":
        assert count_days(calendar, began, found.at) == asked.days
    elif asked.unit == "wh":
        assert count_work(calendar, began, found.at).total_seconds() == float(asked.amount) * 3600
