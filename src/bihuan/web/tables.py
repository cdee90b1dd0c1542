"""A table as a file: a workbook, or CSV."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import register_converter
from django.urls.converters import StringConverter

from bihuan.integrations.neutral_out.sheets import csv_lines, write_xlsx
from bihuan.organisation.queries import day_of

TABLE_FILE = "table_file"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TableFileConverter(StringConverter):
    """The endings an address of such a file may have."""

    regex = "csv|xlsx"


register_converter(TableFileConverter, TABLE_FILE)


def table_file(title: str, rows: Iterable[Sequence[str]], form: str, at: datetime) -> HttpResponse:
    """`rows` with their heading first, as a download named after the title and the day."""
    if form == "csv":
        response = HttpResponse(b"".join(csv_lines(rows)), content_type="text/csv; charset=utf-8")
    else:
        book = BytesIO()
        write_xlsx(book, [(title, rows)])
        response = HttpResponse(book.getvalue(), content_type=XLSX)
    name = f"{title}-{day_of(at).isoformat()}.{form}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
