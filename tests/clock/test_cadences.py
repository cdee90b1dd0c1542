"""What comes round: AS11, AS26, Q9, Q10."""

from datetime import date, datetime, time

import pytest

from bihuan.clock import Calendar, ClockError, official, parse_hours, zone
from bihuan.clock.cadences import (
    close_of_nth_working_day,
    daily,
    every_second_day,
    nth_working_day,
    place_in_month,
    weekly,
)

OFFICE = Calendar(zone("Asia/Shanghai"), parse_hours("09:00-12:00,13:00-18:00"), official("CN"))


def said(instant: datetime | None) -> str | None:
    return instant and instant.isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (date(2026, 9, 21), "2026-09-24T17:00+08:00"),  # Friday is Mid-Autumn
        (date(2026, 9, 28), "2026-09-30T17:00+08:00"),
        (date(2026, 10, 5), "2026-10-09T17:00+08:00"),  # although Saturday is worked
        (date(2026, 10, 11), "2026-10-09T17:00+08:00"),  # any day of the week means the week
        (date(2026, 2, 16), None),  # nobody works
        (date(2026, 11, 16), "2026-11-20T17:00+08:00"),
    ],
)
def test_the_weekly_update_is_due_on_the_last_working_day_up_to_friday(week, expected):
    assert said(weekly(OFFICE, week)) == expected


def test_another_weekday_and_hour_can_be_agreed():
    assert said(weekly(OFFICE, date(2026, 11, 16), weekday=2, at=time(12, 0))) == "2026-11-18T12:00+08:00"


def test_a_daily_update_rests_with_the_people_unless_it_is_urgent():
    assert said(daily(OFFICE, date(2026, 11, 20))) == "2026-11-20T17:00+08:00"
    assert daily(OFFICE, date(2026, 11, 21)) is None
    assert said(daily(OFFICE, date(2026, 10, 10))) == "2026-10-10T17:00+08:00"
    assert said(daily(OFFICE, date(2026, 11, 21), urgent=True)) == "2026-11-21T17:00+08:00"


def test_every_second_day_counts_days_worked():
    days = [date(2026, 11, day) for day in range(18, 27)]
    due = [day.day for day in days if every_second_day(OFFICE, day, first=date(2026, 11, 19))]
    assert due == [19, 23, 25]


def test_the_nth_working_day_of_a_month_knows_its_holidays():
    assert said(close_of_nth_working_day(OFFICE, year=2026, month=10, number=3)) == "2026-10-10T18:00+08:00"
    assert said(close_of_nth_working_day(OFFICE, year=2026, month=10, number=5)) == "2026-10-13T18:00+08:00"
    assert nth_working_day(OFFICE, year=2026, month=10, number=-1) == date(2026, 10, 30)
    assert place_in_month(OFFICE, date(2026, 10, 10)) == 3
    assert place_in_month(OFFICE, date(2026, 10, 11)) == 0


@pytest.mark.parametrize("number", [0, 24, -24])
def test_a_month_has_no_more_working_days_than_it_has(number):
    with pytest.raises(ClockError) as caught:
        nth_working_day(OFFICE, year=2026, month=11, number=number)
    assert caught.value.code == "clock.month_too_short"
