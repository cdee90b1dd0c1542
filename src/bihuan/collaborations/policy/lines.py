"""What frozen bodies hold, as plain lines for tables: one line per row, its row id as the stable key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bihuan.collaborations.policy.body import Body, Ref, day, number, ref, refs_in, rows, text

MEASURED = ("name", "definition", "direction", "target", "unit", "unit_text", "baseline", "breakdown", "aggregation")


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    row: str
    name: str
    on: date | None
    department: Ref | None


@dataclass(frozen=True, slots=True)
class NeedLine:
    """Something a department is asked to give: an amount of money, or a number of units."""

    row: str
    department: Ref | None
    type: str
    spec: str
    quantity: Decimal | None
    unit: str
    amount: Decimal | None
    start: date | None
    end: date | None
    purpose: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResultLine:
    row: str
    name: str
    quantity: Decimal | None
    unit: str
    criterion: str
    due: date | None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    row: str
    item: str
    test: str
    department: Ref | None
    due: date | None
    binds: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyLine:
    row: str
    department: Ref | None
    role: str
    contact: Ref | None


def milestones_of(body: Body, key: str = "milestones") -> list[MilestoneLine]:
    """Milestones of a request; those of a plan stand under `time_nodes`."""
    return [
        MilestoneLine(text(row, "id"), text(row, "name"), day(row, "date"), ref(row, "owner_dept"))
        for row in rows(body, key)
    ]


def needs_of(body: Body, key: str = "resources") -> list[NeedLine]:
    """Needs of a request; those of a plan stand under `resource_list`."""
    return [
        NeedLine(
            row=text(row, "id"),
            department=ref(row, "dept"),
            type=text(row, "type"),
            spec=text(row, "spec"),
            quantity=number(row, "qty"),
            unit=text(row, "unit"),
            amount=number(row, "amount"),
            start=day(row, "start"),
            end=day(row, "end"),
            purpose=text(row, "purpose"),
            source=text(row, "source"),
        )
        for row in rows(body, key)
    ]


def requested_items(request_body: Body) -> list[NeedLine]:
    """What the request asks the departments for."""
    return needs_of(request_body, "resources")


def results_of(body: Body) -> list[ResultLine]:
    return [
        ResultLine(
            row=text(row, "id"),
            name=text(row, "name"),
            quantity=number(row, "qty"),
            unit=text(row, "unit"),
            criterion=text(row, "criterion"),
            due=day(row, "due"),
        )
        for row in rows(body, "expected_results")
    ]


def criteria_of(body: Body) -> list[CriterionLine]:
    return [
        CriterionLine(
            row=text(row, "id"),
            item=text(row, "item"),
            test=text(row, "metric_or_check"),
            department=ref(row, "owner_dept"),
            due=day(row, "due"),
            binds=tuple(refs_in(row, "binds")),
        )
        for row in rows(body, "criteria")
    ]


def metrics_again(metrics: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The metrics of an ended matter for another one: what is measured, without the dates that were agreed then."""
    return [{key: row[key] for key in MEASURED if row.get(key) not in (None, "")} for row in metrics]


def parties_of(request_body: Body) -> list[PartyLine]:
    return [
        PartyLine(text(row, "id"), ref(row, "dept"), text(row, "expected_role"), ref(row, "contact_person"))
        for row in rows(request_body, "involved_depts")
    ]
