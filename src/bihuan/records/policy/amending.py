"""Other words for a frozen line, from somebody who is asked about it."""

from collections.abc import Mapping
from typing import Any

from bihuan.kernel.findings import Finding, error
from bihuan.records.policy.freezing import agreed, thaw
from bihuan.records.policy.rows import TEXT_OF, Body, as_rows
from bihuan.records.policy.shape import misshapen
from bihuan.records.schema import Field, Form, Kind, Section

NOT_WORDED = frozenset({Kind.ROWS, Kind.GROUP, Kind.PERSON, Kind.SITE, Kind.VERSION})
"""Which person does it is for each department to say; what is agreed, who is in charge of it and whom it binds is open
to everybody who is asked."""


def alone(field: Field) -> Form:
    """The columns that may be put otherwise, as a form of their own."""
    return Form("", "", "", "", (Section("", "", amendable(field)),))


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
    wrong = misshapen(alone(field), _ticks_read(field, typed))
    return [error(each.code, f"amendment.{each.place[:80]}", **each.params) for each in wrong]


def _ticks_read(field: Field, typed: Mapping[str, Any]) -> Body:
    """A page on which no department is ticked sends an empty text for the list."""
    several = {one.key for one in amendable(field) if one.kind is Kind.DEPARTMENTS}
    return {key: [] if key in several and value in ("", None) else value for key, value in typed.items()}


def with_lines(form: Form, frozen: str, body: Body, changes: Mapping[str, Mapping[str, Any]]) -> Body:
    """A draft of what a version says, but for what these lines say otherwise."""
    draft = thaw(form, frozen)
    for part, said in changes.items():
        found = find_line(form, body, part)
        if found is not None:
            field, index = found
            names = [each for one in amendable(field) for each in (one.key, one.key + TEXT_OF)]
            worded = {name: value for name, value in _ticks_read(field, said).items() if name in names}
            draft[field.key][index] |= {name: _as_drafted(value) for name, value in worded.items()}
    return draft


def _as_drafted(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_drafted(each) for each in value]
    if isinstance(value, Mapping):
        return value.get("id")
    return "" if value is None else value


def told_apart(field: Field, was: Body, now: Body) -> tuple[Body, Body]:
    """Both texts of a line as they are compared: what is signed of it, and what else of it is to be otherwise."""
    beside = [one.key for one in field.columns if one.is_beside and was.get(one.key) != now.get(one.key)]
    before, after = ({key: row.get(key) for key in beside} for row in (was, now))
    return agreed(field, was) | before, agreed(field, now) | after


def is_as_wanted(wanted: Mapping[str, Any], signed: str, *, is_taken: bool) -> bool:
    """Whether the text of the next version is the wanted one. Whom a line binds is no part of what is signed: where
    that was to be otherwise, it is as wanted when it was taken over."""
    worded = str(wanted.get("signed", wanted.get("digest", "")))
    return worded == signed and (is_taken or worded == wanted.get("digest"))


def title_of(field: Field, row: Mapping[str, Any]) -> str:
    """The words of a line that people know it by: its first column of text."""
    main = next((column for column in field.columns if column.is_text), None)
    return str(row.get(main.key) or "") if main is not None else ""
