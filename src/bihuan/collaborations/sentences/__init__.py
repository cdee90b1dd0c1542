"""What this room's findings and errors say, and how to mend them."""

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.sentences.loans import LOANS
from bihuan.collaborations.sentences.papers import PAPERS
from bihuan.collaborations.sentences.playbooks import PLAYBOOKS
from bihuan.collaborations.sentences.problems import PROBLEMS
from bihuan.collaborations.sentences.proposals import PROPOSALS
from bihuan.collaborations.sentences.recurrence import RECURRENCE
from bihuan.collaborations.sentences.relations import RELATIONS
from bihuan.kernel.sentences import Sentence

PROCESS = {
    "collaborations.title_missing": Sentence(
        _("The matter has no title yet."), _("Give it a short name that the other departments recognise.")
    ),
    "collaborations.view_name": Sentence(
        _("A view needs a name of at most {limit} characters."), _("Say in a few words what it shows.")
    ),
    "collaborations.office_left_empty": Sentence(
        _("{count} open things wait for {office}, and nobody would hold that office any more."),
        _("Give the office to somebody else first, or hand it over; then try again."),
    ),
    "collaborations.department_leads": Sentence(
        _("The department leads {count} matters that are under way."),
        _("Merge it into another department, or let the matters come to their end first."),
    ),
    "collaborations.reason_missing": Sentence(
        _("A reason is needed, because others rely on what stands now."), _("Write one sentence.")
    ),
    "collaborations.has_ended": Sentence(
        _("This matter has ended; its contents stay as they are."), _("Begin a new matter that refers to this one.")
    ),
    "collaborations.has_moved_on": Sentence(
        _("The matter stands in another step by now."), _("Look at the page again and decide from there.")
    ),
    "collaborations.not_this_step": Sentence(
        _("The step in which the matter stands does not ask for this."), _("The page names what it asks for now.")
    ),
    "collaborations.not_the_lead": Sentence(
        _("This is for the initiator, the project lead or the head of the lead department."),
        _("Ask one of them; the page names them."),
    ),
    "collaborations.lead_unknown": Sentence(
        _("The project lead does not work here any more."), _("Choose somebody who does.")
    ),
    "collaborations.not_imported": Sentence(
        _("Only an imported matter can be adopted, and only once."), _("Open the matter to see who carries it.")
    ),
    "collaborations.adopt_without_department": Sentence(
        _("The source names no department that leads this matter."),
        _("Name its department in the source and import again."),
    ),
    "collaborations.adopt_step_unknown": Sentence(
        _("The playbook has no such step."), _("Choose one of the steps of the playbook.")
    ),
    "collaborations.adopt_step_too_late": Sentence(
        _("Acceptance and what follows it judge work done here; no matter is adopted there."),
        _("Adopt it at the execution at the latest, and go on from there."),
    ),
    "collaborations.adopt_ground_missing": Sentence(
        _("It is not said why the steps before count as carried out."),
        _("Write on what ground: who agreed or decided, when, and where it can be seen."),
    ),
    "collaborations.form_first": Sentence(
        _("{form} comes first; this form builds on it."), _("Fill in and submit {form}, then come back.")
    ),
    "collaborations.too_late_to_withdraw": Sentence(
        _("The work has begun, so the matter can no longer be taken back."),
        _("Carry it to acceptance; what is not needed any more is judged there."),
    ),
    "collaborations.urged_too_often": Sentence(
        _("This was urged a moment ago; it can be urged again after {hours} hours."),
        _("Call the person if it is urgent."),
    ),
    "collaborations.nothing_to_revise": Sentence(
        _("This form has not been submitted yet."), _("Go on filling in its draft.")
    ),
    "collaborations.evidence_missing": Sentence(
        _("Nothing shows that it is so."), _("Say where it can be seen: a report, a page, a file.")
    ),
    "collaborations.metric_part_missing": Sentence(
        _('The target of "{metric}" counts for each of its parts; it is not said which one this value is of.'),
        _("Choose one of: {parts}."),
    ),
    "collaborations.metric_part_unknown": Sentence(
        _('"{metric}" has no part "{part}".'), _("Choose one of the parts it was agreed to break down into.")
    ),
    "collaborations.day_in_future": Sentence(
        _("{day} lies ahead; only what has happened can be reported."), _("Give the day on which it happened.")
    ),
    "collaborations.form_missing": Sentence(
        _("The form {form} has not been submitted."), _("Fill it in and submit it.")
    ),
    "collaborations.route_open": Sentence(
        _("The form {form} stands, but not everybody has agreed to it."), _("Submit it again to ask them.")
    ),
    "collaborations.open_signoff": Sentence(_("{what} has not answered yet; it waits for {who}."), _("Urge them.")),
    "collaborations.open_amendment": Sentence(
        _("{what} wants a line otherwise, and {who} has not answered yet."),
        _("Take it over, or decline it and say why."),
    ),
    "collaborations.open_commitment": Sentence(
        _("A condition is still open: {what} ({who})."),
        _("Its owner shows that it is done; the one who asked verifies it."),
    ),
    "collaborations.open_verify": Sentence(
        _("Said to be done, not verified yet: {what} ({who})."), _("{who} looks and verifies it.")
    ),
    "collaborations.open_filer": Sentence(
        _("Nobody is named yet who may read this secret matter and file its plan."),
        _("{who} names somebody of the PMO or the administration."),
    ),
    "collaborations.filer_by_executive": Sentence(
        _("Who reads and files a secret matter is for its executive to say."),
        _("Ask the executive in charge to name somebody else on the page of the matter."),
    ),
    "collaborations.filer_of_another_office": Sentence(
        _("Plans are filed by the project management office or the administration."),
        _("Choose somebody who works in one of them."),
    ),
    "collaborations.secret_without_executive": Sentence(
        _("Nobody is in charge of the lead department, so nobody could approve this secret matter or its reading."),
        _("Ask the administrator to put an executive in charge, or choose a lower secrecy."),
    ),
    "collaborations.open_step": Sentence(_("The next step is open: {what} ({who})."), _("{who} takes it.")),
    "collaborations.open_need_answer": Sentence(
        _("A need has no answer yet: {what} ({who})."), _("{who} promises, counters or refuses it.")
    ),
    "collaborations.open_need_in_place": Sentence(
        _("Promised, but not in place yet: {what} ({who})."), _("{who} says when it is in place.")
    ),
    "collaborations.open_need_settle": Sentence(
        _("A need was refused or answered with another offer: {what} ({who})."),
        _("{who} takes the offer, asks again or drops it."),
    ),
    "collaborations.open_need_release": Sentence(
        _("A resource has not been given back: {what} ({who})."), _("{who} says when it is back.")
    ),
    "collaborations.open_task": Sentence(
        _("A task is not done: {what} ({who})."), _("Its owner finishes it and shows the output, or it is cancelled.")
    ),
    "collaborations.open_report": Sentence(_("A weekly report is missing: {what} ({who})."), _("{who} files it.")),
    "collaborations.open_risk": Sentence(
        _("A risk is open: {what} ({who})."), _("Close it, or let its measures take effect first.")
    ),
    "collaborations.acceptance_not_passed": Sentence(
        _("The acceptance was not passed."), _("Mend what is missing and hold it again.")
    ),
    "collaborations.playbook_unknown": Sentence(
        _("Nothing can begin on this playbook."), _("Choose one of the playbooks offered.")
    ),
}

PARTIES = {
    "collaborations.person_not_active": Sentence(
        _("{person} is not an active member of staff."), _("Name somebody else.")
    ),
    "collaborations.person_elsewhere": Sentence(
        _("{person} does not belong to {department}."),
        _("Name somebody of that department, or correct the department."),
    ),
    "collaborations.department_not_involved": Sentence(
        _("{department} does not take part in this collaboration."),
        _("Name an involved department, or add it to the request first."),
    ),
    "collaborations.department_twice": Sentence(
        _("{department} is named twice."), _("Keep one line for each department.")
    ),
    "collaborations.department_absent": Sentence(
        _("Nobody of {department} took part."), _("Add the person who was there for the department.")
    ),
}
DATES = {
    "collaborations.date_in_past": Sentence(_("{date} is already over."), _("Choose a date that lies ahead.")),
    "collaborations.after_finish": Sentence(
        _("{date} lies after the finish of the collaboration ({finish})."),
        _("Choose an earlier date, or move the finish."),
    ),
    "collaborations.ends_before_start": Sentence(
        _("The end ({end}) lies before the start."), _("Correct one of the two dates.")
    ),
    "collaborations.milestone_out_of_order": Sentence(
        _('The milestone "{milestone}" lies before the one above it.'),
        _("Put the milestones in the order of their dates."),
    ),
    "collaborations.finish_is_near": Sentence(
        _("Only {days} working days are left until the finish."), _("Check with the departments that this can be done.")
    ),
}
REQUEST = {
    "collaborations.title_taken": Sentence(
        _('A collaboration of this year is already called "{title}".'), _("Choose a title that tells the two apart.")
    ),
    "collaborations.short_name_marks": Sentence(
        _("The short name may not contain: {marks}"),
        _("Leave these marks out; the name stands in names of groups and files."),
    ),
    "collaborations.one_department_only": Sentence(
        _("Only {department} itself takes part."), _("Name at least one department besides the initiating one.")
    ),
    "collaborations.departments_too_few": Sentence(
        _("{count} departments take part; this playbook asks for {least}."),
        _("Name more departments, or begin on another playbook."),
    ),
    "collaborations.regions_missing": Sentence(
        _("Departments of {sites} sites take part, but no region is named."),
        _("Name every site in the list of regions."),
    ),
    "collaborations.resources_unanswered": Sentence(
        _("It is not said which resources are needed."), _("List them, or give the reason why none are needed.")
    ),
    "collaborations.resources_contradict": Sentence(
        _("Resources are listed, and a reason is given why none are needed."), _("Keep one of the two.")
    ),
    "collaborations.need_without_amount": Sentence(
        _('The budget for "{spec}" has no amount.'), _("Enter the amount in yuan, for example 5万.")
    ),
    "collaborations.need_without_quantity": Sentence(
        _('It is not said how much of "{spec}" is needed.'), _("Enter a quantity above zero.")
    ),
    "collaborations.need_without_unit": Sentence(
        _('It is not said what the quantity of "{spec}" counts.'), _("Enter the unit, for example persons.")
    ),
    "collaborations.result_not_countable": Sentence(
        _('The result "{result}" cannot be counted.'), _("Enter how many there will be, at least one.")
    ),
    "collaborations.name_twice": Sentence(
        _('"{name}" stands in the list twice.'), _("Give each line a name of its own; other lines refer to it.")
    ),
}
METRICS = {
    "collaborations.goal_without_metric": Sentence(
        _("The goal is not quantified: there is no metric."),
        _("Add a metric with name, target, unit, deadline, direction, and a baseline or the reason why there is none."),
    ),
    "collaborations.goal_not_quantified": Sentence(
        _("The goal is not quantified: no metric is complete yet."),
        _(
            "Complete at least one metric: name, target, unit, deadline, direction, "
            "and a baseline or the reason why there is none."
        ),
    ),
    "collaborations.metric_which_percent": Sentence(
        _('"{metric}" is in percent: is it a level, a change in percentage points, or a relative change?'),
        _("Choose one of the three kinds of percent as the unit."),
    ),
    "collaborations.metric_unit_unnamed": Sentence(
        _('The unit of "{metric}" has no name.'), _("Write the unit in words.")
    ),
    "collaborations.metric_below_zero": Sentence(
        _('"{metric}" is said to be {value}: a time, or a number of things, is never below zero.'),
        _("Check the sign. A net number, which may fall below zero, is agreed on in another unit."),
    ),
    "collaborations.metric_without_baseline": Sentence(
        _('"{metric}" has no baseline.'), _("Enter the value of today, or the reason why there is none.")
    ),
    "collaborations.metric_baseline_undated": Sentence(
        _('It is not said when the baseline of "{metric}" was taken.'), _("Enter the date.")
    ),
    "collaborations.metric_target_is_baseline": Sentence(
        _('The target of "{metric}" is what is there already.'), _("Enter the value to be reached.")
    ),
    "collaborations.metric_wrong_side": Sentence(
        _('The target of "{metric}" lies on the wrong side of {baseline} for its direction.'),
        _("Correct the target or the direction; a decrease in points or percent has a minus sign."),
    ),
    "collaborations.metric_total_or_each": Sentence(
        _('"{metric}" is broken down: does the target count for all together, or for each?'),
        _("Choose one of the two."),
    ),
    "collaborations.metric_values_unlisted": Sentence(
        _('"{metric}" counts for each, but it is not said for each of what.'), _("List the values one by one.")
    ),
    "collaborations.metric_without_deadline": Sentence(
        _('It is not said until when "{metric}" is to be reached.'), _("Enter a deadline or a window.")
    ),
    "collaborations.metric_two_deadlines": Sentence(
        _('"{metric}" has more than one time limit.'),
        _("Keep one: the deadline, the window in days, or the window in months."),
    ),
    "collaborations.metric_window_unanchored": Sentence(
        _('It is not said when the window of "{metric}" starts.'), _("Enter the name of a milestone.")
    ),
    "collaborations.metric_window_unknown": Sentence(
        _('There is no milestone called "{milestone}" with a date.'),
        _("Write the name exactly as in the list of milestones."),
    ),
    "collaborations.metric_window_too_long": Sentence(
        _('The window of "{metric}" runs until {until}, longer than the collaboration ({finish}).'),
        _("Shorten the window, move the milestone forward, or move the finish."),
    ),
}
CONSENSUS = {
    "collaborations.talk_missing": Sentence(
        _("{department} has not been spoken with."), _("Talk to the department and write it down.")
    ),
    "collaborations.understanding_missing": Sentence(
        _("It is not said how {department} understands the goal."), _("Ask the department and add its line.")
    ),
    "collaborations.feasibility_missing": Sentence(
        _("{department} has not said whether it can be done."), _("Ask the department and add its line.")
    ),
    "collaborations.not_feasible": Sentence(
        _("{department} says that it cannot be done."),
        _("Change the need until it can, then ask the department again."),
    ),
    "collaborations.feasibility_ground_missing": Sentence(
        _("{department} gives no ground or condition."), _("Write the ground, or the condition, in a sentence.")
    ),
    "collaborations.nothing_to_confirm": Sentence(
        _("{department} has neither a commitment nor a criterion to confirm."), _("Add what the department promises.")
    ),
    "collaborations.line_binds_nobody": Sentence(
        _("Nobody would be asked to agree to this line: it binds no department besides the leading one."),
        _("Choose a department that takes part, or none, so that it binds all."),
    ),
    "collaborations.line_leaves_out_who_is_in_charge": Sentence(
        _("{department} is in charge of this line, which does not bind it."),
        _("Choose it as well, or put another department in charge."),
    ),
    "collaborations.feedback_unanswered": Sentence(
        _("It is not said whether the departments had feedback."), _("Add it, or say that there was none.")
    ),
    "collaborations.feedback_contradicts": Sentence(
        _("Feedback is listed, and it is said that there was none."), _("Keep one of the two.")
    ),
    "collaborations.criterion_not_testable": Sentence(
        _('"{item}" cannot be tested: the test only repeats the item.'),
        _("Write a figure, or a check with a clear yes or no."),
    ),
}
FILING = {
    "collaborations.filing_without_approval": Sentence(
        _("The plan is not approved."), _("It can be filed after the executive has approved it.")
    ),
    "collaborations.filing_without_duty_table": Sentence(
        _("The duty table is not complete."), _("Ask the project lead to complete it.")
    ),
    "collaborations.filing_without_answers": Sentence(
        _("Not every resource need is answered."), _("Ask the departments that have not answered.")
    ),
    "collaborations.filing_not_confirmed": Sentence(
        _("It is not confirmed that the plan was looked at."), _("Look at the plan, then answer yes.")
    ),
}
ACCEPTANCE = {
    "collaborations.window_open": Sentence(
        _('"{metric}" is counted until {until}; acceptance begins after that.'),
        _("Wait for the end, or measure the metrics once they have reached their targets."),
    ),
    "collaborations.window_not_begun": Sentence(
        _('Counting of "{metric}" has not begun: the milestone "{milestone}" is not reached.'),
        _("Record the day on which the milestone was reached."),
    ),
    "collaborations.acceptance_item_missing": Sentence(
        _('The item "{item}" is missing.'), _("Every item of the basis is judged; open the form anew.")
    ),
    "collaborations.acceptance_item_unknown": Sentence(_("This item does not stand in the basis."), _("Take it out.")),
    "collaborations.acceptance_not_judged": Sentence(
        _('"{item}" is not judged.'), _("Enter the actual value, or the verdict.")
    ),
    "collaborations.acceptance_judge_missing": Sentence(
        _('It is not said who judged "{item}".'), _("Name the person.")
    ),
    "collaborations.acceptance_evidence_missing": Sentence(
        _('There is no evidence for "{item}".'), _("Say where the figure can be seen.")
    ),
    "collaborations.acceptance_count_short": Sentence(
        _('"{item}" is {gap} short and cannot be met.'), _("Correct the number or the verdict.")
    ),
    "collaborations.pass_with_unmet": Sentence(
        _('"{item}" is not met (gap: {gap}).'),
        _('Choose "passed on conditions" with a rectification, or "not passed".'),
    ),
    "collaborations.condition_without_gap": Sentence(
        _("Every item is met; there is nothing to rectify."), _('Choose "passed".')
    ),
    "collaborations.fail_without_gap": Sentence(
        _("Every item is met, and yet it is not passed."), _("Say in the items what is not met.")
    ),
    "collaborations.rectification_missing": Sentence(
        _('There is no rectification for "{item}".'), _("Add a line with gap, measure, owner and date.")
    ),
    "collaborations.rectification_unknown": Sentence(
        _('"{item}" is no item of this acceptance.'), _("Name the item as in the list above.")
    ),
}
REVIEW = {
    "collaborations.review_without_good": Sentence(
        _("No good practice is named."), _("Name at least one thing worth doing again.")
    ),
    "collaborations.problems_unanswered": Sentence(
        _("It is not said whether there were problems."), _("Add them, or say that there were none.")
    ),
    "collaborations.problems_contradict": Sentence(
        _("Problems are listed, and it is said that there were none."), _("Keep one of the two.")
    ),
    "collaborations.cause_restates_problem": Sentence(
        _("The cause only says again: {problem}"), _("Write why it came to that.")
    ),
    "collaborations.review_without_improvement": Sentence(
        _("No improvement has owner, date and a way to verify it."), _("Add at least one.")
    ),
    "collaborations.improvements_too_few": Sentence(
        _("{count} improvements have owner, date and a way to verify them; this playbook asks for {least}."),
        _("Add what is missing."),
    ),
    "collaborations.verifies_own_improvement": Sentence(
        _("{person} would verify an improvement of his own."), _("Name somebody else to verify it.")
    ),
}

SENTENCES = {
    **PROCESS,
    **PROBLEMS,
    **PARTIES,
    **DATES,
    **REQUEST,
    **METRICS,
    **CONSENSUS,
    **FILING,
    **ACCEPTANCE,
    **REVIEW,
    **PLAYBOOKS,
    **PROPOSALS,
    **PAPERS,
    **LOANS,
    **RELATIONS,
    **RECURRENCE,
}
