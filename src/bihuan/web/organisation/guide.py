"""The first steps of an administrator. Nothing is kept of them: what is there is seen, so one can stop anywhere."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from bihuan.collaborations import queries as collaborations
from bihuan.organisation import queries
from bihuan.organisation.rules import require_administrator
from bihuan.web.http import Request
from bihuan.web.render import render


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    why: str
    state: str
    is_done: bool
    href: str
    act: str


@require_safe
def guide(request: Request) -> HttpResponse:
    require_administrator(request.actor)
    steps = _steps(request)
    left = [step for step in steps if not step.is_done]
    context = {"steps": steps, "done": len(steps) - len(left), "next": left[0] if left else None}
    return render(request, "organisation/guide.html", context)


def steps_left(request: Request) -> int:
    """How much is still to do, for the hint on the page of departments."""
    return sum(1 for step in _steps(request) if not step.is_done)


def _steps(request: Request) -> list[Step]:
    found = queries.setup(request.at)
    return [*_organisation(found), *_offices(found), _playbook(), _mail()]


def _organisation(found: queries.Setup) -> list[Step]:
    return [
        Step(
            _("Sites"),
            _("A site gives its departments a time zone and working hours."),
            ngettext("%(num)s site", "%(num)s sites", found.sites) % {"num": found.sites},
            found.sites > 0,
            reverse("organisation:add_site"),
            _("Add a site"),
        ),
        Step(
            _("Departments"),
            _("A matter takes at least two departments."),
            ngettext("%(num)s department", "%(num)s departments", found.departments) % {"num": found.departments},
            found.departments > 1,
            reverse("organisation:add_department"),
            _("Add a department"),
        ),
        Step(
            _("People"),
            _("Whoever works on a matter holds a post in a department."),
            _("%(posted)s of %(people)s people hold a post") % {"posted": found.with_post, "people": found.people},
            found.with_post > 1,
            reverse("organisation:add_person"),
            _("Add a person"),
        ),
        Step(
            _("Department heads"),
            _("Heads are asked for opinions and signatures; without one the head above is asked, then the PMO."),
            _without_head(found),
            found.departments > 0 and found.without_head == 0,
            reverse("organisation:departments"),
            _("Choose a department"),
        ),
    ]


def _without_head(found: queries.Setup) -> str:
    if not found.without_head:
        return _("each has one") if found.departments else ""
    said = ngettext(
        "%(num)s department is without a head", "%(num)s departments are without a head", found.without_head
    )  # fmt: skip
    return said % {"num": found.without_head}


def _offices(found: queries.Setup) -> list[Step]:
    people, departments = reverse("organisation:people"), reverse("organisation:departments")
    return [
        Step(
            _("Executive in charge"),
            _("Plans are approved by the executive in charge of the leading department."),
            ngettext("%(num)s executive", "%(num)s executives", found.executives) % {"num": found.executives},
            found.executives > 0,
            departments,
            _("Choose a department"),
        ),
        Step(
            _("Project management office"),
            _("It files plans, settles conflicts and follows risks. A department is given this function."),
            ngettext("%(num)s person", "%(num)s people", found.pmo_people) % {"num": found.pmo_people},
            found.pmo_people > 0,
            departments,
            _("Choose a department"),
        ),
        Step(
            _("Signing in"),
            _("A person signs in once a first password has been set."),
            _("%(able)s of %(people)s people can sign in") % {"able": found.who_sign_in, "people": found.people},
            found.who_sign_in > 1,
            people,
            _("Choose a person"),
        ),
        Step(
            _("A second administrator"),
            _("So that nobody is locked out when one is away."),
            ngettext("%(num)s administrator", "%(num)s administrators", found.administrators)
            % {"num": found.administrators},
            found.administrators > 1,
            people,
            _("Choose a person"),
        ),
    ]


def _playbook() -> Step:
    count = len(collaborations.startable())
    return Step(
        _("First playbook"),
        _("A playbook says which steps, forms and signatures a matter takes. “bihuan init” publishes those shipped."),
        ngettext("%(num)s playbook to begin on", "%(num)s playbooks to begin on", count) % {"num": count},
        count > 0,
        reverse("collaborations:portfolio"),
        _("Look at the matters"),
    )


def _mail() -> Step:
    """Set by options of the server, so there is nothing to press here."""
    options = settings.OPTIONS
    is_done = bool(options.mail_host and options.mail_from)
    return Step(
        _("Mail"),
        _("Without it notices stay in the inbox. Set BIHUAN_MAIL_HOST and BIHUAN_MAIL_FROM on the server, then "
          "“bihuan doctor” tries it."),
        _("from %(sender)s") % {"sender": options.mail_from} if is_done else _("not set up"),
        is_done,
        "",
        "",
    )  # fmt: skip
