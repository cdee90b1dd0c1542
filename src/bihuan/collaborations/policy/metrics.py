"""The structured metric (§2.0.3): what it lacks, whether it is reached, and how long its window stays open."""

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bihuan.collaborations.policy.body import Body, day, normal, number, rows, text, whole
from bihuan.collaborations.policy.parties import date_fits
from bihuan.kernel.findings import Finding, error

RISING = frozenset({"AT_LEAST", "MORE_THAN", "INCREASE_TO"})
FALLING = frozenset({"AT_MOST", "LESS_THAN", "DECREASE_TO"})
STRICT = frozenset({"MORE_THAN", "LESS_THAN"})
CHANGES = frozenset({"PCT_POINT", "PCT_RELATIVE"})
LENGTHS_OF_TIME = frozenset({"HOUR", "DAY"})
PERCENT = re.compile(r"[%％﹪]|percent|per cent|百分|个点", re.IGNORECASE)
BETWEEN_VALUES = re.compile(r"[、,，;；/|\n]")


@dataclass(frozen=True, slots=True)
class MetricLine:
    row: str
    name: str
    definition: str = ""
    direction: str = ""
    target: Decimal | None = None
    unit: str = ""
    unit_text: str = ""
    baseline: Decimal | None = None
    baseline_at: date | None = None
    baseline_na_reason: str = ""
    deadline: date | None = None
    window_days: int | None = None
    window_months: int | None = None
    window_from: str = ""
    window_hours: int | None = None
    breakdown: tuple[str, ...] = ()
    aggregation: str = ""

    @property
    def judged_parts(self) -> tuple[str, ...]:
        """What the target counts for: each value of the breakdown, or the whole, said by an empty text."""
        return self.breakdown if self.aggregation == "EACH" else ("",)

    @property
    def measured_parts(self) -> tuple[str, ...]:
        """What may be measured: a metric judged as a whole may be followed by its parts as well."""
        return self.judged_parts if self.aggregation == "EACH" else ("", *self.breakdown)

    @property
    def has_window(self) -> bool:
        return bool(self.window_days or self.window_months)

    @property
    def window(self) -> tuple[str, int | None, int | None]:
        """What makes two windows the same one."""
        return normal(self.window_from), self.window_days, self.window_months


@dataclass(frozen=True, slots=True)
class Judgement:
    """`gap` is what is lacking, never negative; it is zero when exactly the excluded limit was reached."""

    met: bool
    gap: Decimal


@dataclass(frozen=True, slots=True)
class MetricDates:
    """The dates of the collaboration. `milestones` by name, as planned."""

    today: date
    finish: date | None = None
    milestones: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window that is not over: `until` is its last day, none while it has not begun."""

    metric: MetricLine
    until: date | None


def metrics_of(body: Body) -> list[MetricLine]:
    return [
        MetricLine(
            row=text(row, "id"),
            name=text(row, "name"),
            definition=text(row, "definition"),
            direction=text(row, "direction"),
            target=number(row, "target"),
            unit=text(row, "unit"),
            unit_text=text(row, "unit_text"),
            baseline=number(row, "baseline"),
            baseline_at=day(row, "baseline_at"),
            baseline_na_reason=text(row, "baseline_na_reason"),
            deadline=day(row, "deadline"),
            window_days=whole(row, "window_days"),
            window_months=whole(row, "window_months"),
            window_from=text(row, "window_from"),
            window_hours=whole(row, "window_hours"),
            breakdown=values_of(text(row, "breakdown")),
            aggregation=text(row, "aggregation"),
        )
        for row in rows(body, "metrics")
    ]


def values_of(breakdown: str) -> tuple[str, ...]:
    return tuple(value for part in BETWEEN_VALUES.split(breakdown) if (value := part.strip()))


def missing_parts(metric: MetricLine) -> list[str]:
    """What a metric lacks to make a goal quantified, in the words of §2.0.3."""
    parts = {
        "name": metric.name,
        "target": metric.target is not None,
        "unit": metric.unit,
        "deadline": metric.deadline or metric.has_window or metric.window_hours,
        "direction": metric.direction,
        "baseline": metric.baseline is not None or metric.baseline_na_reason,
    }
    return [part for part, is_given in parts.items() if not is_given]


def goal_findings(metrics: list[MetricLine]) -> list[Finding]:
    """Q18: a goal is quantified by at least one whole metric; the missing parts are named."""
    if not metrics:
        return [error("collaborations.goal_without_metric", "metrics", missing=PARTS)]
    if any(not missing_parts(metric) for metric in metrics):
        return []
    return [error("collaborations.goal_not_quantified", "metrics", missing=tuple(missing_parts(metrics[0])))]


PARTS = ("name", "target", "unit", "deadline", "direction", "baseline")


def metric_findings(metrics: Iterable[MetricLine], dates: MetricDates) -> list[Finding]:
    """What is wrong with each metric beyond a field left empty."""
    return [
        finding
        for index, metric in enumerate(metrics)
        for finding in (
            *_unit(metric, f"metrics.{index}"),
            *_baseline(metric, f"metrics.{index}"),
            *_breakdown(metric, f"metrics.{index}"),
            *_time(metric, f"metrics.{index}", dates),
        )
    ]


def below_zero(unit: str, value: Decimal | None, *agreed: Decimal | None) -> list[str]:
    """The value in words where its unit has no meaning below zero: no time is shorter than none, and of things there
    are none at least, unless one of the figures agreed for them is below zero already, as of a net number."""
    if value is None or value >= 0:
        return []
    is_counted = unit == "COUNT" and not any(each is not None and each < 0 for each in agreed)
    return [f"{value.normalize():f}"] if unit in LENGTHS_OF_TIME or is_counted else []


def _unit(metric: MetricLine, place: str) -> list[Finding]:
    given = {"target": metric.target, "baseline": metric.baseline}
    return [
        *(
            error("collaborations.metric_below_zero", f"{place}.{key}", metric=metric.name, value=words)
            for key, value in given.items()
            if metric.unit in LENGTHS_OF_TIME
            for words in below_zero(metric.unit, value)
        ),
        *_unit_named(metric, place),
    ]


def _unit_named(metric: MetricLine, place: str) -> list[Finding]:
    if metric.unit in {"OTHER", "COUNT"} and PERCENT.search(metric.unit_text):
        return [error("collaborations.metric_which_percent", f"{place}.unit", metric=metric.name)]
    if metric.unit == "OTHER" and not metric.unit_text:
        return [error("collaborations.metric_unit_unnamed", f"{place}.unit_text", metric=metric.name)]
    return []


def _baseline(metric: MetricLine, place: str) -> list[Finding]:
    if metric.baseline is None:
        if metric.baseline_na_reason:
            return []
        return [error("collaborations.metric_without_baseline", f"{place}.baseline", metric=metric.name)]
    undated = [error("collaborations.metric_baseline_undated", f"{place}.baseline_at", metric=metric.name)]
    return ([] if metric.baseline_at else undated) + _side(metric, place)


def _side(metric: MetricLine, place: str) -> list[Finding]:
    """The target lies where the direction points, seen from the baseline; a change is seen from nought."""
    if metric.target is None or metric.baseline is None:
        return []
    origin = Decimal(0) if metric.unit in CHANGES else metric.baseline
    if metric.target == origin:
        return [error("collaborations.metric_target_is_baseline", f"{place}.target", metric=metric.name)]
    rises = metric.target > origin
    if (metric.direction in RISING and not rises) or (metric.direction in FALLING and rises):
        return [error("collaborations.metric_wrong_side", f"{place}.target", metric=metric.name, baseline=str(origin))]
    return []


def _breakdown(metric: MetricLine, place: str) -> list[Finding]:
    if metric.breakdown and not metric.aggregation:
        return [error("collaborations.metric_total_or_each", f"{place}.aggregation", metric=metric.name)]
    if metric.aggregation == "EACH" and len(metric.breakdown) < 2:
        return [error("collaborations.metric_values_unlisted", f"{place}.breakdown", metric=metric.name)]
    return []


def _time(metric: MetricLine, place: str, dates: MetricDates) -> list[Finding]:
    if metric.window_hours:
        return []
    given = [metric.deadline, metric.window_days, metric.window_months]
    if not any(given):
        return [error("collaborations.metric_without_deadline", f"{place}.deadline", metric=metric.name)]
    if sum(1 for value in given if value) > 1:
        return [error("collaborations.metric_two_deadlines", f"{place}.deadline", metric=metric.name)]
    if metric.deadline:
        return date_fits(f"{place}.deadline", metric.deadline, dates.today, dates.finish)
    return _window(metric, place, dates)


def _window(metric: MetricLine, place: str, dates: MetricDates) -> list[Finding]:
    if not metric.window_from:
        return [error("collaborations.metric_window_unanchored", f"{place}.window_from", metric=metric.name)]
    starts = {normal(name): on for name, on in dates.milestones.items()}
    start = starts.get(normal(metric.window_from))
    if start is None:
        return [
            error("collaborations.metric_window_unknown", f"{place}.window_from", milestone=metric.window_from),
        ]
    until = window_end(metric, start)
    if dates.finish and until > dates.finish:
        return [
            error(
                "collaborations.metric_window_too_long",
                f"{place}.window_from",
                metric=metric.name,
                until=until.isoformat(),
                finish=dates.finish.isoformat(),
            )
        ]
    return []


def window_end(metric: MetricLine, start: date) -> date:
    """The last day of the window that starts on `start`; the start counts as the first day."""
    try:
        if metric.window_days:
            return start + timedelta(days=metric.window_days - 1)
        return _months_later(start, metric.window_months or 0) - timedelta(days=1)
    except (OverflowError, ValueError):
        return date.max


def _months_later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    last = calendar.monthrange(start.year + years, month + 1)[1]
    return start.replace(year=start.year + years, month=month + 1, day=min(start.day, last))


def windows_since(metrics: Iterable[MetricLine], starts: Mapping[str, date]) -> dict[str, date]:
    """By the name of each metric with a window the first day of it, beyond any day while it has not begun."""
    begun = {normal(name): on for name, on in starts.items()}
    return {
        normal(metric.name): begun.get(normal(metric.window_from), date.max) for metric in metrics if metric.has_window
    }


def windows_open(
    metrics: Iterable[MetricLine],
    starts: Mapping[str, date],
    today: date,
    reached: frozenset[str] = frozenset(),
) -> list[OpenWindow]:
    """T26: windows that still run or have not begun, unless every metric of the window has reached its target.

    `starts` says on which day a milestone was really reached; `reached` are row ids of metrics that have
    been measured at their target.
    """
    windowed = [metric for metric in metrics if metric.has_window]
    begun = {normal(name): on for name, on in starts.items()}
    unreached = {metric.window for metric in windowed if metric.row not in reached}
    found = []
    for metric in windowed:
        start = begun.get(normal(metric.window_from))
        until = window_end(metric, start) if start else None
        if metric.window in unreached and (until is None or today <= until):
            found.append(OpenWindow(metric, until))
    return found


def judge(metric: MetricLine, actual: Decimal) -> Judgement:
    """Whether the target is reached, and what is lacking. A metric without a target is never reached."""
    if metric.target is None:
        return Judgement(met=False, gap=Decimal(0))
    return measure(metric.direction, metric.target, actual)


def is_reached(metric: MetricLine, last: Mapping[str, Decimal]) -> bool | None:
    """Whether everything the target counts for is there, by the last value of each part; none while one is unmeasured.

    One part that misses its target decides at once.
    """
    judged = [judge(metric, last[part]).met for part in metric.judged_parts if part in last]
    if not all(judged):
        return False
    return True if len(judged) == len(metric.judged_parts) else None


def measure(direction: str, target: Decimal, actual: Decimal) -> Judgement:
    if direction in RISING:
        gap = max(target - actual, Decimal(0))
    elif direction in FALLING:
        gap = max(actual - target, Decimal(0))
    else:
        gap = abs(actual - target)
    return Judgement(met=not gap and (direction not in STRICT or actual != target), gap=gap)
