"""The ring closes only when nothing is open."""

import pytest

from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.ring import draw_ring

PLAN = read_playbook({"key": "X", "steps": [{"key": key} for key in ("REQUEST", "EXECUTE", "RETRO", "CLOSED")]})


def gaps(ring):
    return {arc.step: arc.gaps for arc in ring.arcs if arc.gaps}


def test_steps_are_done_current_or_ahead():
    ring = draw_ring(PLAN, current="EXECUTE", open_gates=[])
    assert [(arc.step, arc.state) for arc in ring.arcs] == [
        ("REQUEST", "done"),
        ("EXECUTE", "current"),
        ("RETRO", "ahead"),
    ]
    assert (ring.done, ring.gaps, ring.is_closed) == (1, 0, False)


@pytest.mark.parametrize(
    ("gate", "step"),
    [
        ("leave:RETRO", "RETRO"),
        ("enter:RETRO", "EXECUTE"),
        ("enter:REQUEST", "REQUEST"),
        ("", "EXECUTE"),
        ("leave:FILING", "EXECUTE"),
    ],
)
def test_what_is_open_is_a_gap_in_the_step_it_blocks(gate, step):
    ring = draw_ring(PLAN, current="EXECUTE", open_gates=[gate])
    assert gaps(ring) == {step: 1}


def test_an_ended_matter_is_closed_only_without_gaps():
    open_still = draw_ring(PLAN, current=None, ending="CLOSED", open_gates=["", ""])
    assert (gaps(open_still), open_still.gaps, open_still.is_closed) == ({"RETRO": 2}, 2, False)
    closed = draw_ring(PLAN, current=None, ending="CLOSED", open_gates=[])
    assert ([arc.state for arc in closed.arcs], closed.is_closed) == (["done"] * 3, True)


def test_a_running_matter_without_gaps_is_not_closed():
    assert not draw_ring(PLAN, current="RETRO", open_gates=[]).is_closed


def states(**said):
    return [arc.state for arc in draw_ring(PLAN, **{"current": None, "open_gates": [], **said}).arcs]


@pytest.mark.parametrize("ending", ["WITHDRAWN", "REJECTED", "MERGED"])
def test_what_was_given_up_stops_where_it_stood_and_says_how(ending):
    left = {"REQUEST": "DONE", "EXECUTE": "ENDED"}
    ring = draw_ring(PLAN, current=None, ending=ending, outcomes=left, open_gates=[])
    assert [arc.state for arc in ring.arcs] == ["done", "stopped", "ahead"]
    assert (ring.done, ring.is_closed, ring.ending) == (1, False, ending)


def test_a_step_it_was_sent_back_from_is_not_done():
    assert states(ending="WITHDRAWN", outcomes={"REQUEST": "ENDED", "EXECUTE": "RETURNED"}) == [
        "stopped", "ahead", "ahead",
    ]  # fmt: skip


def test_an_early_end_is_seen_though_it_was_still_reviewed():
    left = {"REQUEST": "DONE", "EXECUTE": "STOPPED", "RETRO": "DONE", "CLOSED": "ENDED"}
    assert states(ending="TERMINATED", outcomes=left) == ["done", "stopped", "done"]


def test_an_early_end_is_seen_while_it_is_still_reviewed():
    left = {"REQUEST": "DONE", "EXECUTE": "STOPPED", "RETRO": ""}
    assert states(current="RETRO", outcomes=left) == ["done", "stopped", "current"]
    assert states(current="EXECUTE", outcomes={"REQUEST": "DONE", "EXECUTE": ""}) == ["done", "current", "ahead"]


def test_what_came_before_an_adoption_counts_as_done():
    assert states(ending="WITHDRAWN", outcomes={"EXECUTE": "ENDED"}) == ["done", "stopped", "ahead"]
