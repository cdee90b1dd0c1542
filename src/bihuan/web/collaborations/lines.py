"""Goal and metrics of a matter, as its overview shows them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bihuan.collaborations.policy.metrics import MetricLine, judge
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import queries as records
from bihuan.web.approvals.facts import PERCENT, SIGNS
from bihuan.web.formats import number_text


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric with what was measured last; `met` is None before the first measurement."""

    metric: Any
    target: str
    baseline: str
    last: Any
    last_text: str
    met: bool | None


def goal_of(root: SubjectRef) -> str:
    """The goal as it was last submitted, in the plan or the request."""
    version = records.latest(root, "F01")
    return str(version.data.get("goal_text") or "") if version is not None else ""


def metric_row(metric: Any) -> MetricRow:
    measured = list(metric.measurements.all())
    last = measured[-1] if measured else None
    return MetricRow(
        metric=metric,
        target=f"{SIGNS.get(metric.direction, '')} {figure(metric, metric.target)}",
        baseline=figure(metric, metric.baseline),
        last=last,
        last_text=figure(metric, last.value) if last else "",
        met=judge(line_of(metric), last.value).met if last else None,
    )


def line_of(metric: Any) -> MetricLine:
    return MetricLine(
        row=metric.line_id, name=metric.name, direction=metric.direction, target=metric.target, unit=metric.unit,
        baseline=metric.baseline,
    )  # fmt: skip


def figure(metric: Any, value: Decimal | None) -> str:
    """15.000000 → 15%; 100000.000000 → 100,000 人."""
    if value is None:
        return ""
    short = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    unit = PERCENT.get(metric.unit, metric.unit_text and f" {metric.unit_text}")
    return f"{number_text(short)}{unit}"
