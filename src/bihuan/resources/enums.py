"""How a need stands, and what a provider may answer."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NeedState(TextChoices):
    ASKED = "ASKED", _("asked")
    PROMISED = "PROMISED", _("promised")
    COUNTERED = "COUNTERED", _("other offer")
    REFUSED = "REFUSED", _("refused")
    IN_PLACE = "IN_PLACE", _("in place")
    RELEASED = "RELEASED", _("released")
    DROPPED = "DROPPED", _("dropped")


class Answer(TextChoices):
    PROMISE = "PROMISE", _("Promise")
    COUNTER = "COUNTER", _("Offer something else")
    REFUSE = "REFUSE", _("Refuse")


STATE_AFTER = {
    Answer.PROMISE: NeedState.PROMISED,
    Answer.COUNTER: NeedState.COUNTERED,
    Answer.REFUSE: NeedState.REFUSED,
}
OPEN_QUESTIONS = (NeedState.COUNTERED, NeedState.REFUSED)
ENDED = (NeedState.RELEASED, NeedState.DROPPED)
DROPPABLE = (NeedState.ASKED, NeedState.PROMISED, NeedState.COUNTERED, NeedState.REFUSED)

RESOURCE = "RESOURCE"
"""The step in which what was promised is put in place."""
