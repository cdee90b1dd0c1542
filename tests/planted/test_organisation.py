"""Faults planted into leaving and reorganising: a duty forgotten, work done twice, access that outlives its ground."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

DUTIES = "tests/organisation/test_duties.py"
ACTORS = "tests/organisation/test_actors.py"
REORGANISING = "tests/organisation/test_reorganising.py"

FAULTS = [
    Fault(
        "calendars that were changed are not read again",
        "organisation/queries/working_time.py",
        'found = kept.get(mark or "")',
        "found = next(iter(kept.values()), None)",
        "tests/organisation/test_working_time.py::test_what_is_read_again_is_what_is_said_now",
    ),
    Fault(
        "a change leaves the mark it found",
        "organisation/migrations/0011_working_time_mark.py",
        "lower(hex(randomblob(16)))')}",
        "(SELECT count(*) FROM organisation_calendarday)')}",
        "tests/organisation/test_working_time.py::test_what_was_taken_back_is_not_kept",
    ),
    Fault(
        "the matters somebody leads are no duty of his",
        "collaborations/duties.py",
        '    _register(LEAD, _("project lead of"), "Collaboration.lead", led_by, pass_on_lead, order=1)\n',
        "",
        f"{DUTIES}::test_every_column_that_names_a_person_is_handed_over_or_says_why_not",
    ),
    Fault(
        "somebody leaves with what he holds",
        "organisation/operations/people.py",
        "refuse([*found, *left_with_nobody(person.pk, at)])",
        "refuse(found)",
        f"{DUTIES}::test_an_executive_leaves_only_after_his_departments_went_to_others",
    ),
    Fault(
        "an import closes a department that something waits for",
        "collaborations/duties.py",
        'if fact.after.get("is_active") is False:',
        "if False:",
        "tests/journeys/test_ending.py::test_an_import_closes_no_department_and_ends_no_post_that_something_waits_for_and_the_rest_goes_on",
    ),
    Fault(
        "a chunk of a reorganisation takes up again what it has done",
        "collaborations/operations/reorganising.py",
        'taking_part(work["before"]).filter(pk__gt=work["from"])',
        'Collaboration.objects.filter(pk__gt=work["from"])',
        "tests/journeys/test_reorganisation.py::test_the_work_is_done_in_chunks_and_a_chunk_twice_changes_nothing",
    ),
    Fault(
        "nobody answers for a department that went into another",
        "organisation/queries/actors.py",
        "if acting_for or has_absorbed:",
        "if acting_for:",
        f"{REORGANISING}::test_who_sits_in_the_other_department_answers_for_the_one_that_is_gone",
    ),
    Fault(
        "a post opens doors after its last day",
        "organisation/queries/actors.py",
        '"office"."ends_on" > %s)\n UNION ALL',
        '"office"."ends_on" IS NOT NULL AND %s IS NOT NULL)\n UNION ALL',
        f"{ACTORS}::test_a_post_counts_from_its_first_day_until_the_day_it_ends",
    ),
    Fault(
        "a session outlives its owner",
        "organisation/queries/actors.py",
        "    if not person.is_active:\n",
        "    if person.pk is None:\n",
        f"{ACTORS}::test_somebody_deactivated_answers_to_nothing",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
