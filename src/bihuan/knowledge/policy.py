"""F20: whether the archive is whole and open to nobody its parts are not open to (G26, AS30)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.collaborations.policy.body import Body, ref, refs, rows, text, yes
from bihuan.collaborations.policy.parties import Matter
from bihuan.kernel.findings import Finding, error, warning

IF_FILED = ("F11",)
"""Archived when there is one, missed by nobody when there is none."""

WITHIN = {
    "NAMED": {"NAMED"},
    "MANAGEMENT": {"NAMED", "MANAGEMENT"},
    "OWN_DEPT": {"NAMED", "OWN_DEPT"},
    "RELATED_DEPTS": {"NAMED", "MANAGEMENT", "OWN_DEPT", "RELATED_DEPTS"},
    "ALL_STAFF": {"NAMED", "MANAGEMENT", "OWN_DEPT", "RELATED_DEPTS", "ALL_STAFF"},
}
"""Which rights let nobody read whom the right itself does not let."""
RIGHTS = tuple(WITHIN)
SECRECY = ("PUBLIC", "INTERNAL", "SECRET", "CONFIDENTIAL")


@dataclass(frozen=True, slots=True)
class Filed:
    """A frozen version of a form."""

    form: str
    number: str
    version: int


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the checklist. `id` is its row id."""

    id: str
    form: str
    filed: Filed | None


@dataclass(frozen=True, slots=True)
class ArchiveContext:
    """`widest_right` and `highest_secrecy` of all parts; whether the filler owns the matter (is its project lead)."""

    matter: Matter
    parts: tuple[Part, ...] = ()
    widest_right: str = "RELATED_DEPTS"
    highest_secrecy: str = "INTERNAL"
    filler_is_owner: bool = False


def parts_of(filed: Mapping[str, list[Filed]], wanted: tuple[str, ...]) -> list[Part]:
    """The checklist: every wanted form, and all that was filed besides, each record on a line of its own."""
    forms = [*wanted, *(form for form in IF_FILED if form in filed and form not in wanted)]
    return [part for form in forms for part in _lines(form, filed.get(form, []))]


def _lines(form: str, filed: list[Filed]) -> list[Part]:
    if not filed:
        return [Part(form, form, None)]
    return [Part(form if index == 1 else f"{form}-{index}", form, one) for index, one in enumerate(filed, 1)]


def computed(parts: tuple[Part, ...]) -> dict[str, Any]:
    """The computed columns of the checklist."""
    return {
        "checklist": [
            {
                "id": part.id,
                "form_type": part.form,
                "form_no": part.filed.number if part.filed else "",
                "version": part.filed.version if part.filed else None,
                "present": part.filed is not None,
            }
            for part in parts
        ]
    }


def check(body: Body, context: ArchiveContext) -> list[Finding]:
    return [
        *_checklist(body, context.parts),
        *_rights(body, context),
        *_copies(body, context.matter),
    ]


def _checklist(body: Body, parts: tuple[Part, ...]) -> list[Finding]:
    lines = {text(row, "id"): (index, row) for index, row in enumerate(rows(body, "checklist"))}
    found = []
    for part in parts:
        index, row = lines.get(part.id, (None, {}))
        if index is None:
            found.append(error("knowledge.line_missing", "checklist", form=part.form))
        elif part.filed is None and not text(row, "waived_reason"):
            found.append(error("knowledge.part_missing", f"checklist.{index}.waived_reason", form=part.form))
    return found


def _rank(secrecy: str) -> int:
    return SECRECY.index(secrecy) if secrecy in SECRECY else -1


def _rights(body: Body, context: ArchiveContext) -> list[Finding]:
    right, secrecy = text(body, "read_right"), text(body, "secrecy")
    found = []
    is_agreed = yes(body, "owner_agrees") and context.filler_is_owner
    if right and right not in WITHIN.get(context.widest_right, {"NAMED"}) and not is_agreed:
        found.append(error("knowledge.wider_than_parts", "read_right"))
    if secrecy and _rank(secrecy) < _rank(context.highest_secrecy):
        found.append(error("knowledge.less_secret_than_parts", "secrecy"))
    if right == "ALL_STAFF" and secrecy in {"SECRET", "CONFIDENTIAL"}:
        found.append(error("knowledge.secret_open_to_all", "read_right"))
    return found


def _copies(body: Body, matter: Matter) -> list[Finding]:
    original = ref(body, "original_with")
    copies = {department.id for department in refs(rows(body, "copies_to"), "dept")}
    found = []
    if original and original.id != matter.initiating:
        found.append(warning("knowledge.original_elsewhere", "original_with", department=original.name))
    return found + [
        warning("knowledge.no_copy", "copies_to", department=name)
        for identity, name in matter.involved.items()
        if identity not in copies and not (original and original.id == identity)
    ]
