from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "outbox.not_dead": Sentence(
        _("This delivery is not a dead letter."), _("Only deliveries that were given up can be sent again.")
    ),
    "outbox.key_reused": Sentence(
        _("This Idempotency-Key was already used for another request."), _("Make a new key for every new request.")
    ),
    "outbox.being_answered": Sentence(
        _("A request with this Idempotency-Key is being worked on."), _("Wait a moment and send the same one again.")
    ),
}
