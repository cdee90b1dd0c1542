"""Goal and metrics of a matter, as its overview shows them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from bihuan.collaborations import queries
from bihuan.collaborations.policy.metrics import CHANGES, MetricLine, is_reached, judge
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import queries as records
from bihuan.web.approvals.facts import SIGNS, unit_after
from bihuan.web.collaborations.trend import Level, Point, Trend, drawn
from bihuan.web.formats import number_text


@dataclass(frozen=True, slots=True)
class PartRow:
    """What was measured of one part, or of the whole (""); `met` is None where it is not judged, or not measured."""

    name: str
    measured: list[Any]
    figures: list[str]
    last_text: str
    met: bool | None
    picture: Markup


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric with what was measured, part by part; `met` is None until everything it is judged by was measured."""

    metric: Any
    target: str
    baseline: str
    parts: list[PartRow]
    met: bool | None

    @property
    def choices(self) -> list[str]:
        return [part.name for part in self.parts]

    @property
    def count(self) -> int:
        return sum(len(part.measured) for part in self.parts)


def goal_of(root: SubjectRef) -> str:
    """The goal as it was last submitted, in the plan or the request."""
    version = records.latest(root, "F01", "F02")
    return str(version.data.get("goal_text") or "") if version is not None else ""


def metric_row(metric: Any) -> MetricRow:
    line = queries.line_of(metric)
    by_part: dict[str, list[Any]] = {part: [] for part in line.measured_parts}
    for measurement in metric.measurements.all():
        by_part.setdefault(measurement.part, []).append(measurement)
    last = {part: measured[-1].value for part, measured in by_part.items() if measured}
    return MetricRow(
        metric=metric,
        target=_target(metric),
        baseline=stood_at(metric),
        parts=[_part(metric, line, part, measured) for part, measured in by_part.items()],
        met=is_reached(line, last) if last else None,
    )


def _part(metric: Any, line: MetricLine, part: str, measured: list[Any]) -> PartRow:
    is_judged = bool(measured) and part in line.judged_parts
    return PartRow(
        name=part,
        measured=measured,
        figures=(figures := [figure(metric, one.value) for one in measured]),
        last_text=figures[-1] if figures else "",
        met=judge(line, measured[-1].value).met if is_judged else None,
        picture=drawn(_trend(metric, part, measured)),
    )


def _trend(metric: Any, part: str, measured: list[Any]) -> Trend:
    """A change in per cent is seen from nought, a level from where it stood."""
    begin = Decimal(0) if metric.unit in CHANGES else metric.baseline
    return Trend(
        name=f"{metric.name}（{part}）" if part else metric.name,
        points=[Point(one.measured_on, one.value, figure(metric, one.value)) for one in measured],
        target=Level(metric.target, _target(metric)),
        baseline=Level(begin, figure(metric, begin)) if begin is not None else None,
        until=metric.deadline,
    )


def _target(metric: Any) -> str:
    return f"{SIGNS.get(metric.direction, '')} {figure(metric, metric.target)}"


def figure(metric: Any, value: Decimal | None) -> str:
    """15.000000 → 15%; 100000.000000 → 100,000 人."""
    if value is None:
        return ""
    return f"{number_text(_short(value))}{unit_after(metric.unit, metric.unit_text)}"


def stood_at(metric: Any) -> str:
    """The baseline: a level even where the target is a change of it, a percentage where it changes by points."""
    if metric.unit not in CHANGES or metric.baseline is None:
        return figure(metric, metric.baseline)
    unit = unit_after("PCT_LEVEL" if metric.unit == "PCT_POINT" else "OTHER", metric.unit_text)
    return f"{number_text(_short(metric.baseline))}{unit}"


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
