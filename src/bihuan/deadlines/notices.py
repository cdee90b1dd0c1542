"""What people are told about their deadlines, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.deadlines.enums import Level
from bihuan.deadlines.operations.telling import OVERDUE, REMINDER, SOON
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.notifications import registry


def register_notices() -> None:
    registry.register_kind(REMINDER, gettext_lazy("Reminders of what is due"), said)
    registry.register_kind(SOON, gettext_lazy("What is due very soon"), said)
    registry.register_kind(OVERDUE, gettext_lazy("What is overdue"), said)


def said(params: Mapping[str, Any]) -> str:
    """What is due or overdue since when, in the reader's language and time."""
    due_at = timezone.localtime(datetime.fromisoformat(params["due_at"]))
    words = {
        "what": ": ".join(filter(None, (str(RULE_NAMES[params["rule"]]), params["what"]))),
        "due": f"{due_at:%Y-%m-%d %H:%M}",
    }
    if params["level"] >= Level.RED:
        return _("Overdue since %(due)s – %(what)s") % words
    return _("Due %(due)s – %(what)s") % words
