"""How a deadline is counted and approached, on plain values."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan.clock import Calendar, Profile, official, parse_hours, parse_limit, zone
from bihuan.deadlines.enums import Level
from bihuan.deadlines.operations.telling import Around, audience
from bihuan.deadlines.policy.counting import Counting, due_of, lateness, left_at
from bihuan.deadlines.policy.ladder import Span, next_after, reached, rungs, working_days_before
from bihuan.deadlines.policy.table import RULES

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = Calendar(zone("Asia/Shanghai"), parse_hours("09:00-12:00,13:00-18:00"), official("CN"))
NIGHTS = Calendar(zone("Asia/Shanghai"), parse_hours("Mon-Sun 00:00-24:00"), official("CN"))
TICK = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def ladder(kind: str, start: str, due: str, *, elapsed: bool = False, urgent: bool = False):
    found = rungs(kind, Span(OFFICE, at(start), at(due), elapsed=elapsed), urgent=urgent)
    return [(level.name, instant.astimezone(SHANGHAI).strftime("%m-%d %H:%M")) for level, instant in found]


def test_three_working_days_climb_the_ladder_in_working_time():
    # Monday 10:00 to Thursday 18:00: 31 hours of work, the last 30 % begin after 21.7 of them
    assert ladder("L", "2026-11-23 10:00", "2026-11-26 18:00") == [
        ("GREEN", "11-25 09:30"), ("YELLOW", "11-25 18:00"), ("ORANGE", "11-26 16:00"), ("RED", "11-26 18:00"),
        ("RED_PLUS", "11-27 18:00"),
    ]  # fmt: skip


def test_a_customer_who_waits_is_an_alarm_at_three_quarters_of_the_time():
    """Domain §4.2 T22: 24 hours, the executive hears at 75 %; T03: when it is overdue; of others when long overdue."""
    received, due = "2026-11-21 22:10", "2026-11-22 22:10"
    assert ladder("CUSTOMER", received, due, elapsed=True, urgent=True) == [
        ("GREEN", "11-22 10:10"), ("YELLOW", "11-22 14:58"), ("ORANGE", "11-22 16:10"),
        ("RED", "11-22 22:10"), ("RED_PLUS", "11-23 00:10"),
    ]  # fmt: skip
    hears = {
        rule_id: [
            level for level in Level
            if "x:5" in audience(level, "p:1", "", Around(5), executive_from=RULES[rule_id].executive_from)
        ]
        for rule_id in ("T22", "T03", "T29")
    }  # fmt: skip
    assert hears == {
        "T22": [Level.ORANGE, Level.RED, Level.RED_PLUS], "T03": [Level.RED, Level.RED_PLUS], "T29": [Level.RED_PLUS],
    }  # fmt: skip


def test_a_weekend_is_no_part_of_the_ladder_of_work():
    # Friday 16:30, two working hours: half an hour is left on Monday when 30 % are
    assert ladder("L", "2026-11-20 16:30", "2026-11-23 09:30") == [
        ("YELLOW", "11-20 17:54"), ("ORANGE", "11-23 09:12"), ("RED", "11-23 09:30"), ("RED_PLUS", "11-24 18:00"),
    ]  # fmt: skip


def test_elapsed_hours_climb_at_night_too():
    assert ladder("L", "2026-11-20 20:00", "2026-11-21 20:00", elapsed=True) == [
        ("GREEN", "11-21 08:00"), ("YELLOW", "11-21 12:48"), ("ORANGE", "11-21 18:00"), ("RED", "11-21 20:00"),
        ("RED_PLUS", "11-22 20:00"),
    ]  # fmt: skip


def test_what_is_urgent_goes_further_up_after_two_hours():
    assert ladder("L", "2026-11-21 22:00", "2026-11-22 00:00", elapsed=True, urgent=True) == [
        ("YELLOW", "11-21 23:24"), ("ORANGE", "11-21 23:42"), ("RED", "11-22 00:00"), ("RED_PLUS", "11-22 02:00"),
    ]  # fmt: skip


def test_a_typed_day_is_announced_three_and_one_working_days_before_and_in_its_morning():
    # Monday 12 October 2026 stands behind National Day and the make-up Saturday
    assert ladder("DAY", "2026-09-20 10:00", "2026-10-12 18:00") == [
        ("GREEN", "10-08 18:00"), ("YELLOW", "10-10 18:00"), ("ORANGE", "10-12 09:00"), ("RED", "10-12 18:00"),
        ("RED_PLUS", "10-13 18:00"),
    ]  # fmt: skip


def test_the_week_is_announced_one_working_day_and_two_hours_before():
    assert ladder("WEEK", "2026-11-16 09:00", "2026-11-20 17:00") == [
        ("YELLOW", "11-19 17:00"), ("ORANGE", "11-20 15:00"), ("RED", "11-20 17:00"), ("RED_PLUS", "11-23 18:00"),
    ]  # fmt: skip


@pytest.mark.parametrize("calendar", [OFFICE, NIGHTS])
def test_an_instant_far_ahead_is_announced_by_the_share_of_time(calendar):
    start, due = at("2026-11-20 10:00"), at("2199-11-20 10:00")
    far = dict(rungs("L", Span(calendar, start, due, elapsed=False)))
    assert far[Level.GREEN] == start + (due - start) / 2
    assert [*far] == [Level.GREEN, Level.YELLOW, Level.ORANGE, Level.RED, Level.RED_PLUS]
    assert sorted(far.values()) == [*far.values()]


def test_rungs_before_the_start_are_none():
    assert ladder("DAY", "2026-11-20 10:00", "2026-11-20 18:00") == [
        ("RED", "11-20 18:00"), ("RED_PLUS", "11-23 18:00")
    ]  # fmt: skip
    assert ladder("L", "2026-11-20 10:00", "2026-11-19 18:00") == [
        ("RED", "11-19 18:00"), ("RED_PLUS", "11-20 18:00")
    ]  # fmt: skip


def test_at_the_very_instant_nothing_is_overdue():
    due = at("2026-11-26 18:00")
    found = rungs("L", Span(OFFICE, at("2026-11-23 10:00"), due, elapsed=False))
    assert (reached(found, due), reached(found, due + TICK)) == (Level.ORANGE, Level.RED)
    assert next_after(found, due) == due + TICK
    assert next_after(found, at("2026-12-31 00:00")) is None


@pytest.mark.parametrize(
    ("done", "minutes"),
    [("2026-11-26 18:00:00", 0), ("2026-11-26 17:00", 0), ("2026-11-26 18:00:01", 1), ("2026-11-27 00:00", 360)],
)
def test_lateness_counts_begun_minutes(done, minutes):
    assert lateness(at("2026-11-26 18:00"), at(done)) == minutes


@pytest.mark.parametrize(
    ("limit", "profile", "started", "paused", "left"),
    [
        ("3wd", Profile.LITERAL, "2026-11-23 10:00", "2026-11-24 11:00", "2wd"),
        ("3wd", Profile.LITERAL, "2026-11-23 10:00", "2026-11-26 11:00", "6wh"),
        ("24h", Profile.LITERAL, "2026-11-23 10:00", "2026-11-23 20:00", "14h"),
        ("4wh", Profile.LITERAL, "2026-11-23 10:00", "2026-11-23 14:00", "1wh"),
        ("2h", Profile.WORK_AWARE, "2026-11-20 17:00", "2026-11-20 17:30", "1.5wh"),
    ],
)
def test_a_pause_leaves_what_was_left(limit, profile, started, paused, left):
    counting = Counting(at(started), parse_limit(limit), profile)
    due = due_of(counting, OFFICE).at
    rest = left_at(counting, due, at(paused), OFFICE)
    assert str(rest) == left
    assert due_of(Counting(at(paused), rest, profile), OFFICE).at == due


def test_what_is_due_at_midnight_was_due_the_day_before():
    assert working_days_before(NIGHTS, at("2026-11-27 00:00"), 1) == at("2026-11-26 00:00")


def test_a_working_day_before_is_a_week_before_where_one_day_a_week_is_worked():
    wednesdays = Calendar(zone("Asia/Shanghai"), parse_hours("Wed 09:00-10:00"), official("CN"))
    assert working_days_before(wednesdays, at("2026-11-25 10:00"), 1) == at("2026-11-18 10:00")


def test_limits_are_the_rules_own_and_urgent_ones_run_on_elapsed_hours():
    assert (str(RULES["T29"].limit()), str(RULES["T29"].limit("EXECUTIVE"))) == ("2wd", "3wd")
    assert (RULES["T01"].profile_of(None), RULES["T03"].profile_of(Profile.WORK_AWARE)) == (Profile.LITERAL,) * 2
    chosen = [RULES["T01"].profile_of(Profile.WORK_AWARE, urgent=urgent) for urgent in (False, True)]
    assert chosen == [Profile.WORK_AWARE, Profile.LITERAL]
    assert str(RULES["T28"].limit("MEDIUM")) == "2wd"


def test_every_limit_of_the_table_can_be_read():
    for rule in RULES.values():
        for kind in rule.limits:
            assert rule.limit(kind).amount > 0, rule.id
