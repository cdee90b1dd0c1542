"""The clock against a second one that shares no code with it."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from bihuan.clock import Calendar, official, parse_hours, zone
from bihuan.clock.days import DayKind
from bihuan.clock.published import read_notices
from tests.clock import oracle

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "calendar" / "days.csv"


@pytest.mark.parametrize("seed", range(4))
def test_ten_thousand_random_questions_are_answered_as_the_oracle_answers(seed):
    assert list(oracle.differences(2_500, seed)) == []


def test_every_official_day_built_in_is_the_one_the_library_knows():
    day, differing = date(2004, 1, 1), []
    while day <= date(2026, 12, 31):
        found = official("CN").day(day)
        said = {DayKind.HOLIDAY: "off", DayKind.MAKE_UP: "on"}.get(found.kind) if found else ""
        if said != oracle.official("CN", day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the real data is not beside the checkout")
def test_the_days_built_in_are_those_of_the_notices():
    with SHARED.open(encoding="utf-8") as file:
        told = {date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in csv.DictReader(file)}
    office = Calendar(zone("Asia/Shanghai"), parse_hours("09:00-18:00"), official("CN"))
    assert len(told) == 1461
    assert [day for day, is_worked in told.items() if bool(office.plan(day).shifts) != is_worked] == []


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the real data is not beside the checkout")
@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_notices_say_the_same_as_json_as_icalendar_and_as_a_table_of_the_year(year):
    notices = [
        *(read_notices((SHARED.parent / "original" / f"{year}.{kind}").read_bytes())[0] for kind in ("json", "ics")),
        next(notice for notice in read_notices(SHARED.read_bytes()) if notice.year == year),
    ]
    said = [{day.day: day.is_off for day in notice.days if day.day.year == year} for notice in notices]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) > 30
