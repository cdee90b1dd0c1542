from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from bihuan.collaborations import forms
from bihuan.collaborations.policy.review import check, computed, restates
from tests import forms_samples
from tests.clean_bodies import CAST, MATTER, START, any_shape, bodies, can_be_told, clean, person, said

Body = dict[str, Any]
TODAY = START + timedelta(days=66)
CONTEXT = replace(MATTER, today=TODAY)


def review() -> Body:
    return clean(forms.REVIEW, forms_samples.review(CAST, TODAY))


def found(body: Body) -> list[tuple[str, str, Body]]:
    return said(check(body, CONTEXT))


def test_the_review_of_the_growth_campaign_may_be_submitted():
    assert found(review()) == []


def test_a_review_without_improvement_is_refused():
    """AS30."""
    nothing = [("collaborations.review_without_improvement", "improvements", {})]
    assert found(review() | {"improvements": []}) == nothing
    for cell in ("text", "owner", "due", "verification"):
        body = review()
        body["improvements"][0][cell] = None
        assert found(body) == nothing


def test_a_review_names_something_that_went_well():
    assert found(review() | {"went_well": [{"id": "a", "text": " "}]}) == [
        ("collaborations.review_without_good", "went_well", {})
    ]


def test_problems_are_listed_or_it_is_said_that_there_were_none():
    assert found(review() | {"problems": []}) == [("collaborations.problems_unanswered", "problems", {})]
    assert found(review() | {"problems": [], "problems_none": True}) == []
    assert found(review() | {"problems_none": True}) == [("collaborations.problems_contradict", "problems_none", {})]


def test_a_cause_is_more_than_the_problem_said_again():
    body = review()
    body["problems"][0]["root_cause"] = "因为需求变更未及时同步。"
    assert found(body) == [
        ("collaborations.cause_restates_problem", "problems.0.root_cause", {"problem": "需求变更未及时同步"})
    ]


@pytest.mark.parametrize(
    ("cause", "problem", "is_same"),
    [
        ("需求变更未同步", "需求变更 未同步！", True),
        ("未同步", "需求变更未同步", True),
        ("需求变更未同步，因为没有固定的通知清单", "需求变更未同步", False),
        ("", "需求变更未同步", False),
        ("没有通知清单", "", False),
    ],
)
def test_saying_again(cause: str, problem: str, is_same: bool):
    assert restates(cause, problem) is is_same


def test_nobody_verifies_his_own_improvement():
    body = review()
    body["improvements"][0]["verifier"] = person(11)
    assert found(body) == [("collaborations.verifies_own_improvement", "improvements.0.verifier", {"person": "钱宁"})]


def test_improvements_have_active_people_and_a_day_ahead():
    body = review()
    body["improvements"][0] |= {"owner": person(91), "due": START.isoformat()}
    assert found(body) == [
        ("collaborations.person_not_active", "improvements.0.owner", {"person": "吴会"}),
        ("collaborations.date_in_past", "improvements.0.due", {"date": START.isoformat()}),
    ]


def test_every_involved_department_takes_part_in_the_review():
    body = review()
    del body["participants"][1]
    assert found(body) == [("collaborations.department_absent", "participants", {"department": "市场部"})]


def test_goal_and_result_come_from_the_acceptance_and_figures_from_the_process():
    accepted = {
        "items": [
            {
                "id": "m-m1",
                "criterion": "新增用户数",
                "target": "100000",
                "actual": "92000",
                "unit": "COUNT",
                "unit_text": "人",
                "result": "NOT_MET",
            },
            {
                "id": "t-t1",
                "criterion": "活动上线",
                "target": None,
                "target_on": "2026-12-15",
                "actual_on": "2026-12-15",
            },
        ]
    }
    assert computed(accepted, {"late_updates": 2, "other": 9}) == {
        "goal_vs_actual": [
            {
                "id": "m-m1",
                "criterion": "新增用户数",
                "target": "100000",
                "actual": "92000",
                "unit": "COUNT",
                "unit_text": "人",
                "result": "NOT_MET",
            },
            {
                "id": "t-t1",
                "criterion": "活动上线",
                "target": "2026-12-15",
                "actual": "2026-12-15",
                "unit": "",
                "unit_text": "",
                "result": "",
            },
        ],
        "handed_over": [],
        "stats": {"late_updates": 2, "missed_deadlines": 0, "reopened_issues": 0, "escalations": 0, "changes": 0},
    }


@any_shape
@given(bodies(forms.REVIEW))
def test_a_review_of_any_shape_is_checked_without_a_crash(body: Body):
    assert can_be_told(forms.REVIEW, check(body, CONTEXT))
