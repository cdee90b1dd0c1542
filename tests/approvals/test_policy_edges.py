"""What a mutation run found unsaid: the values findings carry, limits to the letter, words compared, who steps in."""

import pytest

from bihuan.approvals.enums import Decision
from bihuan.approvals.policy import Condition as Asked
from bihuan.approvals.policy import findings_of_decision
from bihuan.approvals.policy.deciding import CONDITION_LIMIT, CONDITIONS_LIMIT, OPINION_LIMIT
from bihuan.approvals.policy.resolving import Candidate, Given, Seat, resolve
from bihuan.approvals.policy.routes import Condition, Is, Selector, Who, read_route

PMO = Candidate("g:pmo", frozenset({7, 90}))
AUTHOR = 7


def said(decision, *, opinion="同意", conditions=(), tests=None, asked=()):
    found = findings_of_decision(decision, opinion=opinion, conditions=conditions, tests=tests or {}, asked=asked)
    return [(finding.code, finding.place, dict(finding.params)) for finding in found]


def test_findings_name_the_limit_and_the_question():
    long = "长" * (OPINION_LIMIT + 1)
    assert said(Decision.APPROVE, opinion=long) == [
        ("approvals.opinion_too_long", "opinion", {"limit": OPINION_LIMIT}),
    ]
    assert said(Decision.APPROVE, tests={"goal_ok": False, "other": True}, asked=("goal_ok", "risks_ok")) == [
        ("approvals.test_unknown", "tests.other", {"test": "other"}),
        ("approvals.test_says_no", "tests.goal_ok", {"test": "goal_ok"}),
        ("approvals.test_unanswered", "tests.risks_ok", {"test": "risks_ok"}),
    ]


def test_conditions_are_as_many_and_as_long_as_the_limit_and_no_more():
    def on(*texts):
        return said(Decision.APPROVE_WITH_CONDITION, conditions=tuple(Asked(text) for text in texts))

    assert on("条" * CONDITION_LIMIT) == []
    assert on("条" * (CONDITION_LIMIT + 1)) == [
        ("approvals.condition_too_long", "conditions.0.text", {"limit": CONDITION_LIMIT}),
    ]
    assert on(*["条"] * CONDITIONS_LIMIT) == []
    assert on(*["条"] * (CONDITIONS_LIMIT + 1)) == [
        ("approvals.too_many_conditions", "conditions", {"limit": CONDITIONS_LIMIT}),
    ]


@pytest.mark.parametrize(
    ("comparison", "value", "holds"),
    [(Is.ONE_OF, "PASS", True), (Is.ONE_OF, "FAIL", False), (Is.NONE_OF, "PASS", False), (Is.NONE_OF, "FAIL", True)],
)
def test_words_are_compared_as_they_are_said(comparison, value, holds):
    assert Condition("conclusion", comparison, words=("PASS",)).holds(value) is holds


def asked(holders, *, empty):
    """Who is asked for the head of a department held by these people, when 7 wrote the text."""
    slot = {"who": "EACH", "of": "INVOLVED", "veto": True}
    step = {"key": "heads", "name": "负责人", "slots": [slot]}
    route = read_route({"key": "TRIAL", "name": "试用", "empty": empty, "steps": [step]})
    (selector,) = {each.selector for one in route.steps for each in one.slots}
    assert selector.who is Who.EACH
    assert isinstance(selector, Selector)
    seat = Seat("5", "运营部", (Candidate("h:5", frozenset(holders)),))
    (slot_asked,) = resolve(route, Given({}, {selector: [seat]}, PMO, AUTHOR)).asked
    return slot_asked.principal, slot_asked.holders, slot_asked.waits, slot_asked.vetoes


def test_who_steps_in_never_is_the_author_and_keeps_the_veto():
    assert asked({3}, empty="SUPERIOR") == ("h:5", {3}, False, True)
    assert asked((), empty="WAIT") == ("h:5", frozenset(), True, True)
    assert asked({AUTHOR}, empty="WAIT") == ("g:pmo", {90}, False, True)
    assert asked({AUTHOR}, empty="PMO") == ("g:pmo", {90}, False, True)
