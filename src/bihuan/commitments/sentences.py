"""The sentences of this room's codes."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "commitments.not_the_owner": Sentence(
        _("Only the owner reports this commitment as done."), _("Ask the owner named here, or have it handed over.")
    ),
    "commitments.not_the_verifier": Sentence(
        _("Somebody else confirms this commitment."), _("Ask the verifier named here.")
    ),
    "commitments.owner_verifies": Sentence(
        _("Whoever did it cannot confirm it."), _("Ask another person who answers for the verifying side.")
    ),
    "commitments.not_the_asker": Sentence(
        _("Only the side that asked for this can cancel it."), _("Ask them; the page names them.")
    ),
    "commitments.may_not_assign": Sentence(
        _("The owing department or the side that asked names owner and date."), _("Ask one of them.")
    ),
    "commitments.stale": Sentence(
        _("This commitment has changed since you opened it."),
        _("Look at how it stands now. What you typed is still here."),
    ),
    "commitments.text_missing": Sentence(_("The commitment says nothing."), _("Write what is to be done.")),
    "commitments.text_too_long": Sentence(_("The text is longer than {limit} characters."), _("Shorten it.")),
    "commitments.verifier_missing": Sentence(
        _("Nobody is named to confirm this commitment."), _("Name the side that confirms it.")
    ),
    "commitments.verifier_is_owner": Sentence(
        _("The owner and the only verifier would be the same person."), _("Name another owner.")
    ),
    "commitments.owner_missing": Sentence(_("No owner is named."), _("Name the one person who does it.")),
    "commitments.owner_unknown": Sentence(_("This person is not working here now."), _("Choose another person.")),
    "commitments.owner_unchanged": Sentence(_("This person owns it already."), _("Choose another person.")),
    "commitments.due_missing": Sentence(_("No date is given."), _("Give the day by which it is done.")),
    "commitments.due_in_past": Sentence(_("{day} is already over."), _("Choose a day that lies ahead.")),
    "commitments.due_unreadable": Sentence(_("This is not a day."), _("Write it as 2026-11-30.")),
    "commitments.answer_missing": Sentence(_("It is not said whether it is done."), _("Answer yes or no.")),
    "commitments.evidence_missing": Sentence(
        _("There is no evidence."), _("Write what shows that it is done: a result, a file, a number.")
    ),
    "commitments.note_missing": Sentence(_("It is not said what is still missing."), _("Write what is still missing.")),
    "commitments.reason_missing": Sentence(_("There is no reason."), _("Write the reason in a sentence.")),
}
