"""Faults put into the clock: the oracle, or an example, turns red."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

ORACLE = "tests/clock/test_oracle.py::test_ten_thousand_random_questions_are_answered_as_the_oracle_answers"
RULES = "tests/clock/test_rules_of_time.py"
FAULTS = [
    Fault(
        "work that ends with a shift is due when the next one begins",
        "clock/arithmetic.py",
        "span = bisect_left(month.done, target) - 1",
        "span = min(bisect_left(month.done, target + 1), len(month.done)) - 1",
        ORACLE,
    ),
    Fault(
        "the day of the start is counted",
        "clock/arithmetic.py",
        "passed = bisect_right(month.days, today)",
        "passed = bisect_right(month.days, today - 1)",
        f"{RULES}::test_the_day_of_the_start_is_never_counted",
    ),
    Fault(
        "a wall time that the clocks skip is read as if they did not",
        "clock/zones.py",
        "while there - before > SECOND_US:",
        "while False:",
        ORACLE,
    ),
    Fault(
        "a make-up day is a day of rest",
        "clock/calendars.py",
        "if found.kind in RESTING:",
        "if found.kind in RESTING or found.kind == DayKind.MAKE_UP:",
        f"{RULES}::test_the_acceptance_scenarios_fall_due_as_written",
    ),
    Fault(
        "a year that is not published counts as certain",
        "clock/official.py",
        "certain = country != CHINA and",
        "certain =",
        f"{RULES}::test_a_year_without_a_published_calendar_makes_it_provisional",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
