"""F11: a risk somebody found, within 24 hours of finding it. F25: an emergency that cannot wait for signatures."""

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.forms.columns import LEVELS
from bihuan.records.schema import Choice, Field, Form, Kind, Section

CATEGORIES = (
    Choice("SCHEDULE", _("Schedule")),
    Choice("RESOURCES", _("Resources")),
    Choice("TECHNOLOGY", _("Technology")),
    Choice("QUALITY", _("Quality")),
    Choice("COMPLIANCE", _("Compliance")),
    Choice("EXTERNAL", _("External")),
)
YES_OR_NO = (Choice("YES", _("Yes")), Choice("NO", _("No")))
SCOPES = (
    Choice("DEPARTMENT", _("Department")),
    Choice("TASK", _("Task")),
    Choice("MILESTONE", _("Milestone")),
    Choice("METRIC", _("Metric")),
)

_FOUND = Section(
    "found",
    _("What was found"),
    (
        Field("title", Kind.TEXT, _("Name of the risk"), required=True, max_length=60),
        Field("description", Kind.LONGTEXT, _("Description"), required=True, max_length=2000),
        Field(
            "discovered_at",
            Kind.INSTANT,
            _("Found at"),
            _("A risk is filed within %(T18)s; later is accepted and marked as late."),
            required=True,
        ),
        Field("finder", Kind.PERSON, _("Found by"), required=True),
        Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
        Field("category", Kind.CHOICE, _("Category"), required=True, choices=CATEGORIES),
    ),
)
_WEIGHT = Section(
    "weight",
    _("How serious it is"),
    (
        Field(
            "probability",
            Kind.INTEGER,
            _("Probability"),
            _("1 unlikely, 2 possible, 3 likely."),
            required=True,
            minimum=1,
            maximum=3,
        ),
        Field(
            "impact", Kind.INTEGER, _("Impact"), _("1 small, 2 felt, 3 severe."), required=True, minimum=1, maximum=3
        ),
        Field("level", Kind.CHOICE, _("Risk level"), computed=True, choices=LEVELS),
        Field("level_override", Kind.CHOICE, _("Other level"), choices=LEVELS),
        Field("level_reason", Kind.TEXT, _("Why another level"), max_length=300),
        Field(
            "impact_scope",
            Kind.ROWS,
            _("What is affected"),
            _("Departments, tasks, milestones or metrics; at least one."),
            required=True,
            min_rows=1,
            columns=(
                Field("kind", Kind.CHOICE, _("Kind of thing"), required=True, choices=SCOPES),
                Field("dept", Kind.DEPARTMENT, _("Department")),
                Field("name", Kind.TEXT, _("Named as in the plan"), max_length=100),
            ),
        ),
        Field("impact_text", Kind.TEXT, _("In which way"), max_length=500),
    ),
)
_MEASURES = Section(
    "measures",
    _("What could be done"),
    (
        Field(
            "proposed_measures",
            Kind.ROWS,
            _("Proposed measures"),
            required=True,
            min_rows=1,
            columns=(Field("text", Kind.TEXT, _("Measure"), required=True, max_length=300),),
        ),
        Field(
            "trigger",
            Kind.TEXT,
            _("Trigger"),
            _("The sign that it is happening; needed for high and medium risks."),
            max_length=300,
        ),
    ),
)

RISK = Form(
    code="F11",
    key="risk_response",
    title=_("Risk report"),
    purpose=_("Tells the PMO and everybody involved of a risk while something can still be done about it."),
    sections=(_FOUND, _WEIGHT, _MEASURES),
)

CHANNEL = Form(
    code="F25",
    key="green_channel",
    title=_("Green channel"),
    purpose=_("Opens the green channel: what happened in short, and what was done at once. Nobody signs first."),
    sections=(
        Section(
            "emergency",
            _("What happened"),
            (
                Field("lead_dept", Kind.DEPARTMENT, _("Lead department"), required=True),
                Field("project_lead", Kind.PERSON, _("Project lead"), _("Carries it from now on."), required=True),
                Field("received_at", Kind.INSTANT, _("Received at"), _("The clocks run from here."), required=True),
                Field("description", Kind.LONGTEXT, _("Description"), required=True, min_length=10, max_length=2000),
                Field(
                    "customer",
                    Kind.CHOICE,
                    _("Does a customer wait for an answer?"),
                    _("Then one joint answer of all departments is owed within %(T22)s of its being received."),
                    required=True,
                    choices=YES_OR_NO,
                ),
                Field(
                    "customer_since",
                    Kind.INSTANT,
                    _("The customer complained at"),
                    _("Where it was later than the emergency was received: the %(T22)s of the answer run from here."),
                ),
                Field("urgent_because", Kind.TEXT, _("Why it cannot wait"), required=True, max_length=300),
                Field(
                    "related_depts",
                    Kind.ROWS,
                    _("Related departments"),
                    _("They take part from the moment the channel is open."),
                    required=True,
                    min_rows=1,
                    columns=(Field("dept", Kind.DEPARTMENT, _("Department"), required=True),),
                ),
            ),
        ),
        Section(
            "first",
            _("What was done first"),
            (
                Field(
                    "measures",
                    Kind.ROWS,
                    _("First measures"),
                    required=True,
                    min_rows=1,
                    columns=(
                        Field("text", Kind.TEXT, _("Measure"), required=True, max_length=300),
                        Field("owner", Kind.PERSON, _("Owner"), required=True),
                    ),
                ),
                Field("spending_limit", Kind.MONEY, _("Spending limit"), required=True, minimum=0),
                Field("spending", Kind.MONEY, _("Spent or ordered so far"), required=True, minimum=0),
            ),
        ),
    ),
)
