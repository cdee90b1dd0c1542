"""F16: every item of the yardstick, what was reached, and the conclusion. Rows come from consensus and plan."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.collaborations.forms.columns import DIRECTIONS, MET, PROMISES, UNITS
from bihuan.records.schema import Choice, Field, Form, Kind, Section

ITEM_TYPES = (
    Choice("CRITERION", _("Delivery criterion")),
    Choice("DELIVERABLE", _("Deliverable")),
    Choice("METRIC", _("Metric")),
    Choice("DEADLINE", _("Time limit")),
    Choice("BUDGET", _("Budget")),
)
VERDICTS = (
    Choice("MET", _("Met")),
    Choice("NOT_MET", _("Not met")),
)
RESULTS = (*VERDICTS, Choice("WAIVED", _("Waived")))
CONCLUSIONS = (
    Choice("PASS", _("Passed")),
    Choice("CONDITIONAL_PASS", _("Passed on conditions")),
    Choice("FAIL", _("Not passed")),
)

_BASIS = Section(
    "basis",
    _("Basis and meeting"),
    (
        Field("request_ref", Kind.VERSION, _("Basis: goal of the request"), computed=True),
        Field("consensus_ref", Kind.VERSION, _("Basis: consensus record"), computed=True),
        Field("plan_ref", Kind.VERSION, _("Basis: collaboration plan"), computed=True),
        Field("meeting_on", Kind.DATE, _("Acceptance meeting on"), required=True),
        MET,
    ),
)
_ITEMS = Section(
    "items",
    _("Items"),
    (
        Field(
            "items",
            Kind.ROWS,
            _("Acceptance items"),
            _("All items of the basis. Metrics, time limits and the budget are judged by the product."),
            fixed_rows=True,
            columns=(
                Field("criterion", Kind.TEXT, _("Item"), computed=True),
                Field("type", Kind.CHOICE, _("Type of item"), computed=True, choices=ITEM_TYPES),
                Field("direction", Kind.CHOICE, _("Direction"), computed=True, choices=DIRECTIONS),
                Field("target", Kind.NUMBER, _("Target value"), computed=True),
                Field("target_on", Kind.DATE, _("Target date"), computed=True),
                Field("unit", Kind.CHOICE, _("Unit"), computed=True, choices=UNITS),
                Field("unit_text", Kind.TEXT, _("Counted in"), computed=True),
                Field("test", Kind.TEXT, _("What makes it acceptable"), computed=True),
                Field("before", Kind.NUMBER, _("Value before"), _("Of a metric, before the work began.")),
                Field("actual", Kind.NUMBER, _("Actual value")),
                Field("actual_on", Kind.DATE, _("Actual date")),
                Field("evidence", Kind.TEXT, _("Evidence"), _("Where it can be seen."), max_length=300),
                Field("judged_by", Kind.PERSON, _("Judged by")),
                Field(
                    "verdict",
                    Kind.CHOICE,
                    _("Verdict"),
                    _("For criteria and deliverables only."),
                    choices=VERDICTS,
                ),
                Field("waived_reason", Kind.TEXT, _("Why it is waived"), max_length=300),
                Field("result", Kind.CHOICE, _("Result"), computed=True, choices=RESULTS),
                Field("gap", Kind.NUMBER, _("Gap"), computed=True),
                Field(
                    "binds",
                    Kind.DEPARTMENTS,
                    _("Binds"),
                    _("The departments that agreed to the criterion; where none is named, all involved."),
                    computed=True,
                ),
            ),
        ),
    ),
)
_FEEDBACK = Section(
    "feedback",
    _("Feedback of the departments"),
    (
        Field(
            "dept_feedback",
            Kind.ROWS,
            _("Feedback"),
            _("Of a problem: what every responsible department found hard, and what it suggests."),
            columns=(
                Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
                Field("person", Kind.PERSON, _("Told by"), required=True),
                Field("text", Kind.TEXT, _("Difficulties"), required=True, max_length=500, facts_not_blame=True),
                Field("suggestion", Kind.TEXT, pgettext_lazy("feedback", "Suggestions"), max_length=500),
            ),
        ),
    ),
)
_CONCLUSION = Section(
    "conclusion",
    _("Conclusion"),
    (
        Field("conclusion", Kind.CHOICE, _("Conclusion"), required=True, choices=CONCLUSIONS),
        Field(
            "rectifications",
            Kind.ROWS,
            _("Rectifications"),
            _("One line for each item that is not met, named as in the list above."),
            columns=(
                Field("item", Kind.TEXT, _("Item"), required=True, max_length=300),
                Field("gap", Kind.TEXT, _("Gap"), required=True, max_length=200),
                Field("measure", Kind.TEXT, _("Measure"), required=True, max_length=300),
                Field("owner", Kind.PERSON, _("Owner"), required=True),
                Field("due", Kind.DATE, _("Due"), required=True),
            ),
        ),
        Field("left_over", Kind.ROWS, _("Handed over"), _("Open problems and who takes them."), columns=PROMISES),
    ),
)

ACCEPTANCE = Form(
    code="F16",
    key="acceptance_confirmation",
    title=_("Acceptance confirmation"),
    purpose=_("Holds what was reached against what was agreed; every department confirms it."),
    sections=(_BASIS, _ITEMS, _FEEDBACK, _CONCLUSION),
)
