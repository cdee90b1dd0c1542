"""Kept and missed promises as bars, drawn on the server; the table beside it says the same in figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from bihuan.deadlines.policy.outcomes import Tally

STEP, BAR, HEIGHT, TOP, FOOT = 56, 34, 150, 16, 20
LOOKS = ("lv-green", "lv-yellow", "lv-red")


@dataclass(frozen=True, slots=True)
class Column:
    """One month: what it is called below its bar and in words, and what came of it."""

    label: str
    title: str
    tally: Tally


def chart(columns: Sequence[Column]) -> Markup:
    """One bar a month: in time at the foot, then done late, then not done; nothing where nothing was due."""
    most = max((column.tally.total for column in columns), default=0)
    if not most:
        return Markup()
    bars = Markup("").join(_bar(column, number, most) for number, column in enumerate(columns))
    return Markup('<svg class="bars" viewBox="0 0 {} {}" width="{}" role="img" aria-label="{}">{}</svg>').format(
        STEP * len(columns), TOP + HEIGHT + FOOT, STEP * len(columns), _spoken(columns), bars
    )


def _bar(column: Column, number: int, most: int) -> Markup:
    left, foot = number * STEP, TOP + HEIGHT
    tally, drawn, parts = column.tally, 0, Markup("")
    for look, count in zip(LOOKS, (tally.kept, tally.late, tally.undone), strict=True):
        low, high = _level(drawn, most), _level(drawn + count, most)
        drawn += count
        if count:
            parts += Markup('<rect class="{}" fill="currentColor" x="{}" y="{}" width="{}" height="{}"/>').format(
                look, left + (STEP - BAR) // 2, foot - high, BAR, max(high - low, 1)
            )
    head = _text(left, foot - _level(tally.total, most) - 4, str(tally.total)) if tally.total else ""
    title = Markup("<title>{}</title>").format(column.title)
    return Markup("<g>{}{}{}{}</g>").format(title, parts, head, _text(left, foot + FOOT - 5, column.label))


def _level(count: int, most: int) -> int:
    return count * HEIGHT // most


def _text(left: int, y: int, words: str) -> Markup:
    return Markup('<text fill="currentColor" font-size="12" text-anchor="middle" x="{}" y="{}">{}</text>').format(
        left + STEP // 2, y, words
    )


def _spoken(columns: Sequence[Column]) -> str:
    return _("Promises by month: %(months)s") % {"months": "; ".join(c.title for c in columns if c.tally.total)}
