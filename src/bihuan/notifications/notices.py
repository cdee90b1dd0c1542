"""What this room itself tells people, in words."""

from django.utils.translation import gettext_lazy as _

from bihuan.notifications import registry
from bihuan.notifications.enums import UNDELIVERED


def register_notices() -> None:
    said = _("No message reaches %(who)s at %(address)s: %(why)s")
    registry.register_kind(UNDELIVERED, _("Messages that were given up, for administrators"), registry.sentence(said))
