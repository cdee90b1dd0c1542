"""Pass rules: how many of a group must sign, who may veto, and what never happens whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.approvals.enums import SIGNED, SignoffState, SlotState
from bihuan.approvals.policy import Standing, groups_passed, groups_up, outcome
from bihuan.approvals.policy.passing import steps_reached, verdict

P, A, R, V = SlotState.PENDING, SlotState.APPROVED, SlotState.REFUSED, SlotState.VOID
OPEN, APPROVED, REFUSED = SignoffState.OPEN, SignoffState.APPROVED, SignoffState.REFUSED


def group(*states, need=0, veto=()):
    return [Standing(1, state, need=need, vetoes=place in veto) for place, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "need", "veto", "stands"),
    [
        ((P, P), 0, (), OPEN), ((A, P), 0, (), OPEN), ((A, A), 0, (), APPROVED), ((A, R), 0, (), REFUSED),
        ((P, P), 1, (), OPEN), ((A, P), 1, (), APPROVED), ((R, P), 1, (), OPEN), ((R, R), 1, (), REFUSED),
        ((R, P, P), 1, (0,), REFUSED), ((R, P, P), 1, (1,), OPEN), ((A, R), 1, (1,), REFUSED),
        ((A, P, P), 2, (), OPEN), ((A, A, P), 2, (), APPROVED), ((A, R, P), 2, (), OPEN), ((R, R, P), 2, (), REFUSED),
        ((A, V), 0, (), APPROVED), ((V, V), 0, (), REFUSED), ((P, V), 2, (), REFUSED),
    ],
)  # fmt: skip
def test_enough_must_sign_and_a_veto_is_enough_to_refuse(states, need, veto, stands):
    assert verdict(group(*states, need=need, veto=veto)) is stands


def test_groups_side_by_side_must_all_pass_before_the_next_step():
    first, second, last = Standing(1, A, group="a", need=1), Standing(1, P, group="b"), Standing(2, P, group="c")
    assert groups_up([first, second, last]) == {(1, "b", "")}
    signed = Standing(1, A, group="b")
    assert groups_up([first, signed, last]) == {(2, "c", "")}
    assert outcome([first, signed, last], by_part=False) is OPEN


def test_a_part_that_passed_asks_nobody_while_another_part_is_open():
    slots = [Standing(1, A, "x", need=1), Standing(1, P, "x", need=1), Standing(1, P, "y", need=1)]
    assert groups_passed(slots) == {(1, "", "x")}
    assert groups_up(slots) == {(1, "", "y")}


SLOT = st.tuples(st.integers(1, 3), st.sampled_from("ab"), st.sampled_from(["", "x"]), st.booleans())


@st.composite
def routes(draw):
    """Slots under one rule for each group that can pass, in any order, all pending."""
    drawn = draw(st.lists(SLOT, min_size=1, max_size=9))
    sizes = {place[:3]: sum(other[:3] == place[:3] for other in drawn) for place in drawn}
    needs = {place: draw(st.integers(0, size)) for place, size in sizes.items()}
    return [Standing(step, P, part, name, needs[step, name, part], vetoes=vetoes) for step, name, part, vetoes in drawn]


def decided(slots, choose, answer, *, by_part):
    """Let whoever may decide do so one after another, and say how it stood after each."""
    while outcome(slots, by_part=by_part) is OPEN:
        up, passed = groups_up(slots), groups_passed(slots)
        able = [place for place, slot in enumerate(slots) if slot.state is P and slot.place in up]
        assert able, "open, and nobody can decide"
        place = choose(able)
        slots[place] = with_state(slots[place], answer())
        yield slots, passed


def with_state(slot, state):
    return Standing(slot.step, state, slot.part, slot.group, slot.need, slot.vetoes)


@given(routes(), st.booleans(), st.randoms(use_true_random=False), st.sampled_from([0.1, 0.5, 1.0]))
def test_every_way_through_ends_and_ends_rightly(slots, by_part, random, agreeing):
    def answer():
        return random.choice(SIGNED) if random.random() < agreeing else R

    for now, passed in decided(slots, random.choice, answer, by_part=by_part):
        assert passed <= groups_passed(now)
    end = outcome(slots, by_part=by_part)
    groups = {slot.place: [other for other in slots if other.place == slot.place] for slot in slots}
    if end is APPROVED:
        for members in groups.values():
            signed = sum(slot.state in SIGNED for slot in members)
            assert signed >= max(1, members[0].need or len(members))
            assert not any(slot.vetoes and slot.state is R for slot in members)
    else:
        assert end is REFUSED
        assert any(verdict(members) is REFUSED and R in {slot.state for slot in members} for members in groups.values())
    assert end is APPROVED or agreeing < 1


@given(routes(), st.booleans(), st.randoms(use_true_random=False))
def test_an_approval_more_never_brings_a_refusal_and_a_refusal_more_never_an_approval(slots, by_part, random):
    states = [random.choice([P, A, R, V]) for _ in slots]
    before = [with_state(slot, state) for slot, state in zip(slots, states, strict=True)]
    pending = [place for place, slot in enumerate(before) if slot.state is P]
    for place in pending:
        signed = [*before[:place], with_state(before[place], A), *before[place + 1 :]]
        refused = [*before[:place], with_state(before[place], R), *before[place + 1 :]]
        if outcome(before, by_part=False) is not REFUSED:
            assert outcome(signed, by_part=False) is not REFUSED
        if outcome(before, by_part=False) is not APPROVED:
            assert outcome(refused, by_part=False) is not APPROVED


@given(routes(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_in_which_slots_stand_says_nothing(slots, by_part, random):
    some = [with_state(slot, random.choice([P, A, R])) for slot in slots]
    shuffled = random.sample(some, len(some))
    assert outcome(some, by_part=by_part) is outcome(shuffled, by_part=by_part)
    assert groups_up(some) == groups_up(shuffled)


def test_a_step_is_reached_with_its_first_office_and_passed_with_its_last():
    def standing(step, state, name):
        return Standing(step, state, group=name)

    first, in_turn = standing(1, A, "one"), [standing(2, A, "two"), standing(3, P, "two")]
    waiting = [first, *in_turn, standing(4, P, "three")]
    assert steps_reached(waiting) == ({"one", "two"}, {"one"})
    assert steps_reached([first, standing(2, P, "two")]) == ({"one", "two"}, {"one"})
    assert steps_reached([standing(1, P, "one"), standing(2, P, "two")]) == ({"one"}, set())
    assert steps_reached([first, standing(2, A, "two")]) == ({"one", "two"}, {"one", "two"})
