"""The sentences of this room's codes."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "approvals.stale_slot": Sentence(
        _("This was decided meanwhile, or the text is no longer the one you read."),
        _("Look at how it stands now. What you typed is still here."),
    ),
    "approvals.signoff_closed": Sentence(
        _("This sign-off has ended: approved, refused, withdrawn or replaced by a newer version."),
        _("Nothing needs to be decided here. What you typed is still here if you need it elsewhere."),
    ),
    "approvals.not_your_turn": Sentence(
        _("An earlier step has not been approved yet."), _("It comes to you as soon as they have decided.")
    ),
    "approvals.not_the_signatory": Sentence(_("This signature is not yours to give."), _("It is up to {who}.")),
    "approvals.author_signs": Sentence(
        _("Nobody signs what he wrote himself."), _("Your superior or the PMO signs in your place.")
    ),
    "approvals.no_slots": Sentence(_("Nobody is named to sign."), _("Name at least one department besides your own.")),
    "approvals.reason_missing": Sentence(_("A refusal needs a reason."), _("Write in a sentence what is not right.")),
    "approvals.opinion_missing": Sentence(
        _("A reservation must say what it is."), _("Write what you do not agree with.")
    ),
    "approvals.opinion_too_long": Sentence(_("The opinion is longer than {limit} characters."), _("Shorten it.")),
    "approvals.test_unanswered": Sentence(_("A question is not answered."), _("Answer it with yes or no.")),
    "approvals.test_says_no": Sentence(
        _("You answered a question with no, so you cannot approve."), _("Refuse with a reason, or answer it anew.")
    ),
    "approvals.test_unknown": Sentence(_("This question was not asked."), _("Load the page again.")),
    "approvals.conditions_missing": Sentence(
        _("You agree on a condition, but there is none."), _("Write the condition, or agree without one.")
    ),
    "approvals.conditions_unwanted": Sentence(
        _("There are conditions, but your decision carries none."), _("Choose “agree on condition”, or remove them.")
    ),
    "approvals.condition_empty": Sentence(_("A condition says nothing."), _("Write what has to be done.")),
    "approvals.condition_too_long": Sentence(_("A condition is longer than {limit} characters."), _("Shorten it.")),
    "approvals.too_many_conditions": Sentence(
        _("There are more than {limit} conditions."), _("Put together what belongs together, or refuse.")
    ),
    "approvals.reason_to_void_missing": Sentence(
        _("It is not said why this is withdrawn."), _("Write the reason in a sentence.")
    ),
    "approvals.nothing_decided": Sentence(_("No line is decided."), _("Agree or refuse at least one line.")),
    "approvals.decision_missing": Sentence(_("No decision was made."), _("Agree, agree on condition, or refuse.")),
    "approvals.decided_twice": Sentence(_("One line is decided twice."), _("Load the page again.")),
}
