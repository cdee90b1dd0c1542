"""A form with every kind of field, for tests only."""

from typing import Any

from bihuan.kernel.findings import Finding, error
from bihuan.records.operations import allot, year_of
from bihuan.records.policy import Body
from bihuan.records.registry import FormType
from bihuan.records.schema import Choice, Field, Form, Kind, Section, Vague

METRIC_COLUMNS = (
    Field("name", Kind.TEXT, "Metric", required=True, max_length=60),
    Field("target", Kind.NUMBER, "Target", required=True),
    Field("budget", Kind.MONEY, "Budget"),
    Field("owner", Kind.PERSON, "Owner"),
    Field("reached", Kind.BOOL, "Reached", computed=True),
)
FORM = Form(
    code="T01",
    key="sample",
    title="Sample form",
    purpose="To test forms.",
    sections=(
        Section(
            "what",
            "What",
            (
                Field("title", Kind.TEXT, "Title", required=True, max_length=60),
                Field("goal", Kind.LONGTEXT, "Goal", min_length=5, vague=Vague.ERROR),
                Field("cause", Kind.LONGTEXT, "Cause", facts_not_blame=True),
                Field("people", Kind.INTEGER, "People", minimum=1, maximum=100),
                Field("share", Kind.NUMBER, "Share", suffix="%"),
                Field("cost", Kind.MONEY, "Cost"),
                Field("due_on", Kind.DATE, "Due on"),
                Field("starts_at", Kind.INSTANT, "Starts at"),
                Field("is_urgent", Kind.BOOL, "Urgent"),
                Field("mode", Kind.CHOICE, "Mode", choices=(Choice("TALKS", "Talks"), Choice("MEETING", "Meeting"))),
            ),
        ),
        Section(
            "who",
            "Who",
            (
                Field("lead", Kind.PERSON, "Lead"),
                Field("department", Kind.DEPARTMENT, "Department"),
                Field("site", Kind.SITE, "Site"),
                Field("metrics", Kind.ROWS, "Metrics", columns=METRIC_COLUMNS),
                Field(
                    "plan",
                    Kind.GROUP,
                    "Plan",
                    columns=(
                        Field("tool", Kind.TEXT, "Tool"),
                        Field(
                            "meetings",
                            Kind.ROWS,
                            "Meetings",
                            columns=(Field("topic", Kind.TEXT, "Topic"), Field("day", Kind.DATE, "Day")),
                        ),
                    ),
                ),
                Field("total", Kind.MONEY, "Total", computed=True),
                Field("request", Kind.VERSION, "Request", computed=True),
            ),
        ),
    ),
    signed_lists=("metrics",),
)


def compute(body: Body, context: Any) -> Body:
    """The total of the budgets; a reached mark per metric; and a title that must not get through."""
    total = sum(float(row["budget"] or 0) for row in body["metrics"])
    rows = [{**row, "reached": row["target"] == "1", "name": "changed by compute"} for row in body["metrics"]]
    return {**body, "total": f"{total:.2f}", "metrics": rows, "title": "changed by compute"}


def check(body: Body, context: Any) -> list[Finding]:
    return [error("kernel.refused", "title")] if body["title"] == "refuse me" else []


SAMPLE = FormType(
    form=FORM,
    number=lambda record, at: f"T-{year_of(at)}-{allot(f'T01:{year_of(at)}', at=at):04d}",
    compute=compute,
    check=check,
    prefill=lambda record, at: {"mode": "TALKS"},
)
