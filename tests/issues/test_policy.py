from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from bihuan.issues.forms import RISK
from bihuan.issues.policy import RiskContext, check, computed, lateness, level_of
from tests import forms_samples
from tests.clean_bodies import CAST, MATTER, START, any_shape, bodies, can_be_told, clean, department, person, said

Body = dict[str, Any]
NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
FOUND_AT = "2026-11-16T18:00:00+08:00"
CONTEXT = RiskContext(MATTER, NOW, {"MILESTONE": frozenset({"功能开发"}), "TASK": frozenset({"活动页面"})})


def risk(**fields: Any) -> Body:
    return {**clean(RISK, forms_samples.risk(CAST, START, FOUND_AT)), **fields}


def found(body: Body) -> list[tuple[str, str, Body]]:
    return said(check(body, CONTEXT))


def test_the_risk_of_the_growth_campaign_may_be_filed():
    assert found(risk()) == []
    assert computed(risk()) == {"level": "MEDIUM"}


@pytest.mark.parametrize(
    ("probability", "impact", "level"),
    [
        (1, 1, "LOW"), (1, 2, "LOW"), (2, 1, "LOW"), (1, 3, "MEDIUM"), (3, 1, "MEDIUM"), (2, 2, "MEDIUM"),
        (2, 3, "HIGH"), (3, 2, "HIGH"), (3, 3, "HIGH"), (None, 3, ""), (3, None, ""),
    ],
)  # fmt: skip
def test_the_level_follows_from_probability_and_impact(probability: int | None, impact: int | None, level: str):
    assert level_of(probability, impact) == level


def test_another_level_needs_a_reason():
    assert found(risk(level_override="HIGH")) == [("issues.level_reason_missing", "level_reason", {})]
    assert computed(risk(level_override="HIGH")) == {"level": "MEDIUM"}
    explained = risk(level_override="LOW", level_reason="有替补人员")
    assert found(explained) == []
    assert computed(explained) == {"level": "LOW"}


def test_high_and_medium_risks_need_a_trigger_low_ones_do_not():
    assert found(risk(trigger="")) == [("issues.trigger_missing", "trigger", {})]
    assert found(risk(trigger="", probability=1)) == []


def test_a_risk_is_not_found_in_the_future():
    assert found(risk(discovered_at="2026-11-17T10:01:00+08:00")) == [("issues.found_in_future", "discovered_at", {})]


def test_a_late_risk_is_marked_never_refused():
    (late,) = check(risk(discovered_at="2026-11-15T08:30:00+08:00"), CONTEXT)
    assert (late.code, dict(late.params), late.is_error) == ("issues.filed_late", {"hours": 26}, False)


@pytest.mark.parametrize(("hours", "late"), [(0, 0), (24, 0), (25, 1), (100, 76)])
def test_lateness_counts_from_the_24th_hour(hours: int, late: int):
    assert lateness(NOW - timedelta(hours=hours), NOW) == timedelta(hours=late)


def test_the_finder_belongs_to_his_department():
    assert found(risk(finder=person(21))) == [
        ("collaborations.person_elsewhere", "finder", {"person": "王敏", "department": "技术部"})
    ]


def test_what_is_affected_is_named():
    scope = [
        {"id": "a", "kind": "DEPARTMENT", "dept": None},
        {"id": "b", "kind": "DEPARTMENT", "dept": department(9)},
        {"id": "c", "kind": "DEPARTMENT", "dept": department(2)},
        {"id": "d", "kind": "TASK", "name": ""},
        {"id": "e", "kind": "TASK", "name": "推广素材"},
        {"id": "f", "kind": "METRIC", "name": "新增用户数"},
        {"id": "g", "kind": "TASK", "name": "活动 页面"},
        {"id": "h", "kind": ""},
    ]
    findings = check(risk(impact_scope=scope), CONTEXT)
    assert said(findings) == [
        ("issues.scope_unnamed", "impact_scope.0.dept", {}),
        ("collaborations.department_not_involved", "impact_scope.1.dept", {"department": "财务部"}),
        ("issues.scope_unnamed", "impact_scope.3.name", {}),
        ("issues.scope_unknown", "impact_scope.4.name", {"name": "推广素材"}),
        ("issues.scope_unknown", "impact_scope.5.name", {"name": "新增用户数"}),
    ]
    assert [finding.is_error for finding in findings] == [True, True, True, False, False]


def test_an_unanswered_time_is_left_to_the_form():
    assert found(risk(discovered_at=None)) == []


@any_shape
@given(bodies(RISK))
def test_a_risk_of_any_shape_is_checked_without_a_crash(body: Body):
    assert can_be_told(RISK, check(body, CONTEXT))
    assert computed(body)["level"] in {"", "HIGH", "MEDIUM", "LOW"}
