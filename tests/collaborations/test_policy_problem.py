"""F13 as plain values."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from bihuan.collaborations.enums import Ending
from bihuan.collaborations.forms.problem import URGENCIES
from bihuan.collaborations.policy.problem import (
    AssessmentContext,
    Count,
    check,
    computed,
    read_count,
)

NOW = datetime(2026, 11, 17, 2, tzinfo=UTC)
OPERATIONS, TECHNOLOGY = {"id": 4, "name": "运营部"}, {"id": 3, "name": "技术部"}
WHOLE = {
    "lead_dept": OPERATIONS, "initiator": {"id": 41, "name": "吴佳怡"},
    "description": "华东地区订单在支付后无法按时出库", "occurred_at": "2026-11-17T00:30:00+00:00",
    "figures": [{"id": "g1"}], "cases": [], "impact_depts": [], "impact_users": "500+", "impact_business": "",
    "related_depts": [{"id": "r1", "dept": TECHNOLOGY}],
}  # fmt: skip
CONTEXT = AssessmentContext(NOW, {41: frozenset({4})})


def codes(context: AssessmentContext = CONTEXT, **said: object) -> list[tuple[str, str]]:
    return [(each.code.removeprefix("collaborations."), each.place) for each in check(WHOLE | said, context)]


def test_a_whole_assessment_has_nothing_wrong() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"figures": []}, [("problem_without_fact", "figures")]),
        ({"figures": [], "cases": [{"id": "c1"}]}, []),
        ({"occurred_at": "2026-11-17T02:00:01+00:00"}, [("occurred_ahead", "occurred_at")]),
        ({"impact_users": ""}, [("impact_unsaid", "impact_users")]),
        ({"impact_users": "", "impact_depts": [{"id": "d"}]}, []),
        ({"impact_users": "", "impact_business": "订单履约"}, []),
        ({"impact_users": "很多"}, [("users_unreadable", "impact_users")]),
        ({"related_depts": [{"id": "r", "dept": OPERATIONS}]}, [("one_department_only", "related_depts")]),
        (
            {"related_depts": [{"id": "r", "dept": TECHNOLOGY}, {"id": "s", "dept": TECHNOLOGY}]},
            [("department_twice", "related_depts.1.dept")],
        ),
        ({"lead_dept": TECHNOLOGY}, [("person_elsewhere", "initiator"), ("one_department_only", "related_depts")]),
        ({"initiator": {"id": 42, "name": "离职者"}}, [("person_not_active", "initiator")]),
    ],
)
def test_each_gap_is_named_where_it_is(said: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert codes(**said) == found


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("500+", Count(500, True)),
        ("500", Count(500, False)),
        ("1,200人", Count(1200, False)),
        ("至少300", Count(300, True)),
        ("300人以上", Count(300, True)),
        ("很多", None),
        ("", None),
        ("-5", None),
        ("5.5", None),
    ],
)
def test_a_count_says_whether_it_is_a_lower_bound(typed: str, count: Count | None) -> None:
    assert read_count(typed) == count


def test_the_count_is_kept_beside_what_was_typed() -> None:
    assert computed(WHOLE) == {"users_count": 500, "users_at_least": True}
    assert computed(WHOLE | {"impact_users": "几百"}) == {"users_count": None, "users_at_least": None}


def test_words_that_mean_something_else_elsewhere_are_said_as_they_are_meant():
    """ "Urgent" is also a colour of what is due, "rejected" a row that an import leaves out."""
    with override("zh-hans"):
        assert [str(each.label) for each in URGENCIES] == ["紧急", "重要", "常规"]
        assert str(Ending.REJECTED.label) == "已驳回"
