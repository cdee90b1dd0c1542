"""Stored choice values of the room. Labels are for people and stand in the catalogues."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Ending(TextChoices):
    CLOSED = "CLOSED", _("closed")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")
    TERMINATED = "TERMINATED", _("terminated early")
    REJECTED = "REJECTED", pgettext_lazy("how a matter ended", "rejected")
    MERGED = "MERGED", _("merged into another matter")


class PartyRole(TextChoices):
    LEAD = "LEAD", _("leading")
    SUPPORT = "SUPPORT", _("supporting")
    OVERSEE = "OVERSEE", _("overseeing")


class Visibility(TextChoices):
    RELATED_DEPTS = "RELATED_DEPTS", _("related departments only")
    ALL_STAFF = "ALL_STAFF", _("open to all staff")
    OWN_DEPT = "OWN_DEPT", _("lead department only")
    MANAGEMENT = "MANAGEMENT", _("heads and executives only")
    NAMED = "NAMED", _("named people only")


class Secrecy(TextChoices):
    PUBLIC = "PUBLIC", _("public")
    INTERNAL = "INTERNAL", _("internal")
    SECRET = "SECRET", _("secret")
    CONFIDENTIAL = "CONFIDENTIAL", _("top secret")


class Step(TextChoices):
    """The step library. A playbook names which of them it has, and in which order."""

    IMPORTED = "IMPORTED", _("imported")
    ASSESS = "ASSESS", _("assessment")
    REQUEST = "REQUEST", _("request")
    FIRST_REVIEW = "FIRST_REVIEW", _("first review")
    ALIGN = "ALIGN", _("consensus")
    APPROVAL = "APPROVAL", _("approval")
    PLAN = "PLAN", _("plan")
    APPROVAL_PLAN = "APPROVAL_PLAN", _("approval of the plan")
    FILING = "FILING", _("filing")
    RESOURCE = "RESOURCE", _("resources")
    KICKOFF = "KICKOFF", _("kick-off")
    EXECUTE = "EXECUTE", _("execution")
    ACCEPT = "ACCEPT", _("acceptance")
    RETRO = "RETRO", _("review")
    ARCHIVE = "ARCHIVE", _("archive")
    CLOSED = "CLOSED", _("closed loop")


class LoopKind(TextChoices):
    """Why a matter cannot be forgotten yet. Higher rooms open their own kinds through `open_loop`."""

    FORM = "FORM", _("form to fill in")
    FILER = "FILER", _("person who files, to be named")
    SIGNOFF = "SIGNOFF", _("decision")
    AMENDMENT = "AMENDMENT", _("amendment to answer")
    COMMITMENT = "COMMITMENT", _("promise to keep")
    VERIFY = "VERIFY", _("promise to verify")
    STEP = "STEP", _("next step")
    NEED_ANSWER = "NEED_ANSWER", _("need to answer")
    NEED_SETTLE = "NEED_SETTLE", _("answer to take up")
    NEED_IN_PLACE = "NEED_IN_PLACE", _("need to put in place")
    NEED_RELEASE = "NEED_RELEASE", _("need to release")
    TASK = "TASK", _("task")
    REPORT = "REPORT", _("weekly report")
    RISK = "RISK", _("risk")
    PROBLEM = "PROBLEM", _("problem to solve")
    ACKNOWLEDGE = "ACKNOWLEDGE", _("problem to acknowledge")
    RESUME = "RESUME", _("suspended matter")
    DUPLICATE = "DUPLICATE", _("problem that looks like another one")
    OBLIGATION = "OBLIGATION", _("papers to make up for")
    WAIVER = "WAIVER", _("waiver to decide on")
    LEADER = "LEADER", _("who leads, to be decided")
    JOIN = "JOIN", _("department that asks to take part")


class Urgency(TextChoices):
    """How urgent a problem is; each has its time rule (T06 to T08)."""

    URGENT = "URGENT", _("urgent")
    IMPORTANT = "IMPORTANT", _("important")
    ROUTINE = "ROUTINE", _("routine")


class Asking(TextChoices):
    """What a department asks of a matter."""

    LEAD = "LEAD", _("wants to lead")
    NOT_LEAD = "NOT_LEAD", _("does not want to lead")
    JOIN = "JOIN", _("wants to take part")


class Filler(TextChoices):
    """Who fills a form of a step."""

    INITIATOR = "INITIATOR", _("initiator")
    LEAD = "LEAD", _("project lead")
    FILING = "FILING", _("PMO or administration")


class Outcome(TextChoices):
    DONE = "DONE", _("done")
    RETURNED = "RETURNED", _("returned")
    FAILED = "FAILED", _("failed")
    ENDED = "ENDED", _("ended")
    STOPPED = "STOPPED", _("ended early")
    CHANGED = "CHANGED", _("led back by a change")
    ADOPTED = "ADOPTED", _("adopted")
    BEFORE = "BEFORE", _("carried out before the adoption")


class Direction(TextChoices):
    AT_LEAST = "AT_LEAST", _("at least")
    AT_MOST = "AT_MOST", _("at most")
    MORE_THAN = "MORE_THAN", _("more than")
    LESS_THAN = "LESS_THAN", _("less than")
    EQUAL = "EQUAL", _("exactly")
    INCREASE_TO = "INCREASE_TO", _("rise to")
    DECREASE_TO = "DECREASE_TO", _("fall to")
