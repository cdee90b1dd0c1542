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
    "collaborations.left_open": Sentence(
        _("Still open at the end: {what} ({who})."),
        _("Finish it, or ask to hand it over to somebody with a day (Changes and ends)."),
    ),
    "collaborations.nothing_to_change": Sentence(
        _("No plan is being carried out that could be changed."),
        _("Before the execution the form itself is opened for change; afterwards a new matter is begun."),
    ),
    "collaborations.effective_past": Sentence(
        _("{date} is over already."), _("Name the day from which the change is to be in force.")
    ),
    "collaborations.nothing_to_hand_over": Sentence(
        _("Nothing is open that could be handed over now."),
        _("Open tasks, promises and risks may be, from the execution on; high risks may not."),
    ),
    "collaborations.nobody_takes_over": Sentence(
        _("Nobody takes anything over yet."), _("Give an owner and a day to at least one item.")
    ),
    "collaborations.item_not_open": Sentence(
        _('"{what}" is not open any more.'), _("Leave its owner empty; it needs no hand-over.")
    ),
    "collaborations.item_without_day": Sentence(
        _("It is not said until when."), _("Give the day on which the owner will have done it.")
    ),
    "collaborations.item_without_owner": Sentence(
        _("It is not said who takes it over."), _("Choose the person, or leave the day empty too.")
    ),
    "collaborations.until_not_ahead": Sentence(
        _("{date} is not ahead."), _("Choose the day on which the matter is to be looked at again.")
    ),
    "collaborations.until_too_far": Sentence(
        _("{date} is more than a year away."),
        _("Choose an earlier day; it can be put off again. Or ask to end the matter early."),
    ),
    "collaborations.no_word_awaited": Sentence(
        _("No written confirmation is waited for."), _("It is registered while a solution waits for its heads.")
    ),
    "collaborations.letter_not_asked": Sentence(
        _("The word of {department} is not waited for."), _("Name a department that has not confirmed yet.")
    ),
    "collaborations.letter_not_the_head": Sentence(
        _("{person} does not confirm for {department}."), _("Name the head, or who is asked in the head's place now.")
    ),
    "collaborations.letter_without_file": Sentence(
        _("The mail itself is missing."), _("Attach the message as a file (.eml or any other).")
    ),
    "collaborations.early_end_unexplained": Sentence(
        _("The work was ended early, and no problem says why."), _("Name at least one problem with its root cause.")
    ),
}
