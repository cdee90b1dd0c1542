"""A row of the portfolio in words, for files; the page draws the same columns."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.collaborations.queries import MatterRow
from bihuan.web.collaborations.asking import COLUMNS, HEALTH_SHORT, playbook_name
from bihuan.web.collaborations.loops import step_name

OUTLINED = {"number", "step", "finish"}


def heading(columns: tuple[str, ...]) -> list[str]:
    return _in_place(pgettext("matter", "Title"), {key: str(COLUMNS[key]) for key in columns})


def _in_place(title: str, others: Mapping[str, str]) -> list[str]:
    """The title where the page has it: behind the number, before everything else."""
    number = [others["number"]] if "number" in others else []
    return [*number, title, *(said for key, said in others.items() if key != "number")]


def cells(
    row: MatterRow, columns: tuple[str, ...], programmes: Mapping[int, str], health: Mapping[int, str]
) -> list[str]:
    """Of a matter open only in outline no more than its number, step and finish."""
    if row.is_masked:
        title = _("Only its outline is open to you")
        shown = {key: _cell(row, key, programmes, health) if key in OUTLINED else "" for key in columns}
        return _in_place(title, shown)
    return _in_place(row.collaboration.title, {key: _cell(row, key, programmes, health) for key in columns})


def _cell(row: MatterRow, key: str, programmes: Mapping[int, str], health: Mapping[int, str]) -> str:
    matter: Any = row.collaboration
    due = timezone.localtime(row.next_due) if key == "due" and row.next_due else None
    found: dict[str, Any] = {
        "number": matter.number or ("" if row.is_masked else matter.source_number),
        "lead": matter.lead.name if matter.lead else "",
        "departments": "、".join(departments_of(row)),
        "step": step_name(row.step),
        "due": f"{due:%Y-%m-%d %H:%M}" if due else "",
        "open": row.ring.gaps,
        "health": HEALTH_SHORT[health[matter.pk]] if matter.pk in health else "",
        "playbook": playbook_name(matter.playbook_version.playbook),
        "programme": programmes.get(matter.parent_id, ""),
        "finish": matter.expected_finish.isoformat() if matter.expected_finish else "",
        "begun": f"{timezone.localtime(matter.created_at):%Y-%m-%d}",
        "status": matter.source_status,
    }
    return str(found[key])


def departments_of(row: MatterRow) -> list[str]:
    """The leading department first, each once."""
    lead = row.collaboration.lead_department
    return list(dict.fromkeys([*([lead.name] if lead else []), *row.departments]))
