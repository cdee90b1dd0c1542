"""One risk: what was filed, how late, and how it came out."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.issues import operations, queries, rules
from bihuan.issues.enums import RiskState
from bihuan.kernel import principals
from bihuan.organisation import queries as organisation
from bihuan.web.acting import Sent, carry_out
from bihuan.web.filling import Filling
from bihuan.web.http import Request, text_of
from bihuan.web.records.sheets import sheet
from bihuan.web.render import render

PAGE, PART = "issues/risk.html", "issues/_risk.html"


@require_safe
def risk(request: Request, risk_id: int) -> HttpResponse:
    return _show(request, risk_id, Sent())


@require_POST
def close(request: Request, risk_id: int) -> HttpResponse:
    actor, at = request.actor, request.at
    found = queries.risk_for(actor, risk_id, at=at)
    return carry_out(
        request,
        "close",
        lambda: operations.close_risk(found, outcome=text_of(request, "outcome"), actor=actor, at=at),
        show=lambda sent: _show(request, risk_id, sent),
        address=reverse("issues:risk", args=[risk_id]),
        done=_("The risk is closed."),
    )


def _show(request: Request, risk_id: int, sent: Sent) -> HttpResponse:
    found = queries.risk_for(request.actor, risk_id, at=request.at)
    is_open = found.state == RiskState.REPORTED
    context = {
        "risk": found, "sent": sent, "sheet": sheet(found.record, found.record.current_version), "filling": Filling(),
        "acts": ["close"] if is_open and rules.may_close(request.actor, found) else [],
        "closer": organisation.name_of(principals.PMO, request.at) if is_open else "",
    }  # fmt: skip
    return render(request, PART if request.htmx else PAGE, context, status=sent.status)
