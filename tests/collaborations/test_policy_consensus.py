from datetime import date
from typing import Any

from hypothesis import given

from bihuan.collaborations import forms
from bihuan.collaborations.policy.acceptance import acceptance_items, computed
from bihuan.collaborations.policy.body import Ref
from bihuan.collaborations.policy.consensus import check, excused
from bihuan.collaborations.policy.lines import CriterionLine, criteria_of
from bihuan.records.policy import freeze
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
    said,
)

Body = dict[str, Any]


def consensus() -> Body:
    return clean(forms.CONSENSUS, forms_samples.consensus(CAST, START))


def found(body: Body) -> list[tuple[str, str, Body]]:
    return said(check(body, MATTER))


def test_the_consensus_of_the_growth_campaign_may_be_submitted():
    assert found(consensus()) == []


def test_a_department_not_spoken_with_and_an_infeasible_one_are_named():
    """AS05: two talks of three, and one department says it cannot."""
    body = consensus() | {"mode": "BILATERAL"}
    body["talks"].pop()
    body["feasibility"][1] |= {"verdict": "NOT_FEASIBLE", "text": "开发人员已排满"}
    assert found(body) == [
        ("collaborations.talk_missing", "talks", {"department": "运营部"}),
        ("collaborations.not_feasible", "feasibility.1.verdict", {"department": "技术部"}),
    ]


def test_the_criteria_become_exactly_the_first_items_of_acceptance():
    """AS05: two criteria, two items."""
    items = acceptance_items(criteria=criteria_of(consensus()))
    assert [(item.id, item.type, item.criterion) for item in items] == [
        ("c-c1", "CRITERION", "活动页面可用"),
        ("c-c2", "CRITERION", "投放数据每日同步"),
    ]
    assert criteria_of(consensus())[0] == CriterionLine(
        "c1", "活动页面可用", "上线当日全部测试用例通过，无高等级缺陷", Ref(3, "技术部"), date(2026, 12, 15)
    )


def test_one_to_one_each_department_is_spoken_with_once_but_many_may_come_to_a_meeting():
    body = consensus()
    body["talks"].append(body["talks"][0] | {"id": "s9"})
    assert found(body) == []
    assert found(body | {"mode": "BILATERAL"}) == [
        ("collaborations.department_twice", "talks.3.dept", {"department": "市场部"})
    ]


def test_people_spoken_with_belong_to_their_department_and_departments_take_part():
    body = consensus()
    body["talks"][0]["person"] = person(31)
    body["goal_understanding"].append({"id": "u9", "dept": department(9), "text": "知悉"})
    body["commitments"].append({"id": "w9", "dept": department(9), "what": "付款", "by": None})
    body["feedback"][0]["dept"] = department(9)
    body["criteria"][0]["owner_dept"] = department(9)
    assert found(body) == [
        ("collaborations.person_elsewhere", "talks.0.person", {"person": "李强", "department": "市场部"}),
        ("collaborations.department_not_involved", "goal_understanding.3.dept", {"department": "财务部"}),
        ("collaborations.department_not_involved", "commitments.3.dept", {"department": "财务部"}),
        ("collaborations.department_not_involved", "feedback.0.dept", {"department": "财务部"}),
        ("collaborations.department_not_involved", "criteria.0.owner_dept", {"department": "财务部"}),
    ]


def test_every_department_says_how_it_understands_the_goal_and_whether_it_can():
    body = consensus()
    del body["goal_understanding"][0]
    body["feasibility"][2]["dept"] = department(3)
    assert found(body) == [
        ("collaborations.understanding_missing", "goal_understanding", {"department": "市场部"}),
        ("collaborations.feasibility_missing", "feasibility", {"department": "运营部"}),
        ("collaborations.department_twice", "feasibility.2.dept", {"department": "技术部"}),
    ]


def test_a_condition_and_a_refusal_give_their_ground():
    body = consensus()
    body["feasibility"][0]["verdict"] = "CONDITIONAL"
    body["feasibility"][1] |= {"verdict": "NOT_FEASIBLE", "dept": None}
    assert found(body) == [
        ("collaborations.feasibility_missing", "feasibility", {"department": "技术部"}),
        ("collaborations.feasibility_ground_missing", "feasibility.0.text", {"department": "市场部"}),
        ("collaborations.not_feasible", "feasibility.1.verdict", {"department": ""}),
        ("collaborations.feasibility_ground_missing", "feasibility.1.text", {"department": ""}),
    ]


def test_every_department_finds_a_line_to_confirm():
    body = consensus() | {"commitments": []}
    assert found(body) == [("collaborations.nothing_to_confirm", "commitments", {"department": "运营部"})]


def test_what_is_promised_lies_inside_the_collaboration():
    body = consensus()
    body["commitments"][0]["by"] = "2026-11-01"
    body["criteria"][1]["due"] = "2027-03-01"
    assert found(body) == [
        ("collaborations.date_in_past", "commitments.0.by", {"date": "2026-11-01"}),
        ("collaborations.after_finish", "criteria.1.due", {"date": "2027-03-01", "finish": FINISH.isoformat()}),
    ]


def test_a_line_binds_all_involved_departments_unless_some_are_chosen():
    body = consensus()
    assert excused(body, MATTER.involved) == {}
    body["criteria"][0]["binds"] = [department(3)]
    body["commitments"][1]["binds"] = [department(3), department(4)]
    assert found(body) == []
    assert excused(body, MATTER.involved) == {"criteria/c1": frozenset("24"), "commitments/w2": frozenset("2")}


def test_who_is_bound_takes_part_who_is_in_charge_is_bound_and_somebody_is_asked():
    body = consensus()
    body["criteria"][0]["binds"] = [department(2), department(9)]
    body["commitments"][0]["binds"] = [department(1)]
    assert found(body) == [
        ("collaborations.line_leaves_out_who_is_in_charge", "commitments.0.binds", {"department": "市场部"}),
        ("collaborations.line_binds_nobody", "commitments.0.binds", {}),
        ("collaborations.department_not_involved", "criteria.0.binds", {"department": "财务部"}),
        ("collaborations.line_leaves_out_who_is_in_charge", "criteria.0.binds", {"department": "技术部"}),
    ]


def test_whom_a_line_binds_is_no_part_of_what_is_signed():
    body = consensus()
    without = {key: value for key, value in body["criteria"][0].items() if key != "binds"}
    bound = body | {"criteria": [without | {"binds": [department(3)]}, *body["criteria"][1:]]}
    earlier = body | {"criteria": [without, *body["criteria"][1:]]}
    first, second, third = (freeze(forms.CONSENSUS, each) for each in (body, bound, earlier))
    assert first.parts == second.parts == third.parts
    assert len({first.digest, second.digest, third.digest}) == 3


def test_the_acceptance_sheet_says_whom_a_criterion_binds():
    body = consensus()
    body["criteria"][0]["binds"] = [department(3)]
    rows = computed({}, acceptance_items(criteria=criteria_of(body)))["items"]
    assert [row["binds"] for row in rows] == [[department(3)], []]


def test_feedback_is_given_or_it_is_said_that_there_was_none():
    assert found(consensus() | {"feedback": []}) == [("collaborations.feedback_unanswered", "feedback", {})]
    assert found(consensus() | {"feedback": [], "feedback_none": True}) == []
    assert found(consensus() | {"feedback_none": True}) == [
        ("collaborations.feedback_contradicts", "feedback_none", {})
    ]


def test_a_criterion_says_how_it_is_tested_and_stands_once():
    body = consensus()
    body["criteria"][0]["metric_or_check"] = "活动页面 可用"
    body["criteria"][1]["item"] = "活动页面可用"
    assert found(body) == [
        ("collaborations.criterion_not_testable", "criteria.0.metric_or_check", {"item": "活动页面可用"}),
        ("collaborations.name_twice", "criteria.1.item", {"name": "活动页面可用"}),
    ]


def test_an_open_point_has_an_active_owner_and_a_date_ahead():
    body = consensus() | {
        "open_points": [{"id": "a", "text": "投放渠道优先级", "owner": person(91), "due": "2026-11-16"}]
    }
    assert found(body) == [
        ("collaborations.person_not_active", "open_points.0.owner", {"person": "吴会"}),
        ("collaborations.date_in_past", "open_points.0.due", {"date": "2026-11-16"}),
    ]


@any_shape
@given(bodies(forms.CONSENSUS))
def test_a_consensus_of_any_shape_is_checked_without_a_crash(body: Body):
    assert can_be_told(forms.CONSENSUS, check(body, MATTER))
