"""How a risk stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RiskState(TextChoices):
    REPORTED = "REPORTED", _("reported")
    CLOSED = "CLOSED", _("closed")
