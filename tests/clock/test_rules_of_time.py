"""domain.md 4.1 and playbooks.md 3.9 by example: AS09, AS14, AS15, AS17 and their edges."""

from datetime import date, datetime

import pytest

from bihuan.clock import Calendar, ClockError, Profile, add, official, parse_hours, parse_limit, profile_for, zone
from bihuan.clock.asking import Question, answer
from bihuan.clock.days import DayKind, SpecialDay
from bihuan.clock.explaining import explain
from bihuan.clock.shifts import parse_shifts

LITERAL, WORK_AWARE = Profile.LITERAL, Profile.WORK_AWARE
BERLIN = {"zone": "Europe/Berlin", "country": "DE", "hours": "09:00-18:00"}


def due(start: str, limit: str, profile: Profile = LITERAL, **options: str) -> str:
    return answer(Question(start, limit, profile=profile, **options))[1].at.isoformat(timespec="minutes")


def office(hours: str = "09:00-12:00,13:00-18:00", **special: SpecialDay) -> Calendar:
    days = {date.fromisoformat(day.strip("_").replace("_", "-")): kind for day, kind in special.items()}
    return Calendar(zone("Asia/Shanghai"), parse_hours(hours), official("CN"), days)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def when(calendar: Calendar, start: str, limit: str, profile: Profile = LITERAL) -> str:
    return add(calendar, at(start), parse_limit(limit), profile).at.isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("start", "limit", "profile", "expected"),
    [
        ("2026-11-20T16:00", "24h", WORK_AWARE, "2026-11-23T16:00+08:00"),  # AS09
        ("2026-11-20T16:00", "24h", LITERAL, "2026-11-21T16:00+08:00"),
        ("2026-11-20T16:30", "2h", LITERAL, "2026-11-20T18:30+08:00"),  # AS14
        ("2026-11-20T16:30", "24h", LITERAL, "2026-11-21T16:30+08:00"),
        ("2026-11-20T16:30", "2h", WORK_AWARE, "2026-11-23T09:30+08:00"),
        ("2026-11-20T16:30", "24h", WORK_AWARE, "2026-11-23T16:30+08:00"),
        ("2026-11-21T22:10", "2h", LITERAL, "2026-11-22T00:10+08:00"),  # AS15
        ("2026-11-21T22:10", "24h", LITERAL, "2026-11-22T22:10+08:00"),
        ("2026-09-30T15:00", "3wd", LITERAL, "2026-10-10T18:00+08:00"),  # AS17
        ("2026-09-30T15:00", "5wd", LITERAL, "2026-10-13T18:00+08:00"),
        ("2026-09-30T15:00", "24h", LITERAL, "2026-10-01T15:00+08:00"),
        ("2026-09-18T11:00", "3wd", LITERAL, "2026-09-22T18:00+08:00"),
    ],
)
def test_the_acceptance_scenarios_fall_due_as_written(start, limit, profile, expected):
    assert due(start, limit, profile) == expected


def test_the_same_problem_in_berlin_is_due_at_close_of_business_there():
    assert due("2026-09-30T15:00+08:00", "3wd", **BERLIN) == "2026-10-05T18:00+02:00"


@pytest.mark.parametrize("start", ["2026-11-17T00:00", "2026-11-17T09:00", "2026-11-17T18:00", "2026-11-17T23:59"])
def test_the_day_of_the_start_is_never_counted(start):
    assert due(start, "1wd") == "2026-11-18T18:00+08:00"
    assert due(start, "1d") == "2026-11-18T18:00+08:00"


def test_three_working_days_of_eight_hours_are_three_days():
    assert due("2026-11-16T10:00", "3wd") == "2026-11-19T18:00+08:00"


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-20T16:00", "2wh", "2026-11-20T18:00+08:00"),  # the end of a shift, not the next beginning
        ("2026-11-20T11:00", "1wh", "2026-11-20T12:00+08:00"),  # nor the end of the break
        ("2026-11-20T11:00", "1.5wh", "2026-11-20T13:30+08:00"),
        ("2026-11-20T18:00", "1wh", "2026-11-23T10:00+08:00"),  # at the end of a shift nobody works any more
        ("2026-11-20T12:30", "5wh", "2026-11-20T18:00+08:00"),
        ("2026-11-21T10:00", "8wh", "2026-11-23T18:00+08:00"),
        ("2026-10-09T17:00", "2wh", "2026-10-10T10:00+08:00"),  # Saturday, worked to make up
        ("2026-12-31T17:00", "2wh", "2027-01-04T10:00+08:00"),
        ("2024-02-28T17:00", "9wh", "2024-02-29T18:00+08:00"),  # a leap day
    ],
)
def test_working_hours_leave_out_breaks_nights_and_days_of_rest(start, limit, expected):
    assert due(start, limit) == expected
    assert due(start, limit, WORK_AWARE) == expected


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-11-20T19:00", "24h", "2026-11-24T09:00+08:00"),  # begins Monday 09:00
        ("2026-11-17T10:00", "8h", "2026-11-18T10:00+08:00"),
        ("2026-11-17T10:00", "9h", "2026-11-18T11:00+08:00"),
        ("2026-11-17T10:00", "25h", "2026-11-18T11:00+08:00"),
        ("2026-11-17T10:00", "36h", "2026-11-19T15:00+08:00"),
        ("2026-11-19T16:00", "72h", "2026-11-24T16:00+08:00"),
    ],
)
def test_work_aware_hours_are_working_hours_and_whole_days_keep_the_clock_time(start, limit, expected):
    assert due(start, limit, WORK_AWARE) == expected


def test_elapsed_hours_run_through_a_change_of_the_clocks():
    assert due("2026-10-24T12:00", "24h", **BERLIN) == "2026-10-25T11:00+01:00"
    assert due("2026-10-23T12:00", "24h", WORK_AWARE, **BERLIN) == "2026-10-26T12:00+01:00"
    assert due("2026-03-27T12:00", "24h", WORK_AWARE, **BERLIN) == "2026-03-30T12:00+02:00"


def test_a_shift_across_a_change_of_the_clocks_is_as_long_as_the_clocks_make_it():
    night = {"zone": "Europe/Berlin", "country": "DE", "hours": "Sun 00:00-06:00"}
    assert due("2026-03-29T00:00", "5wh", **night) == "2026-03-29T06:00+02:00"
    assert due("2026-10-25T00:00", "7wh", **night) == "2026-10-25T06:00+01:00"


def test_calendar_days_end_at_close_of_business_also_on_days_of_rest():
    assert due("2026-09-30T15:00", "5d") == "2026-10-05T18:00+08:00"
    assert due("2026-09-30T15:00", "5d", hours="Mon-Thu 08:00-17:00; Fri 08:00-14:00") == "2026-10-05T17:00+08:00"


def test_a_make_up_day_has_the_hours_of_the_weekday_chosen():
    hours = "Mon-Thu 08:00-17:00; Fri 08:00-14:00"
    friday = SpecialDay(DayKind.MAKE_UP, weekday=4)
    assert when(office(hours), "2026-10-09T15:00", "1wd") == "2026-10-10T17:00+08:00"
    assert when(office(hours, _2026_10_10=friday), "2026-10-09T15:00", "1wd") == "2026-10-10T14:00+08:00"


def test_a_half_day_closes_at_its_own_hour_and_a_site_holiday_not_at_all():
    half = SpecialDay(DayKind.HALF_DAY, shifts=parse_shifts("09:00-12:00"))
    closed = SpecialDay(DayKind.SITE_HOLIDAY)
    assert when(office(_2026_11_18=half), "2026-11-17T10:00", "1wd") == "2026-11-18T12:00+08:00"
    assert when(office(_2026_11_18=half), "2026-11-18T11:00", "2wh") == "2026-11-19T10:00+08:00"
    assert when(office(_2026_11_18=closed), "2026-11-17T10:00", "1wd") == "2026-11-19T18:00+08:00"


def test_a_persons_absence_counts_only_where_it_is_asked():
    calendar = office()
    away = calendar.without([date(2026, 11, 18), date(2026, 11, 19)])
    assert when(calendar, "2026-11-17T10:00", "2wd") == "2026-11-19T18:00+08:00"
    assert when(away, "2026-11-17T10:00", "2wd") == "2026-11-23T18:00+08:00"
    assert when(away, "2026-11-17T17:00", "2wh") == "2026-11-20T10:00+08:00"


def test_a_year_without_a_published_calendar_makes_it_provisional():
    assert not answer(Question("2026-12-29T10:00", "2wd"))[1].provisional
    assert answer(Question("2026-12-30T10:00", "2wd"))[1].provisional
    assert answer(Question("2026-12-30T10:00", "200d"))[1].provisional
    assert not answer(Question("2026-12-30T10:00", "72h"))[1].provisional  # needs no calendar
    assert answer(Question("2003-12-29T10:00", "1wd"))[1].provisional
    assert not answer(Question("2027-01-05T10:00", "2wd", **BERLIN))[1].provisional


def test_what_ends_at_midnight_belongs_to_the_day_before():
    found = answer(Question("2026-12-30T10:00", "1wd", hours="Mon-Sun 00:00-24:00"))[1]
    assert (found.at.isoformat(), found.provisional) == ("2027-01-01T00:00:00+08:00", False)
    assert answer(Question("2026-12-31T00:00", "24h", hours="Mon-Sun 00:00-24:00", profile=WORK_AWARE))[1].provisional


def test_thirteen_days_fixed_by_law_stand_in_for_a_year_to_come():
    days = (date.fromordinal(date(2027, 1, 1).toordinal() + ahead) for ahead in range(365))
    off = " ".join(f"{day:%m-%d}" for day in days if official("CN").day(day))
    assert off == "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"


@pytest.mark.parametrize("usual", list(Profile))
def test_urgent_matters_run_on_elapsed_hours_whatever_the_rule_says(usual):
    assert profile_for(usual) is usual
    assert profile_for(usual, override=WORK_AWARE) is WORK_AWARE
    assert profile_for(usual, override=WORK_AWARE, urgent=True) is LITERAL


def test_a_calendar_on_which_nobody_ever_works_is_refused():
    with pytest.raises(ClockError) as caught:
        parse_hours(" ; ")
    assert caught.value.code == "clock.hours_unreadable"
    empty = {date.fromordinal(day): SpecialDay(DayKind.SITE_HOLIDAY) for day in range(739000, 750000)}
    calendar = Calendar(zone("UTC"), parse_hours("09:00-12:00"), official("DE"), empty)
    for limit in ("1wd", "1wh"):
        with pytest.raises(ClockError) as caught:
            add(calendar, at("2026-01-05T10:00"), parse_limit(limit))
        assert caught.value.code == "clock.never_ends"


@pytest.mark.parametrize(
    ("start", "chinese", "english"),
    [
        ("1999-01-04T09:00", "1999 年（CN）的官方日历未收录", "of 1999 (CN) are not known here"),
        ("2027-01-04T09:00", "2027 年（CN）的官方日历尚未公布", "of 2027 (CN) are not published yet"),
    ],
)
def test_a_year_without_official_days_is_to_come_or_was_never_taken_in(start, chinese, english):
    calendar, found = answer(Question(start, "1wd"))
    said = explain(calendar, found).sentences()
    assert (chinese in said["zh-hans"], english in said["en"], found.provisional) == (True, True, True)
