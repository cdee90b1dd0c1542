"""How a task stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TaskState(TextChoices):
    """`DELAYED` is never stored: a task past its day and not done is delayed, whatever anybody chose (G14)."""

    NOT_STARTED = "NOT_STARTED", _("not started")
    IN_PROGRESS = "IN_PROGRESS", _("in progress")
    BLOCKED = "BLOCKED", _("blocked")
    DELAYED = "DELAYED", _("delayed")
    DONE = "DONE", _("done")
    CANCELLED = "CANCELLED", _("cancelled")


FINISHED = frozenset({TaskState.DONE, TaskState.CANCELLED})

EXECUTE = "EXECUTE"
"""The step in which tasks move."""
