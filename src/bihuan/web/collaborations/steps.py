"""What each step is for and who acts in it, for those who see a matter for the first time.

The same step asks for other things in another playbook: by what it asks for, signs and checks, its own words are found.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.enums import Step
from bihuan.collaborations.policy.playbook import PlaybookPlan, StepPlan
from bihuan.collaborations.policy.playbook_cadences import Every, rhythm_of
from bihuan.collaborations.policy.playbook_clocks import terms_of
from bihuan.deadlines.policy.table import RULES
from bihuan.web.deadlines.views import limit_text

Text = str | Promise
SOLVED, LIMIT = RULES["T03"], "%(limit)s"

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
    Step.ACCEPT: _("What was reached is held against what was agreed; every department confirms it."),
    Step.RETRO: _("Target and actual are compared, and lessons become improvements with an owner and a day."),
    Step.ARCHIVE: _("Everything is put away complete, unchangeable, and readable for those who may."),
    Step.CLOSED: _("Every step is done and nothing is open."),
}
REPORTED: dict[Every, Text] = {
    Every.DAY: _("The tasks are carried out; every day worked each department says how far it is."),
    Every.TWO_DAYS: _("The tasks are carried out; every second day worked each department says how far it is."),
    Every.WEEK: _("The tasks are carried out; every week each department says how far it is."),
    Every.MONTH: _("The tasks are carried out; every month each department says how far it is."),
}
"""Of the work of a duty table, by how often its playbook lets the departments report."""
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


@dataclass(frozen=True, slots=True)
class Help:
    """What a step is for, and who acts in it. `marks` are forms, routes and guards of the step, or `any:` form of the
    playbook, all of which must be there; a text left out is that of every such step."""

    step: Step
    marks: frozenset[str]
    purpose: Text = ""
    who: Text = ""


def when(step: Step, marks: str, purpose: Text = "", who: Text = "") -> Help:
    return Help(step, frozenset(marks.split()), purpose, who)


HELP = (
    when(Step.ASSESS, "F25", _("The green channel opens at once: what happened, who carries it, what was done first."),
         _("The head of the lead department, the executive in charge or the project management office opens it; "
           "nobody signs first.")),
    when(Step.ASSESS, "ASSESSMENT", who=_(
        "The department that noticed it writes, its head signs; then the related departments acknowledge.")),
    when(Step.REQUEST, "F02", _("The problem becomes an application: goal, hours, and an ask for every department."),
         _("The initiator writes.")),
    when(Step.REQUEST, "any:F19", _("One department asks for a person of another: what for, and until when."),
         _("The initiator writes.")),
    when(Step.REQUEST, "OPINIONS", who=WHO[Step.REQUEST]),
    when(Step.REQUEST, "F01", who=_("The initiator writes.")),
    when(Step.ALIGN, "any:F19", _("Lending and borrowing department agree on what the loan is to achieve.")),
    when(Step.APPROVAL, "LOAN_FOUR", _("The terms of the loan are written down: duties, appraisal, support, return."),
         _("The project lead writes; the person, both heads and the personnel office or headquarters consent.")),
    when(Step.APPROVAL, "COLLAB_MANAGER", who=_(
        "The head of the lead department or the project management office decides; above the thresholds of the route "
        "the executive in charge too.")),
    when(Step.APPROVAL, "INITIATING_HEAD_CC", who=_(
        "The head of the lead department decides, above the thresholds of the route the executive in charge too; the "
        "heads of the departments get a copy.")),
    when(Step.APPROVAL, "EXECUTIVE_PLAN", PURPOSE[Step.APPROVAL_PLAN], _("The executive in charge decides.")),
    when(Step.APPROVAL_PLAN, "EXECUTIVE_PLAN", who=_("The executive in charge decides.")),
    when(Step.PLAN, "LEAD_CONFIRM", _(
        "Within %(limit)s of the report a solution stands: measures, time nodes, and the way back if it goes wrong."),
         _("The project lead writes; the head of the lead department confirms, the others afterwards.")),
    when(Step.PLAN, "F15", _("A solution is written: measures, time nodes, and the way back if it goes wrong."),
         _("The project lead writes; the heads of all responsible departments confirm in writing.")),
    when(Step.KICKOFF, "any:F25", _("The departments meet at once; what the minutes ask for counts from that moment."),
         _("The project lead files the minutes; signatures under them follow.")),
    when(Step.KICKOFF, "any:F02 MINUTES", _("The departments talk the problem over: causes, who does what by when."),
         _("The project lead files the minutes; the heads of all departments sign them.")),
    when(Step.KICKOFF, "MINUTES", who=_(
        "The project lead files the minutes and the papers; the heads of all departments sign the minutes.")),
    when(Step.KICKOFF, "F06", who=_("The project lead files the minutes, the RACI matrix and the papers.")),
    when(Step.RESOURCE, "G21", _("The loan waits for its first day, and for the person to be free and at work."),
         _("The lent person hands over the work; on the first day the loan begins by itself.")),
    when(Step.EXECUTE, "any:F19", _("The loan runs: a report each month, appraisals on the days agreed."),
         _("The lent person reports, the appraisers appraise; the project lead goes on when the term is over.")),
    when(Step.EXECUTE, "any:F25", _(
        "The solution is carried out day and night; meanwhile the papers of the green channel are made up for."),
         _("The owners of the actions act; the project lead keeps the tracker and goes on to acceptance.")),
    when(Step.EXECUTE, "any:F02", _("The solution is carried out, and how far it is stands in the progress table."),
         _("The owners of the asks act; the project lead keeps the table and goes on to acceptance.")),
    when(Step.EXECUTE, "any:F27", _(
        "Each period collects what its departments give; then it is consolidated, with what is missing named."),
         _("Who gives something hands it in by its day; the consolidator puts it together.")),
    when(Step.EXECUTE, "any:F05"),
    when(Step.EXECUTE, "any:F06", _("The tasks of the matrix are carried out, and how far they are is written down."),
         _("Those marked R act; the project lead keeps the papers and goes on to acceptance.")),
    when(Step.EXECUTE, "any:F07", _("What was agreed is carried out, and how far it is stands in the progress table."),
         _("The owners of the actions act; the project lead keeps the papers and goes on to acceptance.")),
    when(Step.EXECUTE, "", _("What was agreed is carried out."),
         _("Everybody does what he promised; the project lead goes on to acceptance.")),
    when(Step.ACCEPT, "any:F19", _("Duties and standards of the loan are held against what was done.")),
    when(Step.ACCEPT, "any:F27", _("A period is complete, in time and checked, or a gap in it was waived."),
         _("Who receives the result answers the checks and accepts it.")),
    when(Step.ACCEPT, "any:F02", _("The effect is verified before and after, with the feedback of every department.")),
    when(Step.RETRO, "G18", _("A review nobody leaves out; it begins once the papers of the channel are made up for.")),
    when(Step.RETRO, "F18", _("Course, root cause and prevention are reported; prevention gets an owner and a day."),
         _("The project lead writes.")),
)  # fmt: skip
"""The first that fits; of the others the more particular stands before."""


def help_of(step: StepPlan, plan: PlaybookPlan) -> tuple[Text, Text]:
    """What the step is for in this playbook, and who acts in it; empty for a step the product does not know."""
    there = {form.code for form in step.forms} | {route.code for route in step.routes} | set(step.guards)
    there |= {f"any:{form.code}" for each in plan.steps for form in each.forms}
    found = next((each for each in HELP if each.step == step.key and each.marks <= there), None)
    purpose, who = (found.purpose, found.who) if found else ("", "")
    return _in_its_time(purpose, plan) if purpose else _usual(step, plan), who or WHO.get(step.key, "")


def _usual(step: StepPlan, plan: PlaybookPlan) -> Text:
    return REPORTED[rhythm_of(plan).every] if step.key == Step.EXECUTE else PURPOSE.get(step.key, "")


def _in_its_time(purpose: Text, plan: PlaybookPlan) -> Text:
    """How long a solution may take is said as the playbook says it."""
    if LIMIT not in str(purpose):
        return purpose
    return str(purpose) % {"limit": limit_text(str(terms_of(plan, plan.key).limit_of(SOLVED)))}
