"""Fields and values of an import in words, as its page and its report name them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.integrations.neutral.run import Foretold
from bihuan.integrations.tables.vocabulary import TABLES

NOTHING = "—"
KEPT_AS: dict[str, "str | Promise"] = {
    "parent": gettext_lazy("Stands below"),
    "description": gettext_lazy("What it is for"),
    "name_en": gettext_lazy("English name"),
    "time_zone": gettext_lazy("Time zone"),
    "is_active": pgettext_lazy("department", "Open"),
    "is_main": gettext_lazy("Main post"),
    "organisation": gettext_lazy("Organisation"),
    "number_raw": gettext_lazy("Number as written"),
    "lead_department_key": gettext_lazy("Lead department"),
    "participant_keys": gettext_lazy("Departments taking part"),
    "participating_departments": gettext_lazy("Departments taking part"),
    "requester_key": gettext_lazy("Requested by"),
    "owner_keys": gettext_lazy("Owners"),
    "approver_keys": gettext_lazy("Approvers"),
    "reviewer_keys": gettext_lazy("Reviewers"),
    "editor_keys": gettext_lazy("Editors"),
    "language": gettext_lazy("Language"),
    "milestones": gettext_lazy("Milestones"),
    "criteria": gettext_lazy("Criteria"),
    "risks": gettext_lazy("Risks"),
    "asks": gettext_lazy("Resources asked for"),
    "raw": gettext_lazy("As written"),
}
COLUMNS = {column.key: column.label for table in reversed(TABLES) for column in table.columns}


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value of a row, as it is and as it would be."""

    label: str
    before: str
    after: str


def field_name(path: str) -> str:
    """The last name of a path in words; numbers of lines are told by the row."""
    name = path.rsplit(".", 1)[-1]
    return "" if name.isdigit() else str(KEPT_AS.get(name) or COLUMNS.get(name, name))


def changed_values(change: Foretold) -> list[ChangedValue]:
    return [
        ChangedValue(field_name(name), in_words(change.before.get(name)), in_words(value))
        for name, value in change.after.items()
    ]


def in_words(value: Any) -> str:
    """What was kept as JSON, for a reader: no brackets, no quotes; a dash where nothing is said."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return _joined(value.values(), " · ") or NOTHING
    if isinstance(value, list):
        return _joined(value, "；") or NOTHING
    return NOTHING if value in (None, "") else str(value)


def _joined(values: Iterable[Any], mark: str) -> str:
    return mark.join(said for said in map(in_words, values) if said != NOTHING)
