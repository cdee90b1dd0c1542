"""Faults planted into the step engine and what it rests on; races and journeys must turn red."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

RACES = "tests/collaborations/test_races.py::test_who_comes_first_decides"
AMENDED = "tests/journeys/test_consensus_amended.py"

FAULTS = [
    Fault(
        "who goes on by hand is not told what stands in the way",
        "collaborations/operations/steps.py",
        "    if errors(findings):\n        raise Refused(findings)\n    return _go_on(",
        "    return _go_on(",
        "tests/collaborations/test_any_acts.py"
        "::test_no_order_of_acts_leads_outside_the_playbook_or_leaves_something_open_at_the_end",
    ),
    Fault(
        "a mail counts as soon as it is registered",
        "collaborations/operations/proposing.py",
        "    open_route(collaboration, ROUTES[form_code], version, actor=actor, at=at)\n",
        "    open_route(collaboration, ROUTES[form_code], version, actor=actor, at=at)\n"
        "    if form_code == LETTER:\n        count_letter(collaboration, version, actor=actor, at=at)\n",
        "tests/journeys/test_as21_written_confirmation.py"
        "::test_a_mail_counts_only_when_the_office_has_countersigned_it",
    ),
    Fault(
        "going on does not look which step was seen",
        "collaborations/operations/steps.py",
        "if run.pk != seen_step_run_id:",
        "if run.pk == 0:",
        f"{RACES}[check_two_who_go_on_at_once_take_one_step]",
    ),
    Fault(
        "a form is submitted whatever its revision",
        "records/operations.py",
        "    seen = Record.objects.filter(pk=record.pk, revision=seen_revision, status__in=EDITABLE)\n",
        "    seen = Record.objects.filter(pk=record.pk)\n    record, seen_revision = fresh(record), 0\n",
        f"{RACES}[check_two_who_submit_at_once_freeze_one_version]",
    ),
    Fault(
        "a withdrawn matter leaves its loops open",
        "collaborations/operations/steps.py",
        "        close_everything(collaboration, at=at)\n",
        "        pass\n",
        f"{RACES}[check_a_last_consent_and_a_withdrawal_do_not_both_win]",
    ),
    Fault(
        "a problem is merged whether or not the other one still stands",
        "collaborations/operations/merging.py",
        "if not is_assessed(each.pk)]",
        "if not each.number]",
        f"{RACES}[check_two_problems_merged_into_each_other_leave_one]",
    ),
    Fault(
        "nobody looks what a matter is part of already",
        "collaborations/queries/relations.py",
        'at = Collaboration.objects.filter(pk=at).values_list("parent_id", flat=True).first()',
        "at = None",
        f"{RACES}[check_two_matters_made_parts_of_each_other_at_once_make_no_circle]",
    ),
    Fault(
        "a need is answered whatever its revision",
        "resources/operations.py",
        "Need.objects.filter(pk=need.pk, state__in=expected, revision=seen_revision)",
        "Need.objects.filter(pk=need.pk)",
        f"{RACES}[check_two_answers_to_one_need_are_one]",
    ),
    Fault(
        "the gate before the next step is not looked at",
        "collaborations/policy/playbook.py",
        "return (leave(step), enter(following.key)) if following else (leave(step),)",
        "return (leave(step),)",
        "tests/journeys/test_as03_conditions.py::test_an_open_condition_keeps_execution_from_beginning_at_both_doors",
    ),
    Fault(
        "a form is submitted in any step",
        "collaborations/handlers.py",
        "if plan.asks_for(form_code) and step_asking(collaboration, run, form_code) is None:",
        "if not plan.steps:",
        "tests/journeys/test_as29_metric_missed.py::test_the_failed_report_cannot_be_submitted_again_outside_its_step",
    ),
    Fault(
        "what lies behind an adopted matter holds nothing back",
        "collaborations/policy/adoption.py",
        "return () if is_past else plan.steps[: plan.position(step)]",
        "return () if is_past or step == LATEST else plan.steps[: plan.position(step)]",
        "tests/collaborations/test_adoption.py::TestAdopting::test_the_guards_know_what_is_missing",
    ),
    Fault(
        "the office that files cannot read what it files",
        "collaborations/policy/members.py",
        "    if matter.is_to_file:",
        "    if matter.is_to_file and not matter.parties:",
        "tests/journeys/test_as04_filing.py::test_the_administration_is_asked_to_file_and_may_read_what_it_files",
        is_acted=True,
    ),
    Fault(
        "who wanted a line otherwise has not agreed to it when it is taken over",
        "approvals/operations/opening.py",
        "is_as_amended = is_as_wanted(old.amendment, new.digest, is_taken=is_taken)",
        "is_as_amended = False",
        f"{AMENDED}::test_taken_over_it_is_the_next_version_to_which_who_wanted_it_agrees",
    ),
    Fault(
        "a later edit of a line does not ask those again whom it binds",
        "approvals/policy/passing.py",
        "return state in SIGNED and same_digest and decided_by != author_id",
        "return state in SIGNED and decided_by != author_id",
        f"{AMENDED}::test_taken_over_it_is_the_next_version_to_which_who_wanted_it_agrees",
    ),
    Fault(
        "who joins is not asked for what was agreed without it",
        "collaborations/operations/joining.py",
        "    ask_for_lines(collaboration, petition.department_id, actor=actor, at=at)\n",
        "",
        f"{AMENDED}::test_who_joins_after_the_agreement_is_asked_too_and_holds_the_step[APPROVE]",
    ),
    Fault(
        "whom a line binds counts as answered as long as its words stay",
        "records/policy/amending.py",
        'return worded == signed and (is_taken or worded == wanted.get("digest"))',
        "return worded == signed",
        f"{AMENDED}::test_whom_a_line_binds_is_wanted_otherwise_though_its_words_stay",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
