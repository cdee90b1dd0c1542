"""Choosing a day: what may be typed into its field, and the month to choose from."""

import re
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from bihuan.clock import Limit, parse_limit
from bihuan.organisation import operations as organisation
from bihuan.organisation.operations import DayValues
from bihuan.web.agenda.typed import meant, meant_with_time
from tests.witness import everything

TODAY = date(2026, 11, 17)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("3wd", parse_limit("3wd")),
        ("第三个工作日", parse_limit("3wd")),
        ("3 个工作日后", parse_limit("3wd")),
        ("十二个工作日", parse_limit("12wd")),
        ("二十一工作日内", parse_limit("21wd")),
        ("3rd working day", parse_limit("3wd")),
        ("5d", parse_limit("5d")),
        ("五天后", parse_limit("5d")),
        ("两天", parse_limit("2d")),
        ("10 days", parse_limit("10d")),
        ("今天", TODAY),
        ("后天", TODAY + timedelta(days=2)),
        ("Tomorrow", TODAY + timedelta(days=1)),
        ("2026/11/28", date(2026, 11, 28)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("20270301", date(2027, 3, 1)),
        ("11-28", date(2026, 11, 28)),
        ("1月5日", date(2027, 1, 5)),
        ("9.1", date(2026, 9, 1)),
        ("2026-02-30", None),
        ("2-30", None),
        ("3h", None),
        ("4wh", None),
        ("尽快", None),
        ("三十十个工作日", None),
        ("", None),
        ("3wd" * 20, None),
    ],
)
def test_a_day_is_understood_in_the_usual_spellings_and_as_how_far_ahead_it_is(
    said: str, found: date | Limit | None
) -> None:
    assert meant(said, TODAY) == found


@pytest.mark.parametrize(
    ("said", "found", "at"),
    [
        ("第三个工作日 17:00", parse_limit("3wd"), time(17)),
        ("3wd", parse_limit("3wd"), None),
        ("3wd 9:30", parse_limit("3wd"), time(9, 30)),
        ("明天9点", TODAY + timedelta(days=1), time(9)),
        ("今日 17点30分前", TODAY, time(17, 30)),
        ("11-28 8：05", date(2026, 11, 28), time(8, 5)),
        ("20261128 18:00", date(2026, 11, 28), time(18)),
        ("17:00", TODAY, time(17)),
        ("24小时", parse_limit("24h"), None),
        ("4wh", parse_limit("4wh"), None),
        ("四个工作小时内", parse_limit("4wh"), None),
        ("明天 25:00", None, None),
        ("尽快 17:00", None, time(17)),
        ("3wd" * 20, None, None),
    ],
)
def test_a_day_and_a_time_are_understood_together(said: str, found: date | Limit | None, at: time | None) -> None:
    assert meant_with_time(said, TODAY) == (found, at)


pytestmark = [pytest.mark.django_db, pytest.mark.alike]


@pytest.fixture
def reader(campaign: Any, client_for: Any) -> Client:
    return client_for(campaign.company["产品经理"])


def asked(client: Client, said: str) -> tuple[int, str, str]:
    answer = client.get(f"/calendar/day?said={quote(said)}")
    return answer.status_code, answer.headers.get("X-Day", ""), answer.content.decode()


def test_a_limit_is_answered_with_its_day_and_how_it_came_about(reader: Client) -> None:
    status, day, page = asked(reader, "第三个工作日")
    assert (status, day) == (200, "2026-11-20")
    assert "从今天起第 3 个工作日" in page
    assert "3 个工作日" in page.partition('class="how"')[2]
    assert asked(reader, "5d")[1] == "2026-11-22"
    assert asked(reader, "2026/11/28")[:2] == (200, "2026-11-28")


def test_a_field_with_a_time_is_answered_with_the_hour_too(reader: Client) -> None:
    def timed(said: str) -> tuple[str, str]:
        answer = reader.get(f"/calendar/day?timed=1&said={quote(said)}")
        return answer.headers.get("X-Day", ""), answer.headers.get("X-Time", "")

    assert timed("第三个工作日") == ("2026-11-20", "18:00")
    assert timed("3wd 9:30") == ("2026-11-20", "09:30")
    assert timed("明天") == ("2026-11-18", "")
    assert timed("明天 17点") == ("2026-11-18", "17:00")
    assert timed("明天 25:00") == ("", "")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("尽快", ["“尽快”不是日期", "3wd"]),
        ("9999-12-31", ["不是日期"]),
        ("0wd", ["时限必须大于零"]),
        ("9999wd", ["超过十年"]),
        ("<script>", ["&lt;script&gt;"]),
        ("\x00", ["不是日期"]),
    ],
)
def test_what_cannot_be_a_day_is_said_with_how_to_mend_it_and_nothing_is_written(
    reader: Client, said: str, words: list[str]
) -> None:
    before = everything()
    status, day, page = asked(reader, said)
    assert (status, day, [word for word in words if word not in page]) == (200, "", [])
    assert everything() == before


def cell_of(page: str, day: str) -> str:
    found = re.search(rf'<td[^>]*><button type="button" data-day="{day}".*?</td>', page)
    assert found is not None, day
    return found[0]


def test_a_month_says_of_each_day_whether_it_is_worked_and_which_working_day_it_is(
    campaign: Any, reader: Client
) -> None:
    organisation.set_day(
        None, day=date(2026, 11, 19), values=DayValues(kind="CLOSED", name="盘点"), seen_revision=0,
        actor=campaign.actor("PMO专员"), at=campaign.at,
    )  # fmt: skip
    page = reader.get("/calendar/month?day=2026-11-20&chosen=2026-11-24").content.decode()
    assert 'tabindex="0" aria-label="11月20日 周五, 从今天起第 2 个工作日"' in cell_of(page, "2026-11-20")
    assert ("rest" in cell_of(page, "2026-11-19"), "盘点" in cell_of(page, "2026-11-19")) == (True, True)
    assert "休息日" in cell_of(page, "2026-11-21")
    assert 'aria-selected="true"' in cell_of(page, "2026-11-24")
    assert page.count('tabindex="0"') == page.count("aria-selected") == 1
    october = reader.get("/calendar/month?day=2026-10-10").content.decode()
    assert ("班" in cell_of(october, "2026-10-10"), "国庆节" in cell_of(october, "2026-10-01")) == (True, True)


@pytest.mark.parametrize("day", ["", "nonsense", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_month_is_shown_whatever_is_asked(reader: Client, day: str) -> None:
    answer = reader.get(f"/calendar/month?day={day}&chosen={day}")
    assert (answer.status_code, 'role="grid"' in answer.content.decode()) == (200, True)
