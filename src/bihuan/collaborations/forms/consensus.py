"""F03: how each department understands the goal, whether it can, what it promises; the yardstick of acceptance."""

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.forms.columns import PROMISES
from bihuan.collaborations.policy.consensus import BINDS, SIGNED_LISTS
from bihuan.records.schema import Choice, Field, Form, Kind, Section

MODES = (
    Choice("BILATERAL", _("One-to-one talks")),
    Choice("MEETING", _("Requirement meeting")),
)
CHANNELS = (
    Choice("IN_PERSON", _("In person")),
    Choice("VIDEO", _("Video meeting")),
    Choice("PHONE", _("Telephone")),
    Choice("MESSAGE", _("Message or mail")),
)
FEASIBILITIES = (
    Choice("FEASIBLE", _("Feasible")),
    Choice("CONDITIONAL", _("Feasible on conditions")),
    Choice("NOT_FEASIBLE", _("Not feasible")),
)
FEEDBACK_KINDS = (
    Choice("RESOURCE_CONFLICT", _("Resource conflict")),
    Choice("RISK", _("Possible risk")),
    Choice("OTHER", _("Other")),
)
_DEPARTMENT = Field("dept", Kind.DEPARTMENT, _("Department"), required=True)

_TALKS = Section(
    "talks",
    _("How the agreement came about"),
    (
        Field("mode", Kind.CHOICE, _("Way of agreeing"), required=True, choices=MODES),
        Field("request_ref", Kind.VERSION, _("Request agreed upon"), computed=True),
        Field(
            "talks",
            Kind.ROWS,
            _("Talks or attendance"),
            _("One-to-one: each involved department once. Meeting: who was there for each department."),
            required=True,
            min_rows=1,
            columns=(
                _DEPARTMENT,
                Field("person", Kind.PERSON, _("Spoken with"), required=True),
                Field("time", Kind.INSTANT, _("Time"), required=True),
                Field("channel", Kind.CHOICE, _("Channel"), required=True, choices=CHANNELS),
            ),
        ),
    ),
)
_GOAL = Section(
    "goal",
    _("Goal and feasibility"),
    (
        Field(
            "goal_understanding",
            Kind.ROWS,
            _("How each department understands the goal"),
            required=True,
            min_rows=1,
            columns=(
                _DEPARTMENT,
                Field("text", Kind.TEXT, _("Understanding of the goal"), required=True, max_length=500),
            ),
        ),
        Field(
            "feasibility",
            Kind.ROWS,
            _("Feasibility"),
            required=True,
            min_rows=1,
            columns=(
                _DEPARTMENT,
                Field("verdict", Kind.CHOICE, _("Can it be done"), required=True, choices=FEASIBILITIES),
                Field("text", Kind.TEXT, _("Ground or condition"), max_length=500),
            ),
        ),
    ),
)
_BINDS = Field(
    BINDS,
    Kind.DEPARTMENTS,
    _("Binds"),
    _("Who is asked to agree to the line, the department in charge of it among them. None chosen: all involved."),
    unsaid=_("all involved departments"),
    is_beside=True,
)

_PROMISES = Section(
    "promises",
    _("Commitments and feedback"),
    (
        Field(
            "commitments",
            Kind.ROWS,
            _("First commitments"),
            _("The head of every department that a line binds confirms it."),
            required=True,
            min_rows=1,
            columns=(
                _DEPARTMENT,
                Field("what", Kind.TEXT, _("What is promised"), required=True, max_length=200),
                Field("qty", Kind.NUMBER, _("Quantity"), minimum=0),
                Field("unit", Kind.TEXT, _("Counted in"), max_length=20),
                Field("by", Kind.DATE, _("Promised by"), required=True),
                _BINDS,
            ),
        ),
        Field(
            "feedback",
            Kind.ROWS,
            _("First feedback"),
            columns=(
                _DEPARTMENT,
                Field("kind", Kind.CHOICE, _("Kind of feedback"), required=True, choices=FEEDBACK_KINDS),
                Field("text", Kind.TEXT, _("Feedback"), required=True, max_length=500),
                Field("handling", Kind.TEXT, _("How it is handled"), required=True, max_length=500),
            ),
        ),
        Field("feedback_none", Kind.BOOL, _("Nobody had feedback")),
    ),
)
_CRITERIA = Section(
    "criteria",
    _("Delivery criteria"),
    (
        Field(
            "criteria",
            Kind.ROWS,
            _("Delivery criteria"),
            _("Exactly these lines are judged at acceptance. The head of every department a line binds confirms it."),
            required=True,
            min_rows=1,
            columns=(
                Field("item", Kind.TEXT, _("What is delivered"), required=True, max_length=200),
                Field(
                    "metric_or_check",
                    Kind.TEXT,
                    _("How it is tested"),
                    _("A figure, or a check with a clear yes or no."),
                    required=True,
                    max_length=300,
                ),
                Field("owner_dept", Kind.DEPARTMENT, _("Department in charge"), required=True),
                Field("due", Kind.DATE, _("Due"), required=True),
                _BINDS,
            ),
        ),
        Field(
            "open_points",
            Kind.ROWS,
            _("Open points"),
            _("What could not be settled: each with an owner and a date."),
            columns=PROMISES,
        ),
    ),
)

CONSENSUS = Form(
    code="F03",
    key="consensus_record",
    title=_("Consensus record"),
    purpose=_("Writes down what everybody agreed on; its criteria become the yardstick of acceptance."),
    sections=(_TALKS, _GOAL, _PROMISES, _CRITERIA),
    signed_lists=SIGNED_LISTS,
)
