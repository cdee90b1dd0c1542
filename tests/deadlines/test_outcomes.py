"""Kept and missed promises: by month, rule and department, over what one may read; drawn, listed, taken along."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.deadlines import operations, queries
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.outcomes import Tally, months_until, summed
from bihuan.kernel.subjects import SubjectRef
from bihuan.web.deadlines.chart import Column, chart
from tests.approvals.cast import ROOT
from tests.deadlines.running import begin, instant

DECEMBER = instant("2026-12-10 09:00")


def due(cast, number: int, day: str, **changes) -> Deadline:
    subject = SubjectRef("task", number)
    return begin(
        cast, "T21", subject=subject, due_at=instant(f"{day} 18:00"), at=instant("2026-10-08 10:00"), **changes
    )


def finish(cast, number: int, day: str) -> None:
    subject = SubjectRef("task", number)
    operations.fulfil(subject, rules=["T21"], root=ROOT, actor=cast.actor("head"), at=instant(f"{day} 09:00"))


@pytest.fixture
def autumn(cast):
    """October: one kept, one late, one missed for good; November: one kept, one no longer owed; the technical
    department still owes one of November and one that is not due yet."""
    for number, day in enumerate(["2026-10-15", "2026-10-16", "2026-10-19", "2026-11-30", "2026-11-27"]):
        due(cast, number, day)
    for number, day in enumerate(["2026-11-26", "2026-12-31"], start=5):
        due(cast, number, day, owner=cast.other_key)
    finish(cast, 0, "2026-10-15")
    finish(cast, 1, "2026-10-20")
    root = {"root": ROOT, "actor": cast.actor("head")}
    operations.give_up(SubjectRef("task", 2), rules=["T21"], at=instant("2026-10-20 09:00"), **root)
    finish(cast, 3, "2026-11-02")
    operations.cancel(SubjectRef("task", 4), rules=["T21"], at=instant("2026-11-02 09:00"), **root)
    return cast


def test_each_promise_is_counted_where_its_owner_works_in_the_month_it_was_due(autumn):
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    market, technology = autumn.market.pk, autumn.technology.pk
    assert queries.outcomes(autumn.actor("head"), months=3, at=DECEMBER) == [
        queries.Outcome(october, "T21", market, Tally(kept=1, late=1, missed=1)),
        queries.Outcome(november, "T21", market, Tally(kept=1)),
        queries.Outcome(november, "T21", technology, Tally(overdue=1)),
    ]
    assert [row.month for row in queries.outcomes(autumn.actor("head"), months=2, at=DECEMBER)] == [november, november]


def test_what_one_may_not_read_is_not_counted(autumn, django_assert_num_queries):
    stranger = autumn.actor("stranger")
    with django_assert_num_queries(1):
        assert queries.outcomes(stranger, months=12, at=DECEMBER) == []


def test_who_takes_a_promise_over_takes_it_to_his_department(autumn):
    made = Deadline.objects.get(subject_id=5)
    operations.hand_over({made.pk: autumn.head_key}, root=ROOT, actor=autumn.actor("head"), at=DECEMBER)
    assert {row.department_id for row in queries.outcomes(autumn.actor("head"), months=3, at=DECEMBER)} == {
        autumn.market.pk
    }


def test_tallies_are_added_and_their_share_is_rounded_down():
    rows = [queries.Outcome(date(2026, 10, 1), rule, 1, Tally(kept=2, late=1)) for rule in ("T13", "T21", "T21")]
    assert summed(rows, lambda row: row.rule) == {"T13": Tally(2, 1), "T21": Tally(4, 2)}
    assert (Tally(2, 1).percent, Tally(3).percent, Tally().percent, Tally(1, 1, 2, 3).undone) == (66, 100, None, 5)
    assert months_until(date(2027, 1, 31), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_bars_stand_on_each_other_and_an_empty_month_has_none():
    drawn = chart([Column("10月", "十月", Tally(2, 1, 1)), Column("11月", "十一月", Tally())])
    assert drawn.count("<rect") == 3
    assert [part.split('"')[0] for part in drawn.split('height="')[1:]] == ["75", "37", "38"]
    assert (drawn.count("<text"), "style=" in drawn) == (3, False)
    assert chart([Column("10月", "十月", Tally())]) == ""


@pytest.fixture
def reader(autumn, client_for, monkeypatch):
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: DECEMBER)
    return client_for(autumn.head)


def test_the_page_shows_chart_and_figures_and_narrows_them(autumn, reader):
    shown = reader.get("/deadlines/kept/").content.decode()
    assert shown.count("<rect") == 5
    assert "2026年10月: 按时 1，逾期完成 1，未完成 1" in shown
    narrowed = reader.get(f"/deadlines/kept/?department={autumn.technology.pk}&months=3").content.decode()
    assert (narrowed.count("<rect"), "技术部" in narrowed) == (1, True)
    assert "这段时间内没有到期事项" in reader.get("/deadlines/kept/?rule=T99&months=x").content.decode()
    english = reader.get("/deadlines/kept/", headers={"accept-language": "en"}).content.decode()
    assert "1 in time, 1 done late, 1 not done" in english


def test_the_file_holds_a_line_for_each_month_department_and_rule(reader):
    lines = reader.get("/deadlines/kept/export.csv?months=3").content.decode("utf-8-sig").splitlines()
    assert lines[1:] == [
        "2026-10,市场部,T21,任务,1,1,1,0", "2026-11,市场部,T21,任务,1,0,0,0", "2026-11,技术部,T21,任务,0,0,0,1",
    ]  # fmt: skip
    book = reader.get("/deadlines/kept/export.xlsx")
    assert (book.status_code, book.content[:2]) == (200, b"PK")


def test_the_api_counts_the_same_and_refuses_an_absurd_time(autumn, reader):
    items = reader.get("/api/v1/deadlines/outcomes?months=2").json()["items"]
    assert items[1] == {
        "month": "2026-11", "rule": "T21", "department": {"id": autumn.technology.pk, "name": "技术部"}, "kept": 0,
        "late": 0, "missed": 0, "overdue": 1,
    }  # fmt: skip
    assert reader.get("/api/v1/deadlines/outcomes?months=0").status_code == 400


def test_the_page_costs_the_same_for_one_promise_and_for_many(cast, client_for, monkeypatch):
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: DECEMBER)
    client = client_for(cast.head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get("/deadlines/kept/").status_code == 200
        return len(made)

    due(cast, 1, "2026-11-26")
    first = cost()
    for number in range(2, 5):
        due(cast, number, "2026-11-27", owner=cast.other_key)
    assert cost() == first
