"""A day that somebody typed is over at close of business of the place, and never moves (domain §4.1, §4.2 T21, T38)."""

from datetime import UTC, date, timedelta

import pytest

from bihuan.clock import (
    Calendar,
    ClockError,
    Postings,
    add,
    close_on,
    explain_ahead,
    explain_close,
    explain_named,
    official,
    parse_hours,
    parse_limit,
    zone,
)
from bihuan.clock.days import DayKind, SpecialDay
from bihuan.clock.shifts import parse_shifts

FRIDAY_SHORT = parse_hours("Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-12:00,13:00-16:30")
OFFICE = Calendar(zone("Asia/Shanghai"), FRIDAY_SHORT, official("CN"), make_up_as=4)
EVE = ("圣诞夜", "Heiligabend")
BERLIN = Calendar(
    zone("Europe/Berlin"),
    parse_hours("08:00-12:00,13:00-17:00"),
    official("DE"),
    special={date(2026, 12, 24): SpecialDay(DayKind.HALF_DAY, EVE, shifts=parse_shifts("08:00-12:00"))},
    place="柏林",
)
LATE = Calendar(zone("Asia/Shanghai"), parse_hours("Mon-Fri 16:00-24:00"), official("CN"))


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        (OFFICE, date(2026, 11, 19), "2026-11-19T18:00+08:00"),
        (OFFICE, date(2026, 11, 20), "2026-11-20T16:30+08:00"),  # Friday ends earlier
        (OFFICE, date(2026, 10, 10), "2026-10-10T16:30+08:00"),  # Saturday made up with the hours of a Friday
        (OFFICE, date(2026, 11, 21), "2026-11-21T18:00+08:00"),  # a Saturday: the latest hour of the week
        (OFFICE, date(2026, 10, 2), "2026-10-02T16:30+08:00"),  # National Day on a Friday: as on Fridays
        (OFFICE, date(2028, 2, 29), "2028-02-29T18:00+08:00"),
        (OFFICE, date(2026, 12, 31), "2026-12-31T18:00+08:00"),
        (BERLIN, date(2026, 12, 24), "2026-12-24T12:00+01:00"),
        (BERLIN, date(2026, 12, 25), "2026-12-25T17:00+01:00"),
        (BERLIN, date(2026, 10, 23), "2026-10-23T17:00+02:00"),  # the clocks go back two days later
        (BERLIN, date(2026, 10, 26), "2026-10-26T17:00+01:00"),
        (LATE, date(2026, 11, 19), "2026-11-20T00:00+08:00"),  # open until midnight
    ],
)
def test_a_typed_day_is_over_at_close_of_business_there(calendar, day, expected):
    assert close_on(calendar, day).isoformat(timespec="minutes") == expected


def test_who_is_lent_is_judged_by_the_calendar_of_that_day():
    lent = Postings([(date(1900, 1, 1), OFFICE), (date(2026, 12, 1), BERLIN)])
    assert [close_on(lent, day).isoformat(timespec="minutes") for day in (date(2026, 11, 30), date(2026, 12, 1))] == [
        "2026-11-30T18:00+08:00", "2026-12-01T17:00+01:00",
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2201, 1, 1), date.max, date.min])
def test_a_day_out_of_reach_is_refused(day):
    with pytest.raises(ClockError) as refused:
        close_on(OFFICE, day)
    assert refused.value.code == "clock.out_of_reach"


@pytest.mark.parametrize(
    ("calendar", "day", "zh", "en"),
    [
        (
            OFFICE, date(2026, 11, 20),
            "所定的日子：2026年11月20日 周五 → 16:30，上海下班时",
            "the day that was named: Fri 20 Nov 2026 → 16:30, close of business in Shanghai",
        ),
        (
            BERLIN, date(2026, 12, 24),
            "所定的日子：2026年12月24日 周四 → 12:00，柏林下班时；12月24日 周四按当天另定的时间上班（圣诞夜）",
            (
                "the day that was named: Thu 24 Dec 2026 → 12:00, close of business in 柏林; "
                "Thu 24 Dec is worked with hours of its own (Heiligabend)"
            ),
        ),
        (
            OFFICE, date(2026, 11, 21),
            (
                "所定的日子：2026年11月21日 周六 → 18:00，上海下班时；周六在上海不是工作日；"
                "所定的日子不顺延，按上海平时下班的时间"
            ),
            (
                "the day that was named: Sat 21 Nov 2026 → 18:00, close of business in Shanghai; "
                "Saturday is no working day in Shanghai; "
                "a day that was named stays, so it is the hour at which Shanghai usually closes"
            ),
        ),
    ],
)  # fmt: skip
def test_how_its_instant_came_about_is_said_in_both_languages(calendar, day, zh, en):
    assert explain_close(calendar, day) == {"zh-hans": zh, "en": en}


def test_a_place_that_closes_at_midnight_closes_on_that_day():
    told = explain_close(LATE, date(2026, 11, 19))
    assert told["en"] == "the day that was named: Thu 19 Nov 2026 → 24:00, close of business in Shanghai"
    assert told["zh-hans"] == "所定的日子：2026年11月19日 周四 → 24:00，上海下班时"


def test_an_instant_of_its_own_was_named_by_people():
    instant = close_on(OFFICE, date(2026, 11, 20)).astimezone(UTC)
    assert explain_named(BERLIN, instant) == {
        "zh-hans": "由人约定：2026年11月20日 周五 09:30（柏林）；日历不移动它",
        "en": "named by people: Fri 20 Nov 2026 09:30 in 柏林; no calendar moves it",
    }


def test_so_long_ahead_of_what_was_promised():
    promised = add(OFFICE, close_on(OFFICE, date(2026, 11, 19)) - timedelta(hours=4), parse_limit("4h"))
    assert explain_ahead(OFFICE, promised) == {
        "zh-hans": "约定的时点 2026年11月19日 周四 18:00 之前 4 小时 → 11月19日 周四 14:00（上海）",
        "en": "4 hours ahead of the promised Thu 19 Nov 2026 18:00 → Thu 19 Nov 14:00 in Shanghai",
    }
