"""What a posted form means: values for the operations, and the answer when they refuse."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.http import HttpResponse

from bihuan.kernel.errors import Refused, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.organisation import operations
from bihuan.organisation import queries as organisation
from bihuan.web.http import Request, number_of, redirect_to, text_of
from bihuan.web.render import notify, render

NO_FINDINGS: tuple[Finding, ...] = ()


def picked_person(request: Request, name: str) -> int | None:
    """The id the picker chose; without JavaScript the typed text, if it names exactly one person."""
    chosen, text = number_of(request, name), text_of(request, f"{name}__text")
    if chosen or not text:
        return chosen
    found = organisation.search_people(text, request.at, limit=2)
    return found[0].id if len(found) == 1 else None


def picked_department(request: Request, name: str) -> int | None:
    chosen, text = number_of(request, name), text_of(request, f"{name}__text")
    if chosen or not text:
        return chosen
    found = organisation.search_departments(text, 2)
    return found[0].id if len(found) == 1 else None


def is_unresolved(request: Request, name: str, picked: int | None) -> bool:
    """Something was typed into a picker and nobody, or more than one, is meant by it."""
    return picked is None and bool(text_of(request, f"{name}__text"))


def unresolved(request: Request, name: str, picked: int | None, code: str) -> None:
    if is_unresolved(request, name, picked):
        raise Refused([error(code, name)])


def carry_out(
    request: Request, act: Callable[[], str], *, template: str, context: Mapping[str, Any], told: str
) -> HttpResponse:
    """Do it and go to the page `act` names; when it is refused, show the form again with what was typed and why."""
    try:
        address = act()
    except (Refused, Stale) as refusal:
        again = {**context, "typed": request.POST, "findings": refusal.findings}
        return render(request, template, again, status=refusal.status)
    return notify(request, redirect_to(request, address), told)


def looked(
    request: Request,
    act: Callable[[], Iterable[int]],
    *,
    departments: Collection[int],
    template: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """The form again, as it was typed, with who would answer to what if `act` were done; or why it cannot be."""
    again: dict[str, Any] = {**context, "typed": request.POST}
    try:
        shifts = operations.preview_change(act, department_ids=departments, at=request.at)
    except (Refused, Stale) as refusal:
        return render(request, template, {**again, "findings": refusal.findings}, status=refusal.status)
    return render(request, template, {**again, "shifts": shifts})
