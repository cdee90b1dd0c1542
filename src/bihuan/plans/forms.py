"""F04, F05 and F06: the plan the executive approves, who does what in it, and who answers for what."""

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.forms.columns import (
    EXPECTED_RESULTS,
    LEVELS,
    METRICS,
    MILESTONES,
    RESOURCES,
    UPDATE_FREQUENCIES,
    VISIBILITIES,
)
from bihuan.records.schema import Choice, Field, Form, Kind, Section

SOURCES = (
    Choice("INTERNAL", _("In house")),
    Choice("LOAN", _("Secondment")),
    Choice("PURCHASE", _("Purchase")),
)
LETTERS = (
    Choice("R", _("R, does it")),
    Choice("A", _("A, answers for it")),
    Choice("RA", _("RA, does it and answers for it")),
    Choice("C", _("C, is asked before")),
    Choice("I", _("I, is told")),
)

_PHASES = Section(
    "phases",
    _("Phases and time nodes"),
    (
        Field(
            "phases",
            Kind.ROWS,
            _("Phases"),
            _("At least two, one after the other."),
            required=True,
            min_rows=2,
            columns=(
                Field("name", Kind.TEXT, _("Phase"), required=True, max_length=60),
                Field("goal", Kind.TEXT, _("Goal of the phase"), required=True, max_length=300),
                Field("start", Kind.DATE, _("Start"), required=True),
                Field("end", Kind.DATE, _("End"), required=True),
                Field("exit_criterion", Kind.TEXT, _("Done when"), required=True, max_length=300),
            ),
        ),
        Field("gaps_reason", Kind.TEXT, _("Why there are gaps between phases"), max_length=300),
        Field("time_nodes", Kind.ROWS, _("Time nodes"), required=True, min_rows=1, columns=MILESTONES),
    ),
)
_RESOURCES = Section(
    "resources",
    _("Resources and duties"),
    (
        Field(
            "resource_list",
            Kind.ROWS,
            _("Resource list"),
            _("Everything the request asked for, and what has come up since."),
            columns=(*RESOURCES, Field("source", Kind.CHOICE, _("Source"), required=True, choices=SOURCES)),
        ),
        Field("budget_total", Kind.MONEY, _("Budget in total"), computed=True),
        Field("duty_table", Kind.VERSION, _("Duty table"), computed=True),
    ),
)
_RESULTS = Section(
    "results",
    _("Results, the yardstick of acceptance"),
    (
        Field(
            "expected_results", Kind.ROWS, _("Expected results"), required=True, min_rows=1, columns=EXPECTED_RESULTS
        ),
        Field("metrics", Kind.ROWS, _("Metrics"), columns=METRICS),
    ),
)
_RISKS = Section(
    "risks",
    _("Risks and communication"),
    (
        Field(
            "risks",
            Kind.ROWS,
            _("Risks and responses"),
            required=True,
            min_rows=1,
            columns=(
                Field("risk", Kind.TEXT, _("Risk"), required=True, max_length=200),
                Field("level", Kind.CHOICE, _("Risk level"), required=True, choices=LEVELS),
                Field("response", Kind.TEXT, _("Response"), required=True, max_length=300),
                Field("owner", Kind.PERSON, _("Owner"), required=True),
            ),
        ),
        Field(
            "comm_plan",
            Kind.GROUP,
            _("Communication"),
            columns=(
                Field("meetings", Kind.TEXT, _("Meetings"), required=True, max_length=200),
                Field("frequency", Kind.TEXT, _("Rhythm of meetings"), required=True, max_length=100),
                Field("tools", Kind.TEXT, _("Tools"), required=True, max_length=100),
                Field("report_template", Kind.TEXT, _("Report template"), required=True, max_length=100),
                Field("visibility", Kind.CHOICE, _("Who may read"), required=True, choices=VISIBILITIES),
                Field(
                    "update_frequency", Kind.CHOICE, _("Update frequency"), required=True, choices=UPDATE_FREQUENCIES
                ),
            ),
        ),
    ),
)

PLAN = Form(
    code="F04",
    key="collaboration_plan",
    title=_("Collaboration plan"),
    purpose=_("Phases, resources, results and risks; the executive in charge approves it with the duty table."),
    sections=(_PHASES, _RESOURCES, _RESULTS, _RISKS),
)

DUTY_TABLE = Form(
    code="F05",
    key="duty_table",
    title=_("Duty table"),
    purpose=_("Who does what until when, so that no result is left to nobody. Each row becomes a task."),
    sections=(
        Section(
            "duties",
            _("Duties"),
            (
                Field(
                    "rows",
                    Kind.ROWS,
                    _("Duties"),
                    _("Every involved department and every expected result appears."),
                    required=True,
                    min_rows=1,
                    columns=(
                        Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
                        Field("post", Kind.TEXT, _("Post"), required=True, max_length=60),
                        Field("duty", Kind.TEXT, _("Duty"), _("Begin with a verb."), required=True, max_length=300),
                        Field(
                            "deliverable",
                            Kind.TEXT,
                            _("Output"),
                            _("The name of an expected result, or tick intermediate."),
                            required=True,
                            max_length=60,
                        ),
                        Field("intermediate", Kind.BOOL, _("Intermediate")),
                        Field("due", Kind.DATE, _("Due"), required=True),
                        Field("owner", Kind.PERSON, _("Owner"), required=True),
                    ),
                ),
            ),
        ),
    ),
)

MATRIX = Form(
    code="F06",
    key="raci_matrix",
    title=_("RACI matrix"),
    purpose=_("For each task one who answers for it, those who do it, and those who are asked or told."),
    sections=(
        Section(
            "tasks",
            _("Tasks"),
            (
                Field(
                    "tasks",
                    Kind.ROWS,
                    _("Tasks"),
                    _("Every expected result appears as an output."),
                    required=True,
                    min_rows=1,
                    columns=(
                        Field("task", Kind.TEXT, _("Task"), required=True, max_length=100),
                        Field("deliverable", Kind.TEXT, _("Output"), required=True, max_length=60),
                        Field("start", Kind.DATE, _("Start"), required=True),
                        Field("due", Kind.DATE, _("Due"), required=True),
                        Field("standard", Kind.TEXT, _("Accepted when"), required=True, max_length=300),
                    ),
                ),
            ),
        ),
        Section(
            "letters",
            _("Who stands for what"),
            (
                Field(
                    "cells",
                    Kind.ROWS,
                    _("Letters"),
                    _("Each task has exactly one A and at least one R; each department has a letter somewhere."),
                    required=True,
                    min_rows=1,
                    columns=(
                        Field("task", Kind.TEXT, _("Task"), _("As it stands above."), required=True, max_length=100),
                        Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
                        Field("person", Kind.PERSON, _("Person"), _("Left out, the head of the department.")),
                        Field("letter", Kind.CHOICE, _("Letter"), required=True, choices=LETTERS),
                        Field("note", Kind.TEXT, _("Note"), max_length=200),
                    ),
                ),
                Field("change_reason", Kind.TEXT, _("Why it changed"), max_length=300),
            ),
        ),
    ),
)
