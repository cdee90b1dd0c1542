"""The certificate of a record, the dossier of a matter, and how the ledger is kept provable."""

from datetime import UTC
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.access.operations import note_reading
from bihuan.collaborations.queries import collaboration_for
from bihuan.evidence import operations, queries
from bihuan.evidence.certificate import Certificate, certificate_of
from bihuan.organisation import queries as organisation
from bihuan.records import queries as records
from bihuan.records import registry
from bihuan.web.approvals.sheets import DECIDED
from bihuan.web.http import Request
from bihuan.web.once import once
from bihuan.web.records.views import frozen_of
from bihuan.web.render import notify, render

WITNESSES = {"file": gettext_lazy("File"), "url": gettext_lazy("Address"), "mail": gettext_lazy("E-mail")}


@require_safe
def certificate(request: Request, pk: int) -> HttpResponse:
    """A sheet to print: who signed one version, for whom, when, and where that stands; `?version=` names an older."""
    record = records.record_for(request.actor, pk, at=request.at)
    frozen = frozen_of(request, record)
    note_reading(record.scope_id, actor=request.actor, at=request.at)
    found = certificate_of(frozen)
    context: dict[str, Any] = {
        "record": record, "form": registry.form(record.form_code), "certificate": found, "decided": DECIDED,
        "offices": _offices(found),
        "zone": get_current_timezone_name(), "utc": UTC,
    }  # fmt: skip
    return render(request, "evidence/certificate.html", context)


def _offices(found: Certificate) -> dict[str, str]:
    """Offices that have no label of their own, with who held them when the version was submitted."""
    unnamed = {one.asked for one in found.signed if not one.signature.label}
    return organisation.names_of(unnamed, found.version.submitted_at)


@require_POST
def ask_dossier(request: Request, pk: int) -> HttpResponse:
    matter = collaboration_for(request.actor, pk, at=request.at)

    def begin() -> str:
        operations.ask_for_dossier(matter, actor=request.actor, at=request.at)
        return "exports:show"

    return notify(request, redirect(once(request, begin)), _("It is being put together."))


@require_safe
def show(request: Request) -> HttpResponse:
    context = {"standing": queries.standing(request.actor, request.at), "witness_names": WITNESSES}
    return render(request, "evidence/show.html", context)


@require_POST
def change_key(request: Request) -> HttpResponse:
    """Once for each form, however often it is sent."""

    def change() -> str:
        operations.change_key(actor=request.actor, at=request.at)
        return "evidence:show"

    return notify(request, redirect(once(request, change)), _("Seals are signed with a new key from now on."))
