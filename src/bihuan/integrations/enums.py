from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    MAPPING = "MAPPING", _("columns to be looked at")
    CHECKING = "CHECKING", _("being checked")
    CHECKED = "CHECKED", _("checked")
    RUNNING = "RUNNING", _("coming in")
    DONE = "DONE", _("came in")
    FAILED = "FAILED", _("stopped")


WORKING = (RunState.CHECKING, RunState.RUNNING)
