"""How a deadline stands, in a mark: what is left in working time, or how it ended."""

from datetime import datetime
from functools import cached_property, lru_cache

from django.utils.translation import get_language, ngettext
from markupsafe import Markup, escape

from bihuan.clock import Schedule
from bihuan.deadlines.enums import Level, State
from bihuan.deadlines.queries import Left, Standing, left_until
from bihuan.organisation.queries import places_of, schedule_of_department, schedule_of_site
from bihuan.web.formats import exact_text, instant_text, span_text
from bihuan.web.jinja import url
from bihuan.web.marks import LEVELS, level_of, mark
from bihuan.web.marks import word_of as word_for
from bihuan.web.words import said as _

COLOURS = {
    Level.NONE: "GREEN", Level.GREEN: "GREEN", Level.YELLOW: "YELLOW", Level.ORANGE: "ORANGE", Level.RED: "RED",
    Level.RED_PLUS: "RED",
}  # fmt: skip
STATES = {State.PAUSED: "paused", State.KEPT: "good", State.LATE: "bad", State.CANCELLED: "neutral"}


def mark_of(found: Standing | Left, due_at: datetime | None, at: datetime, *, since: datetime | None = None) -> Markup:
    """What is left, leading to how the instant came about where a time rule runs."""
    if isinstance(found, Standing):
        return linked_mark(found, at)
    return typed_mark(due_at, found, at, since=since) if due_at is not None else Markup()


def typed_mark(due_at: datetime, left: Left, at: datetime, *, since: datetime | None = None) -> Markup:
    """What is left in working time until an instant that was typed; the colour is that of any instant."""
    reached = level_of(due_at, at, since=since)
    hint = f"{word_for(reached, get_language())} · {instant_text(due_at)}"
    return mark(f"due lv-{reached.lower()}", LEVELS[reached][0], left_text(left), title=hint)


class TimeLeft:
    """Marks of instants in the working time of one department, or of a person where one owes them, which is read when
    the first is drawn."""

    def __init__(self, department_id: int | None, at: datetime, *, person_id: int | None = None) -> None:
        self.department_id, self.person_id, self.at = department_id, person_id, at

    @cached_property
    def schedule(self) -> Schedule:
        if self.person_id is None:
            return schedule_of_department(self.department_id)
        places = places_of([self.department_id] if self.department_id else [], [self.person_id], self.at)
        site = places.people.get(self.person_id, places.departments.get(self.department_id or 0))
        return schedule_of_site(site)

    def __call__(self, due_at: datetime, *, since: datetime | None = None) -> Markup:
        return typed_mark(due_at, left_until(due_at, self.schedule, self.at), self.at, since=since)


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
    return _("%(span)s late") % {"span": exact_text(minutes)} if minutes else ""
