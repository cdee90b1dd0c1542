"""A line of a file as a row: the object on it, where it stood, and its own words."""

from typing import Any

from bihuan.integrations.neutral.document import NotJson, parse_line
from bihuan.integrations.neutral.fields import ORIGIN, Row
from bihuan.integrations.neutral.files import Line


def row_of(line: Line, file: str) -> Row:
    """The object on a line, or a rejected row that says why there is none."""
    row = Row({}, file, line.number, home=file)
    if line.code:
        row.report(line.code, "", line.text, fatal=True)
        return row
    try:
        value = parse_line(line.text)
    except NotJson as error:
        row.report(error.code, "", line.text, fatal=True)
        return row
    if isinstance(value, dict):
        row.take(value)
    else:
        row.report("wrong_type", "", value, fatal=True, expected="object")
    return row


def origin(file: str, line: int, body: dict[str, Any]) -> dict[str, Any]:
    """The object, with the sheet and row it was put together from."""
    return {ORIGIN: [file, line], **body}
