"""The sentences of this room's codes."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "plans.department_without_duty": Sentence(
        _("{department} has no duty."), _("Add what the department does, by whom and until when.")
    ),
    "plans.duty_for_no_result": Sentence(
        _('"{deliverable}" is no expected result.'), _("Use the name of an expected result, or tick intermediate.")
    ),
    "plans.result_without_duty": Sentence(
        _('Nobody is in charge of the result "{result}".'), _("Add a row to the duty table that delivers it.")
    ),
    "plans.duty_table_missing": Sentence(_("There is no duty table yet."), _("Submit the duty table first.")),
    "plans.phase_out_of_order": Sentence(
        _('The phase "{phase}" begins before the one above it.'), _("Put the phases in the order of their dates.")
    ),
    "plans.phase_gap": Sentence(
        _('There are {days} days without a phase before "{phase}".'), _("Close the gap, or explain it.")
    ),
    "plans.need_missing": Sentence(
        _('"{spec}" of {department} was requested and is not in the resource list.'), _("Add it to the list.")
    ),
    "plans.need_reduced": Sentence(
        _('Less of "{spec}" of {department} is planned than was requested.'), _("Check that this is enough.")
    ),
    "plans.nobody_answers": Sentence(_('Nobody answers for "{task}".'), _("Give one party an A for it.")),
    "plans.several_answer": Sentence(
        _('Several answer for "{task}": {names}.'), _("Leave the A with one of them; the others may be asked (C).")
    ),
    "plans.nobody_does": Sentence(_('Nobody does "{task}".'), _("Give at least one party an R for it.")),
    "plans.many_do": Sentence(
        _('{count} parties do "{task}"; nobody may feel it is theirs.'), _("Think of splitting the task.")
    ),
    "plans.letter_without_task": Sentence(
        _("This letter names a task that does not stand above."), _("Write the task as it stands in the list.")
    ),
    "plans.letter_twice": Sentence(
        _("{name} has two letters in one task."), _("Leave one; who does it and answers for it has RA.")
    ),
    "plans.does_and_answers": Sentence(
        _("{name} does the task and answers for it."), _("Check that somebody else looks at the work.")
    ),
    "plans.department_without_letter": Sentence(
        _("{department} has no letter in the matrix."), _("Say what the department stands for, if only an I.")
    ),
    "plans.result_without_task": Sentence(
        _('No task delivers the result "{result}".'), _("Add a task with it as output.")
    ),
    "plans.duty_table_changed": Sentence(
        _("The duty table has a newer version {version} than the one the plan names."),
        _("Submit the plan again, so that it names the newer one."),
    ),
    "plans.not_the_owner": Sentence(
        _("Only the owner, the head of the department or who carries the matter reports on a task."),
        _("Ask the owner; the page names the person."),
    ),
    "plans.not_filed": Sentence(
        _("The plan has not been filed, so the work has not formally begun."),
        _("The PMO or administration files it; the page shows where it waits."),
    ),
    "plans.not_under_way": Sentence(
        _("The matter does not stand in execution, so tasks cannot move."), _("The page names the step it stands in.")
    ),
    "plans.task_stale": Sentence(
        _("Somebody else has changed this task meanwhile."), _("Look at it again; what you typed is still here.")
    ),
    "plans.percent_out_of_range": Sentence(
        _("A task under way is between 0 and 99 percent done."), _("When it is done, finish it and show the output.")
    ),
    "plans.delay_without_new_day": Sentence(
        _("The task was due on {due}; nobody knows when it will be done."), _("Give the new day.")
    ),
    "plans.delay_without_reason": Sentence(_("The delay has no cause."), _("Say in one sentence why it is late.")),
    "plans.new_day_in_past": Sentence(_("{day} is past."), _("Give a day that lies ahead.")),
    "plans.blocker_missing": Sentence(_("It is not said what is in the way."), _("Name it, and who could help.")),
    "plans.output_missing": Sentence(
        _("A task is done when its output can be seen."), _("Say what came out and where it lies.")
    ),
    "plans.reason_missing": Sentence(_("A reason is needed."), _("Write one sentence.")),
    "plans.owner_unknown": Sentence(_("This person does not work here any more."), _("Choose somebody else.")),
}
