"""The weekly table on plain values: weeks, what was planned, and what a shortfall must say (T13, AS11, AS12)."""

from dataclasses import dataclass
from datetime import date

from bihuan.kernel.findings import Finding, error

FULL = 100


def planned_percent(*, started_on: date, due_on: date, week_ends_on: date) -> int:
    """How far a task should be at the end of the week: the share of its time that has passed, whole at its day."""
    if due_on <= week_ends_on:
        return FULL
    span = (due_on - started_on).days
    passed = (week_ends_on - started_on).days
    return max(0, min(FULL - 1, passed * FULL // span)) if span > 0 else FULL


@dataclass(frozen=True, slots=True)
class Told:
    """What a reporter says about one row."""

    percent: int | None
    actual: str = ""
    variance_reason: str = ""
    measure: str = ""
    measure_owner_id: int | None = None
    measure_due: date | None = None


def falls_short(planned: int, percent: int) -> bool:
    return percent < planned


def row_findings(place: str, *, planned: int, told: Told, today: date) -> list[Finding]:
    """A row behind its plan needs a cause and a measure with owner and date; a finished one its output (AS12)."""
    if told.percent is None or not 0 <= told.percent <= FULL:
        return [error("progress.percent_missing", f"{place}.percent")]
    findings = []
    if told.percent == FULL and not told.actual.strip():
        findings.append(error("progress.output_missing", f"{place}.actual"))
    if falls_short(planned, told.percent):
        findings += _shortfall(place, told, today)
    return findings


def _shortfall(place: str, told: Told, today: date) -> list[Finding]:
    findings = []
    if not told.variance_reason.strip():
        findings.append(error("progress.cause_missing", f"{place}.variance_reason"))
    if not told.measure.strip():
        findings.append(error("progress.measure_missing", f"{place}.measure"))
    if told.measure_owner_id is None:
        findings.append(error("progress.measure_without_owner", f"{place}.measure_owner"))
    if told.measure_due is None:
        findings.append(error("progress.measure_without_day", f"{place}.measure_due"))
    elif told.measure_due < today:
        findings.append(error("progress.measure_day_past", f"{place}.measure_due", day=told.measure_due.isoformat()))
    return findings
