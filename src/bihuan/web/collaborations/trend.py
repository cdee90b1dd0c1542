"""How a metric went, drawn on the server: where it stood, where it is to go, what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext as _
from markupsafe import Markup

from bihuan.web.formats import date_text

WIDTH, HEIGHT, SIDE, TOP, FOOT = 320, 128, 6, 18, 22
REACH = 2
"""How many times the way from the baseline to the target a value may lie beyond them and still be inside the frame."""
NAMED_BEYOND = 2


@dataclass(frozen=True, slots=True)
class Point:
    day: date
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Level:
    """A figure that stands for the whole time, as target and baseline do."""

    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One line of measured values, oldest first; `until` is the day by which the target counts, if it has one."""

    name: str
    points: Sequence[Point]
    target: Level
    baseline: Level | None
    until: date | None = None


def drawn(trend: Trend) -> Markup:
    """The picture; nothing while nothing was measured."""
    if not trend.points:
        return Markup()
    frame = _Frame(trend)
    beyond = [point for point in trend.points if not frame.holds(point.value)]
    target, baseline = trend.target, trend.baseline
    is_upper = baseline is None or target.value >= baseline.value
    parts = [_level(frame, target, "lv-green", above=is_upper, anchor="start")]
    if baseline is not None:
        parts.append(_level(frame, baseline, "quiet", above=not is_upper, anchor="end"))
    parts += [_line(frame, trend.points), *(_dot(frame, point) for point in trend.points), *_days(frame)]
    words, height = spoken(trend), HEIGHT
    if beyond:
        told, height = _told_beyond(beyond), HEIGHT + 18
        parts.append(_text(SIDE, height - 6, told, "start"))
        words = _("%(spoken)s; %(beyond)s") % {"spoken": words, "beyond": told}
    return Markup('<svg viewBox="0 0 {} {}" width="{}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, WIDTH, words, Markup("").join(parts)
    )


def _told_beyond(points: Sequence[Point]) -> str:
    """The last ones by name: they are the news."""
    named = [f"{date_text(point.day, weekday=False)} {point.text}" for point in points[-NAMED_BEYOND:]]
    if len(points) > NAMED_BEYOND:
        return _("Beyond the frame: %(values)s and %(count)s more") % {
            "values": "、".join(named), "count": len(points) - NAMED_BEYOND,
        }  # fmt: skip
    return _("Beyond the frame: %(values)s") % {"values": "、".join(named)}


def spoken(trend: Trend) -> str:
    last = trend.points[-1]
    return _("%(metric)s: baseline %(baseline)s, target %(target)s, %(value)s on %(day)s") % {
        "metric": trend.name,
        "baseline": trend.baseline.text if trend.baseline else "—",
        "target": trend.target.text,
        "value": last.text,
        "day": date_text(last.day, weekday=False),
    }


class _Frame:
    """Where a day and a value lie. A single day stands at the left, a single value in the middle.

    A value far beyond target and baseline is drawn at the edge, so that it does not press the two into one line.
    """

    def __init__(self, trend: Trend) -> None:
        days = [point.day for point in trend.points] + ([trend.until] if trend.until else [])
        measured = [point.value for point in trend.points]
        levels = [trend.target.value] + ([trend.baseline.value] if trend.baseline else [])
        reach = REACH * _way(levels, measured)
        low, high = min(levels) - reach, max(levels) + reach
        inside = [value for value in measured if not reach or low <= value <= high]
        self.first, self.last = min(days), max(days)
        self.low, self.high = min([*levels, *inside]), max([*levels, *inside])

    def x(self, day: date) -> int:
        span = (self.last - self.first).days
        return SIDE + ((day - self.first).days * (WIDTH - 2 * SIDE) // span if span else 0)

    def y(self, value: Decimal) -> int:
        room, span = HEIGHT - TOP - FOOT - 14, self.high - self.low
        share = (value - self.low) / span if span else Decimal("0.5")
        return TOP + room - int(min(max(share, Decimal(0)), Decimal(1)) * room)

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def _way(levels: Sequence[Decimal], measured: Sequence[Decimal]) -> Decimal:
    """How far target and baseline are apart; where there is one of them only, how far from it values mostly lie."""
    way = max(levels) - min(levels)
    return way or median(abs(value - levels[0]) for value in measured)


def _level(frame: _Frame, level: Level, look: str, *, above: bool, anchor: str) -> Markup:
    """A line across, its figure in the corner that values on their way from the baseline to the target leave free."""
    y = frame.y(level.value)
    left = SIDE if anchor == "start" else WIDTH - SIDE
    line = Markup('<line class="{}" stroke="currentColor" stroke-dasharray="4 3" x1="{}" x2="{}" y1="{}" y2="{}"/>')
    return line.format(look, SIDE, WIDTH - SIDE, y, y) + _text(left, y - 5 if above else y + 13, level.text, anchor)


def _line(frame: _Frame, points: Sequence[Point]) -> Markup:
    path = " ".join(f"{frame.x(point.day)},{frame.y(point.value)}" for point in points)
    return Markup('<polyline fill="none" stroke="currentColor" stroke-width="2" points="{}"/>').format(path)


def _dot(frame: _Frame, point: Point) -> Markup:
    said = f"{date_text(point.day, weekday=False)}: {point.text}"
    if not frame.holds(point.value):
        x, y, tip = frame.x(point.day), frame.y(point.value), -7 if point.value > frame.high else 7
        corners = f"{x - 4},{y} {x + 4},{y} {x},{y + tip}"
        return Markup('<polygon fill="currentColor" points="{}"><title>{}</title></polygon>').format(corners, said)
    return Markup('<circle fill="currentColor" r="3" cx="{}" cy="{}"><title>{}</title></circle>').format(
        frame.x(point.day), frame.y(point.value), said
    )


def _days(frame: _Frame) -> list[Markup]:
    ends = [_text(SIDE, HEIGHT - 6, date_text(frame.first, weekday=False), "start")]
    if frame.last != frame.first:
        ends.append(_text(WIDTH - SIDE, HEIGHT - 6, date_text(frame.last, weekday=False), "end"))
    return ends


def _text(x: int, y: int, words: str, anchor: str) -> Markup:
    return Markup('<text fill="currentColor" font-size="12" text-anchor="{}" x="{}" y="{}">{}</text>').format(
        anchor, x, y, words
    )
