"""What each step is for and who acts in it, for those who see a matter for the first time."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.enums import Step

Text = str | Promise

PURPOSE: dict[str, Text] = {
    Step.IMPORTED: _(
        "This matter came from another system and is shown as it stood there. Nobody is asked anything yet."
    ),
    Step.REQUEST: _("The initiator says what is wanted of whom and how everybody will know that it is reached."),
    Step.ASSESS: _("What went wrong is described with facts, and how urgent it is."),
    Step.FIRST_REVIEW: _("The own head looks whether goal, resources and dates of the request hold."),
    Step.ALIGN: _("The departments agree on goal, criteria and contributions, and their heads sign line by line."),
    Step.PLAN: _("The project lead writes duty table and plan; the departments answer what they can give."),
    Step.APPROVAL: _("Whoever answers for it looks at goal, resources and risks, and decides."),
    Step.APPROVAL_PLAN: _("Whoever answers for it looks at plan, duties and resources, and decides."),
    Step.KICKOFF: _("A meeting settles who does what by when, how everybody keeps in touch, and what comes next."),
    Step.FILING: _("The project management office or the administration department registers the approved plan."),
    Step.RESOURCE: _("The departments put in place what they promised."),
    Step.EXECUTE: _("The tasks are carried out; every week each department says how far it is."),
    Step.ACCEPT: _("What was reached is held against what was agreed; every department confirms it."),
    Step.RETRO: _("Target and actual are compared, and lessons become improvements with an owner and a day."),
    Step.ARCHIVE: _("Everything is put away complete, unchangeable, and readable for those who may."),
    Step.CLOSED: _("Every step is done and nothing is open."),
}
WHO: dict[str, Text] = {
    Step.IMPORTED: _("The head of the lead department or the project management office adopts it."),
    Step.REQUEST: _("The initiator writes; the heads of the involved departments give their opinion."),
    Step.ASSESS: _("The department that noticed it writes; its head signs."),
    Step.FIRST_REVIEW: _("The head of the lead department reviews."),
    Step.ALIGN: _("The initiator writes; the heads of the involved departments sign."),
    Step.PLAN: _("The project lead writes; the heads of the involved departments answer."),
    Step.APPROVAL: _("Whoever the route names decides."),
    Step.APPROVAL_PLAN: _("Whoever the route names decides."),
    Step.KICKOFF: _("The project lead files the minutes and the papers; the heads sign where the route asks for it."),
    Step.FILING: _("The project management office or the administration department files."),
    Step.RESOURCE: _("The heads of the providing departments act."),
    Step.EXECUTE: _("The owners of the tasks and the contact persons act; the project lead goes on to acceptance."),
    Step.ACCEPT: _("The project lead writes; the heads of all departments confirm."),
    Step.RETRO: _("The project lead writes with all who took part."),
    Step.ARCHIVE: _("The project lead writes."),
}


def purpose(step: str) -> Text:
    return PURPOSE.get(step, "")


def who(step: str) -> Text:
    return WHO.get(step, "")
