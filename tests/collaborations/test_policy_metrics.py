from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.collaborations.policy.metrics import (
    FALLING,
    PARTS,
    RISING,
    Judgement,
    MetricDates,
    MetricLine,
    OpenWindow,
    below_zero,
    goal_findings,
    is_reached,
    judge,
    measure,
    metric_findings,
    metrics_of,
    missing_parts,
    values_of,
    window_end,
    windows_open,
)
from tests.clean_bodies import FINISH, START, request, said

LIVE = date(2026, 12, 15)
DATES = MetricDates(START, FINISH, {"活动上线": LIVE})
USERS, RATE = metrics_of(request())
NUMBER = st.decimals(-1000, 1000, places=2)


def found(metric: MetricLine, dates: MetricDates = DATES) -> list[tuple[str, str, dict[str, object]]]:
    return said(metric_findings([metric], dates))


def test_the_metrics_of_the_campaign_are_read_from_the_body():
    assert (
        MetricLine(
            row="m1",
            name="新增用户数",
            definition="活动期间注册并完成首次登录的用户数，取自用户中心",
            direction="AT_LEAST",
            target=Decimal(100000),
            unit="COUNT",
            unit_text="人",
            baseline_na_reason="首次举办该活动",
            window_days=30,
            window_from="活动上线",
        )
        == USERS
    )
    assert (RATE.baseline, RATE.baseline_at, RATE.target) == (Decimal("11.2"), date(2026, 9, 30), Decimal(15))


@pytest.mark.parametrize(
    ("unit", "value", "agreed", "words"),
    [
        ("HOUR", "-1.50", [], ["-1.5"]), ("DAY", "-10", ["-1"], ["-10"]), ("COUNT", "-5", ["100"], ["-5"]),
        ("COUNT", "-5", ["100", "-20"], []), ("HOUR", "0", [], []), ("CNY", "-5", [], []), ("PCT_LEVEL", "-5", [], []),
        ("PCT_POINT", "-5", [], []), ("OTHER", "-5", [], []),
    ],
)  # fmt: skip
def test_a_time_or_a_number_of_things_is_never_below_zero(unit, value, agreed, words):
    assert below_zero(unit, Decimal(value), *map(Decimal, agreed)) == words


def test_no_goal_is_a_time_below_zero():
    slow = replace(RATE, unit="HOUR", baseline=Decimal(8), target=Decimal(-2), direction="AT_MOST")
    (wrong,) = found(slow)
    assert wrong[:2] == ("collaborations.metric_below_zero", "metrics.0.target")


def test_the_metrics_of_the_campaign_are_in_order():
    assert goal_findings([USERS, RATE]) == []
    assert metric_findings([USERS, RATE], DATES) == []


def test_a_goal_without_metric_names_all_missing_parts():
    assert said(goal_findings([])) == [("collaborations.goal_without_metric", "metrics", {"missing": PARTS})]


def test_a_goal_whose_only_metric_is_half_done_names_what_it_lacks():
    half = replace(USERS, target=None, baseline_na_reason="", window_days=None)
    assert said(goal_findings([half])) == [
        ("collaborations.goal_not_quantified", "metrics", {"missing": ("target", "deadline", "baseline")})
    ]


def test_one_whole_metric_quantifies_the_goal():
    assert goal_findings([MetricLine("x", ""), USERS]) == []
    assert missing_parts(MetricLine("x", "")) == list(PARTS)


@pytest.mark.parametrize("written", ["%", "％", "percent", "百分比", "5个点"])
def test_a_percent_must_say_which_kind_it_is(written: str):
    assert found(replace(RATE, unit="OTHER", unit_text=written)) == [
        ("collaborations.metric_which_percent", "metrics.0.unit", {"metric": "活动转化率"})
    ]


def test_another_unit_has_a_name():
    assert found(replace(RATE, unit="OTHER")) == [
        ("collaborations.metric_unit_unnamed", "metrics.0.unit_text", {"metric": "活动转化率"})
    ]
    assert found(replace(RATE, unit="OTHER", unit_text="单")) == []


def test_a_metric_has_a_baseline_or_a_reason():
    assert found(replace(USERS, baseline_na_reason="")) == [
        ("collaborations.metric_without_baseline", "metrics.0.baseline", {"metric": "新增用户数"})
    ]


def test_a_baseline_has_a_date():
    assert found(replace(RATE, baseline_at=None)) == [
        ("collaborations.metric_baseline_undated", "metrics.0.baseline_at", {"metric": "活动转化率"})
    ]


def test_a_target_is_not_what_is_there_already():
    assert found(replace(RATE, baseline=Decimal("15.0"))) == [
        ("collaborations.metric_target_is_baseline", "metrics.0.target", {"metric": "活动转化率"})
    ]


@pytest.mark.parametrize(
    ("direction", "target", "is_right"),
    [
        ("AT_LEAST", 12, True),
        ("AT_LEAST", 8, False),
        ("MORE_THAN", 8, False),
        ("INCREASE_TO", 12, True),
        ("AT_MOST", 8, True),
        ("AT_MOST", 12, False),
        ("LESS_THAN", 12, False),
        ("DECREASE_TO", 8, True),
        ("EQUAL", 8, True),
        ("EQUAL", 12, True),
        ("", 8, True),
    ],
)
def test_a_target_lies_on_the_side_its_direction_points_to(direction: str, target: int, is_right: bool):
    metric = replace(RATE, direction=direction, target=Decimal(target), baseline=Decimal(10))
    wrong = [("collaborations.metric_wrong_side", "metrics.0.target", {"metric": "活动转化率", "baseline": "10"})]
    assert found(metric) == ([] if is_right else wrong)


@pytest.mark.parametrize("unit", ["PCT_POINT", "PCT_RELATIVE"])
def test_a_change_in_percent_is_seen_from_nought(unit: str):
    falls = replace(RATE, unit=unit, direction="DECREASE_TO", target=Decimal(-12), baseline=Decimal(15))
    assert found(falls) == []
    assert found(replace(falls, target=Decimal(12))) == [
        ("collaborations.metric_wrong_side", "metrics.0.target", {"metric": "活动转化率", "baseline": "0"})
    ]


def test_a_metric_without_a_target_has_no_side():
    assert found(replace(RATE, target=None)) == []


def test_a_breakdown_must_say_total_or_each():
    sales = replace(USERS, breakdown=("华东", "华南", "华西", "华北", "华中"))
    assert found(sales) == [("collaborations.metric_total_or_each", "metrics.0.aggregation", {"metric": "新增用户数"})]
    assert found(replace(sales, aggregation="TOTAL")) == []
    assert found(replace(sales, aggregation="EACH")) == []


def test_each_needs_its_values_one_by_one():
    assert found(replace(USERS, breakdown=("5个区域",), aggregation="EACH")) == [
        ("collaborations.metric_values_unlisted", "metrics.0.breakdown", {"metric": "新增用户数"})
    ]


def test_values_of_a_breakdown_are_separated_by_any_usual_mark():
    assert values_of("华东、华南，华西;华北 / 华中\n西北") == ("华东", "华南", "华西", "华北", "华中", "西北")
    assert values_of(" ") == ()


def test_a_metric_has_exactly_one_time_limit():
    none = replace(USERS, window_days=None)
    assert found(none) == [("collaborations.metric_without_deadline", "metrics.0.deadline", {"metric": "新增用户数"})]
    for two in (replace(USERS, deadline=LIVE), replace(USERS, window_months=1)):
        assert found(two) == [("collaborations.metric_two_deadlines", "metrics.0.deadline", {"metric": "新增用户数"})]


def test_a_deadline_lies_inside_the_dates_of_the_collaboration():
    dated = replace(USERS, window_days=None, deadline=FINISH)
    late, early = FINISH + timedelta(days=1), START - timedelta(days=1)
    assert found(dated) == []
    assert found(replace(dated, deadline=late)) == [
        (
            "collaborations.after_finish",
            "metrics.0.deadline",
            {"date": late.isoformat(), "finish": FINISH.isoformat()},
        )
    ]
    assert found(replace(dated, deadline=early)) == [
        ("collaborations.date_in_past", "metrics.0.deadline", {"date": early.isoformat()})
    ]


def test_a_window_starts_at_a_milestone_that_exists():
    assert found(replace(USERS, window_from="")) == [
        ("collaborations.metric_window_unanchored", "metrics.0.window_from", {"metric": "新增用户数"})
    ]
    assert found(replace(USERS, window_from="上线")) == [
        ("collaborations.metric_window_unknown", "metrics.0.window_from", {"milestone": "上线"})
    ]


def test_a_window_ends_before_the_collaboration_does():
    assert found(replace(USERS, window_days=60)) == [
        (
            "collaborations.metric_window_too_long",
            "metrics.0.window_from",
            {"metric": "新增用户数", "until": "2027-02-12", "finish": FINISH.isoformat()},
        )
    ]
    assert found(replace(USERS, window_days=60), replace(DATES, finish=None)) == []


@pytest.mark.parametrize(
    ("days", "months", "start", "end"),
    [
        (1, None, date(2026, 12, 15), date(2026, 12, 15)),
        (30, None, date(2026, 12, 15), date(2027, 1, 13)),
        (None, 3, date(2026, 12, 15), date(2027, 3, 14)),
        (None, 1, date(2027, 1, 31), date(2027, 2, 27)),
        (None, 12, date(2028, 2, 29), date(2029, 2, 27)),
        (30, None, date.max, date.max),
        (None, 1, date.max, date.max),
    ],
)
def test_the_last_day_of_a_window(days: int | None, months: int | None, start: date, end: date):
    assert window_end(replace(USERS, window_days=days, window_months=months), start) == end


def test_a_window_is_open_until_its_last_day_is_over():
    last = LIVE + timedelta(days=29)
    assert windows_open([USERS], {"活动 上线": LIVE}, last) == [OpenWindow(USERS, last)]
    assert windows_open([USERS], {"活动上线": LIVE}, last + timedelta(days=1)) == []


def test_a_window_that_has_not_begun_is_open():
    assert windows_open([USERS], {}, FINISH) == [OpenWindow(USERS, None)]


def test_a_window_is_over_early_only_when_all_its_metrics_have_reached_their_targets():
    starts = {"活动上线": LIVE}
    last = LIVE + timedelta(days=29)
    one = windows_open([USERS, RATE], starts, LIVE, frozenset({"m1"}))
    assert one == [OpenWindow(USERS, last), OpenWindow(RATE, last)]
    assert windows_open([USERS, RATE], starts, LIVE, frozenset({"m1", "m2"})) == []


def test_a_metric_with_a_deadline_has_no_window():
    assert windows_open([replace(USERS, window_days=None, deadline=LIVE)], {}, START) == []


@pytest.mark.parametrize(
    ("direction", "target", "actual", "met", "gap"),
    [
        ("AT_LEAST", "100000", "92000", False, "8000"),
        ("AT_LEAST", "15", "15.8", True, "0"),
        ("AT_LEAST", "15", "15", True, "0"),
        ("MORE_THAN", "2000000", "2000000", False, "0"),
        ("MORE_THAN", "2000000", "2000000.01", True, "0"),
        ("INCREASE_TO", "95", "94.5", False, "0.5"),
        ("AT_MOST", "3", "3", True, "0"),
        ("AT_MOST", "3", "4.2", False, "1.2"),
        ("LESS_THAN", "3", "3", False, "0"),
        ("LESS_THAN", "3", "2.9", True, "0"),
        ("DECREASE_TO", "-12", "-10", False, "2"),
        ("EQUAL", "7", "7.0", True, "0"),
        ("EQUAL", "7", "6", False, "1"),
    ],
)
def test_a_metric_is_judged_by_its_direction(direction: str, target: str, actual: str, met: bool, gap: str):
    metric = replace(USERS, direction=direction, target=Decimal(target))
    assert judge(metric, Decimal(actual)) == Judgement(met=met, gap=Decimal(gap))


def test_a_metric_without_target_is_never_reached():
    assert judge(replace(USERS, target=None), Decimal(1)) == Judgement(met=False, gap=Decimal(0))


@settings(deadline=None)
@given(st.sampled_from(sorted(RISING | FALLING | {"EQUAL"})), NUMBER, NUMBER)
def test_a_metric_with_a_gap_is_not_met_and_the_gap_closes_it(direction: str, target: Decimal, actual: Decimal):
    judgement = measure(direction, target, actual)
    assert judgement.gap >= 0
    assert not (judgement.met and judgement.gap)
    if judgement.gap and direction in {"AT_LEAST", "INCREASE_TO"}:
        assert measure(direction, target, actual + judgement.gap).met
    if judgement.gap and direction in {"AT_MOST", "DECREASE_TO"}:
        assert measure(direction, target, actual - judgement.gap).met


@settings(deadline=None)
@given(NUMBER, NUMBER)
def test_opposite_directions_never_agree(target: Decimal, actual: Decimal):
    assert measure("AT_LEAST", target, actual).met is not measure("LESS_THAN", target, actual).met
    assert measure("AT_MOST", target, actual).met is not measure("MORE_THAN", target, actual).met
    both = measure("AT_LEAST", target, actual).met and measure("AT_MOST", target, actual).met
    assert measure("EQUAL", target, actual).met is both


EACH = replace(USERS, breakdown=("华东", "华南"), aggregation="EACH")


def test_a_metric_that_counts_for_each_part_is_reached_when_every_part_is():
    enough, little = Decimal(100000), Decimal(99999)
    assert is_reached(EACH, {"华东": enough, "华南": enough}) is True
    assert is_reached(EACH, {"华东": enough}) is None
    assert is_reached(EACH, {"华东": little}) is False
    assert is_reached(EACH, {"": enough}) is None


def test_a_metric_that_counts_as_a_whole_is_not_reached_by_its_parts():
    whole = replace(EACH, aggregation="TOTAL")
    assert whole.measured_parts == ("", "华东", "华南")
    assert is_reached(whole, {"华东": Decimal(10**6), "华南": Decimal(10**6)}) is None
    assert is_reached(whole, {"": Decimal(100000), "华东": Decimal(1)}) is True
