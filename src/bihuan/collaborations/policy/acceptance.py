"""F16: the items of the yardstick, what each one amounts to, and which conclusion they allow (G24, Q14, AS29)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bihuan.collaborations.policy.body import Body, Ref, day, normal, number, ref, rows, text
from bihuan.collaborations.policy.lines import CriterionLine, MilestoneLine, ResultLine
from bihuan.collaborations.policy.metrics import MetricLine, OpenWindow, below_zero, measure
from bihuan.collaborations.policy.parties import (
    Matter,
    absent,
    dates_fit,
    departments_fit,
    named_twice,
    people_fit,
)
from bihuan.kernel.findings import Finding, error, warning

TYPED = frozenset({"CRITERION", "DELIVERABLE"})
LONGEST_ID = 40
PREFIXES = {"CRITERION": "c", "DELIVERABLE": "d", "METRIC": "m", "DEADLINE": "t", "BUDGET": "b"}


@dataclass(frozen=True, slots=True)
class AcceptanceItem:
    """One line of the yardstick. `id` is the row id on F16, the same in every version; `actual` what is known."""

    id: str
    type: str
    criterion: str
    direction: str = ""
    target: Decimal | None = None
    target_on: date | None = None
    unit: str = ""
    unit_text: str = ""
    test: str = ""
    actual: Decimal | None = None
    actual_on: date | None = None
    before: Decimal | None = None
    binds: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`result` is MET, NOT_MET or WAIVED, empty while it cannot be said; days count in the gap of a date."""

    result: str
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AcceptanceContext:
    """`is_problem`: it is verified before and after, and every responsible department says how it went."""

    matter: Matter
    items: tuple[AcceptanceItem, ...] = ()
    open_windows: tuple[OpenWindow, ...] = ()
    is_problem: bool = False


def item_id(kind: str, row: str, part: int = 0) -> str:
    wanted = "-".join([PREFIXES[kind], row, *([str(part)] if part else [])])
    if len(wanted) <= LONGEST_ID:
        return wanted
    return f"{PREFIXES[kind]}-{hashlib.sha256(wanted.encode()).hexdigest()[:16]}"


def acceptance_items(
    *,
    criteria: Iterable[CriterionLine] = (),
    results: Iterable[ResultLine] = (),
    metrics: Iterable[MetricLine] = (),
    milestones: Iterable[MilestoneLine] = (),
    budget: Decimal | None = None,
    budget_name: str = "Budget",
    actuals: Mapping[str, Decimal | date] | None = None,
) -> list[AcceptanceItem]:
    """Everything the consensus record and the plan promise, one item each.

    A metric that counts for each of its values gives one item for each value. `actuals` holds what the product
    already knows, by item id; `budget_name` is what the budget line is called.
    """
    known = actuals or {}
    return [
        *(_criterion(line) for line in criteria),
        *(_deliverable(line, known) for line in results),
        *(item for line in metrics for item in _metric(line, known)),
        *(_deadline(line, known) for line in milestones if line.on),
        *_budget(budget, budget_name, known),
    ]


def _criterion(line: CriterionLine) -> AcceptanceItem:
    identity = item_id("CRITERION", line.row)
    return AcceptanceItem(identity, "CRITERION", line.item, target_on=line.due, test=line.test, binds=line.binds)


def _deliverable(line: ResultLine, known: Mapping[str, Decimal | date]) -> AcceptanceItem:
    identity = item_id("DELIVERABLE", line.row)
    return AcceptanceItem(
        identity,
        "DELIVERABLE",
        line.name,
        direction="AT_LEAST",
        target=line.quantity,
        target_on=line.due,
        unit_text=line.unit,
        test=line.criterion,
        actual=_figure(known, identity),
    )


def _metric(line: MetricLine, known: Mapping[str, Decimal | date]) -> list[AcceptanceItem]:
    return [
        AcceptanceItem(
            identity := item_id("METRIC", line.row, part if value else 0),
            "METRIC",
            f"{line.name}（{value}）" if value else line.name,
            direction=line.direction,
            target=line.target,
            target_on=line.deadline,
            unit=line.unit,
            unit_text=line.unit_text,
            test=line.definition,
            actual=_figure(known, identity),
            before=None if value else line.baseline,
        )
        for part, value in enumerate(line.judged_parts, 1)
    ]


def _deadline(line: MilestoneLine, known: Mapping[str, Decimal | date]) -> AcceptanceItem:
    identity = item_id("DEADLINE", line.row)
    actual = known.get(identity)
    return AcceptanceItem(
        identity,
        "DEADLINE",
        line.name,
        target_on=line.on,
        actual_on=actual if isinstance(actual, date) else None,
    )


def _budget(budget: Decimal | None, name: str, known: Mapping[str, Decimal | date]) -> list[AcceptanceItem]:
    if budget is None:
        return []
    identity = item_id("BUDGET", "total")
    return [
        AcceptanceItem(
            identity, "BUDGET", name, direction="AT_MOST", target=budget, unit="CNY", actual=_figure(known, identity)
        )
    ]


def _figure(known: Mapping[str, Decimal | date], identity: str) -> Decimal | None:
    value = known.get(identity)
    return value if isinstance(value, Decimal) else None


def prefilled(items: Iterable[AcceptanceItem]) -> list[dict[str, Any]]:
    """The rows a new F16 begins with."""
    return [
        {"id": item.id, "actual": _plain(item.actual), "actual_on": _iso(item.actual_on)}
        | ({"before": _plain(item.before)} if item.before is not None else {})
        for item in items
    ]


def outcome(item: AcceptanceItem, row: Body) -> Outcome:
    """What one row amounts to. Metrics, dates and the budget are computed, never typed."""
    found = _verdict(item, row) if item.type in TYPED else _computed(item, row)
    if found.result == "NOT_MET" and text(row, "waived_reason"):
        return Outcome("WAIVED", found.gap)
    return found


def _verdict(item: AcceptanceItem, row: Body) -> Outcome:
    lacking = _count_lacking(item, row)
    if lacking:
        return Outcome("NOT_MET", lacking)
    return Outcome(text(row, "verdict"))


def _count_lacking(item: AcceptanceItem, row: Body) -> Decimal | None:
    actual = number(row, "actual")
    if item.type not in TYPED or item.target is None or actual is None or actual >= item.target:
        return None
    return item.target - actual


def _computed(item: AcceptanceItem, row: Body) -> Outcome:
    if item.type == "DEADLINE":
        return _on_time(item.target_on, day(row, "actual_on"))
    actual = number(row, "actual")
    if actual is None or item.target is None:
        return Outcome("")
    judgement = measure(item.direction, item.target, actual)
    return Outcome("MET" if judgement.met else "NOT_MET", judgement.gap)


def _on_time(target: date | None, actual: date | None) -> Outcome:
    if target is None or actual is None:
        return Outcome("")
    late = max((actual - target).days, 0)
    return Outcome("NOT_MET" if late else "MET", Decimal(late))


def computed(body: Body, items: Iterable[AcceptanceItem]) -> dict[str, Any]:
    """The computed columns of every row, in the order of the yardstick."""
    typed = {text(row, "id"): row for row in rows(body, "items")}
    return {"items": [_filled(item, outcome(item, typed.get(item.id, {}))) for item in items]}


def _filled(item: AcceptanceItem, found: Outcome) -> dict[str, Any]:
    return {
        "id": item.id,
        "criterion": item.criterion,
        "type": item.type,
        "direction": item.direction,
        "target": _plain(item.target),
        "target_on": _iso(item.target_on),
        "unit": item.unit,
        "unit_text": item.unit_text,
        "test": item.test,
        "result": found.result,
        "gap": _plain(found.gap),
        "binds": [{"id": each.id, "name": each.name} for each in item.binds],
    }


def check(body: Body, context: AcceptanceContext) -> list[Finding]:
    lines = {text(row, "id"): (index, row) for index, row in enumerate(rows(body, "items"))}
    judged = [(item, outcome(item, lines[item.id][1])) for item in context.items if item.id in lines]
    return [
        *window_findings(context.open_windows),
        *_participants(body, context.matter),
        *_whole(lines, context.items),
        *[finding for item in context.items if item.id in lines for finding in _row(item, *lines[item.id])],
        *(_of_the_problem(body, lines, context) if context.is_problem else ()),
        *_conclusion(body, judged),
        *_rectifications(body, judged, context.matter),
        *people_fit(rows(body, "left_over"), "left_over", "owner", context.matter.people),
        *dates_fit(rows(body, "left_over"), "left_over", "due", context.matter.today),
    ]


def window_findings(windows: Iterable[OpenWindow]) -> list[Finding]:
    """T26: acceptance waits for the end of every window."""
    return [
        error("collaborations.window_open", metric=window.metric.name, until=window.until.isoformat())
        if window.until
        else error("collaborations.window_not_begun", metric=window.metric.name, milestone=window.metric.window_from)
        for window in windows
    ]


def _participants(body: Body, matter: Matter) -> list[Finding]:
    present = rows(body, "participants")
    return [
        *absent(present, matter, "collaborations.department_absent", "participants"),
        *departments_fit(present, "participants", matter),
        *people_fit(present, "participants", "person", matter.people, "dept"),
    ]


def _whole(lines: Mapping[str, tuple[int, Body]], items: Iterable[AcceptanceItem]) -> list[Finding]:
    """AS05: exactly the items of the basis."""
    known = {item.id: item for item in items}
    missing = [
        error("collaborations.acceptance_item_missing", "items", item=item.criterion)
        for item in known.values()
        if item.id not in lines
    ]
    strange = [
        error("collaborations.acceptance_item_unknown", f"items.{index}")
        for identity, (index, _row) in lines.items()
        if identity not in known
    ]
    return missing + strange


def _row(item: AcceptanceItem, index: int, row: Body) -> list[Finding]:
    place, found = f"items.{index}", []
    if not outcome(item, row).result:
        found.append(error("collaborations.acceptance_not_judged", f"{place}.{_answer(item)}", item=item.criterion))
    if item.type in TYPED and ref(row, "judged_by") is None:
        found.append(error("collaborations.acceptance_judge_missing", f"{place}.judged_by", item=item.criterion))
    if item.type == "METRIC" and not text(row, "evidence"):
        found.append(error("collaborations.acceptance_evidence_missing", f"{place}.evidence", item=item.criterion))
    if item.type == "METRIC":
        found += [
            error("collaborations.metric_below_zero", f"{place}.{key}", metric=item.criterion, value=words)
            for key in ("before", "actual")
            for words in below_zero(item.unit, number(row, key), item.target, item.before)
        ]
    lacking = _count_lacking(item, row)
    if lacking and text(row, "verdict") == "MET":
        found.append(
            error("collaborations.acceptance_count_short", f"{place}.verdict", item=item.criterion, gap=_plain(lacking))
        )
    return found


def _of_the_problem(body: Body, lines: Mapping[str, tuple[int, Body]], context: AcceptanceContext) -> Iterator[Finding]:
    """Each metric before and after, and the feedback of every department that was asked."""
    for item in context.items:
        index, row = lines.get(item.id, (0, {}))
        if item.type == "METRIC" and row and number(row, "before") is None:
            yield error("collaborations.before_missing", f"items.{index}.before", item=item.criterion)
    told = rows(body, "dept_feedback")
    yield from absent(told, context.matter, "collaborations.feedback_missing", "dept_feedback")
    yield from named_twice(told, "dept_feedback")
    yield from people_fit(told, "dept_feedback", "person", context.matter.people, "dept")


def _answer(item: AcceptanceItem) -> str:
    if item.type in TYPED:
        return "verdict"
    return "actual_on" if item.type == "DEADLINE" else "actual"


def _conclusion(body: Body, judged: list[tuple[AcceptanceItem, Outcome]]) -> list[Finding]:
    conclusion = text(body, "conclusion")
    lacking = [(item, found) for item, found in judged if found.result in {"NOT_MET", "WAIVED"}]
    if conclusion == "PASS":
        return [
            error("collaborations.pass_with_unmet", "conclusion", item=item.criterion, gap=_plain(found.gap) or "–")
            for item, found in lacking
        ]
    if lacking or any(not found.result for _, found in judged):
        return []
    if conclusion == "CONDITIONAL_PASS":
        return [error("collaborations.condition_without_gap", "conclusion")]
    return [warning("collaborations.fail_without_gap", "conclusion")] if conclusion == "FAIL" else []


def _rectifications(body: Body, judged: list[tuple[AcceptanceItem, Outcome]], matter: Matter) -> list[Finding]:
    lines = rows(body, "rectifications")
    named = {normal(text(row, "item")) for row in lines}
    missing = [
        error("collaborations.rectification_missing", "rectifications", item=item.criterion)
        for item, found in judged
        if text(body, "conclusion") == "CONDITIONAL_PASS"
        and found.result == "NOT_MET"
        and named.isdisjoint({normal(item.criterion), normal(item.id)})
    ]
    known = {normal(name) for item, _ in judged for name in (item.criterion, item.id)}
    strange = [
        error("collaborations.rectification_unknown", f"rectifications.{index}.item", item=text(row, "item"))
        for index, row in enumerate(lines)
        if text(row, "item") and normal(text(row, "item")) not in known
    ]
    return [
        *missing,
        *strange,
        *people_fit(lines, "rectifications", "owner", matter.people),
        *dates_fit(lines, "rectifications", "due", matter.today),
    ]


def _plain(value: Decimal | None) -> str | None:
    """Exact decimal text without exponent and trailing zeros."""
    if value is None:
        return None
    shown = format(value, "f")
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) or "0"


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
