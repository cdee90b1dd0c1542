from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bihuan.collaborations.policy.body import Ref
from bihuan.collaborations.policy.lines import requested_items
from bihuan.plans.forms import DUTY_TABLE, MATRIX, PLAN
from bihuan.plans.policy import (
    DutyContext,
    DutyLine,
    MatrixContext,
    PlanContext,
    check_duty_table,
    check_matrix,
    check_plan,
    computed_plan,
    drafted,
    duties_of,
    uncovered,
)
from tests import forms_samples
from tests.clean_bodies import (
    CAST,
    FINISH,
    MATTER,
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

Body = dict[str, Any]
RESULTS = ("活动页面", "推广素材", "用户增长数据报告")


def duty_table() -> Body:
    return clean(DUTY_TABLE, forms_samples.duty_table(CAST, START))


def plan() -> Body:
    return clean(PLAN, forms_samples.plan(CAST, START))


DUTIES = DutyContext(MATTER, RESULTS)
CONTEXT = PlanContext(MATTER, tuple(requested_items(request())), tuple(duties_of(duty_table())))


def found(body: Body, context: PlanContext = CONTEXT) -> list[tuple[str, str, Body]]:
    return said(check_plan(body, context))


def duty_found(body: Body) -> list[tuple[str, str, Body]]:
    return said(check_duty_table(body, DUTIES))


def test_the_duty_table_of_the_growth_campaign_may_be_submitted():
    assert duty_found(duty_table()) == []


def test_a_department_without_a_duty_and_a_result_left_to_nobody_are_named():
    body = duty_table()
    body["rows"].pop()
    assert duty_found(body) == [
        ("plans.department_without_duty", "rows", {"department": "运营部"}),
        ("plans.result_without_duty", "rows", {"result": "用户增长数据报告"}),
    ]


def test_an_output_is_an_expected_result_or_intermediate():
    body = duty_table()
    body["rows"][0]["intermediate"] = None
    assert duty_found(body) == [("plans.duty_for_no_result", "rows.0.deliverable", {"deliverable": "需求规格说明书"})]


def test_an_owner_is_of_the_department_that_takes_part_and_finishes_in_time():
    body = duty_table()
    body["rows"][1] |= {"owner": person(21), "due": "2027-03-01"}
    body["rows"].append(body["rows"][0] | {"id": "d9", "dept": department(9), "owner": None, "due": "2026-11-01"})
    assert duty_found(body) == [
        ("collaborations.department_not_involved", "rows.4.dept", {"department": "财务部"}),
        ("collaborations.after_finish", "rows.1.due", {"date": "2027-03-01", "finish": FINISH.isoformat()}),
        ("collaborations.date_in_past", "rows.4.due", {"date": "2026-11-01"}),
        ("collaborations.person_elsewhere", "rows.1.owner", {"person": "王敏", "department": "技术部"}),
    ]


def test_a_row_becomes_a_duty():
    assert duties_of(duty_table())[0] == DutyLine(
        row="d1",
        department=Ref(1, "产品部"),
        post="产品经理",
        duty="统筹进度、协调资源、输出需求文档",
        deliverable="需求规格说明书",
        is_intermediate=True,
        due=date(2026, 11, 24),
        owner=Ref(11, "钱宁"),
    )


def test_results_are_found_whatever_the_blanks_and_the_case():
    duty = replace(duties_of(duty_table())[1], deliverable="App 页面")
    assert uncovered(["app页面", "", "推广素材"], [duty]) == ["推广素材"]


def test_the_plan_of_the_growth_campaign_may_be_submitted():
    assert found(plan()) == []
    assert computed_plan(plan()) == {"budget_total": "50000.00"}


def test_a_plan_without_money_has_no_budget():
    assert computed_plan(plan() | {"resource_list": []}) == {"budget_total": None}


def test_the_budget_is_the_sum_of_all_amounts():
    body = plan()
    body["resource_list"][0]["amount"] = "1200.50"
    assert computed_plan(body) == {"budget_total": "51200.50"}


def test_a_gap_between_phases_is_explained():
    body = plan()
    body["phases"][4]["start"] = "2027-01-17"
    assert found(body) == [("plans.phase_gap", "phases.4.start", {"phase": "复盘优化", "days": 2})]
    assert found(body | {"gaps_reason": "春节前冻结发布"}) == []


def test_the_longest_phase_so_far_covers_a_gap():
    body = plan()
    body["phases"][0]["end"] = "2026-12-20"
    body["phases"][1]["end"] = "2026-11-26"
    assert found(body) == []


def test_phases_follow_one_another_and_end_after_they_begin():
    body = plan()
    body["phases"][1] |= {"start": "2026-11-16", "end": "2026-11-15"}
    assert found(body) == [
        ("collaborations.ends_before_start", "phases.1.end", {"end": "2026-11-15"}),
        ("collaborations.date_in_past", "phases.1.end", {"date": "2026-11-15"}),
        ("plans.phase_out_of_order", "phases.1.start", {"phase": "功能开发"}),
        ("plans.phase_gap", "phases.2.start", {"phase": "推广策划", "days": 6}),
    ]


def test_a_phase_without_dates_is_left_to_the_form():
    body = plan()
    body["phases"][0] |= {"start": None, "end": None}
    assert found(body) == []


def test_time_nodes_are_in_order_named_once_and_of_departments_that_take_part():
    body = plan()
    body["time_nodes"][1] |= {"name": "需求确认", "owner_dept": department(9), "date": "2026-11-20"}
    assert found(body) == [
        ("collaborations.milestone_out_of_order", "time_nodes.1.date", {"milestone": "需求确认"}),
        ("collaborations.name_twice", "time_nodes.1.name", {"name": "需求确认"}),
        ("collaborations.department_not_involved", "time_nodes.1.owner_dept", {"department": "财务部"}),
    ]


def test_what_was_requested_stands_in_the_resource_list():
    body = plan()
    del body["resource_list"][1]
    assert found(body) == [("plans.need_missing", "resource_list", {"spec": "推广预算", "department": "市场部"})]


def test_less_than_requested_is_said_not_refused():
    body = plan()
    body["resource_list"][0]["qty"] = "2"
    body["resource_list"][1]["amount"] = "40000.00"
    findings = check_plan(body, CONTEXT)
    assert said(findings) == [
        ("plans.need_reduced", "resource_list", {"spec": "开发工程师", "department": "技术部"}),
        ("plans.need_reduced", "resource_list", {"spec": "推广预算", "department": "市场部"}),
    ]
    assert not any(finding.is_error for finding in findings)


def test_a_need_may_be_split_over_lines_typed_anew():
    body = plan()
    people = body["resource_list"][0]
    body["resource_list"][0] = people | {"id": "x1", "qty": "1"}
    body["resource_list"].append(people | {"id": "x2", "qty": "2", "spec": " 开发 工程师"})
    assert found(body) == []


def test_a_need_of_no_department_is_not_met_by_another_one():
    stray = replace(CONTEXT.asked[0], row="", department=None)
    assert found(plan(), replace(CONTEXT, asked=(stray,))) == [
        ("plans.need_missing", "resource_list", {"spec": "开发工程师", "department": ""})
    ]


def test_every_result_of_the_plan_has_a_duty():
    body = plan()
    body["expected_results"][2]["name"] = "复盘材料"
    assert found(body) == [("plans.result_without_duty", "expected_results.2.name", {"result": "复盘材料"})]
    assert found(plan(), replace(CONTEXT, duties=())) == [("plans.duty_table_missing", "duty_table", {})]


def test_the_metrics_of_the_plan_are_whole_and_start_at_its_time_nodes():
    body = plan()
    body["metrics"][0]["window_from"] = "上线"
    body["metrics"][1]["baseline"] = None
    body["metrics"][0]["name"] = "活动转化率"
    assert found(body) == [
        ("collaborations.metric_window_unknown", "metrics.0.window_from", {"milestone": "上线"}),
        ("collaborations.metric_without_baseline", "metrics.1.baseline", {"metric": "活动转化率"}),
        ("collaborations.name_twice", "metrics.1.name", {"name": "活动转化率"}),
    ]
    assert found(plan() | {"metrics": []})[0][0] == "collaborations.goal_without_metric"


def test_a_risk_has_an_active_owner():
    body = plan()
    body["risks"][0]["owner"] = person(91)
    assert found(body) == [("collaborations.person_not_active", "risks.0.owner", {"person": "吴会"})]


@any_shape
@given(bodies(PLAN), st.booleans())
def test_a_plan_of_any_shape_is_checked_without_a_crash(body: Body, has_duties: bool):
    context = CONTEXT if has_duties else replace(CONTEXT, duties=())
    assert can_be_told(PLAN, check_plan(body, context))
    budget = computed_plan(body)["budget_total"]
    assert budget is None or Decimal(budget).as_tuple().exponent == -2


@any_shape
@given(bodies(DUTY_TABLE))
def test_a_duty_table_of_any_shape_is_checked_without_a_crash(body: Body):
    assert can_be_told(DUTY_TABLE, check_duty_table(body, DUTIES))


@any_shape
@given(bodies(MATRIX))
def test_a_matrix_of_any_shape_is_checked_without_a_crash(body: Body):
    assert can_be_told(MATRIX, check_matrix(body, MatrixContext(MATTER, RESULTS)))


def matrix() -> Body:
    given = drafted(duties_of(duty_table()), (), CAST.product)
    return clean(MATRIX, forms_samples.matrix(CAST, START, given))


def matrix_found(body: Body) -> list[tuple[str, str, Body]]:
    return said(check_matrix(body, MatrixContext(MATTER, RESULTS)))


def test_the_matrix_that_the_duty_table_brings_holds():
    assert matrix_found(matrix()) == []


def test_exactly_one_answers_for_a_task_and_somebody_does_it():
    """AS06, AS07: G09 names both who answer, G10 that nobody does it."""
    body = matrix()
    body["cells"][2]["letter"] = "A"
    task, doer, head = body["tasks"][1]["task"], body["cells"][2]["person"]["name"], body["cells"][3]["dept"]["name"]
    assert matrix_found(body) == [
        ("plans.several_answer", "tasks.1.task", {"task": task, "names": f"{doer}, {head}"}),
        ("plans.nobody_does", "tasks.1.task", {"task": task}),
    ]
    body["cells"][2]["letter"] = body["cells"][3]["letter"] = "C"
    assert [code for code, *_ in matrix_found(body)] == ["plans.nobody_answers", "plans.nobody_does"]


def test_how_many_do_one_task_without_a_word_a_playbook_says_itself():
    body = matrix()
    told = said(check_matrix(body, MatrixContext(MATTER, RESULTS, responsible=0)))
    assert [code for code, *_ in told] == ["plans.many_do"] * len(body["tasks"])


def test_a_party_has_one_letter_in_a_task_and_may_do_and_answer_with_a_warning():
    """G11."""
    body = matrix()
    body["cells"].append({**body["cells"][2], "id": "again", "letter": "C"})
    name = body["cells"][2]["person"]["name"]
    at = len(body["cells"]) - 1
    assert matrix_found(body) == [("plans.letter_twice", f"cells.{at}.letter", {"name": name})]
    body["cells"] = [cell for cell in body["cells"][:at] if cell is not body["cells"][3]]
    body["cells"][2]["letter"] = "RA"
    assert matrix_found(body) == [("plans.does_and_answers", "cells.2.letter", {"name": name})]


def test_every_department_and_every_result_stands_in_the_matrix():
    """G12, and letters stand for tasks that there are."""
    body = matrix()
    body["tasks"].pop()
    found = matrix_found(body)
    assert ("plans.result_without_task", "tasks", {"result": "用户增长数据报告"}) in found
    assert ("plans.letter_without_task", "cells.6.task", {}) in found
    body["cells"] = body["cells"][:6]
    assert ("plans.department_without_letter", "cells", {"department": "运营部"}) in matrix_found(body)
