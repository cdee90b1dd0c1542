"""What the pages of the weekly table show: a card for each task, and a week sorted for its meeting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.plans.enums import TaskState
from bihuan.progress.policy import Told, falls_short
from bihuan.web.acting import Sent, person_of
from bihuan.web.http import Request, number_of, text_of

USUAL = (25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Card:
    """One task of a report, filled in from the task, from what was filed, or from what was typed and refused."""

    row: Any
    place: str
    percent: str
    actual: str
    variance_reason: str
    measure: str
    measure_owner: str
    measure_due: str
    marks: tuple[int, ...]
    is_behind: bool
    is_cancelled: bool


def cards_of(report: Any, sent: Sent) -> list[Card]:
    is_filed = report.submitted_at is not None
    return [_card(row, f"rows.{index}", sent, is_filed=is_filed) for index, row in enumerate(report.rows.all())]


def _card(row: Any, place: str, sent: Sent, *, is_filed: bool) -> Card:
    known = _filed(row) if is_filed else _expected(row)
    shown = {name: str(sent.value("submit", f"{place}.{name}", value)) for name, value in known.items()}
    if sent.act and not shown["measure_owner"]:
        shown["measure_owner"] = sent.typed.get(f"{place}.measure_owner__text", "")
    percent = shown["percent"]
    return Card(
        row=row,
        place=place,
        marks=tuple(sorted({*USUAL, row.planned_percent})),
        is_behind=percent.isdigit() and falls_short(row.planned_percent, int(percent)),
        is_cancelled=row.task.state == TaskState.CANCELLED,
        **shown,
    )


def _filed(row: Any) -> dict[str, str]:
    return {
        "percent": str(row.percent),
        "actual": row.actual,
        "variance_reason": row.variance_reason,
        "measure": row.measure,
        "measure_owner": str(row.measure_owner_id or row.task.owner_id),
        "measure_due": row.measure_due.isoformat() if row.measure_due else "",
    }


def _expected(row: Any) -> dict[str, str]:
    """What the task knows already: how far it is, its output, why it is late and until when."""
    task = row.task
    return {
        "percent": str(task.percent),
        "actual": task.output,
        "variance_reason": task.blocker or task.reason,
        "measure": "",
        "measure_owner": str(task.owner_id),
        "measure_due": task.new_due_on.isoformat() if task.new_due_on else "",
    }


def people_in(cards: Iterable[Card]) -> list[int]:
    return sorted({int(card.measure_owner) for card in cards if card.measure_owner.isdigit()})


def told_by(request: Request, report: Any) -> dict[int, Told]:
    """What was typed, by row id. A measure's owner and day count only where there is a measure to be taken."""
    return {row.pk: _told(request, f"rows.{index}", row) for index, row in enumerate(report.rows.all())}


def _told(request: Request, place: str, row: Any) -> Told:
    percent, measure = number_of(request, f"{place}.percent"), text_of(request, f"{place}.measure")
    is_behind = percent is not None and falls_short(row.planned_percent, percent)
    takes_measure = bool(measure) or is_behind
    return Told(
        percent=percent,
        actual=text_of(request, f"{place}.actual"),
        variance_reason=text_of(request, f"{place}.variance_reason") if takes_measure else "",
        measure=measure,
        measure_owner_id=person_of(request, f"{place}.measure_owner") if takes_measure else None,
        measure_due=_day(text_of(request, f"{place}.measure_due")) if takes_measure else None,
    )


def _day(text: str) -> date | None:
    """A day that cannot be read counts as not given; the policy asks for it at its field."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Week:
    """A week for the meeting: who is silent, what is behind, what goes as planned."""

    period: Any
    missing: list[Any]
    behind: list[tuple[Any, Any]]
    on_plan: list[tuple[Any, Any]]
    reported: int
    reports: list[Any]


def chosen_week(periods: Sequence[Any], monday: str) -> Week | None:
    """The week that begins on that day, else the newest."""
    period = next((one for one in periods if one.starts_on.isoformat() == monday), periods[0] if periods else None)
    return _sorted(period) if period is not None else None


def _sorted(period: Any) -> Week:
    reports = list(period.reports.all())
    filed = [report for report in reports if report.submitted_at is not None]
    lines = [(report, row) for report in filed for row in report.rows.all()]
    behind = [line for line in lines if _gap(line[1]) > 0]
    return Week(
        period=period,
        missing=[report for report in reports if report.submitted_at is None],
        behind=sorted(behind, key=lambda line: -_gap(line[1])),
        on_plan=[line for line in lines if _gap(line[1]) <= 0],
        reported=len(filed),
        reports=reports,
    )


def _gap(row: Any) -> int:
    if row.task.state == TaskState.CANCELLED:
        return 0
    gap: int = row.planned_percent - row.percent
    return gap
