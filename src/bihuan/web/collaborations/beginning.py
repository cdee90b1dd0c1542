"""Beginning a matter."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.choosing import QUESTIONS
from bihuan.kernel.errors import NotAllowed, Refused
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import queries as organisation
from bihuan.web.collaborations import choosing
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.once import once
from bihuan.web.render import notify, render

NEW = "collaborations/new.html"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a matter and go to its first form."""
    if request.method == "GET" or "suggest" in request.POST:
        return _form(request)
    try:
        address = once(request, lambda: reverse("records:edit", args=[_begin(request).pk]))
    except NotAllowed:
        return _form(request, findings=[error("web.department_missing", "department")], status=422)
    except Refused as refused:
        return _form(request, findings=refused.findings, status=refused.status)
    told = _("The matter is begun. This is its first form.")
    return notify(request, redirect_to(request, address), told)


def _begin(request: Request) -> Any:
    if text_of(request, "title") and not text_of(request, "playbook"):
        raise Refused([error("web.playbook_missing", "playbook")])
    matter = operations.start_collaboration(
        title=text_of(request, "title")[:500], department_id=number_of(request, "department") or 0,
        playbook=text_of(request, "playbook"), actor=request.actor, at=request.at,
    )  # fmt: skip
    return operations.start_form(matter, form_code=queries.first_form(matter), actor=request.actor, at=request.at)


def _form(request: Request, *, findings: list[Finding] | None = None, status: int = 200) -> HttpResponse:
    mine = organisation.directory((), request.actor.department_ids, request.at).departments
    answers = {key: text_of(request, key) for key in QUESTIONS}
    context = {
        "questions": choosing.questions(answers), "choices": choosing.choices(answers),
        "departments": sorted(((card.id, card.name) for card in mine.values()), key=lambda each: each[1]),
        "typed": request.POST, "findings": findings or [],
    }  # fmt: skip
    return render(request, NEW, context, status=status)
