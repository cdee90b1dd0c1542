"""Sentences about problems: their assessment, their acknowledgement, their urgency."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

PROBLEMS = {
    "collaborations.problem_without_fact": Sentence(
        _("The problem is described without a figure and without a case."),
        _("Name at least one figure with its source, or one case."),
    ),
    "collaborations.occurred_ahead": Sentence(
        _("The problem is said to occur in the future."), _("Say when it was seen first.")
    ),
    "collaborations.impact_unsaid": Sentence(
        _("It is not said whom or what the problem affects."),
        _("Name departments, a number of users or the business; one of them is enough."),
    ),
    "collaborations.users_unreadable": Sentence(
        _("“{typed}” is not a number of users."), _("Write a number, such as 320, or 500+ for at least 500.")
    ),
    "collaborations.problem_alike": Sentence(
        _("This looks like {number}: {title}, which is still open."),
        _("Look at it first; take part there if it is the same problem."),
    ),
    "collaborations.merged_with_itself": Sentence(
        _("A problem cannot be merged with itself."), _("Choose another one.")
    ),
    "collaborations.not_in_assessment": Sentence(
        _("{number} is not being assessed any more, or is no problem; two are merged only while both are assessed."),
        _("Keep them apart; or take this one back and let its department join the other one."),
    ),
    "collaborations.merged_itself": Sentence(
        _("{number} was merged into {instead} itself."), _("Merge into {instead}, while it is being assessed.")
    ),
    "collaborations.other_unknown": Sentence(_("It is not said with which problem."), _("Choose one of the list.")),
    "collaborations.not_asked_about": Sentence(
        _("Nobody asks whether these two are the same problem."),
        _("Look at the page again; it may be answered by now."),
    ),
    "collaborations.open_duplicate": Sentence(
        _("It sounds like {what}, and it is not said yet whether it is the same problem ({who})."),
        _("{who} merges the two or keeps them apart."),
    ),
    "collaborations.lead_is_settled": Sentence(
        _("Who leads is settled: the problem is not being assessed any more, or this matter is no problem."),
        _("Ask the project lead to hand it over, or the project management office."),
    ),
    "collaborations.leads_already": Sentence(
        _("This department leads already, and nobody asks otherwise."), _("Nothing is needed.")
    ),
    "collaborations.nobody_disputes_lead": Sentence(
        _("Nobody else wants to lead, and who leads has not refused."), _("The first department goes on leading.")
    ),
    "collaborations.department_unknown": Sentence(
        _("There is no such department, or it has been closed."), _("Choose one of the list.")
    ),
    "collaborations.lead_without_head": Sentence(
        _("{department} has neither a head nor a contact person who could carry the problem."),
        _("Choose another department, or have the administrator appoint somebody first."),
    ),
    "collaborations.open_leader": Sentence(
        _("It is not decided yet which department leads: {what} ({who})."), _("{who} decides, with the reason.")
    ),
    "collaborations.urgency_same": Sentence(
        _("The problem has this urgency already, or there is no such urgency."), _("Choose another one.")
    ),
    "collaborations.assessment_unsigned": Sentence(
        _("The assessment (F13) has not been signed yet."), _("Its head signs it first.")
    ),
    "collaborations.ask_missing": Sentence(
        _("Nothing is asked of {department}, which is involved."), _("Add a row that says what is asked of it.")
    ),
    "collaborations.reply_unreadable": Sentence(
        _("“{typed}” is not an instant."), _("Write 2026-11-20 17:00, 今日17:00前, 明日12:00 or 24小时内.")
    ),
    "collaborations.instant_past": Sentence(_("This instant is over already."), _("Name one that lies ahead.")),
    "collaborations.reply_after_resolution": Sentence(
        _("The reply is due after the problem is to be solved."), _("Ask for it earlier.")
    ),
    "collaborations.resolution_too_late": Sentence(
        _("A problem of this urgency is to be solved by {limit}."),
        _("Name an earlier instant, or have the problem classed anew."),
    ),
    "collaborations.before_missing": Sentence(
        _("{item} has no value from before the work began."),
        _("Say what it was, so that before and after can be seen."),
    ),
    "collaborations.feedback_missing": Sentence(
        _("{department} has not said yet how it went."), _("Add a line with what it found hard and what it suggests.")
    ),
    "collaborations.open_acknowledge": Sentence(
        _("It has not been acknowledged yet: {what} ({who})."),
        _("{who} acknowledges it; when the time is over, it goes on without."),
    ),
    "collaborations.open_obligation": Sentence(
        _("Papers are still to be made up for: {what} ({who})."), _("Hand them in and have them signed.")
    ),
    "collaborations.open_problem": Sentence(
        _("A problem is not solved yet: {what} ({who})."), _("Carry it to its acceptance.")
    ),
}
