"""The address of the portfolio: filters, columns, shape. What stands there can be linked, kept and shared."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.collaborations import queries
from bihuan.collaborations.enums import Step
from bihuan.organisation import queries as organisation
from bihuan.web.http import Request

STATES = {"running": _("running"), "resting": _("resting"), "ended": _("ended"), "all": _("all")}
SHAPES = {"table": _("Table"), "board": _("Board"), "calendar": _("Calendar")}
WHOSE = {
    "1": _("Only mine"),
    "lead": _("I lead the project"),
    "initiator": _("I began it"),
    "contact": _("I am contact person"),
    "head": _("My department leads"),
}
DUE = {
    "overdue": _("Overdue"),
    "week": _("Within 7 days"),
    "month": _("Within 31 days"),
    "none": _("Without a limit"),
}
HEALTH = {
    "red": _("Red: overdue, or a high risk"),
    "yellow": _("Yellow: behind plan, or a medium risk"),
    "green": _("Green"),
}
PARTIES = {
    "none": _("No department"),
    "one": _("A single department"),
    "several": _("Several departments"),
}
HEALTH_SHORT = {"red": _("Red"), "yellow": _("Yellow"), "green": _("Green")}
COLUMNS: dict[str, "str | Promise"] = {
    "number": pgettext_lazy("matter", "Number"),
    "lead": _("Project lead"),
    "departments": _("Departments"),
    "step": _("Step"),
    "due": _("Next due"),
    "open": pgettext_lazy("matter", "Open"),
    "health": _("Health"),
    "playbook": _("Playbook"),
    "programme": _("Programme"),
    "finish": _("Finish"),
    "begun": _("Begun"),
    "status": _("Status elsewhere"),
}
SHOWN_FIRST = ("number", "lead", "departments", "step", "due")
KEPT = (
    "q", "department", "step", "playbook", "programme", "state", "mine", "due", "health", "parties", "columns", "shape",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the portfolio asks for."""

    filters: queries.Filters
    columns: tuple[str, ...]
    shape: str
    whose: str
    month: date
    before: int | None
    kept: dict[str, str]

    def address(self, **changes: Any) -> str:
        """The same, but for what changes; the page and the month are not kept."""
        return f"{reverse('collaborations:portfolio')}?{self.query(**changes)}"

    def query(self, **changes: Any) -> str:
        wanted = self.kept | {key: str(value) for key, value in changes.items() if value is not None}
        return urlencode({key: value for key, value in wanted.items() if value})


def asked_of(request: Request) -> Asked:
    """What stands in the address; what is no filter there is passed over."""
    given = {key: request.GET.get(key, "").replace("\x00", "")[:200] for key in (*KEPT, "before", "month")}
    columns = tuple(key for key in COLUMNS if key in _columns_in(request)) or SHOWN_FIRST
    filters = _filters(given)
    picked = _department(filters.department_id, request.GET.get("department__text"))
    filters = replace(filters, department_id=picked)
    kept = {key: given[key] for key in KEPT if given[key]} | {"department": str(picked or "")}
    if columns != SHOWN_FIRST:
        kept["columns"] = ",".join(columns)
    else:
        kept.pop("columns", None)
    return Asked(
        filters=filters, columns=columns, shape=given["shape"] if given["shape"] in SHAPES else "table",
        whose=given["mine"] if given["mine"] in WHOSE else "", month=_month(given["month"], request),
        before=number_in(given["before"]), kept=kept,
    )  # fmt: skip


def _columns_in(request: Request) -> set[str]:
    """As the form sends them, one by one, or as an address carries them, with commas."""
    return {key for text in request.GET.getlist("columns") for key in text.split(",")}


def _filters(given: dict[str, str]) -> queries.Filters:
    return queries.Filters(
        text=given["q"],
        step=given["step"] if given["step"] in Step.values else "",
        department_id=number_in(given["department"]),
        playbook=given["playbook"][:40],
        mine=given["mine"] == "1",
        role=given["mine"] if given["mine"] in queries.ROLES else "",
        due=given["due"] if given["due"] in queries.DUE else "",
        programme_id=number_in(given["programme"]),
        health=given["health"] if given["health"] in queries.HEALTH else "",
        parties=given["parties"] if given["parties"] in queries.PARTIES else "",
        state=given["state"] if given["state"] in STATES else "running",
    )


def _month(text: str, request: Request) -> date:
    today = organisation.day_of(request.at)
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def _department(picked: int | None, typed: str | None) -> int | None:
    """The picked department. An emptied field means none; without JavaScript the exact name counts."""
    if typed is None or (typed.strip() and picked):
        return picked
    same = [card for card in organisation.search_departments(typed.strip(), 10) if card.name == typed.strip()]
    return same[0].id if typed.strip() and len(same) == 1 else None


def number_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def step_options(startable: Iterable[Any]) -> list[tuple[str, Any]]:
    """The steps of the playbooks in use: as the longest of them goes, those of others before what follows on them."""
    ways = [[step["key"] for step in version.body["steps"]] for version in startable]
    keys: list[str] = []
    for way in sorted(ways, key=len, reverse=True):
        following = len(keys)
        for key in reversed(way):
            if key not in keys:
                keys.insert(following, key)
            following = keys.index(key)
    return [(key, Step(key).label) for key in ["IMPORTED", *keys] if key != "CLOSED"]


def playbook_options(startable: Iterable[Any]) -> list[tuple[str, str]]:
    return [(each.playbook.key, playbook_name(each.playbook)) for each in startable]


def playbook_name(playbook: Any) -> str:
    return str(playbook.name if (get_language() or "zh").startswith("zh") else playbook.name_en)
