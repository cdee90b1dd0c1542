"""F02 and F18: whether what is asked to solve a problem can be kept to, and whether its report teaches anything."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bihuan import clock
from bihuan.clock import ClockError
from bihuan.clock.calendars import FIRST_YEAR, LAST_YEAR
from bihuan.clock.zones import from_us
from bihuan.collaborations.policy.body import Body, Ref, instant, number, refs, rows, text
from bihuan.collaborations.policy.lines import needs_of
from bihuan.collaborations.policy.metrics import MetricDates, goal_findings, metric_findings, metrics_of
from bihuan.collaborations.policy.needs import need_findings, same_name
from bihuan.collaborations.policy.parties import Matter, absent, people_fit
from bihuan.collaborations.policy.review import improvement_findings
from bihuan.kernel.findings import Finding, error

CLOCK = r"(\d{1,2})[:：点时](\d{2})?"
DATED = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?[ T]*{CLOCK}分?(?:前|之前)?")
RELATIVE = re.compile(rf"(今[日天]|明[日天]|today|tomorrow) *(?:at )?{CLOCK}分?(?:前|之前)?", re.IGNORECASE)
WITHIN = re.compile(r"(?:within )?(\d{1,4}) *(?:小时|个小时|h|hours?)(?:内|之内|以内)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ApplicationContext:
    """`limit` is the instant until which a problem of its urgency must be solved; none where it is typed freely."""

    now: datetime
    zone: ZoneInfo
    matter: Matter
    is_assessed: bool = True
    limit: datetime | None = None
    lead: Ref | None = None
    initiator: Ref | None = None
    heads: tuple[tuple[Ref, Ref], ...] = ()
    assessment: Mapping[str, Any] | None = None


def read_when(typed: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant that `2026-11-20 17:00`, `今日17:00前` or `24小时内` means now; None when it means none."""
    try:
        return _meant(typed.strip(), now, zone)
    except (ValueError, ClockError):
        return None


def _meant(said: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Raises ClockError for a time that the clocks there skip or show twice."""
    within = WITHIN.fullmatch(said)
    if within:
        return now + timedelta(hours=int(within[1]))
    return _at_clock(said, now.astimezone(zone).date(), zone)


def _at_clock(said: str, today: date, zone: ZoneInfo) -> datetime | None:
    dated, relative = DATED.fullmatch(said), RELATIVE.fullmatch(said)
    if dated:
        day, hour, minute = date(int(dated[1]), int(dated[2]), int(dated[3])), dated[4], dated[5]
    elif relative:
        is_later = relative[1].lower() in {"明日", "明天", "tomorrow"}
        day, hour, minute = today + timedelta(days=is_later), relative[2], relative[3]
    else:
        return None
    wall = datetime.combine(day, time(int(hour), int(minute or 0)))
    return from_us(clock.zone(zone.key).exact(wall)) if FIRST_YEAR <= day.year <= LAST_YEAR else None


def spelled(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at is not None else None


def computed(body: Body, context: ApplicationContext) -> dict[str, Any]:
    asks = [
        {"id": text(row, "id"), "reply_due_at": spelled(read_when(text(row, "reply_due"), context.now, context.zone))}
        for row in rows(body, "dept_asks")
    ]
    return {
        "problem_ref": context.assessment,
        "lead_dept": named(context.lead),
        "initiator": named(context.initiator),
        "dept_asks": asks,
        "cc_heads": head_rows(context.heads),
    }


def named(one: Ref | None) -> dict[str, Any] | None:
    return {"id": one.id, "name": one.name} if one is not None else None


def head_rows(heads: Iterable[tuple[Ref, Ref]]) -> list[dict[str, Any]]:
    return [
        {"id": f"{department.id}-{person.id}", "dept": named(department), "person": named(person)}
        for department, person in heads
    ]


def check(body: Body, context: ApplicationContext) -> list[Finding]:
    metrics = metrics_of(body)
    asks = rows(body, "dept_asks")
    asked = {department.id: department.name for department in refs(asks, "dept")}
    matter = Matter(
        context.matter.today, context.matter.initiating, {**asked, **context.matter.involved}, None,
        context.matter.people,
    )  # fmt: skip
    return [
        *([] if context.is_assessed else [error("collaborations.assessment_unsigned", "problem_ref")]),
        *goal_findings(metrics),
        *metric_findings(metrics, MetricDates(matter.today)),
        *same_name([metric.name for metric in metrics], "metrics"),
        *absent(asks, context.matter, "collaborations.ask_missing", "dept_asks"),
        *people_fit(asks, "dept_asks", "owner", matter.people, "dept"),
        *_replies(asks, instant(body, "resolution_due"), context),
        *_resolution(instant(body, "resolution_due"), context),
        *need_findings(needs_of(body), "resources", matter),
    ]


def _replies(asks: Iterable[Body], until: datetime | None, context: ApplicationContext) -> list[Finding]:
    found = []
    for index, row in enumerate(asks):
        typed, place = text(row, "reply_due"), f"dept_asks.{index}.reply_due"
        due = instant(row, "reply_due_at")
        if typed and due is None:
            found.append(_unreadable(typed, place, context))
        elif due is not None and due <= context.now:
            found.append(error("collaborations.instant_past", place))
        elif due is not None and until is not None and due > until:
            found.append(error("collaborations.reply_after_resolution", place))
    return found


def _unreadable(typed: str, place: str, context: ApplicationContext) -> Finding:
    try:
        _meant(typed.strip(), context.now, context.zone)
    except ClockError as refused:
        return Finding(refused.code, place, refused.params)
    except ValueError:
        pass
    return error("collaborations.reply_unreadable", place, typed=typed)


def _resolution(until: datetime | None, context: ApplicationContext) -> list[Finding]:
    """Urgent: typed. Important and routine: not later than T07 and T08 allow."""
    if until is None:
        return []
    if until <= context.now:
        return [error("collaborations.instant_past", "resolution_due")]
    if context.limit is not None and until > context.limit:
        limit = context.limit.astimezone(context.zone).strftime("%Y-%m-%d %H:%M")
        return [error("collaborations.resolution_too_late", "resolution_due", limit=limit)]
    return []


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What the product knows of a solved problem: its assessment, its steps, its acceptance, whom it is told."""

    matter: Matter
    assessment: Mapping[str, Any] | None = None
    described: str = ""
    course: tuple[dict[str, Any], ...] = ()
    acceptance: Body = field(default_factory=dict)
    before: Mapping[str, Decimal] = field(default_factory=dict)
    heads: tuple[tuple[Ref, Ref], ...] = ()
    improvements: int = 1


def reported(context: ReportContext) -> dict[str, Any]:
    """The computed part of a report. `before` is the baseline of each metric by its name."""
    return {
        "problem_ref": context.assessment,
        "problem": context.described,
        "course": list(context.course),
        "effect": [_effect(row, context.before) for row in rows(context.acceptance, "items")],
        "heads": head_rows(context.heads),
    }


def _effect(row: Body, before: Mapping[str, Decimal]) -> dict[str, Any]:
    known = before.get(text(row, "criterion"))
    target, actual = number(row, "target"), number(row, "actual")
    return {
        "id": text(row, "id"),
        "criterion": text(row, "criterion"),
        "before": None if known is None else f"{known.normalize():f}",
        "target": None if target is None else f"{target:f}",
        "after": None if actual is None else f"{actual:f}",
        "unit": text(row, "unit"),
        "unit_text": text(row, "unit_text"),
        "result": text(row, "result"),
    }


def check_report(body: Body, context: ReportContext) -> list[Finding]:
    return improvement_findings(body, context.matter, "prevention", least=context.improvements)
