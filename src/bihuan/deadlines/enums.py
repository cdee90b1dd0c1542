"""States and colours of a deadline. Labels are for people and stand in the catalogues."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """LATE: done after its instant, or never done (then without `kept_at`)."""

    RUNNING = "RUNNING", _("running")
    PAUSED = "PAUSED", _("paused")
    KEPT = "KEPT", _("kept")
    LATE = "LATE", _("late")
    CANCELLED = "CANCELLED", _("no longer owed")


class Level(IntegerChoices):
    """The three-colour ladder (domain §4.3)."""

    NONE = 0, _("plenty of time")
    GREEN = 1, _("half of the time is gone")
    YELLOW = 2, _("due soon")
    ORANGE = 3, _("due very soon")
    RED = 4, _("overdue")
    RED_PLUS = 5, _("long overdue")


OPEN = (State.RUNNING.value, State.PAUSED.value)
