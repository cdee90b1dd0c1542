"""Deadlines that are told early, twice, never or by somebody who was held up: a test turns red."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

SCANNING, TOGETHER = "tests/deadlines/test_scanning.py", "tests/deadlines/test_together.py"
FAULTS = [
    Fault(
        "the next instant is not written with the effect",
        "deadlines/operations/scanning.py",
        "get_db_prep_save(next_after(row.rungs, at), connection)",
        "get_db_prep_save(at, connection)",
        f"{SCANNING}::test_each_rung_is_told_once_at_its_instant_and_not_before",
    ),
    Fault(
        "whoever was held up writes over who was there meanwhile",
        "deadlines/operations/scanning.py",
        'AND "fence" = %s AND',
        "AND %s >= 0 AND",
        f"{TOGETHER}::test_whoever_was_held_up_after_the_claim_changes_nothing",
    ),
    Fault(
        "what another worker has told is told again",
        "deadlines/operations/scanning.py",
        "pk__in=list(pks), state=State.RUNNING, next_at__lte=at\n    )\n    return",
        "pk__in=list(pks), state=State.RUNNING\n    )\n    return",
        f"{TOGETHER}::test_what_another_worker_told_between_look_and_claim_is_left_alone",
    ),
    Fault(
        "what cannot be told is never looked at again",
        "deadlines/operations/scanning.py",
        "next_at=at + AGAIN_AFTER, fence",
        "next_at=None, fence",
        f"{SCANNING}::test_one_that_cannot_be_told_holds_up_no_other",
    ),
    Fault(
        "what is due is told as overdue at its very instant",
        "deadlines/policy/ladder.py",
        "red = span.due + MICROSECOND",
        "red = span.due",
        "tests/deadlines/test_policy.py::test_at_the_very_instant_nothing_is_overdue",
    ),
    Fault(
        "a problem that became urgent gives whoever decides more time",
        "deadlines/policy/reclassing.py",
        "return found if found[1].at < due_at else None",
        "return found",
        "tests/deadlines/test_reclassing.py"
        "::test_becoming_urgent_gives_nobody_more_time_and_becoming_calmer_undoes_no_breach",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
