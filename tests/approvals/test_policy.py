import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.approvals import policy
from bihuan.approvals.enums import SIGNED, Decision, SignoffState, SlotState
from bihuan.approvals.policy import (
    Condition,
    Standing,
    findings_of_decision,
    is_decidable,
    outcome,
    state_in_next,
    turn,
)

STANDINGS = st.lists(
    st.builds(
        Standing, step=st.integers(1, 3), state=st.sampled_from([s for s in SlotState if s is not SlotState.VOID])
    ),
    min_size=1,
    max_size=9,
)


def codes(decision, *, opinion="", conditions=(), tests=None, asked=()):
    found = findings_of_decision(decision, opinion=opinion, conditions=conditions, tests=tests or {}, asked=asked)
    return [(finding.code, finding.place) for finding in found]


def slots(*states, step=1):
    return [Standing(step, state) for state in states]


def test_a_plain_approval_needs_nothing_more():
    assert codes(Decision.APPROVE) == []


@pytest.mark.parametrize(
    ("decision", "code"),
    [(Decision.REFUSE, "approvals.reason_missing"), (Decision.RESERVE, "approvals.opinion_missing")],
)
def test_a_refusal_needs_a_reason_and_a_reservation_its_words(decision, code):
    assert codes(decision) == [(code, "opinion")]
    assert codes(decision, opinion="排期与双十一冲突") == []


@pytest.mark.parametrize("decision", list(Decision))
def test_an_opinion_has_an_upper_length(decision):
    conditions = [Condition("先定渠道")] if decision is Decision.APPROVE_WITH_CONDITION else []
    assert codes(decision, opinion="字" * 2001, conditions=conditions) == [("approvals.opinion_too_long", "opinion")]
    assert codes(decision, opinion="字" * 2000, conditions=conditions) == []


def test_every_test_is_answered_whatever_the_decision():
    asked = ["goal_ok", "resources_ok"]
    expected = [("approvals.test_unanswered", "tests.resources_ok")]
    assert codes(Decision.APPROVE, tests={"goal_ok": True}, asked=asked) == expected
    assert codes(Decision.REFUSE, opinion="预算不足", tests={"goal_ok": False}, asked=asked) == expected


@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.APPROVE_WITH_CONDITION, Decision.RESERVE])
def test_a_no_forbids_every_kind_of_approval(decision):
    conditions = [Condition("补足预算")] if decision is Decision.APPROVE_WITH_CONDITION else []
    answers = {"goal_ok": True, "resources_ok": False, "risks_ok": True}
    found = codes(decision, opinion="见上", conditions=conditions, tests=answers, asked=list(answers))
    assert found == [("approvals.test_says_no", "tests.resources_ok")]


def test_a_no_goes_with_a_refusal():
    assert codes(Decision.REFUSE, opinion="资源不足", tests={"resources_ok": False}, asked=["resources_ok"]) == []


def test_an_answer_to_a_question_not_asked_is_refused():
    assert codes(Decision.APPROVE, tests={"is_admin": True}) == [("approvals.test_unknown", "tests.is_admin")]


@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.REFUSE, Decision.RESERVE])
def test_conditions_are_not_lost_silently_with_another_decision(decision):
    found = codes(decision, opinion="好", conditions=[Condition("先定渠道")])
    assert found == [("approvals.conditions_unwanted", "conditions")]


def test_a_conditional_approval_has_conditions_and_each_says_something():
    assert codes(Decision.APPROVE_WITH_CONDITION) == [("approvals.conditions_missing", "conditions")]
    conditions = [Condition("先定渠道优先级"), Condition(""), Condition("字" * 501)]
    assert codes(Decision.APPROVE_WITH_CONDITION, conditions=conditions) == [
        ("approvals.condition_empty", "conditions.1.text"),
        ("approvals.condition_too_long", "conditions.2.text"),
    ]


def test_conditions_have_an_upper_number():
    assert codes(Decision.APPROVE_WITH_CONDITION, conditions=[Condition("甲")] * 20) == []
    found = codes(Decision.APPROVE_WITH_CONDITION, conditions=[Condition("甲")] * 21)
    assert found == [("approvals.too_many_conditions", "conditions")]


def test_whose_turn_it_is_follows_the_steps():
    first, second = Standing(1, SlotState.PENDING), Standing(2, SlotState.PENDING)
    assert turn([first, second]) == 1
    assert is_decidable(first, [first, second])
    assert not is_decidable(second, [first, second])
    signed = Standing(1, SlotState.RESERVED)
    assert turn([signed, second]) == 2
    assert is_decidable(second, [signed, second])
    assert not is_decidable(signed, [signed, second])
    assert turn([signed]) is None


def test_all_must_sign():
    assert outcome(slots(SlotState.APPROVED, SlotState.PENDING), by_part=False) is SignoffState.OPEN
    assert outcome(slots(*SIGNED), by_part=False) is SignoffState.APPROVED


def test_one_refusal_ends_a_whole_subject_at_once():
    assert outcome(slots(SlotState.REFUSED, SlotState.PENDING), by_part=False) is SignoffState.REFUSED


def test_a_later_refusal_wins_over_an_earlier_approval():
    assert outcome(slots(SlotState.APPROVED, SlotState.REFUSED), by_part=False) is SignoffState.REFUSED


def test_line_by_line_all_lines_are_heard_before_it_is_refused():
    assert outcome(slots(SlotState.REFUSED, SlotState.PENDING), by_part=True) is SignoffState.OPEN
    assert outcome(slots(SlotState.REFUSED, SlotState.APPROVED), by_part=True) is SignoffState.REFUSED


def test_line_by_line_nobody_waits_for_a_step_that_can_never_come():
    blocked = [Standing(1, SlotState.REFUSED), Standing(2, SlotState.PENDING)]
    assert outcome(blocked, by_part=True) is SignoffState.REFUSED


@given(STANDINGS, st.booleans())
def test_it_is_approved_exactly_when_all_have_signed(standings, by_part):
    approved = outcome(standings, by_part=by_part) is SignoffState.APPROVED
    assert approved == all(slot.state in SIGNED for slot in standings)


@given(STANDINGS, st.booleans())
def test_it_is_refused_only_with_a_refusal_and_never_approved_with_one(standings, by_part):
    result = outcome(standings, by_part=by_part)
    has_refusal = any(slot.state is SlotState.REFUSED for slot in standings)
    assert result is not SignoffState.REFUSED or has_refusal
    assert result is not SignoffState.APPROVED or not has_refusal


@given(STANDINGS, st.booleans())
def test_an_open_sign_off_always_waits_for_somebody(standings, by_part):
    """Somebody can decide, or its author has an amendment to answer."""
    if outcome(standings, by_part=by_part) is SignoffState.OPEN:
        wants = any(slot.state is SlotState.AMENDED for slot in standings)
        assert wants or any(is_decidable(slot, standings) for slot in standings)


@pytest.mark.parametrize(
    ("before", "same", "as_amended", "author", "after"),
    [
        ("AMENDED", False, True, 1, "APPROVED"), ("AMENDED", True, False, 1, "AMENDED"),
        ("AMENDED", False, False, 1, "PENDING"), ("AMENDED", False, True, 2, "PENDING"),
        ("APPROVED", True, False, 1, "APPROVED"), ("APPROVED", False, False, 1, "PENDING"),
        ("REFUSED", True, False, 1, "PENDING"), ("VOID", True, False, 1, "PENDING"),
    ],
)  # fmt: skip
def test_how_a_party_stands_to_a_line_in_the_next_version(before, same, as_amended, author, after):
    """The party decided as person 2; whoever hands in the next version agrees to nothing of it."""
    found = state_in_next(SlotState(before), same_digest=same, is_as_amended=as_amended, decided_by=2, author_id=author)
    assert found is SlotState(after)


@pytest.mark.parametrize("by_part", [True, False])
def test_what_somebody_wants_otherwise_neither_passes_nor_refuses_a_line(by_part):
    slots = [Standing(1, SlotState(state), "a") for state in ("APPROVED", "AMENDED")]
    assert outcome(slots, by_part=by_part) is SignoffState.OPEN
    refused = [*slots, Standing(1, SlotState.REFUSED, "b")]
    assert outcome(refused, by_part=True) is SignoffState.OPEN


@given(STANDINGS, st.booleans(), st.randoms())
def test_the_order_of_slots_does_not_matter(standings, by_part, random):
    shuffled = list(standings)
    random.shuffle(shuffled)
    assert outcome(standings, by_part=by_part) is outcome(shuffled, by_part=by_part)


@pytest.mark.parametrize(
    ("state", "same", "decided_by", "carried"),
    [
        (SlotState.APPROVED, True, 2, True),
        (SlotState.APPROVED_WITH_CONDITION, True, 2, True),
        (SlotState.RESERVED, True, 2, True),
        (SlotState.APPROVED, False, 2, False),
        (SlotState.APPROVED, True, 1, False),
        (SlotState.REFUSED, True, 2, False),
        (SlotState.PENDING, True, None, False),
        (SlotState.VOID, True, None, False),
    ],
)
def test_only_an_approval_of_the_same_text_by_somebody_else_is_carried(state, same, decided_by, carried):
    assert policy.is_carried(state=state, same_digest=same, decided_by=decided_by, author_id=1) is carried


def test_what_was_typed_keeps_its_characters_but_not_nul_or_blank_ends():
    assert policy.clean(" 同意\x00，\u202e尽快😀 \n") == "同意，\u202e尽快😀"


def test_a_condition_becomes_json_with_a_plain_day():
    from datetime import date

    assert Condition("先定渠道", owner_id=3, due_on=date(2026, 11, 27), gate="leave:KICKOFF").as_json() == {
        "text": "先定渠道",
        "owner_id": 3,
        "department_id": None,
        "due_on": "2026-11-27",
        "gate": "leave:KICKOFF",
    }
    assert Condition("先定渠道").as_json()["due_on"] is None
