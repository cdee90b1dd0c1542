"""Small marks that every list repeats: icons, due marks, states. Plain functions, because fifty rows call them."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup, escape

from bihuan.kernel.now import now
from bihuan.web.formats import instant_text, left_text


class Level(StrEnum):
    GREEN = "GREEN"
    YELLOW = "YELLOW"
    ORANGE = "ORANGE"
    RED = "RED"


LEVELS: dict[str, tuple[str, "str | Promise"]] = {
    "GREEN": ("circle-check", _("On time")),
    "YELLOW": ("clock", _("Watch")),
    "ORANGE": ("clock-alert", _("Urgent")),
    "RED": ("octagon-alert", _("Overdue")),
}
TONES = {
    "neutral": "circle",
    "current": "circle-dot",
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-x",
    "paused": "circle-pause",
    "waiting": "circle-dashed",
}


@lru_cache(maxsize=256)
def icon(name: str, label: str = "") -> Markup:
    """An icon of frontend/icons.json; silent for screen readers unless it has a label."""
    return (
        _silent(name) if not label else Markup('<i class="i i-{}" role="img" aria-label="{}"></i>').format(name, label)
    )


@lru_cache(maxsize=256)
def _silent(name: str) -> Markup:
    return Markup('<i class="i i-{}"></i>').format(name)


def mark(kind: str, name: str, text: "str | Promise", *, title: str = "") -> Markup:
    hint = f' title="{escape(title)}"' if title else ""
    return Markup(f'<span class="mark {kind}"{hint}>{icon(name)}{escape(text)}</span>')  # noqa: S704 - all escaped


def level(value: str, text: str = "") -> Markup:
    """A traffic light of the three-colour supervision: icon and word, in its colour."""
    name, word = LEVELS[str(value)]
    return mark(f"lv-{str(value).lower()}", name, text or word)


def status(text: "str | Promise", tone: str = "neutral") -> Markup:
    """A state in words with the icon of its tone: neutral, current, good, warn, bad, paused, waiting."""
    return mark(f"tone-{tone}", TONES[tone], text)


def due(value: datetime | None, at: datetime | None = None, *, since: datetime | None = None) -> Markup:
    """Time left, with colour, icon and words; the instant itself on hover. Nothing when there is no due."""
    if value is None:
        return Markup('<span class="mark tone-quiet">—</span>')
    reached = level_of(value, at or now(), since=since)
    hint = f"{word_of(reached, get_language())} · {instant_text(value)}"
    return mark(f"due lv-{reached.lower()}", LEVELS[reached][0], left_text(value, at), title=hint)


@lru_cache(maxsize=64)
def word_of(level: str, _language: str | None) -> str:
    return str(LEVELS[level][1])


def level_of(value: datetime, at: datetime, *, since: datetime | None = None) -> Level:
    """Red when passed; orange at 15 %, yellow at 30 % of the span left; without a span at 8 and 24 hours."""
    rest = value - at
    if rest < timedelta(0):
        return Level.RED
    orange, yellow = timedelta(hours=8), timedelta(hours=24)
    if since is not None and value > since:
        orange, yellow = (value - since) * 0.15, (value - since) * 0.30
    if rest <= orange:
        return Level.ORANGE
    return Level.YELLOW if rest <= yellow else Level.GREEN
