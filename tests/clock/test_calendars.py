"""Hours in text, wall clocks, postings, official days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.clock import Calendar, ClockError, Postings, add, count_work, is_working, official, parse_hours, parse_limit
from bihuan.clock.days import DayKind, SpecialDay
from bihuan.clock.official import Official
from bihuan.clock.shifts import Hours, Shift
from bihuan.clock.zones import Zone, country_of, from_us, to_us, zone

OFFICE = "09:00-12:00,13:00-18:00"


def calendar(zone_name: str, hours: str = OFFICE, country: str = "CN") -> Calendar:
    return Calendar(zone(zone_name), parse_hours(hours), official(country))


def code_of(act) -> str:
    with pytest.raises(ClockError) as caught:
        act()
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OFFICE, OFFICE),
        ("13:00-18:00, 9:00 - 12:00", OFFICE),
        ("Mon-Thu 08:00-17:00; Fri 08:00-14:00", "Mon-Thu 08:00-17:00; Fri 08:00-14:00"),
        ("mon,wed 10:00-24:00", "Mon 10:00-24:00; Wed 10:00-24:00"),
        ("Sat-Sun 10:00-16:00", "Sat-Sun 10:00-16:00"),
        ("Sun-Mon 10:00-16:00", "Mon 10:00-16:00; Sun 10:00-16:00"),
        ("09:00-12:00，13:00-18:00；Sat 09:00-12:00", f"Mon-Fri {OFFICE}; Sat 09:00-12:00"),
    ],
)
def test_hours_are_read_and_written_back(text, said):
    hours = parse_hours(text)
    assert str(hours) == said
    assert parse_hours(str(hours)) == hours


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "clock.hours_unreadable"),
        ("9-5", "clock.hours_unreadable"),
        ("09:00-25:00", "clock.hours_unreadable"),
        ("09:60-10:00", "clock.hours_unreadable"),
        ("Xyz 09:00-10:00", "clock.hours_unreadable"),
        ("Mon", "clock.hours_unreadable"),
        ("1" * 600, "clock.hours_unreadable"),
        ("18:00-09:00", "clock.shift_backwards"),
        ("09:00-09:00", "clock.shift_backwards"),
        ("09:00-12:00,11:00-13:00", "clock.shifts_overlap"),
        ("09:00-12:00; Fri 10:00-12:00", "clock.weekday_twice"),
    ],
)
def test_contradictory_hours_are_refused(text, code):
    assert code_of(lambda: parse_hours(text)) == code


def test_a_week_without_a_shift_is_no_week():
    assert code_of(lambda: Hours(((),) * 7)) == "clock.no_working_hours"


def test_a_wall_time_that_is_skipped_or_comes_twice_is_refused_with_the_way_out():
    berlin = Zone("Europe/Berlin")
    for wall, code in (
        (datetime(2026, 3, 29, 2, 0), "clock.time_skipped"),
        (datetime(2026, 3, 29, 2, 59), "clock.time_skipped"),
        (datetime(2026, 10, 25, 2, 0), "clock.time_twice"),
    ):
        assert code_of(lambda wall=wall: berlin.exact(wall)) == code
    assert from_us(berlin.exact(datetime(2026, 3, 29, 3, 0))) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert from_us(berlin.exact(datetime(2026, 10, 25, 3, 0))) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@given(
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Shanghai", "Africa/Cairo"]),
    st.datetimes(datetime(1985, 1, 1), datetime(2030, 1, 1)),
)
def test_the_instant_of_a_wall_time_is_the_first_at_which_the_clocks_have_reached_it(name, wall):
    wall = wall.replace(second=0, microsecond=0)
    place = Zone(name)
    found = place.instant(wall.toordinal(), wall.hour * 60 + wall.minute)
    assert place.local(found).replace(tzinfo=None) >= wall
    assert place.local(found - 1).replace(tzinfo=None) < wall
    assert place.ordinal(found) == place.local(found).toordinal()


def test_a_zone_nobody_named_is_refused():
    for name in ("", "Mars/Olympus", "../etc/passwd", "localtime", "Asia/Shanghai\x00"):
        assert code_of(lambda name=name: Zone(name)) == "clock.zone_unknown"
    assert {country_of(name) for name in ("Asia/Urumqi", "Asia/Shanghai")} == {"CN"}
    zones = ("Europe/Berlin", "US/Eastern", "Asia/Calcutta", "Asia/Chongqing", "UTC", "CET")
    assert [country_of(name) for name in zones] == ["DE", "US", "IN", "CN", "", ""]


def test_countries_are_known_or_refused():
    assert official("DE-BY").day(date(2026, 1, 6)) is not None
    assert official("DE").day(date(2026, 1, 6)) is None
    for country in ("XX", "DE-XX", "cn", ""):
        assert code_of(lambda country=country: Official(country)) == "clock.country_unknown"


def test_a_country_whose_days_wait_for_the_moon_is_not_certain():
    assert not official("EG").is_published(2030)
    assert official("DE").is_published(2030)
    reach = [("LK", 2026), ("LK", 2027), ("DE", 2100), ("DE", 2101), ("IN", 2036)]
    assert [official(country).is_published(year) for country, year in reach] == [True, False, True, False, False]


def test_a_loaded_year_stands_instead_of_what_the_law_fixes():
    off = SpecialDay(DayKind.HOLIDAY, ("元旦", "New Year"))
    worked = SpecialDay(DayKind.MAKE_UP, ("元旦", "New Year"))
    days = {date(2027, 1, 1): off, date(2027, 1, 2): worked, date(2026, 12, 27): worked}
    loaded = Official("CN", days, frozenset({2027}))
    assert loaded.is_published(2027)
    assert not loaded.is_published(2028)
    assert loaded.day(date(2027, 1, 2)) is worked
    assert loaded.day(date(2027, 10, 1)) is None  # the notice is the whole truth of its year
    assert loaded.day(date(2026, 12, 27)) is worked  # a notice may rule on the December before
    assert loaded.day(date(2026, 10, 10)).kind == DayKind.MAKE_UP


def test_who_is_lent_works_by_the_borrowers_calendar_from_the_first_day_there():
    home, away = calendar("Asia/Shanghai"), calendar("Europe/Berlin", "09:00-18:00", "DE")
    lent = Postings([(date(2026, 1, 1), home), (date(2026, 10, 5), away), (date(2026, 10, 12), home)])
    start = datetime(2026, 9, 30, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    found = [add(lent, start, parse_limit(f"{days}wd")).at.isoformat() for days in (1, 5, 6)]
    assert found == ["2026-10-05T18:00:00+02:00", "2026-10-09T18:00:00+02:00", "2026-10-12T18:00:00+08:00"]
    assert add(home, start, parse_limit("1wd")).at.isoformat() == "2026-10-08T18:00:00+08:00"
    found = add(lent, start, parse_limit("4wh"))
    assert found.at.isoformat() == "2026-10-05T10:00:00+02:00"
    assert count_work(lent, start, found.at) == timedelta(hours=4)


def test_work_after_the_change_of_place_no_longer_counts_at_the_old_one():
    new_york = calendar("America/New_York", "00:00-24:00", "US")
    lent = Postings([(date(2026, 1, 1), new_york), (date(2026, 6, 10), calendar("Asia/Shanghai"))])
    change = datetime(2026, 6, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert is_working(lent, change - timedelta(minutes=1))
    assert not is_working(lent, change)
    assert count_work(lent, change, change + timedelta(hours=18)) == timedelta(hours=8)


def test_postings_stand_in_order():
    home = calendar("Asia/Shanghai")
    for turns in ([], [(date(2026, 2, 1), home), (date(2026, 1, 1), home)], [(date(2026, 2, 1), home)] * 2):
        assert code_of(lambda turns=turns: Postings(turns)) == "clock.postings_disordered"


def test_the_clocks_may_go_back_over_midnight_into_the_month_before():
    night = calendar("America/St_Johns", "Sun 00:00-02:30")
    start = datetime(2009, 10, 31, 12, 0, tzinfo=ZoneInfo("America/St_Johns"))
    found = add(night, start, parse_limit("0.5wh"))
    assert (found.at.isoformat(), found.at.fold) == ("2009-10-31T23:30:00-03:30", 1)
    assert count_work(night, start, found.at) == timedelta(minutes=30)


@given(
    st.datetimes(datetime(2005, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 400 * 24 * 60),
    st.integers(0, 400 * 24 * 60),
)
def test_counting_adds_up_and_turns_round(start, first, second):
    office = calendar("Europe/Berlin", country="DE")
    middle, end = start + timedelta(minutes=first), start + timedelta(minutes=first + second)
    assert count_work(office, start, middle) + count_work(office, middle, end) == count_work(office, start, end)
    assert count_work(office, end, start) == -count_work(office, start, end)


def test_a_shift_is_written_as_people_read_it():
    assert [str(Shift(0, 1440)), str(Shift(545, 601))] == ["00:00-24:00", "09:05-10:01"]


def test_instants_survive_the_way_in_and_out():
    instant = datetime(2026, 11, 20, 16, 30, 0, 123456, tzinfo=UTC)
    assert from_us(to_us(instant)) == instant
