"""Columns and choices that several forms share."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Choice, Field, Kind, Vague

RESOURCE_TYPES = (
    Choice("PEOPLE", _("Manpower")),
    Choice("BUDGET", _("Budget")),
    Choice("EQUIPMENT", _("Equipment")),
    Choice("DATA", _("Data")),
    Choice("VENUE", _("Venue")),
    Choice("KNOWLEDGE", _("Knowledge")),
    Choice("OTHER", _("Other")),
)
VISIBILITIES = (
    Choice("RELATED_DEPTS", _("Involved departments only")),
    Choice("ALL_STAFF", _("Open to all staff")),
    Choice("OWN_DEPT", _("Initiating department only")),
    Choice("MANAGEMENT", _("Heads and executives only")),
    Choice("NAMED", _("Named persons only")),
)
SECRECIES = (
    Choice("PUBLIC", _("Public")),
    Choice("INTERNAL", _("Internal")),
    Choice("SECRET", _("Secret")),
    Choice("CONFIDENTIAL", _("Confidential")),
)
LEVELS = (
    Choice("HIGH", _("High")),
    Choice("MEDIUM", _("Medium")),
    Choice("LOW", _("Low")),
)
UPDATE_FREQUENCIES = (
    Choice("DAILY", _("Every day")),
    Choice("EVERY_2_DAYS", _("Every two days")),
    Choice("WEEKLY", _("Every week")),
    Choice("MONTHLY", _("Every month")),
)
DIRECTIONS = (
    Choice("AT_LEAST", _("At least (≥)")),
    Choice("AT_MOST", _("At most (≤)")),
    Choice("MORE_THAN", _("More than (>)")),
    Choice("LESS_THAN", _("Less than (<)")),
    Choice("EQUAL", _("Exactly (=)")),
    Choice("INCREASE_TO", _("Rises to")),
    Choice("DECREASE_TO", _("Falls to")),
)
UNITS = (
    Choice("COUNT", _("Count")),
    Choice("CNY", _("Yuan")),
    Choice("HOUR", _("Hours")),
    Choice("DAY", _("Days")),
    Choice("PCT_LEVEL", _("% (the level itself)")),
    Choice("PCT_POINT", _("Percentage points (change)")),
    Choice("PCT_RELATIVE", _("% of the baseline (change)")),
    Choice("OTHER", _("Other unit")),
)
AGGREGATIONS = (
    Choice("TOTAL", _("All together")),
    Choice("EACH", _("Each for itself")),
)

METRICS = (
    Field("name", Kind.TEXT, _("Metric"), required=True, max_length=60),
    Field(
        "definition",
        Kind.TEXT,
        _("Definition and data source"),
        _("The formula, or the system the figure is read from."),
        required=True,
        max_length=200,
    ),
    Field("direction", Kind.CHOICE, _("Direction"), required=True, choices=DIRECTIONS),
    Field("target", Kind.NUMBER, _("Target value"), required=True),
    Field(
        "unit",
        Kind.CHOICE,
        _("Unit"),
        _("For changes in percent say which: percentage points, or percent of the baseline."),
        required=True,
        choices=UNITS,
    ),
    Field("unit_text", Kind.TEXT, _("Unit in words"), _("For example: users, orders."), max_length=20),
    Field("baseline", Kind.NUMBER, _("Baseline value")),
    Field("baseline_at", Kind.DATE, _("Baseline taken on")),
    Field(
        "baseline_na_reason",
        Kind.TEXT,
        _("Why there is no baseline"),
        _("For example: a new product."),
        max_length=100,
    ),
    Field("deadline", Kind.DATE, _("Metric deadline"), _("Either a deadline or a window, not both.")),
    Field("window_days", Kind.INTEGER, _("Window in days"), minimum=1, maximum=3660),
    Field("window_months", Kind.INTEGER, _("Window in months"), minimum=1, maximum=120),
    Field(
        "window_from",
        Kind.TEXT,
        _("Window starts at milestone"),
        _("The name of the milestone at which counting starts."),
        max_length=60,
    ),
    Field(
        "breakdown",
        Kind.TEXT,
        _("Broken down by"),
        _("The values one by one, for example: East, South, West."),
        max_length=300,
    ),
    Field("aggregation", Kind.CHOICE, _("Target counts for"), choices=AGGREGATIONS),
)
MILESTONES = (
    Field("name", Kind.TEXT, _("Milestone"), required=True, max_length=60),
    Field("date", Kind.DATE, _("Milestone date"), required=True),
    Field("owner_dept", Kind.DEPARTMENT, _("Department in charge"), required=True),
)
RESOURCES = (
    Field("dept", Kind.DEPARTMENT, _("Providing department"), required=True),
    Field("type", Kind.CHOICE, _("Resource type"), required=True, choices=RESOURCE_TYPES),
    Field("spec", Kind.TEXT, _("Specification"), required=True, max_length=100),
    Field("qty", Kind.NUMBER, _("Quantity"), minimum=0),
    Field("unit", Kind.TEXT, _("Counted in"), _("For example: persons, sets."), max_length=20),
    Field("amount", Kind.MONEY, _("Amount"), _("In yuan; 5万 is understood."), minimum=0),
    Field("start", Kind.DATE, _("Used from"), required=True),
    Field("end", Kind.DATE, _("Used until"), required=True),
    Field("purpose", Kind.TEXT, _("Purpose"), required=True, max_length=200),
)
EXPECTED_RESULTS = (
    Field("name", Kind.TEXT, _("Expected result"), required=True, max_length=60),
    Field("qty", Kind.NUMBER, _("Number of results"), required=True, minimum=0),
    Field("unit", Kind.TEXT, _("Counted in"), required=True, max_length=20),
    Field("criterion", Kind.TEXT, _("What makes it acceptable"), required=True, max_length=200),
    Field("due", Kind.DATE, _("Due"), required=True),
)
PARTICIPANTS = (
    Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
    Field("person", Kind.PERSON, _("Person"), required=True),
)
PROMISES = (
    Field("text", Kind.TEXT, _("What remains to be done"), required=True, max_length=300),
    Field("owner", Kind.PERSON, _("Owner"), required=True),
    Field("due", Kind.DATE, _("Due"), required=True),
)

GOAL_TEXT = Field(
    "goal_text",
    Kind.LONGTEXT,
    _("Goal"),
    _("In one or two sentences; the figures belong into the metrics."),
    required=True,
    max_length=2000,
    vague=Vague.ERROR,
)
MET = Field(
    "participants",
    Kind.ROWS,
    _("Participants"),
    _("At least one person of every involved department."),
    required=True,
    min_rows=1,
    columns=PARTICIPANTS,
)
