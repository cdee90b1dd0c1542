from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collaborations import forms
from bihuan.collaborations.policy.body import Ref, group, instant, number, ref, rows, whole, yes
from bihuan.collaborations.policy.lines import (
    MilestoneLine,
    NeedLine,
    PartyLine,
    milestones_of,
    parties_of,
    requested_items,
)
from bihuan.collaborations.policy.needs import total
from bihuan.collaborations.policy.parties import weekdays
from bihuan.collaborations.policy.request import RequestContext, check
from bihuan.records.policy import normalise
from tests import forms_samples
from tests.clean_bodies import (
    CAST,
    FINISH,
    KNOWN,
    PEOPLE,
    START,
    any_shape,
    bodies,
    can_be_told,
    clean,
    department,
    person,
    request,
    said,
)

CONTEXT = RequestContext(today=START, people=PEOPLE)
Body = dict[str, Any]


def found(body: Body, context: RequestContext = CONTEXT) -> list[tuple[str, str, Body]]:
    return said(check(body, context))


def changed(**fields: Any) -> Body:
    return {**request(), **fields}


def row_changed(key: str, index: int, **cells: Any) -> Body:
    body = request()
    body[key][index] |= cells
    return body


def test_the_request_of_the_growth_campaign_may_be_submitted():
    assert found(request()) == []


def test_a_vague_goal_without_metric_is_refused_naming_the_parts_and_the_word():
    """AS01."""
    draft = {**forms_samples.request(CAST, START), "goal_text": "尽快提升新品销量", "metrics": []}
    body, generic = normalise(forms.REQUEST, draft, KNOWN, ZoneInfo("Asia/Shanghai"))
    assert said(generic) == [("records.vague", "goal_text", {"words": "尽快"})]
    assert generic[0].is_error
    parts = ("name", "target", "unit", "deadline", "direction", "baseline")
    assert found(body) == [("collaborations.goal_without_metric", "metrics", {"missing": parts})]


def test_breakdown_and_percent_are_asked_about_once_each_and_then_accepted():
    """AS02."""
    sales = {
        "name": "新品销售额",
        "definition": "财务系统开票金额",
        "direction": "MORE_THAN",
        "target": "200万",
        "unit": "CNY",
        "baseline_na_reason": "新产品",
        "window_days": 30,
        "window_from": "活动上线",
        "breakdown": "华东、华南、华西、华北、华中",
    }
    delay = {
        "name": "延迟率",
        "definition": "项目管理系统",
        "direction": "INCREASE_TO",
        "target": "15",
        "unit": "OTHER",
        "unit_text": "%",
        "baseline": "5",
        "baseline_at": "2026-10-31",
        "deadline": FINISH.isoformat(),
    }
    draft = {**forms_samples.request(CAST, START), "metrics": [sales, delay]}
    assert found(clean(forms.REQUEST, draft)) == [
        ("collaborations.metric_total_or_each", "metrics.0.aggregation", {"metric": "新品销售额"}),
        ("collaborations.metric_which_percent", "metrics.1.unit", {"metric": "延迟率"}),
    ]
    draft["metrics"] = [{**sales, "aggregation": "TOTAL"}, {**delay, "unit": "PCT_POINT", "unit_text": ""}]
    draft["resources"][1]["amount"] = "15万"
    body = clean(forms.REQUEST, draft)
    assert found(body) == []
    assert body["resources"][1]["amount"] == "150000.00"


def test_a_title_is_taken_however_it_is_written():
    context = replace(CONTEXT, titles_taken=frozenset({" 2026年 用户增长活动", ""}))
    assert found(request(), context) == [("collaborations.title_taken", "title", {"title": "2026年用户增长活动"})]


def test_an_empty_title_is_not_taken():
    assert found(changed(title=""), replace(CONTEXT, titles_taken=frozenset({"", " "}))) == []


def test_marks_that_a_short_name_may_not_hold_are_shown():
    assert found(changed(short_name="用户 增长-Q3/A-")) == [
        ("collaborations.short_name_marks", "short_name", {"marks": "␣ - /"})
    ]


def test_two_departments_take_part_at_least():
    body = changed(involved_depts=[{"id": "p1", "dept": department(1), "contact_person": person(12)}])
    codes = [code for code, *_ in found(body)]
    assert ("collaborations.one_department_only", "involved_depts", {"department": "产品部"}) in found(body)
    assert codes.count("collaborations.department_not_involved") == 5


def test_a_department_is_named_once():
    body = request()
    body["involved_depts"].append(body["involved_depts"][0] | {"id": "p9"})
    assert found(body) == [("collaborations.department_twice", "involved_depts.3.dept", {"department": "市场部"})]


def test_a_contact_person_belongs_to_his_department():
    assert found(row_changed("involved_depts", 0, contact_person=person(31))) == [
        (
            "collaborations.person_elsewhere",
            "involved_depts.0.contact_person",
            {"person": "李强", "department": "市场部"},
        )
    ]


def test_people_of_the_request_are_active():
    body = changed(project_lead=person(91), initiator=person(21), cc=[{"id": "a", "person": person(91)}])
    assert found(body) == [
        ("collaborations.person_elsewhere", "initiator", {"person": "王敏", "department": "产品部"}),
        ("collaborations.person_not_active", "project_lead", {"person": "吴会"}),
        ("collaborations.person_not_active", "cc.0.person", {"person": "吴会"}),
    ]


def test_regions_are_named_when_more_than_one_site_takes_part():
    body = request()
    body["involved_depts"][0]["site"] = {"id": 1, "name": "上海"}
    assert found(body) == []
    body["involved_depts"][1]["site"] = {"id": 2, "name": "北京"}
    assert found(body) == [("collaborations.regions_missing", "regions", {"sites": 2})]
    body["regions"] = [{"id": "a", "site": {"id": 1, "name": "上海"}}]
    assert found(body) == []


def test_milestones_ascend_and_end_before_the_finish():
    late = FINISH + timedelta(days=1)
    body = row_changed("milestones", 3, date=late.isoformat())
    body["milestones"][1]["date"] = (START + timedelta(days=3)).isoformat()
    assert found(body) == [
        ("collaborations.milestone_out_of_order", "milestones.1.date", {"milestone": "功能开发"}),
        (
            "collaborations.after_finish",
            "milestones.3.date",
            {"date": late.isoformat(), "finish": FINISH.isoformat()},
        ),
    ]


def test_a_milestone_belongs_to_a_department_that_takes_part_and_has_a_name_of_its_own():
    body = row_changed("milestones", 1, owner_dept=department(9), name="需求 确认")
    assert found(body) == [
        ("collaborations.name_twice", "milestones.1.name", {"name": "需求 确认"}),
        ("collaborations.department_not_involved", "milestones.1.owner_dept", {"department": "财务部"}),
    ]


def test_a_finish_in_the_past_is_refused():
    body = changed(expected_finish="2026-11-16")
    assert ("collaborations.date_in_past", "expected_finish", {"date": "2026-11-16"}) in found(body)


def test_a_finish_within_five_working_days_is_doubted():
    body = {"expected_finish": "2026-11-23", "resources_none_reason": "无"}
    last = check(body, CONTEXT)[-1]
    assert (last.code, last.place, dict(last.params), last.is_error) == (
        "collaborations.finish_is_near",
        "expected_finish",
        {"days": 4},
        False,
    )


def test_how_near_and_how_many_a_playbook_says_itself():
    body = {"expected_finish": "2026-11-23", "resources_none_reason": "无"}
    codes = [each.code for each in check(body, replace(CONTEXT, working_days=4))]
    assert "collaborations.finish_is_near" not in codes
    many = {"count": 4, "least": 9}
    assert found(changed(), replace(CONTEXT, departments=9)) == [
        ("collaborations.departments_too_few", "involved_depts", many)
    ]


def test_resources_are_listed_or_it_is_said_why_not():
    assert found(changed(resources=[])) == [("collaborations.resources_unanswered", "resources", {})]
    assert found(changed(resources=[], resources_none_reason="本部门自有人力")) == []
    assert found(changed(resources_none_reason="本部门自有人力")) == [
        ("collaborations.resources_contradict", "resources_none_reason", {})
    ]


@pytest.mark.parametrize(
    ("index", "cells", "code", "cell"),
    [
        (1, {"amount": None}, "need_without_amount", "amount"),
        (1, {"amount": "0.00"}, "need_without_amount", "amount"),
        (0, {"qty": None}, "need_without_quantity", "qty"),
        (0, {"qty": "0"}, "need_without_quantity", "qty"),
        (0, {"qty": "-1"}, "need_without_quantity", "qty"),
        (0, {"unit": ""}, "need_without_unit", "unit"),
    ],
)
def test_a_need_is_concrete(index: int, cells: Body, code: str, cell: str):
    spec = request()["resources"][index]["spec"]
    assert found(row_changed("resources", index, **cells)) == [
        (f"collaborations.{code}", f"resources.{index}.{cell}", {"spec": spec})
    ]


def test_a_need_for_people_may_be_an_amount_of_money():
    assert found(row_changed("resources", 0, qty=None, unit="", amount="30000.00")) == []


def test_a_provider_takes_part_and_gives_from_start_to_end():
    body = row_changed("resources", 0, dept=department(9), end="2026-11-20")
    assert found(body) == [
        ("collaborations.department_not_involved", "resources.0.dept", {"department": "财务部"}),
        ("collaborations.ends_before_start", "resources.0.end", {"end": "2026-11-20"}),
    ]


def test_a_result_can_be_counted_and_has_a_name_of_its_own():
    body = row_changed("expected_results", 0, qty="0")
    body["expected_results"][2]["name"] = "活动页面"
    body["expected_results"][1]["due"] = "2026-11-01"
    assert found(body) == [
        ("collaborations.result_not_countable", "expected_results.0.qty", {"result": "活动页面"}),
        ("collaborations.date_in_past", "expected_results.1.due", {"date": "2026-11-01"}),
        ("collaborations.name_twice", "expected_results.2.name", {"name": "活动页面"}),
    ]


def test_an_empty_request_names_what_its_policy_misses():
    assert [code for code, *_ in found({})] == [
        "collaborations.goal_without_metric",
        "collaborations.resources_unanswered",
    ]


def test_needs_milestones_and_parties_become_lines():
    body = request()
    assert requested_items(body)[1] == NeedLine(
        row="n2",
        department=Ref(2, "市场部"),
        type="BUDGET",
        spec="推广预算",
        quantity=None,
        unit="",
        amount=number({"x": "50000.00"}, "x"),
        start=date(2026, 12, 8),
        end=date(2027, 1, 14),
        purpose="渠道投放",
    )
    assert milestones_of(body)[2] == MilestoneLine("t3", "活动上线", date(2026, 12, 15), Ref(4, "运营部"))
    assert parties_of(body)[0] == PartyLine("p1", Ref(2, "市场部"), "SUPPORT", Ref(21, "王敏"))
    assert total(requested_items(body)) == 50000
    assert total([]) is None


def test_a_body_is_read_without_trust():
    body = {"a": True, "b": "x", "c": "NaN", "d": 1.5, "e": {"id": "1"}, "f": "rows", "g": [1, {"id": "z"}], "h": "1.5"}
    assert [number(body, key) for key in "abcd"] == [None, None, None, None]
    assert (whole(body, "h"), whole({"h": 3}, "h")) == (None, 3)
    assert (ref(body, "e"), rows(body, "f"), rows(body, "g"), group(body, "f")) == (None, [], [{"id": "z"}], {})
    assert group({"x": {"y": 1}}, "x") == {"y": 1}
    assert (yes(body, "a"), yes(body, "b")) == (True, False)
    assert instant({"x": "2026-11-17T10:00:00"}, "x") is None
    assert instant({"x": "gestern"}, "x") is None


@pytest.mark.parametrize(
    ("end", "days"),
    [("2026-11-17", 0), ("2026-11-16", 0), ("2026-11-18", 1), ("2026-11-22", 3), ("2026-11-24", 5), ("2026-12-01", 10)],
)
def test_weekdays_leave_out_saturdays_and_sundays(end: str, days: int):
    assert weekdays(START, date.fromisoformat(end)) == days


@any_shape
@given(bodies(forms.REQUEST), st.frozensets(st.text(max_size=5), max_size=2))
def test_a_request_of_any_shape_is_checked_without_a_crash(body: Body, titles: frozenset[str]):
    assert can_be_told(forms.REQUEST, check(body, replace(CONTEXT, titles_taken=titles)))
