"""Other words for a frozen line, from somebody who is asked about it."""

from collections.abc import Mapping
from typing import Any

from bihuan.kernel.findings import Finding, error
from bihuan.records.policy.freezing import thaw
from bihuan.records.policy.rows import Body, as_rows
from bihuan.records.policy.shape import misshapen
from bihuan.records.schema import Field, Form, Kind, Section

NOT_WORDED = frozenset({Kind.ROWS, Kind.GROUP, Kind.DEPARTMENT, Kind.DEPARTMENTS, Kind.PERSON, Kind.SITE, Kind.VERSION})
"""Who is in charge or bound is for the author to say; what is agreed is open to everybody who is asked."""


def amendable(field: Field) -> tuple[Field, ...]:
    """The columns of a line that may be put otherwise."""
    return tuple(one for one in field.columns if not one.computed and one.kind not in NOT_WORDED)


def find_line(form: Form, body: Body, part: str) -> tuple[Field, int] | None:
    """The list of a part (`criteria/ab12`) and the place of its row; None when there is none."""
    key, _slash, row_id = part.partition("/")
    field = form.field(key)
    if field is None or field.kind is not Kind.ROWS:
        return None
    places = (index for index, row in enumerate(as_rows(body.get(key))) if row["id"] == row_id)
    return next(((field, index) for index in places), None)


def strangers(field: Field, typed: Mapping[str, Any]) -> list[Finding]:
    """What no amendment may hold: columns that are not there or not open to it, trees for values."""
    known = {one.key for one in amendable(field)}
    alone = Form("", "", "", "", (Section("", "", amendable(field)),))
    said = {key: value for key, value in typed.items() if key in known}
    return [
        *(error("records.unknown_field", f"amendment.{key}", field=key[:80]) for key in typed if key not in known),
        *(error(each.code, f"amendment.{each.place}", **each.params) for each in misshapen(alone, said)),
    ]


def with_lines(form: Form, frozen: str, body: Body, changes: Mapping[str, Mapping[str, Any]]) -> Body:
    """A draft of what a version says, but for what these lines say otherwise."""
    draft = thaw(form, frozen)
    for part, said in changes.items():
        found = find_line(form, body, part)
        if found is not None:
            field, index = found
            worded = {one.key: said[one.key] for one in amendable(field) if one.key in said}
            draft[field.key][index] |= {key: "" if value is None else value for key, value in worded.items()}
    return draft


def title_of(field: Field, row: Mapping[str, Any]) -> str:
    """The words of a line that people know it by: its first column of text."""
    main = next((column for column in field.columns if column.is_text), None)
    return str(row.get(main.key) or "") if main is not None else ""
