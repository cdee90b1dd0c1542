"""F01: what is wanted, why, by whom, until when, and what it takes."""

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.forms.columns import (
    EXPECTED_RESULTS,
    GOAL_TEXT,
    METRICS,
    MILESTONES,
    RESOURCES,
    SECRECIES,
    VISIBILITIES,
)
from bihuan.records.schema import Choice, Field, Form, Kind, Section

SCENES = (
    Choice("PROJECT", _("Project")),
    Choice("RECURRING", _("Day-to-day operation")),
    Choice("EMERGENCY", _("Sudden problem")),
    Choice("RESOURCE", _("Sharing of resources")),
)
ROLES = (
    Choice("LEAD", _("Leads")),
    Choice("SUPPORT", _("Supports")),
    Choice("OVERSEE", _("Oversees")),
)
PRIORITIES = (
    Choice("P1", _("P1 (highest)")),
    Choice("P2", "P2"),
    Choice("P3", "P3"),
    Choice("P4", "P4"),
)

_MATTER = Section(
    "matter",
    _("The matter"),
    (
        Field("title", Kind.TEXT, _("Title of the collaboration"), required=True, max_length=60),
        Field(
            "short_name",
            Kind.TEXT,
            _("Short name"),
            _("Names groups and files; without blanks, - and /."),
            required=True,
            max_length=20,
        ),
        Field("scene_type", Kind.CHOICE, _("Kind of collaboration"), required=True, choices=SCENES),
        Field("initiating_dept", Kind.DEPARTMENT, _("Initiating department"), required=True),
        Field("initiator", Kind.PERSON, _("Initiator"), required=True),
        Field(
            "contact",
            Kind.TEXT,
            _("How to reach the initiator"),
            _("Telephone or mail; only those who take part see it."),
            required=True,
            max_length=100,
        ),
        Field("project_lead", Kind.PERSON, _("Project lead"), required=True),
    ),
)
_GOAL = Section(
    "goal",
    _("Background and goal"),
    (
        Field(
            "background",
            Kind.LONGTEXT,
            _("Background"),
            _("The cause, and why it matters."),
            required=True,
            min_length=20,
            max_length=4000,
        ),
        GOAL_TEXT,
        Field(
            "metrics",
            Kind.ROWS,
            _("Metrics"),
            _("At least one, with target, unit, deadline and baseline."),
            columns=METRICS,
        ),
        Field("scope_in", Kind.LONGTEXT, _("Scope: included"), required=True, max_length=2000),
        Field("scope_out", Kind.LONGTEXT, _("Scope: not included"), max_length=2000),
    ),
)
_PARTIES = Section(
    "parties",
    _("Departments and regions"),
    (
        Field(
            "involved_depts",
            Kind.ROWS,
            _("Involved departments"),
            _("Every department besides your own, each with the one person to talk to."),
            required=True,
            min_rows=1,
            columns=(
                Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
                Field("site", Kind.SITE, _("Site")),
                Field("expected_role", Kind.CHOICE, _("Expected role"), required=True, choices=ROLES),
                Field("contact_person", Kind.PERSON, _("Contact person"), required=True),
            ),
        ),
        Field(
            "regions",
            Kind.ROWS,
            _("Regions"),
            _("Only when more than one site takes part."),
            columns=(
                Field("site", Kind.SITE, _("Site"), required=True),
                Field("time_zone", Kind.TEXT, _("Time zone"), _("For example: Asia/Shanghai."), max_length=40),
            ),
        ),
    ),
)
_DATES = Section(
    "dates",
    _("Dates"),
    (
        Field(
            "milestones",
            Kind.ROWS,
            _("Milestones"),
            _("In the order of their dates."),
            required=True,
            min_rows=1,
            columns=MILESTONES,
        ),
        Field("expected_finish", Kind.DATE, _("Expected finish"), required=True),
    ),
)
_RESOURCES = Section(
    "resources",
    _("Resources"),
    (
        Field(
            "resources",
            Kind.ROWS,
            _("Resource needs"),
            _("A number and what it counts, or an amount of money."),
            columns=RESOURCES,
        ),
        Field(
            "resources_none_reason",
            Kind.TEXT,
            _("Why no resources are needed"),
            _("Only when the list is empty."),
            max_length=200,
        ),
    ),
)
_RESULTS = Section(
    "results",
    _("Results and risks"),
    (
        Field(
            "expected_results",
            Kind.ROWS,
            _("Expected results"),
            _("What will lie on the table at the end, countable."),
            required=True,
            min_rows=1,
            columns=EXPECTED_RESULTS,
        ),
        Field(
            "early_risks",
            Kind.ROWS,
            _("Possible risks"),
            columns=(Field("text", Kind.TEXT, _("Risk"), required=True, max_length=300),),
        ),
    ),
)
_READERS = Section(
    "readers",
    _("Priority and readers"),
    (
        Field("priority", Kind.CHOICE, _("Priority"), _("Set by who approves."), computed=True, choices=PRIORITIES),
        Field("visibility", Kind.CHOICE, _("Who may read"), required=True, choices=VISIBILITIES),
        Field("secrecy", Kind.CHOICE, _("Secrecy"), choices=SECRECIES),
        Field(
            "cc",
            Kind.ROWS,
            _("Copies to"),
            columns=(Field("person", Kind.PERSON, _("Person"), required=True),),
        ),
    ),
)

REQUEST = Form(
    code="F01",
    key="collaboration_request",
    title=_("Collaboration request"),
    purpose=_("Says what is wanted of whom, until when, and how everybody will know that it is reached."),
    sections=(_MATTER, _GOAL, _PARTIES, _DATES, _RESOURCES, _RESULTS, _READERS),
)
