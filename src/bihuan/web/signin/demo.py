"""The demo company's switches: become somebody else, move the clock. Elsewhere these pages do not exist."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.kernel.errors import NotFound
from bihuan.organisation import queries as organisation
from bihuan.organisation.queries import PeopleOfDepartment
from bihuan.web.http import Request, number_of, safe_next
from bihuan.web.openness import open_to_everyone
from bihuan.web.render import render
from bihuan.web.signin.themes import keep_theme

MOST_HOURS = 24 * 31


def demo_people(at: datetime) -> list[PeopleOfDepartment]:
    return organisation.people_by_department(at)


@open_to_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def switch_person(request: Request) -> HttpResponse:
    """The people of the demo company by department; a press signs in as one of them, without a password."""
    if not settings.DEMO:
        raise NotFound
    if request.method == "GET":
        return render(request, "signin/demo.html", {"groups": demo_people(request.at), "next": _back(request)})
    person = organisation.demo_person(number_of(request, "person"))
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return keep_theme(HttpResponseRedirect(_back(request)), person.theme)


def _back(request: Request) -> str:
    return safe_next(request.POST.get("next") or request.GET.get("next"))


@require_POST
def move_clock(request: Request) -> HttpResponse:
    """Move this process's clock forward by some hours, to see deadlines pass. Demo and test only."""
    if settings.OPTIONS.is_production:
        raise NotFound
    hours = min(number_of(request, "hours") or 0, MOST_HOURS)
    settings.OPTIONS.clock_offset += int(timedelta(hours=hours).total_seconds())
    return HttpResponseRedirect(_back(request))
