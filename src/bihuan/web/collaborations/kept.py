"""Keeping views of the portfolio, and taking home what it shows."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.collaborations import operations, queries
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import error
from bihuan.web.collaborations.asking import Asked, asked_of
from bihuan.web.collaborations.cells import cells, heading
from bihuan.web.collaborations.portfolio import health_shown, programme_titles
from bihuan.web.http import Request, text_of
from bihuan.web.render import notify
from bihuan.web.tables import table_file

MOST_ROWS = 20_000


@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keep the filters of this page under a name."""
    asked = asked_of(request)
    operations.save_view(
        name=text_of(request, "name"), asked=asked.query(), shared_with=text_of(request, "shared_with"),
        actor=request.actor, at=request.at,
    )  # fmt: skip
    return notify(request, redirect(asked.address()), _("The view is kept."))


@require_POST
def remove_view(request: Request, pk: int) -> HttpResponse:
    view = queries.view_for(request.actor, pk)
    operations.remove_view(view, actor=request.actor, at=request.at)
    return notify(request, redirect(asked_of(request).address()), _("The view is kept no longer."))


@require_safe
def export(request: Request, form: str) -> HttpResponse:
    """Every row the filters let through, with the columns chosen, as a workbook or CSV."""
    asked = asked_of(request)
    if queries.count_of(request.actor, asked.filters, at=request.at) > MOST_ROWS:
        raise Refused([error("web.too_many_rows", limit=MOST_ROWS)])
    return table_file(_("Collaborations"), _rows(request, asked), form, request.at)


def _rows(request: Request, asked: Asked) -> Iterator[list[str]]:
    yield heading(asked.columns)
    for batch in queries.every_row(request.actor, asked.filters, at=request.at, limit=MOST_ROWS):
        titles, health = programme_titles(request, asked, batch), health_shown(request, asked, batch)
        for row in batch:
            yield cells(row, asked.columns, titles, health)
