"""The forms of a problem: F13 what was noticed, F02 what is asked to solve it, F18 what came of it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.collaborations.forms.acceptance import RESULTS
from bihuan.collaborations.forms.columns import GOAL_TEXT, METRICS, RESOURCES, UNITS
from bihuan.collaborations.forms.review import IMPROVEMENTS
from bihuan.records.schema import Choice, Field, Form, Kind, Section, Vague

PROBLEM_SCENES = (
    Choice("BLOCKED_PROJECT", _("Project held up")),
    Choice("RESOURCE_TROUBLE", _("Trouble with resources")),
    Choice("PROCESS_CONFLICT", _("Conflict between processes")),
    Choice("CUSTOMER", _("Problem of a customer")),
    Choice("EMERGENCY", _("Sudden emergency")),
)
URGENCIES = (
    Choice("URGENT", pgettext_lazy("class of a problem", "Urgent")),
    Choice("IMPORTANT", _("Important")),
    Choice("ROUTINE", _("Routine")),
)

_PROBLEM = Section(
    "problem",
    _("The problem"),
    (
        Field("lead_dept", Kind.DEPARTMENT, _("Lead department"), required=True),
        Field("initiator", Kind.PERSON, _("Initiator"), required=True),
        Field("problem_scene", Kind.CHOICE, _("Kind of problem"), required=True, choices=PROBLEM_SCENES),
        Field(
            "description",
            Kind.LONGTEXT,
            _("Description"),
            _("What happened, as it was seen; the figures and cases stand below."),
            required=True,
            min_length=10,
            max_length=4000,
        ),
        Field("occurred_at", Kind.INSTANT, _("Occurred at"), required=True),
        Field(
            "figures",
            Kind.ROWS,
            _("Figures"),
            _("At least one figure or one case."),
            columns=(
                Field("what", Kind.TEXT, _("What was counted"), required=True, max_length=100),
                Field("value", Kind.NUMBER, _("Value"), required=True),
                Field("unit", Kind.TEXT, _("Counted in"), required=True, max_length=20),
                Field("source", Kind.TEXT, _("Read from"), required=True, max_length=200),
            ),
        ),
        Field(
            "cases",
            Kind.ROWS,
            _("Cases"),
            columns=(
                Field("text", Kind.TEXT, _("Case"), required=True, max_length=500),
                Field("source", Kind.TEXT, _("Where it can be seen"), required=True, max_length=200),
            ),
        ),
    ),
)
_IMPACT = Section(
    "impact",
    _("Impact"),
    (
        Field(
            "impact_depts",
            Kind.ROWS,
            _("Departments affected"),
            columns=(Field("dept", Kind.DEPARTMENT, _("Department"), required=True),),
        ),
        Field(
            "impact_users",
            Kind.TEXT,
            _("Users affected"),
            _("A number; 500+ says that there are at least so many."),
            max_length=20,
        ),
        Field("users_count", Kind.INTEGER, _("Number of users"), computed=True),
        Field("users_at_least", Kind.BOOL, _("At least so many"), computed=True),
        Field("impact_region", Kind.TEXT, _("Region of the users"), max_length=60),
        Field("impact_business", Kind.LONGTEXT, _("Business affected"), max_length=1000),
    ),
    _("Say at least one of the three: departments, users, business."),
)
_ASSESSMENT = Section(
    "assessment",
    _("Assessment"),
    (
        Field(
            "related_depts",
            Kind.ROWS,
            _("Related departments"),
            _("They are told and asked to acknowledge once the head has signed."),
            required=True,
            min_rows=1,
            columns=(Field("dept", Kind.DEPARTMENT, _("Department"), required=True),),
        ),
        Field(
            "urgency",
            Kind.CHOICE,
            _("Urgency"),
            _("Urgent: answered within %(T06)s. Important: solved within %(T07)s. Routine: within %(T08)s."),
            required=True,
            choices=URGENCIES,
        ),
        Field(
            "initial_cause",
            Kind.LONGTEXT,
            _("First analysis of the cause"),
            _("Facts, not blame."),
            required=True,
            max_length=2000,
            facts_not_blame=True,
        ),
    ),
)

ASSESSMENT = Form(
    code="F13",
    key="problem_assessment",
    title=_("Preliminary assessment of a problem"),
    purpose=_("Says what is wrong with figures, whom it touches and how urgent it is, before anybody is asked to act."),
    sections=(_PROBLEM, _IMPACT, _ASSESSMENT),
)


METRIC_WINDOW = Field(
    "window_hours",
    Kind.INTEGER,
    _("Within hours"),
    _("Counted from the approval of this application, day and night."),
    required=True,
    minimum=1,
    maximum=8760,
)
GOAL_METRICS = (
    *(column for column in METRICS if column.key not in {"deadline", "window_days", "window_months", "window_from"}),
    METRIC_WINDOW,
)
HEADS = (
    Field("dept", Kind.DEPARTMENT, _("Department"), computed=True),
    Field("person", Kind.PERSON, _("Person"), computed=True),
)

_WHO = Section(
    "problem",
    _("The problem"),
    (
        Field("problem_ref", Kind.VERSION, _("Assessment"), computed=True),
        Field("lead_dept", Kind.DEPARTMENT, _("Lead department"), computed=True),
        Field("initiator", Kind.PERSON, _("Initiator"), computed=True),
    ),
)
_GOAL = Section(
    "goal",
    _("Goal"),
    (
        GOAL_TEXT,
        Field(
            "metrics",
            Kind.ROWS,
            _("Metrics"),
            _("At least one, with the level to reach and the hours it may take."),
            columns=GOAL_METRICS,
        ),
        Field("resolution_due", Kind.INSTANT, _("Solved by"), required=True),
    ),
)
_ASKS = Section(
    "asks",
    _("What is asked of the departments"),
    (
        Field(
            "dept_asks",
            Kind.ROWS,
            _("Asks"),
            _("One row for each ask, and at least one for every involved department."),
            required=True,
            min_rows=1,
            columns=(
                Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
                Field("ask", Kind.TEXT, _("What is asked"), required=True, max_length=300),
                Field("deliverable", Kind.TEXT, _("What is to be delivered"), required=True, max_length=200),
                Field("owner", Kind.PERSON, _("Owner"), required=True),
                Field(
                    "reply_due",
                    Kind.TEXT,
                    _("Reply before"),
                    _("An instant, such as 2026-11-20 17:00, or in words: 今日17:00前, 明日12:00, 24小时内."),
                    required=True,
                    max_length=40,
                    vague=Vague.ERROR,
                ),
                Field("reply_due_at", Kind.INSTANT, _("That is"), computed=True),
            ),
        ),
        Field("resources", Kind.ROWS, _("Resource needs"), columns=RESOURCES),
        Field(
            "cc_heads",
            Kind.ROWS,
            _("Copies to the heads"),
            _("The heads of all involved departments, when the application is submitted."),
            computed=True,
            columns=HEADS,
        ),
    ),
)

APPLICATION = Form(
    code="F02",
    key="problem_application",
    title=_("Application to solve a problem"),
    purpose=_("Says which level is restored within how many hours, and what each department does for it until when."),
    sections=(_WHO, _GOAL, _ASKS),
)

_REPORTED = Section(
    "problem",
    _("The problem"),
    (
        Field("problem_ref", Kind.VERSION, _("Assessment"), computed=True),
        Field("problem", Kind.LONGTEXT, _("Description"), computed=True),
    ),
)
_SOLVED = Section(
    "solving",
    _("How it was solved"),
    (
        Field("process", Kind.LONGTEXT, _("Course of the solution"), required=True, min_length=10, max_length=4000),
        Field(
            "course",
            Kind.ROWS,
            _("Timeline"),
            computed=True,
            columns=(
                Field("step", Kind.TEXT, _("Step"), computed=True),
                Field("entered_at", Kind.INSTANT, _("Entered"), computed=True),
                Field("left_at", Kind.INSTANT, _("Left"), computed=True),
            ),
        ),
        Field(
            "effect",
            Kind.ROWS,
            _("Effect, before and after"),
            computed=True,
            columns=(
                Field("criterion", Kind.TEXT, _("Item"), computed=True),
                Field("before", Kind.NUMBER, pgettext_lazy("measured", "Before"), computed=True),
                Field("target", Kind.NUMBER, _("Target value"), computed=True),
                Field("after", Kind.NUMBER, pgettext_lazy("measured", "After"), computed=True),
                Field("unit", Kind.CHOICE, _("Unit"), computed=True, choices=UNITS),
                Field("unit_text", Kind.TEXT, _("Counted in"), computed=True),
                Field("result", Kind.CHOICE, _("Result"), computed=True, choices=RESULTS),
            ),
        ),
    ),
)
_LEARNED = Section(
    "lessons",
    _("Lessons"),
    (
        Field(
            "lessons",
            Kind.ROWS,
            _("Lessons"),
            required=True,
            min_rows=1,
            columns=(Field("text", Kind.TEXT, _("Lesson"), required=True, max_length=300),),
        ),
        Field(
            "root_cause",
            Kind.LONGTEXT,
            _("Root cause"),
            _("Why it happened: facts, not blame."),
            required=True,
            max_length=2000,
            facts_not_blame=True,
        ),
        Field(
            "prevention",
            Kind.ROWS,
            _("Prevention"),
            _("Tracked after closing until somebody other than the owner has verified it."),
            columns=IMPROVEMENTS,
        ),
    ),
)
_SENT = Section(
    "recipients",
    _("Sent to"),
    (
        Field("heads", Kind.ROWS, _("Heads of all departments"), computed=True, columns=HEADS),
        Field("to_management", Kind.BOOL, _("Also to the executive in charge")),
    ),
)

REPORT = Form(
    code="F18",
    key="problem_report",
    title=_("Report on a solved problem"),
    purpose=_("Tells every head how the problem was solved, what it changed, and what keeps it from coming back."),
    sections=(_REPORTED, _SOLVED, _LEARNED, _SENT),
)
