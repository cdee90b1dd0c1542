"""A word of a playbook that is written, shown and refused, but that nothing goes by."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

TESTS = "tests/collaborations/"
FAULTS = [
    Fault(
        "a clock of the playbook is not counted by",
        "deadlines/policy/terms.py",
        "return parse_limit(said) if said else rule.limit(kind)",
        "return rule.limit(kind)",
        TESTS + "test_playbook_clocks.py::test_a_kind_nobody_set_keeps_the_limit_of_the_rule",
    ),
    Fault(
        "a deadline does not say whose limit it runs by",
        "deadlines/policy/terms.py",
        "return self.said_by if place in self.limits or place in self.profiles else",
        "return",
        TESTS + "test_playbook_clocks.py::test_a_kind_nobody_set_keeps_the_limit_of_the_rule",
    ),
    Fault(
        "a clock that begins and that nothing stops is published",
        "collaborations/policy/playbook_clocks.py",
        "    yield from _stopped(plan)\n",
        "",
        TESTS + "test_playbook_clocks.py::test_a_clock_that_begins_and_that_nothing_stops_is_named_where_it_begins",
    ),
    Fault(
        "the deadlines of every kind of a rule are said to move",
        "collaborations/queries/migration.py",
        "sum(running[matter.pk, *place] for place in",
        "sum(number for (pk, *_place), number in running.items() if pk == matter.pk for _one in",
        TESTS + "test_playbook_clocks.py::test_only_the_deadlines_of_the_kind_that_changes_are_counted",
    ),
    Fault(
        "a guard counts by its usual number whatever the playbook says",
        "collaborations/policy/playbook_thresholds.py",
        "return int(next(said, NUMBERS[guard][name].usual))",
        "return NUMBERS[guard][name].usual",
        TESTS
        + "test_playbook_thresholds.py::test_too_few_departments_for_a_playbook_are_refused_and_nothing_is_written",
    ),
    Fault(
        "a route is opened by its own numbers only",
        "collaborations/operations/routes.py",
        "numbers=numbers_of(plan_of(collaboration), route),",
        "numbers={},",
        TESTS + "test_playbook_thresholds.py::test_a_route_asks_by_the_numbers_of_the_playbook_and_others_by_its_own",
    ),
    Fault(
        "reports fall due every week whatever the playbook says",
        "collaborations/policy/playbook_cadences.py",
        "_usual(form, urgency) if said is None else _said(said)",
        "_usual(form, urgency)",
        TESTS + "test_playbook_cadences.py::test_a_dry_run_says_when_the_first_reports_are_due",
    ),
    Fault(
        "a form is asked for although another one is enough",
        "collaborations/policy/playbook.py",
        "settled.isdisjoint(self.one_of(form.code))",
        "form.code not in settled",
        TESTS + "test_policy_playbook.py::test_of_several_forms_one_is_enough_and_of_a_needless_one_none",
    ),
    Fault(
        "a form is asked for although its question was answered with no",
        "collaborations/policy/playbook.py",
        "form.code not in needless and not form.instead_of",
        "not form.instead_of",
        TESTS + "test_policy_playbook.py::test_of_several_forms_one_is_enough_and_of_a_needless_one_none",
    ),
    Fault(
        "a merged problem loses the class that was more urgent",
        "collaborations/operations/merging.py",
        "    _keep_urgency(collaboration, into, reason=reason, actor=actor, at=at)\n",
        "",
        TESTS
        + "test_merging.py::TestMerging::test_the_more_urgent_of_both_classes_stays_with_the_clock_that_runs_by_it",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
