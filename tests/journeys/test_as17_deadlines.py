"""AS17 on the rooms that exist: problems reported before National Day, by the working time of who must solve them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.organisation.models import Department, Site
from tests.problem import Trouble, running

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 9, 30, 15, 0, tzinfo=SHANGHAI)


def reported(trouble: Trouble, urgency: str, rule: str) -> datetime:
    trouble.assess(urgency=urgency, occurred_at="2026-09-30 08:30")
    ((_owner, due_at),) = running(trouble.collaboration, rule)
    return due_at


@pytest.mark.parametrize(
    ("urgency", "rule", "due"),
    [
        ("IMPORTANT", "T07", "2026-10-10 18:00"),  # 8, 9 and 10 October are worked
        ("ROUTINE", "T08", "2026-10-13 18:00"),
        ("URGENT", "T06", "2026-10-01 15:00"),
    ],
)
def test_a_problem_is_due_across_national_day_by_its_urgency(
    trouble: Trouble, urgency: str, rule: str, due: str
) -> None:
    assert reported(trouble, urgency, rule) == datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)


def test_with_the_responsible_department_in_berlin_it_is_due_by_the_days_and_the_clock_there(
    trouble: Trouble, at: Any
) -> None:
    site = Site.objects.create(name="柏林", time_zone="Europe/Berlin")
    Department.objects.filter(pk=trouble.department("运营部")).update(site=site)
    assert reported(trouble, "IMPORTANT", "T07") == datetime(2026, 10, 5, 18, 0, tzinfo=BERLIN)
