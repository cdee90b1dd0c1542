"""Periods on any day of any year, what follows each, and what may be done without what is missing."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan import clock
from bihuan.clock.asking import calendar_for
from bihuan.clock.cadences import at_time, close_of_nth_working_day
from bihuan.collaborations.operations.recurrence import END_OF_DAY
from bihuan.collaborations.policy.recurrence import (
    CONSOLIDATION,
    ONE_DAY,
    Cadence,
    Checked,
    Gap,
    Given,
    Waiver,
    check_findings,
    incomplete_findings,
    not_gathered,
    not_settled,
    span_of,
    step_after,
)

DAYS = st.dates(date(1999, 12, 1), date(2101, 2, 1))
PLACES = {
    "上海": calendar_for("Asia/Shanghai", "CN", "09:00-12:00,13:00-18:00"),
    "柏林": calendar_for("Europe/Berlin", "DE", "09:00-18:00"),
    "乌鲁木齐": calendar_for("Asia/Shanghai", "CN", "10:00-14:00,15:30-19:30"),
}


@given(DAYS, st.sampled_from(Cadence))
def test_every_day_lies_in_one_period_and_periods_follow_without_gap(day, cadence):
    span = span_of(cadence, day)
    assert span.starts_on <= day <= span.ends_on
    assert span_of(cadence, span.starts_on) == span_of(cadence, span.ends_on) == span
    assert span.following.starts_on == span.ends_on + ONE_DAY
    assert span.following.key != span.key
    lengths = {Cadence.WEEK: {7}, Cadence.MONTH: {28, 29, 30, 31}, Cadence.QUARTER: {90, 91, 92}}
    assert (span.ends_on - span.starts_on).days + 1 in lengths[cadence]


@given(st.integers(2000, 2100), st.sampled_from(Cadence))
def test_a_year_has_four_reviews_and_one_archive_however_it_is_divided(year, cadence):
    span, ends = span_of(cadence, date(year, 1, 1)), []
    while span.ends_on.year <= year:
        ends.append(span) if span.ends_on.year == year else None
        span = span.following
    assert len({each.key for each in ends}) == len(ends)
    assert sum(each.closes_quarter for each in ends) == 4
    assert [each.closes_year for each in ends] == [False] * (len(ends) - 1) + [True]
    assert ends[-1].closes_quarter


@pytest.mark.parametrize(
    ("cadence", "day", "key", "ends"),
    [
        (Cadence.MONTH, "2024-02-29", "2024-02", "2024-02-29"),
        (Cadence.MONTH, "2026-02-03", "2026-02", "2026-02-28"),
        (Cadence.MONTH, "2026-12-31", "2026-12", "2026-12-31"),
        (Cadence.WEEK, "2027-01-01", "2026-W53", "2027-01-03"),
        (Cadence.WEEK, "2026-10-01", "2026-W40", "2026-10-04"),
        (Cadence.QUARTER, "2026-08-15", "2026-Q3", "2026-09-30"),
    ],
)
def test_periods_have_names(cadence, day, key, ends):
    span = span_of(cadence, date.fromisoformat(day))
    assert (span.key, span.ends_on.isoformat()) == (key, ends)


@given(st.dates(date(2024, 1, 1), date(2026, 11, 30)), st.integers(1, 8), st.sampled_from(sorted(PLACES)))
def test_the_day_of_a_contribution_is_the_nth_worked_day_after_the_month_at_its_own_place(day, number, place):
    """Counted from the end of the period, as it is explained, it is the n-th working day of the next month, through
    holidays, make-up days and summer time."""
    schedule, span = PLACES[place], span_of(Cadence.MONTH, day)
    since = at_time(schedule, span.ends_on, END_OF_DAY)
    due = clock.add(schedule, since, clock.parse_limit(f"{number}wd"))
    following = span.following.starts_on
    nth = close_of_nth_working_day(schedule, year=following.year, month=following.month, number=number)
    assert due.at == nth
    assert due.at.astimezone(ZoneInfo("UTC")) > since.astimezone(ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("step", "day", "is_last", "follows"),
    [
        ("EXECUTE", "2026-10-01", False, "ACCEPT"),
        ("ACCEPT", "2026-10-01", False, "EXECUTE"),
        ("ACCEPT", "2026-09-01", False, "RETRO"),
        ("RETRO", "2026-09-01", False, "EXECUTE"),
        ("RETRO", "2026-12-01", False, "ARCHIVE"),
        ("ARCHIVE", "2026-12-01", False, "EXECUTE"),
        ("ACCEPT", "2026-10-01", True, "RETRO"),
        ("RETRO", "2026-10-01", True, "ARCHIVE"),
        ("ARCHIVE", "2026-10-01", True, "CLOSED"),
    ],
)
def test_what_follows_a_step_of_a_period(step, day, is_last, follows):
    assert step_after(step, span_of(Cadence.MONTH, date.fromisoformat(day)), is_last=is_last) == follows


def one(line: str = "c1", **said: object) -> Given:
    usual = {"is_due": True, "is_in": False, "is_checked": False, "waiver": Waiver.NONE}
    return Given(id=1, line=line, what="销售", who="市场部", due="2026-10-10", **(usual | said))


def codes(findings) -> list[str]:
    return [finding.code.removeprefix("collaborations.") for finding in findings]


def test_what_is_missing_is_named_until_it_is_in_or_waived():
    assert codes(not_gathered([one(), one(CONSOLIDATION)])) == ["contribution_missing"]
    assert codes(not_gathered([one(is_in=True), one(waiver=Waiver.GRANTED)])) == []
    assert codes(not_gathered([one(waiver=Waiver.ASKED), one(waiver=Waiver.REFUSED)])) == ["contribution_missing"] * 2
    assert codes(not_settled([one(), one(is_in=True)])) == ["contribution_missing", "contribution_unchecked"]
    assert codes(not_settled([one(is_in=True, is_checked=True), one(waiver=Waiver.GRANTED)])) == []


def test_it_is_consolidated_without_only_where_agreed_and_after_the_day():
    assert codes(incomplete_findings([one(is_in=True)], Gap.NAMED)) == ["nothing_missing"]
    assert codes(incomplete_findings([one()], Gap.WAIT)) == ["waits_for_all"]
    assert codes(incomplete_findings([one(is_due=False)], Gap.NAMED)) == ["still_in_time"]
    assert codes(incomplete_findings([one()], Gap.NAMED)) == []


def test_every_check_is_answered_and_holds():
    checks = [("k1", "一致"), ("k2", "有说明")]
    assert codes(check_findings(checks, {})) == ["check_unanswered"] * 2
    assert codes(check_findings(checks, {"k1": Checked(holds=True), "k2": Checked(holds=False)})) == ["check_failed"]
    assert check_findings(checks, {line: Checked(holds=True) for line, _what in checks}) == []


def test_a_week_of_a_leap_year_is_a_week():
    assert span_of(Cadence.WEEK, date(2024, 2, 29)).ends_on - timedelta(days=6) == date(2024, 2, 26)
