from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from bihuan.collaborations import forms
from bihuan.collaborations.policy.acceptance import (
    AcceptanceContext,
    AcceptanceItem,
    Outcome,
    acceptance_items,
    check,
    computed,
    item_id,
    outcome,
    prefilled,
)
from bihuan.collaborations.policy.lines import MilestoneLine, criteria_of, milestones_of, results_of
from bihuan.collaborations.policy.metrics import OpenWindow, metrics_of
from bihuan.records.policy import fixed_strangers
from tests import forms_samples
from tests.clean_bodies import CAST, MATTER, START, any_shape, bodies, can_be_told, clean, person, request, said

Body = dict[str, Any]
TODAY = START + timedelta(days=65)
CONSENSUS = clean(forms.CONSENSUS, forms_samples.consensus(CAST, START))
ITEMS = tuple(
    acceptance_items(
        criteria=criteria_of(CONSENSUS),
        results=results_of(request()),
        metrics=metrics_of(request()),
        milestones=milestones_of(request()),
        budget=Decimal("50000.00"),
    )
)
CONTEXT = AcceptanceContext(replace(MATTER, today=TODAY), ITEMS)
USERS = metrics_of(request())[0]


def acceptance(**figures: str) -> Body:
    return clean(forms.ACCEPTANCE, forms_samples.acceptance(CAST, START, TODAY, **figures))


def found(body: Body, context: AcceptanceContext = CONTEXT) -> list[tuple[str, str, Body]]:
    return said(check(body, context))


def without(body: Body, identity: str, **cells: Any) -> Body:
    next(row for row in body["items"] if row["id"] == identity).update(cells)
    return body


def test_a_campaign_that_reached_everything_passes():
    assert found(acceptance()) == []
    assert {row["result"] for row in computed(acceptance(), ITEMS)["items"]} == {"MET"}


def test_the_yardstick_holds_criteria_results_metrics_dates_and_the_budget():
    assert [item.id for item in ITEMS] == [
        "c-c1", "c-c2", "d-r1", "d-r2", "d-r3", "m-m1", "m-m2", "t-t1", "t-t2", "t-t3", "t-t4", "b-total",
    ]  # fmt: skip
    assert ITEMS[3] == AcceptanceItem(
        "d-r2",
        "DELIVERABLE",
        "推广素材",
        "AT_LEAST",
        Decimal(10),
        date(2026, 12, 15),
        "",
        "套",
        "通过品牌审核并可直接投放",
    )
    assert ITEMS[-1] == AcceptanceItem("b-total", "BUDGET", "Budget", "AT_MOST", Decimal("50000.00"), None, "CNY")


def test_units_are_kept_as_codes_and_as_words():
    units = [(row["unit"], row["unit_text"]) for row in computed(acceptance(), ITEMS)["items"]]
    assert units[4:8] == [("", "份"), ("COUNT", "人"), ("PCT_LEVEL", ""), ("", "")]
    assert units[-1] == ("CNY", "")


def test_a_missed_metric_refuses_pass_whatever_was_typed():
    """AS29: 92,000 of 100,000 and 15.8 % of at least 15 %."""
    body = without(acceptance(new_users="92000"), "m-m1", verdict="MET")
    assert found(body) == [("collaborations.pass_with_unmet", "conclusion", {"item": "新增用户数", "gap": "8000"})]
    results = {row["criterion"]: (row["result"], row["gap"]) for row in computed(body, ITEMS)["items"]}
    assert results["新增用户数"] == ("NOT_MET", "8000")
    assert results["活动转化率"] == ("MET", "0")


def test_a_missed_metric_may_pass_on_conditions_with_its_rectification():
    """AS29."""
    body = acceptance(new_users="92000") | {"conclusion": "CONDITIONAL_PASS"}
    assert found(body) == [("collaborations.rectification_missing", "rectifications", {"item": "新增用户数"})]
    draft = forms_samples.acceptance(CAST, START, TODAY, new_users="92000")
    draft |= {
        "conclusion": "CONDITIONAL_PASS",
        "rectifications": [forms_samples.rectification(CAST, TODAY + timedelta(days=20))],
    }
    assert found(clean(forms.ACCEPTANCE, draft)) == []
    draft["rectifications"][0]["item"] = "m-m1"
    assert found(clean(forms.ACCEPTANCE, draft)) == []


def test_a_rectification_names_an_item_an_active_owner_and_a_day_ahead():
    body = acceptance(new_users="92000") | {
        "conclusion": "CONDITIONAL_PASS",
        "rectifications": [
            {"id": "a", "item": "新增用户数", "owner": person(91), "due": START.isoformat()},
            {"id": "b", "item": "老用户召回", "owner": None, "due": None},
        ],
    }
    assert found(body) == [
        ("collaborations.rectification_unknown", "rectifications.1.item", {"item": "老用户召回"}),
        ("collaborations.person_not_active", "rectifications.0.owner", {"person": "吴会"}),
        ("collaborations.date_in_past", "rectifications.0.due", {"date": START.isoformat()}),
    ]


def test_failing_needs_no_rectification():
    assert found(acceptance(new_users="92000") | {"conclusion": "FAIL"}) == []


def test_a_conclusion_fits_the_items():
    assert found(acceptance() | {"conclusion": "CONDITIONAL_PASS"}) == [
        ("collaborations.condition_without_gap", "conclusion", {})
    ]
    (doubt,) = check(acceptance() | {"conclusion": "FAIL"}, CONTEXT)
    assert (doubt.code, doubt.is_error) == ("collaborations.fail_without_gap", False)
    assert found(acceptance() | {"conclusion": ""}) == []


def test_no_item_of_the_basis_can_be_left_out_or_added():
    """AS05."""
    body = acceptance()
    body["items"][0]["id"] = "c-other"
    assert found(body) == [
        ("collaborations.acceptance_item_missing", "items", {"item": "活动页面可用"}),
        ("collaborations.acceptance_item_unknown", "items.0", {}),
    ]
    stored = forms_samples.acceptance(CAST, START, TODAY)
    assert fixed_strangers(forms.ACCEPTANCE, stored, {"items": stored["items"][1:]}) == ["items"]


def test_every_item_is_judged_by_somebody_on_evidence():
    body = without(acceptance(), "c-c1", verdict="", judged_by=None)
    without(body, "m-m1", actual=None, evidence="")
    without(body, "t-t4", actual_on=None)
    without(body, "b-total", actual=None)
    assert found(body) == [
        ("collaborations.acceptance_not_judged", "items.0.verdict", {"item": "活动页面可用"}),
        ("collaborations.acceptance_judge_missing", "items.0.judged_by", {"item": "活动页面可用"}),
        ("collaborations.acceptance_not_judged", "items.5.actual", {"item": "新增用户数"}),
        ("collaborations.acceptance_evidence_missing", "items.5.evidence", {"item": "新增用户数"}),
        ("collaborations.acceptance_not_judged", "items.10.actual_on", {"item": "数据复盘"}),
        ("collaborations.acceptance_not_judged", "items.11.actual", {"item": "Budget"}),
    ]


def test_nothing_is_said_about_the_conclusion_while_an_item_is_not_judged():
    body = without(acceptance(), "c-c1", verdict="") | {"conclusion": "CONDITIONAL_PASS"}
    assert [code for code, *_ in found(body)] == ["collaborations.acceptance_not_judged"]


def test_fewer_deliverables_than_agreed_are_not_met():
    body = without(acceptance(), "d-r2", actual="8")
    assert found(body) == [
        ("collaborations.acceptance_count_short", "items.3.verdict", {"item": "推广素材", "gap": "2"}),
        ("collaborations.pass_with_unmet", "conclusion", {"item": "推广素材", "gap": "2"}),
    ]


def test_a_criterion_judged_not_met_has_no_figure_for_its_gap():
    assert found(without(acceptance(), "c-c1", verdict="NOT_MET")) == [
        ("collaborations.pass_with_unmet", "conclusion", {"item": "活动页面可用", "gap": "–"})
    ]


def test_what_is_waived_passes_on_conditions_only_and_needs_no_rectification():
    body = without(acceptance(), "t-t4", actual_on="2027-01-21", waived_reason="春节前无法集中复盘")
    assert found(body) == [("collaborations.pass_with_unmet", "conclusion", {"item": "数据复盘", "gap": "2"})]
    assert found(body | {"conclusion": "CONDITIONAL_PASS"}) == []


@pytest.mark.parametrize(
    ("item", "row", "expected"),
    [
        (
            AcceptanceItem("t", "DEADLINE", "x", target_on=START),
            {"actual_on": "2026-11-17"},
            Outcome("MET", Decimal(0)),
        ),
        (
            AcceptanceItem("t", "DEADLINE", "x", target_on=START),
            {"actual_on": "2026-11-20"},
            Outcome("NOT_MET", Decimal(3)),
        ),
        (AcceptanceItem("t", "DEADLINE", "x"), {"actual_on": "2026-11-20"}, Outcome("")),
        (AcceptanceItem("m", "METRIC", "x", "AT_LEAST"), {"actual": "3"}, Outcome("")),
        (
            AcceptanceItem("b", "BUDGET", "x", "AT_MOST", Decimal(5)),
            {"actual": "5.01"},
            Outcome("NOT_MET", Decimal("0.01")),
        ),
        (AcceptanceItem("d", "DELIVERABLE", "x", "AT_LEAST", Decimal(5)), {"verdict": "MET"}, Outcome("MET")),
        (AcceptanceItem("c", "CRITERION", "x"), {"verdict": "NOT_MET", "waived_reason": "y"}, Outcome("WAIVED")),
    ],
)
def test_the_result_of_an_item(item: AcceptanceItem, row: Body, expected: Outcome):
    assert outcome(item, row) == expected


def test_acceptance_waits_for_the_end_of_every_window():
    windows = (OpenWindow(USERS, date(2027, 1, 13)), OpenWindow(USERS, None))
    assert found(acceptance(), replace(CONTEXT, open_windows=windows)) == [
        ("collaborations.window_open", "", {"metric": "新增用户数", "until": "2027-01-13"}),
        ("collaborations.window_not_begun", "", {"metric": "新增用户数", "milestone": "活动上线"}),
    ]


def test_every_involved_department_takes_part_in_the_acceptance():
    body = acceptance()
    body["participants"].pop()
    assert found(body) == [("collaborations.department_absent", "participants", {"department": "运营部"})]


def test_what_is_handed_over_has_an_active_owner_and_a_day_ahead():
    body = acceptance() | {"left_over": [{"id": "a", "text": "x", "owner": person(91), "due": "2026-12-01"}]}
    assert found(body) == [
        ("collaborations.person_not_active", "left_over.0.owner", {"person": "吴会"}),
        ("collaborations.date_in_past", "left_over.0.due", {"date": "2026-12-01"}),
    ]


def test_a_metric_that_counts_for_each_gives_an_item_for_each():
    each = replace(USERS, breakdown=("华东", "华南"), aggregation="EACH")
    known = {"m-m1-2": Decimal(41000)}
    items = acceptance_items(metrics=[each], actuals=known)
    assert [(item.id, item.criterion, item.actual) for item in items] == [
        ("m-m1-1", "新增用户数（华东）", None),
        ("m-m1-2", "新增用户数（华南）", Decimal(41000)),
    ]
    total = acceptance_items(metrics=[replace(each, aggregation="TOTAL")])
    assert [item.id for item in total] == ["m-m1"]


def test_what_the_product_knows_stands_in_the_new_form():
    milestone = MilestoneLine("t1", "需求确认", START, None)
    undated = MilestoneLine("t2", "功能开发", None, None)
    items = acceptance_items(
        metrics=[USERS],
        milestones=[milestone, undated],
        budget=Decimal("0.00"),
        budget_name="预算",
        actuals={"m-m1": Decimal("92000.50"), "t-t1": TODAY, "b-total": TODAY},
    )
    assert prefilled(items) == [
        {"id": "m-m1", "actual": "92000.5", "actual_on": None},
        {"id": "t-t1", "actual": None, "actual_on": TODAY.isoformat()},
        {"id": "b-total", "actual": None, "actual_on": None},
    ]
    assert [row["target"] for row in computed({}, items)["items"]] == ["100000", None, "0"]


def test_an_item_id_is_short_and_the_same_every_time():
    assert item_id("METRIC", "m1", 2) == "m-m1-2"
    long = item_id("DEADLINE", "x" * 40)
    assert long == item_id("DEADLINE", "x" * 40) != item_id("DEADLINE", "y" * 40)
    assert len(long) == 18


@any_shape
@given(bodies(forms.ACCEPTANCE))
def test_an_acceptance_of_any_shape_is_checked_without_a_crash(body: Body):
    assert can_be_told(forms.ACCEPTANCE, check(body, CONTEXT))
    computed(body, ITEMS)
