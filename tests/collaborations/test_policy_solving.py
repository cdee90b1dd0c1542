"""F02 and F18 as plain values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bihuan.collaborations.policy.body import Ref
from bihuan.collaborations.policy.parties import Matter
from bihuan.collaborations.policy.solving import (
    ApplicationContext,
    ReportContext,
    check,
    check_report,
    computed,
    read_when,
    reported,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=ZONE)
TECHNOLOGY, MARKET = {"id": 3, "name": "技术部"}, {"id": 2, "name": "市场部"}
MATTER = Matter(NOW.date(), initiating=4, involved={3: "技术部"}, people={31: frozenset({3}), 21: frozenset({2})})
CONTEXT = ApplicationContext(NOW, ZONE, MATTER, limit=datetime(2026, 11, 24, 18, tzinfo=ZONE))
SUN = {"id": 31, "name": "孙浩"}
ASK = {
    "id": "a1",
    "dept": TECHNOLOGY,
    "owner": SUN,
    "reply_due": "24小时内",
    "reply_due_at": "2026-11-21T00:30:00+00:00",
}
UNANSWERED = {**ASK, "reply_due": "", "reply_due_at": None}
METRIC = {
    "id": "m1", "name": "订单准时率", "direction": "AT_LEAST", "target": "95", "unit": "PCT_LEVEL", "baseline": "85",
    "baseline_at": "2026-11-17", "window_hours": 72,
}  # fmt: skip
WHOLE = {"metrics": [METRIC], "dept_asks": [ASK], "resources": [], "resolution_due": "2026-11-23T00:30:00+00:00"}


def codes(context: ApplicationContext = CONTEXT, **said: object) -> list[tuple[str, str]]:
    return [(each.code.removeprefix("collaborations."), each.place) for each in check(WHOLE | said, context)]


def test_a_whole_application_has_nothing_wrong() -> None:
    assert codes() == []
    assert codes(dept_asks=[ASK, {**ASK, "id": "a2", "dept": MARKET, "owner": {"id": 21, "name": "赵"}}]) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"metrics": []}, [("goal_without_metric", "metrics")]),
        ({"metrics": [{**METRIC, "window_hours": None}]}, [
            ("goal_not_quantified", "metrics"), ("metric_without_deadline", "metrics.0.deadline"),
        ]),
        ({"dept_asks": [{**ASK, "dept": MARKET, "owner": {"id": 21, "name": "赵"}}]}, [("ask_missing", "dept_asks")]),
        ({"dept_asks": [{**ASK, "dept": TECHNOLOGY, "owner": {"id": 21, "name": "赵"}}]}, [
            ("person_elsewhere", "dept_asks.0.owner"),
        ]),
        ({"dept_asks": [{**ASK, "reply_due": "尽快", "reply_due_at": None}]}, [
            ("reply_unreadable", "dept_asks.0.reply_due"),
        ]),
        ({"dept_asks": [{**ASK, "reply_due_at": "2026-11-20T00:30:00+00:00"}]}, [
            ("instant_past", "dept_asks.0.reply_due"),
        ]),
        ({"dept_asks": [{**ASK, "reply_due_at": "2026-11-23T00:31:00+00:00"}]}, [
            ("reply_after_resolution", "dept_asks.0.reply_due"),
        ]),
        ({"resolution_due": "2026-11-24T10:01:00+00:00"}, [("resolution_too_late", "resolution_due")]),
        ({"resolution_due": "2026-11-24T10:00:00+00:00"}, []),
        ({"resolution_due": "2026-11-20T00:30:00+00:00", "dept_asks": [UNANSWERED]}, [
            ("instant_past", "resolution_due"),
        ]),
    ],
)  # fmt: skip
def test_each_gap_is_named_where_it_is(said: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert codes(**said) == found


def test_an_unsigned_assessment_is_in_the_way_and_an_urgent_one_has_no_limit_of_its_own() -> None:
    unsigned = ApplicationContext(NOW, ZONE, MATTER, is_assessed=False)
    assert codes(unsigned, resolution_due="2026-12-31T10:00:00+00:00") == [("assessment_unsigned", "problem_ref")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("今日17:00前", datetime(2026, 11, 20, 17, tzinfo=ZONE)),
        ("明天12点", datetime(2026, 11, 21, 12, tzinfo=ZONE)),
        ("tomorrow at 9:05", datetime(2026, 11, 21, 9, 5, tzinfo=ZONE)),
        ("24小时内", NOW + timedelta(hours=24)),
        ("within 24 hours", NOW + timedelta(hours=24)),
        ("2026-11-20 17:00", datetime(2026, 11, 20, 17, tzinfo=ZONE)),
        ("2026年11月20日17:00前", datetime(2026, 11, 20, 17, tzinfo=ZONE)),
        ("今日25:00", None),
        ("2026-02-30 10:00", None),
        ("0001-01-01 00:00", None),
        ("9999-12-31 23:59", None),
        ("尽快", None),
        ("", None),
    ],
)
def test_words_become_an_instant_when_they_are_submitted(typed: str, meant: datetime | None) -> None:
    assert read_when(typed, NOW, ZONE) == meant


def test_a_time_that_the_clocks_there_skip_or_show_twice_is_refused_with_the_way_out() -> None:
    there = ApplicationContext(NOW, ZoneInfo("Europe/Berlin"), MATTER)
    for typed, code in (("2027-03-28 02:30", "clock.time_skipped"), ("2027-10-31 02:30", "clock.time_twice")):
        ask = {**ASK, "reply_due": typed, "reply_due_at": None}
        assert codes(there, dept_asks=[ask]) == [(code, "dept_asks.0.reply_due")]


def test_copies_go_to_the_heads_and_cannot_be_typed() -> None:
    head = (Ref(3, "技术部"), Ref(30, "陈志远"))
    made = computed(WHOLE, ApplicationContext(NOW, ZONE, MATTER, heads=(head,), lead=Ref(4, "运营部")))
    assert made["cc_heads"] == [{"id": "3-30", "dept": TECHNOLOGY, "person": {"id": 30, "name": "陈志远"}}]
    assert made["dept_asks"] == [{"id": "a1", "reply_due_at": "2026-11-21T00:30:00+00:00"}]
    assert (made["lead_dept"], made["initiator"]) == ({"id": 4, "name": "运营部"}, None)


def test_the_effect_sets_the_baseline_beside_what_was_reached() -> None:
    accepted = {"items": [{"id": "x", "criterion": "订单准时率", "target": "95", "actual": "97", "unit": "PCT_LEVEL",
                           "unit_text": "", "result": "MET"}]}  # fmt: skip
    context = ReportContext(MATTER, acceptance=accepted, before={"订单准时率": Decimal("85.000000")})
    assert reported(context)["effect"] == [
        {"id": "x", "criterion": "订单准时率", "before": "85", "target": "95", "after": "97", "unit": "PCT_LEVEL",
         "unit_text": "", "result": "MET"}
    ]  # fmt: skip
    assert [each.code for each in check_report({"prevention": []}, context)] == [
        "collaborations.review_without_improvement"
    ]


def test_nobody_verifies_the_prevention_he_owes() -> None:
    row = {
        "id": "p",
        "text": "接口监控",
        "owner": SUN,
        "due": "2026-12-01",
        "verification": "告警演练",
        "verifier": SUN,
    }
    found = check_report({"prevention": [row]}, ReportContext(MATTER))
    assert [(each.code, each.place) for each in found] == [
        ("collaborations.verifies_own_improvement", "prevention.0.verifier")
    ]


def test_utc_is_what_is_kept() -> None:
    assert read_when("2026-11-20 17:00", NOW.astimezone(UTC), ZONE) == datetime(2026, 11, 20, 9, tzinfo=UTC)
