"""One frozen form as a table: a line for each field, and for each cell of its lists."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.access.operations import note_reading
from bihuan.records import registry
from bihuan.records.policy.rows import as_rows
from bihuan.records.saying import in_words
from bihuan.records.schema import Field, Form, Kind
from bihuan.web.http import Request
from bihuan.web.records.views import frozen_of, record_of
from bihuan.web.tables import table_file


@require_safe
def export(request: Request, pk: int, form: str) -> HttpResponse:
    """The newest version, or the one that `?version=` names, as a workbook or CSV."""
    record = record_of(request, pk)
    frozen = frozen_of(request, record)
    note_reading(record.scope_id, actor=request.actor, at=request.at)
    shape = registry.form_of(record)
    return table_file(f"{shape.title} {record.number}", table_of(shape, frozen.data), form, request.at)


def table_of(form: Form, body: dict[str, Any]) -> Iterator[list[str]]:
    """Section, field, row, column, value; the heading first. Fields without an answer have a line too."""
    yield [_("Section"), _("Field"), _("Row"), _("Column"), _("Value")]
    for section in form.sections:
        for field in section.fields:
            for line in _lines(field, body.get(field.key)):
                yield [str(section.title), str(field.label), *line]


def _lines(field: Field, value: Any) -> Iterator[tuple[str, str, str]]:
    if field.kind not in {Kind.ROWS, Kind.GROUP}:
        yield "", "", in_words(field, value)
        return
    rows = as_rows(value) if field.kind is Kind.ROWS else [value or {}]
    for number, row in enumerate(rows, start=1):
        place = str(number) if field.kind is Kind.ROWS else ""
        for column in field.columns:
            yield place, str(column.label), in_words(column, row.get(column.key))
    if not rows:
        yield "", "", ""
