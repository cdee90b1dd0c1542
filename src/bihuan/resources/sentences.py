"""What this room's findings and errors say, and how to mend them."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "resources.not_the_provider": Sentence(
        _("Only the providing department answers for what it gives."), _("Ask its head or its contact person.")
    ),
    "resources.not_the_requester": Sentence(
        _("Only the initiator, the project lead or the head of the lead department decides this."),
        _("Ask the project lead; the page names the person."),
    ),
    "resources.not_yet_needed": Sentence(
        _("The plan is not filed yet, so nothing has to be in place."),
        _("Come back when the matter reaches resources."),
    ),
    "resources.need_stale": Sentence(
        _("Somebody else has changed this need meanwhile."), _("Look at it again; what you typed is still here.")
    ),
    "resources.refusal_without_reason": Sentence(
        _("The requester must know why it is refused."), _("Give the reason in one sentence.")
    ),
    "resources.offer_missing": Sentence(
        _("It is not said what is offered instead."), _("Say what you can give, how much and when.")
    ),
    "resources.person_not_named": Sentence(_("People are promised by name."), _("Choose who will do the work.")),
    "resources.person_unknown": Sentence(_("This person does not work here any more."), _("Choose somebody else.")),
    "resources.evidence_missing": Sentence(
        _("Nothing shows that it is in place."), _("Say where it can be seen or who confirms it.")
    ),
    "resources.answer_missing": Sentence(_("No answer was chosen."), _("Promise, offer something else, or refuse.")),
    "resources.reason_missing": Sentence(_("A reason is needed."), _("Write one sentence.")),
}
