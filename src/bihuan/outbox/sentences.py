from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "outbox.not_dead": Sentence(
        _("This delivery is not a dead letter."), _("Only deliveries that were given up can be sent again.")
    ),
}
