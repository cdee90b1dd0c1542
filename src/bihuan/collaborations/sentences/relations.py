"""Sentences about matters that belong together."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

RELATIONS = {
    "collaborations.takes_part_already": Sentence(
        _("This department takes part already."), _("Its contact person is named on the page of the matter.")
    ),
    "collaborations.join_asked_already": Sentence(
        _("This department has asked already and waits for the answer."), _("Urge the project lead if it is urgent.")
    ),
    "collaborations.not_submitted_yet": Sentence(
        _("This matter is not submitted yet; who takes part is said in its first form."),
        _("Name the department in the form."),
    ),
    "collaborations.expected_missing": Sentence(
        _("It is not said what is expected of the department."),
        _("Say in a sentence what it contributes; it is owed from then on."),
    ),
    "collaborations.open_join": Sentence(
        _("A department asks to take part and has no answer yet: {what} ({who})."),
        _("{who} lets it in or says why not."),
    ),
    "collaborations.request_alike": Sentence(
        _("This sounds like {number} {title}, which is under way."),
        _("Look at it first; if it is the same, let your department take part there instead."),
    ),
    "collaborations.not_ended": Sentence(
        _("This matter still runs; only an ended one is followed up."),
        _("Carry on with it, or end it first. A matter that belongs to it can be made a part of it."),
    ),
    "collaborations.parent_unknown": Sentence(
        _("It is not said which matter it is to be a part of."), _("Choose one of the list.")
    ),
    "collaborations.parent_circle": Sentence(
        _("A matter cannot be part of itself, nor of what is part of it."), _("Choose a matter that stands above it.")
    ),
    "collaborations.parent_too_deep": Sentence(
        _("Matters would stand more than {levels} levels deep below each other."),
        _("Make it a part of the matter at the top instead."),
    ),
    "collaborations.no_parent": Sentence(
        _("This matter is part of no other one."), _("Look at the page again; somebody may have taken it off already.")
    ),
}
