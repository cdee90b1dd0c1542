"""Sentences about matters that belong together."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

RELATIONS = {
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
