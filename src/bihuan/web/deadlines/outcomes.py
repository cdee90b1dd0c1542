"""Kept and missed promises by month, department and rule: a chart, tables, and a file of the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.deadlines import queries
from bihuan.deadlines.policy.outcomes import Tally, months_until, summed
from bihuan.deadlines.sentences import RULE_NAMES
from bihuan.kernel import principals
from bihuan.organisation import queries as organisation
from bihuan.web.deadlines.chart import Column, chart
from bihuan.web.formats import month_text
from bihuan.web.http import Request
from bihuan.web.render import render
from bihuan.web.tables import table_file

SPANS = (3, 6, 12, 24)
USUAL = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """What the filters let through, and what they offer."""

    months: int
    rows: list[queries.Outcome]
    filters: list[dict[str, Any]]
    departments: dict[int, str]
    address: str


@require_safe
def outcomes(request: Request) -> HttpResponse:
    """How promises came out in the matters one reads: fixed number of queries."""
    shown = _shown(request)
    by_month = summed(shown.rows, lambda row: row.month)
    first = min(by_month, default=_today(request))
    months = [
        (each, by_month.get(each, Tally())) for each in months_until(_today(request), shown.months) if each >= first
    ]
    context = {
        "filters": shown.filters, "address": shown.address, "count": len(shown.rows),
        "chart": chart([Column(_label(day), f"{month_text(day)}: {in_words(tally)}", tally) for day, tally in months]),
        "months": [(month_text(day), tally) for day, tally in reversed(months) if tally.total],
        "departments": _ranked(summed(shown.rows, lambda row: _name(shown, row))),
        "rules": _ranked(summed(shown.rows, lambda row: rule_name(row.rule))),
        "total": sum((row.tally for row in shown.rows), Tally()),
    }  # fmt: skip
    return render(request, "deadlines/outcomes.html", context)


@require_safe
def export(request: Request, form: str) -> HttpResponse:
    """The same, one line for each month, department and rule, as a workbook or CSV."""
    return table_file(_("Kept and missed promises"), _lines(_shown(request)), form, request.at)


def _lines(shown: Shown) -> Iterator[list[str]]:
    yield [
        _("Month"), _("Department"), _("Rule"), _("What"), _("In time"), _("Done late"), _("Missed for good"),
        _("Still overdue"),
    ]  # fmt: skip
    for row in shown.rows:
        tally = row.tally
        counts = (tally.kept, tally.late, tally.missed, tally.overdue)
        yield [f"{row.month:%Y-%m}", _name(shown, row), row.rule, rule_name(row.rule), *map(str, counts)]


def _shown(request: Request) -> Shown:
    """One query for the figures, one for the names; narrowing needs none."""
    asked = {name: request.GET.get(name, "") for name in ("months", "department", "rule")}
    months = int(asked["months"]) if asked["months"] in map(str, SPANS) else USUAL
    found = queries.outcomes(request.actor, months=months, at=request.at)
    keys = {row.department_id: principals.department(row.department_id) for row in found if row.department_id}
    names = organisation.names_of(keys.values(), request.at) if keys else {}
    departments = {pk: names[key] for pk, key in keys.items()}
    rows = [
        row for row in found if asked["department"] in ("", str(row.department_id)) and asked["rule"] in ("", row.rule)
    ]
    spans = [(span, ngettext("%(count)d month", "%(count)d months", span) % {"count": span}) for span in SPANS]
    rules = [(rule, rule_name(rule)) for rule in sorted({row.rule for row in found})]
    by_name = sorted(departments.items(), key=lambda item: item[1])
    filters = [
        _filter("months", _("Time"), spans, str(months)),
        _filter("department", _("Department"), by_name, asked["department"]),
        _filter("rule", _("Rule"), rules, asked["rule"]),
    ]
    kept = "&".join(f"{name}={value}" for name, value in asked.items() if value.isalnum() and value.isascii())
    return Shown(months, rows, filters, departments, kept)


def _filter(name: str, label: str, options: list[Any], value: str) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "value": value}


def _today(request: Request) -> date:
    return organisation.day_of(request.at)


def _label(day: date) -> str:
    return f"{day.month}月" if (get_language() or "").startswith("zh") else f"{day:%b}"


def rule_name(rule: str) -> str:
    return str(capfirst(str(RULE_NAMES[rule])))


def _name(shown: Shown, row: queries.Outcome) -> str:
    return shown.departments[row.department_id] if row.department_id else _("no department")


def _ranked(tallies: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """Most that was not kept in time first, then by name."""
    return sorted(tallies.items(), key=lambda item: (item[1].kept - item[1].total, item[0]))


def in_words(tally: Tally) -> str:
    """“12 in time, 3 late, 1 not done”."""
    return _("%(kept)d in time, %(late)d done late, %(undone)d not done") % {
        "kept": tally.kept, "late": tally.late, "undone": tally.undone,
    }  # fmt: skip
