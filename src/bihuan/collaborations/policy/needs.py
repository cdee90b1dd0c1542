"""Lists that the request and the plan share: milestones, resource needs, expected results."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from bihuan.collaborations.policy.body import normal
from bihuan.collaborations.policy.lines import MilestoneLine, NeedLine, ResultLine
from bihuan.collaborations.policy.parties import Matter, date_fits
from bihuan.kernel.findings import Finding, error


def milestone_findings(lines: Iterable[MilestoneLine], place: str, today: date, finish: date | None) -> list[Finding]:
    """Ascending, ahead, and none after the finish."""
    found = []
    before: date | None = None
    for index, line in enumerate(lines):
        here = f"{place}.{index}.date"
        found += date_fits(here, line.on, today, finish)
        if line.on and before and line.on < before:
            found.append(error("collaborations.milestone_out_of_order", here, milestone=line.name))
        before = line.on or before
    return found


def need_findings(lines: Iterable[NeedLine], place: str, matter: Matter) -> list[Finding]:
    """Concrete: money has an amount, everything else a number and what it counts; the provider takes part."""
    return [
        finding
        for index, line in enumerate(lines)
        for finding in (*_concrete(line, f"{place}.{index}"), *_provider(line, f"{place}.{index}", matter))
    ]


def _concrete(line: NeedLine, place: str) -> list[Finding]:
    if line.amount:
        return []
    if line.type == "BUDGET":
        return [error("collaborations.need_without_amount", f"{place}.amount", spec=line.spec)]
    if not line.quantity or line.quantity < 0:
        return [error("collaborations.need_without_quantity", f"{place}.qty", spec=line.spec)]
    if not line.unit:
        return [error("collaborations.need_without_unit", f"{place}.unit", spec=line.spec)]
    return []


def _provider(line: NeedLine, place: str, matter: Matter) -> list[Finding]:
    found = []
    if line.department and not matter.takes_part(line.department):
        found.append(error("collaborations.department_not_involved", f"{place}.dept", department=line.department.name))
    if line.start and line.end and line.end < line.start:
        found.append(error("collaborations.ends_before_start", f"{place}.end", end=line.end.isoformat()))
    return found + date_fits(f"{place}.end", line.end, matter.today, matter.finish)


def result_findings(lines: Iterable[ResultLine], today: date, finish: date | None) -> list[Finding]:
    """Countable, and due while the collaboration lasts."""
    found = []
    for index, line in enumerate(lines):
        place = f"expected_results.{index}"
        if line.quantity is not None and line.quantity <= 0:
            found.append(error("collaborations.result_not_countable", f"{place}.qty", result=line.name))
        found += date_fits(f"{place}.due", line.due, today, finish)
    return found


def same_name(names: Iterable[str], place: str, key: str = "name") -> list[Finding]:
    """Rows that others refer to by name have a name of their own."""
    seen: set[str] = set()
    found = []
    for index, name in enumerate(names):
        if normal(name) in seen:
            found.append(error("collaborations.name_twice", f"{place}.{index}.{key}", name=name))
        elif name:
            seen.add(normal(name))
    return found


def total(lines: Iterable[NeedLine]) -> Decimal | None:
    """The sum of all amounts; nothing when no line asks for money."""
    amounts = [line.amount for line in lines if line.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None
