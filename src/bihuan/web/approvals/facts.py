"""The few facts of a frozen form that a head needs in order to decide, whatever the form is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.records.schema import Field, Form, Kind
from bihuan.web import formats

SIGNS = {
    "AT_LEAST": "≥", "AT_MOST": "≤", "MORE_THAN": ">", "LESS_THAN": "<", "EQUAL": "=",
    "INCREASE_TO": "↑", "DECREASE_TO": "↓",
}  # fmt: skip
PERCENT = {
    "PCT_LEVEL": "%",
    "PCT_POINT": gettext_lazy("points"),
    "PCT_RELATIVE": gettext_lazy("% against the baseline"),
}
UNITS = {"CNY": gettext_lazy("yuan"), "HOUR": gettext_lazy("hours"), "DAY": gettext_lazy("days")}
LIMIT = 3
Body = Mapping[str, Any]


NUMBERS = (Kind.NUMBER, Kind.INTEGER)


@dataclass(frozen=True, slots=True)
class KeyFact:
    label: "str | Promise"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list that is signed for itself."""

    list_label: "str | Promise"
    title: str
    details: tuple[str, ...]


def key_facts(form: Form, body: Body, department_id: int | None) -> list[KeyFact]:
    """Goal or conclusion, metrics, money, dates and what the signing department has to do; empty ones left out."""
    fields = {field.key: field for field in form.fields()}
    found = [
        *_said(fields, body, ("goal_text", "conclusion")),
        _metrics(fields, body),
        _judged(fields, body),
        _money(fields, body),
        _dates(fields, body),
        _own_part(fields.values(), body, department_id),
    ]
    return [fact for fact in found if fact is not None and fact.lines]


def line_of(form: Form, body: Body, part: str) -> Line:
    """The row behind a part key (`criteria/ab12`), first column as title."""
    key, _slash, row_id = part.partition("/")
    field = next((each for each in form.fields() if each.key == key), None)
    row = next((each for each in _rows(body, key) if str(each.get("id")) == row_id), None)
    if field is None or row is None:
        return Line("", part, ())
    words = {column.key: text_of(column, row.get(column.key)) for column in field.columns}
    main = next(column for column in field.columns if column.kind is Kind.TEXT)
    unit = _unit(field, words)
    counted = [column for column in field.columns if column not in (main, unit) and words[column.key]]
    details = [named(column, _with_unit(column, words, unit)) for column in counted]
    return Line(field.label, words[main.key], tuple(details))


def _unit(field: Field, words: Mapping[str, str]) -> Field | None:
    """The column that says what the numbers of this row count; none when no number is given."""
    if not any(words[column.key] for column in field.columns if column.kind in NUMBERS):
        return None
    units = (column for column in field.columns if column.key in ("unit", "unit_text") and column.kind is Kind.TEXT)
    return next(units, None)


def _with_unit(column: Field, words: Mapping[str, str], unit: Field | None) -> str:
    """A number stands before what it counts."""
    if unit is None or column.kind not in NUMBERS:
        return words[column.key]
    return f"{words[column.key]} {words[unit.key]}".strip()


def unit_after(unit: str, words: str) -> str:
    """What stands behind a number: a level, points and a relative change are told apart, and every other unit named."""
    if unit in PERCENT:
        return str(PERCENT[unit])
    named_so = words or str(UNITS.get(unit, ""))
    return f" {named_so}" if named_so else ""


def named(field: Field, words: str) -> str:
    """A value with the name of its field, with the colon of the language."""
    return _("%(label)s: %(words)s") % {"label": field.label, "words": words}


def text_of(field: Field, value: Any) -> str:
    """One frozen value in words; empty when there is none."""
    if value is None or value in ("", []):
        return ""
    if field.kind is Kind.DEPARTMENTS:
        return "、".join(str(each["name"]) for each in value)
    if field.kind is Kind.CHOICE:
        return next((str(choice.label) for choice in field.choices if choice.value == value), str(value))
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("number") or "")
    readers: dict[Kind, Any] = {
        Kind.DATE: short_day, Kind.INSTANT: formats.instant_text, Kind.MONEY: formats.money_text,
        Kind.NUMBER: formats.number_text, Kind.BOOL: formats.yes_no,
    }  # fmt: skip
    return str(readers.get(field.kind, str)(value))


def short_day(day: Any) -> str:
    return formats.date_text(day, weekday=False)


def _rows(body: Body, key: str) -> list[dict[str, Any]]:
    value = body.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _short(lines: Iterable[str]) -> tuple[str, ...]:
    kept = [line for line in lines if line]
    more = len(kept) - LIMIT
    return (*kept[:LIMIT], _("and %(count)s more") % {"count": more}) if more > 0 else tuple(kept)


def _said(fields: Mapping[str, Field], body: Body, keys: Iterable[str]) -> Iterator[KeyFact]:
    for key in keys:
        if key in fields and body.get(key):
            yield KeyFact(fields[key].label, (text_of(fields[key], body[key]),))


def _metrics(fields: Mapping[str, Field], body: Body) -> KeyFact | None:
    if "metrics" not in fields:
        return None
    return KeyFact(fields["metrics"].label, _short(_metric(row) for row in _rows(body, "metrics")))


def _metric(row: Mapping[str, Any]) -> str:
    unit = unit_after(str(row.get("unit")), str(row.get("unit_text") or ""))
    target = f"{SIGNS.get(str(row.get('direction')), '')} {formats.number_text(row.get('target'))}{unit}"
    return " ".join(part for part in (str(row.get("name") or ""), target, _until(row.get("deadline"))) if part)


def _until(day: Any) -> str:
    return _("until %(day)s") % {"day": short_day(day)} if day else ""


def _judged(fields: Mapping[str, Field], body: Body) -> KeyFact | None:
    """Acceptance: how many items are met, and those that are not."""
    rows = _rows(body, "items")
    if "items" not in fields or not rows:
        return None
    met = sum(row.get("result") == "MET" for row in rows)
    missed = [str(row.get("criterion") or "") for row in rows if row.get("result") == "NOT_MET"]
    head = _("%(met)s of %(all)s met") % {"met": met, "all": len(rows)}
    return KeyFact(fields["items"].label, (head, *_short(_("not met: %(item)s") % {"item": item} for item in missed)))


def _money(fields: Mapping[str, Field], body: Body) -> KeyFact | None:
    """The budget in total, or the sum of the amounts asked for."""
    if body.get("budget_total"):
        return KeyFact(fields["budget_total"].label, (formats.money_text(body["budget_total"]),))
    amounts = [row["amount"] for row in _rows(body, "resources") if row.get("amount")]
    if "resources" not in fields or not amounts:
        return None
    return KeyFact(_("Money"), (formats.money_text(sum(map(Decimal, map(str, amounts)), Decimal(0))),))


def _dates(fields: Mapping[str, Field], body: Body) -> KeyFact | None:
    days = sorted(
        str(row["date"]) for key in ("milestones", "time_nodes") for row in _rows(body, key) if row.get("date")
    )
    finish = body.get("expected_finish")
    if not days and not finish:
        return None
    span = " → ".join(short_day(day) for day in (days[:1] + days[-1:] if len(days) > 1 else days))
    words = [
        span,
        (_("finished by %(day)s") % {"day": short_day(str(finish))}) if finish else "",
    ]
    return KeyFact(_("Dates"), (" · ".join(word for word in words if word),))


def _own_part(fields: Iterable[Field], body: Body, department_id: int | None) -> KeyFact | None:
    """Every row of any list that names the signing department."""
    if department_id is None:
        return None
    lines = [line for field in fields if field.kind is Kind.ROWS for line in _rows_of(field, body, department_id)]
    return KeyFact(_("Your department"), _short(lines))


def _rows_of(field: Field, body: Body, department_id: int) -> Iterator[str]:
    holders = [column.key for column in field.columns if column.kind is Kind.DEPARTMENT]
    for row in _rows(body, field.key):
        if any(isinstance(row.get(key), Mapping) and row[key].get("id") == department_id for key in holders):
            words = (text_of(column, row.get(column.key)) for column in field.columns if column.key not in holders)
            yield named(field, " · ".join(word for word in words if word))
