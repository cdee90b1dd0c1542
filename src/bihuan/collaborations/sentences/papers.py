"""What papers kept as files are refused for, in words."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

PAPERS = {
    "collaborations.answer_without_owner": Sentence(
        _("It is not said who answers the customer."), _("Name the one person who answers for everybody.")
    ),
    "collaborations.answer_not_sent": Sentence(
        _("It is not said when the customer was answered."),
        _("Answer first, then say when; or say that no customer is concerned."),
    ),
    "collaborations.answer_ahead": Sentence(
        _("This instant has not come yet."), _("Say when it was; what is still to come is no answer.")
    ),
    "collaborations.answer_not_joint": Sentence(
        _("Only the department that leads stands behind the answer; the customer is given one answer of all."),
        _("Name at least one other department with who agreed to it."),
    ),
    "collaborations.minutes_without_end": Sentence(
        _("It is not said when the meeting ended; the time within which its minutes are to be out runs from there."),
        _("Give the day and the time."),
    ),
    "collaborations.minutes_ahead": Sentence(
        _("The meeting has not ended yet."), _("File the minutes afterwards, with the time at which it ended.")
    ),
    "collaborations.paper_without_file": Sentence(
        _("The paper itself is missing."),
        _("Attach the file it is written in, or say that there was nothing to write."),
    ),
    "collaborations.paper_contradicts": Sentence(
        _("Files are attached, and yet there was nothing of this kind."),
        _("Remove the files, or take the answer back."),
    ),
    "collaborations.paper_not_yet": Sentence(
        _("The date of the paper has not come yet."), _("Give the day on which it was written.")
    ),
    "collaborations.kickoff_unsettled": Sentence(
        _("The kick-off has not settled this."), _("Settle it with the departments, then answer with yes.")
    ),
    "collaborations.action_from_outside": Sentence(
        _(
            "{person} belongs to no department that takes part. Minutes open the matter to whom they are sent, unless "
            "it is secret."
        ),
        _("Name somebody of a department that takes part, or leave it so if that person may read the matter."),
    ),
    "collaborations.solution_without_contingency": Sentence(
        _("It is not said what is done when the solution goes wrong."),
        _("Name at least one risk, what is done then, and the way back."),
    ),
    "collaborations.solution_without_node": Sentence(
        _("The solution has no time node."), _("Say what is done by when; the last one ends it.")
    ),
    "collaborations.node_after_goal": Sentence(
        _("This lies after the time of the goal, {until}."),
        _("Move it forward, or name the head who allows a later end, and the reason."),
    ),
    "collaborations.later_not_by_head": Sentence(
        _("{name} is not the head of the department in charge."), _("Only the head may allow a later end.")
    ),
    "collaborations.kickoff_without_action": Sentence(
        _("The minutes name nothing that is done next."), _("Add at least one action with an owner and a day.")
    ),
}
