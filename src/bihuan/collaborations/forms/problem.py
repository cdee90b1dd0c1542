"""F13: a problem as it was noticed: facts, whom it touches, how urgent it is."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Choice, Field, Form, Kind, Section

PROBLEM_SCENES = (
    Choice("BLOCKED_PROJECT", _("Project held up")),
    Choice("RESOURCE_TROUBLE", _("Trouble with resources")),
    Choice("PROCESS_CONFLICT", _("Conflict between processes")),
    Choice("CUSTOMER", _("Problem of a customer")),
    Choice("EMERGENCY", _("Sudden emergency")),
)
URGENCIES = (
    Choice("URGENT", _("Urgent")),
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
            _("Urgent: answered within 24 hours. Important: solved within 3 working days. Routine: within 5."),
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
