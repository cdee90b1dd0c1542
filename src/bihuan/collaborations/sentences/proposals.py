"""What is said about requests on a matter itself, and about a matter that rests."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

PROPOSALS = {
    "collaborations.proposal_open": Sentence(
        _("The same is asked already and waits for a decision."),
        _("Wait for the answer, or take that request back first."),
    ),
    "collaborations.no_proposal": Sentence(
        _("No such request waits for a decision."), _("Look at the page again; it may be decided by now.")
    ),
    "collaborations.suspended": Sentence(
        _("The matter rests; nothing of it is acted upon meanwhile."),
        _("Ask whoever carries it to resume it. Risks may be reported all the same."),
    ),
    "collaborations.not_suspended": Sentence(_("The matter goes on already."), _("Look at the page again.")),
    "collaborations.open_resume": Sentence(
        _("The matter rests; it waits for: {what} ({who})."), _("{who} resumes it, or asks for longer.")
    ),
    "collaborations.work_is_over": Sentence(
        _("The work is over; what is left is to review and to archive it."), _("Go on to the end of the archive.")
    ),
    "collaborations.nothing_begun": Sentence(
        _("Nobody has agreed to anything yet, so there is nothing to stop."),
        _("The initiator can take the matter back."),
    ),
    "collaborations.until_not_ahead": Sentence(
        _("{date} is not ahead."), _("Choose the day on which the matter is to be looked at again.")
    ),
    "collaborations.until_too_far": Sentence(
        _("{date} is more than a year away."),
        _("Choose an earlier day; it can be put off again. Or ask to end the matter early."),
    ),
    "collaborations.early_end_unexplained": Sentence(
        _("The work was ended early, and no problem says why."), _("Name at least one problem with its root cause.")
    ),
}
