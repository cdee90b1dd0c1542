"""What people are told about their deadlines, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.deadlines.enums import Level
from bihuan.deadlines.operations.telling import MOVED, OVERDUE, PAUSED, REMINDER, SOON
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.notifications import registry


def register_notices() -> None:
    registry.register_kind(REMINDER, gettext_lazy("Reminders of what is due"), said)
    registry.register_kind(SOON, gettext_lazy("What is due very soon"), said)
    registry.register_kind(OVERDUE, gettext_lazy("What is overdue"), said)
    registry.register_kind(MOVED, gettext_lazy("Deadlines moved by a calendar or another urgency"), said_of_moved)
    registry.register_kind(PAUSED, gettext_lazy("Clocks that stop and go on"), said_of_paused)


def said(params: Mapping[str, Any]) -> str:
    """What is due or overdue since when, in the reader's language and time."""
    words = {"what": _what(params), "due": _local(params["due_at"])}
    if params["level"] >= Level.RED:
        return _("Overdue since %(due)s – %(what)s") % words
    return _("Due %(due)s – %(what)s") % words


def said_of_moved(params: Mapping[str, Any]) -> str:
    """From when to when the calendar, or another class of its matter, moved what is due."""
    words = {"what": _what(params), "before": _local(params["before"]), "due": _local(params["due_at"])}
    if params.get("urgent"):
        return _("Now due %(due)s instead of %(before)s: the problem was classed urgent – %(what)s") % words
    if "urgent" in params:
        return _("Now due %(due)s instead of %(before)s: the problem is no longer urgent – %(what)s") % words
    return _("Now due %(due)s instead of %(before)s: the calendar changed – %(what)s") % words


def said_of_paused(params: Mapping[str, Any]) -> str:
    """What stands still, why and for how many weeks already, or when it is due now that it goes on."""
    if "weeks" in params:
        said = ngettext(
            "The clock has stood still for %(weeks)d week, waiting for: %(reason)s – %(what)s",
            "The clock has stood still for %(weeks)d weeks, waiting for: %(reason)s – %(what)s",
            params["weeks"],
        )
        return said % {"weeks": params["weeks"], "reason": params["reason"], "what": _what(params)}
    if "reason" in params:
        return _("The clock stands still, waiting for: %(reason)s – %(what)s") % {
            "what": _what(params), "reason": params["reason"],
        }  # fmt: skip
    return _("The clock goes on, due %(due)s – %(what)s") % {"what": _what(params), "due": _local(params["due_at"])}


def _what(params: Mapping[str, Any]) -> str:
    rule = str(RULE_NAMES[params["rule"]])
    return _("%(rule)s: %(about)s") % {"rule": rule, "about": params["what"]} if params["what"] else rule


def _local(spelled: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(spelled)):%Y-%m-%d %H:%M}"
