"""What each guard asks, in the words of whoever reads or writes a playbook."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASKED: "dict[str, str | Promise]" = {
    "G01": _("the goal is measurable; departments, contacts, milestones and resources are named"),
    "G02": _("the own head answers three questions on goal, resources and time with yes"),
    "G03": _("every department has answered, and every line is agreed to by those it binds"),
    "G04": _("everybody on the route has approved; nobody approves his own paper"),
    "G05": _("every condition is kept before the gate it names"),
    "G06": _("the duty table covers all departments and results; every need is answered"),
    "G07": _("the plan is filed before anything begins"),
    "G08": _("the kick-off settles roles, dates and risks; every action has an owner and a day"),
    "G09": _("exactly one party answers (A) for each task"),
    "G10": _("at least one party does (R) each task"),
    "G11": _("no party has two letters for one task, besides RA"),
    "G12": _("every department has a letter, every expected result a task"),
    "G17": _("the green channel is opened by who may, within its limit"),
    "G18": _("the papers of the green channel are made up for before the review"),
    "G21": _("who is lent is free, at work, and the first day has come"),
    "G22": _("duties, appraisal and support are said, and all four agree"),
    "G23": _("tasks are finished, high risks closed, reports filed, windows ended"),
    "G24": _("the acceptance has passed, and every department confirms it"),
    "G25": _("the review names causes and improvements"),
    "G26": _("the archive is whole and open to nobody its parts are closed to; resources are released"),
    "G30": _("the solution has a way back and is confirmed in writing by every head"),
}


def asked_by(guard: str) -> tuple[str, "str | Promise"]:
    """The guard with its words; without them where a room has one of its own."""
    return guard, ASKED.get(guard, "")
