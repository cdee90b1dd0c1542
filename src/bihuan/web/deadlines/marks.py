"""How a deadline stands, in a mark: what is left in working time, or how it ended."""

from datetime import datetime
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from markupsafe import Markup, escape

from bihuan.deadlines.enums import Level, State
from bihuan.deadlines.queries import Left, Standing
from bihuan.web.formats import instant_text, span_text
from bihuan.web.jinja import url
from bihuan.web.marks import LEVELS, mark
from bihuan.web.words import said as _

COLOURS = {
    Level.NONE: "GREEN", Level.GREEN: "GREEN", Level.YELLOW: "YELLOW", Level.ORANGE: "ORANGE", Level.RED: "RED",
    Level.RED_PLUS: "RED",
}  # fmt: skip
STATES = {State.PAUSED: "paused", State.KEPT: "good", State.LATE: "bad", State.CANCELLED: "neutral"}


def linked_mark(card: Standing, at: datetime) -> Markup:
    """The mark, leading to how the instant came about."""
    address = url("deadlines:show", card.deadline.pk)
    return Markup(f'<a class="why" href="{escape(address)}">{left_mark(card, at)}</a>')  # noqa: S704 - all escaped


def left_mark(card: Standing, at: datetime) -> Markup:
    """Time left in working time with its colour, or how it ended; the instant itself on hover."""
    row, state = card.deadline, State(card.deadline.state)
    if card.left is None:
        text = lateness_text(row.late_minutes) if state is State.LATE else str(state.label)
        return mark(
            f"tone-{STATES[state]}", {"good": "circle-check", "bad": "circle-x"}.get(STATES[state], "circle"), text
        )
    colour = COLOURS[card.level]
    hint = f"{word_of(card.level, get_language())} · {instant_text(row.due_at)}"
    return mark(f"due lv-{colour.lower()}", LEVELS[colour][0], left_text(card.left), title=hint)


@lru_cache(maxsize=64)
def word_of(level: Level, _language: str | None) -> str:
    return str(level.label)


def left_text(left: Left) -> str:
    if left.span.total_seconds() < 0:
        return _("%(span)s overdue") % {"span": span_text(left.span)}
    if left.works and left.days > 1:
        return working_days_left(left.days, get_language())
    if left.works:
        return _("%(span)s of work left") % {"span": span_text(left.span)}
    return _("%(span)s left") % {"span": span_text(left.span)}


@lru_cache(maxsize=512)
def working_days_left(days: int, _language: str | None) -> str:
    return ngettext("%(count)d working day left", "%(count)d working days left", days) % {"count": days}


def lateness_text(minutes: int) -> str:
    """To the minute, as the rules count it."""
    return ngettext("%(count)d minute late", "%(count)d minutes late", minutes) % {"count": minutes} if minutes else ""
