"""F21: what is to change in a plan that is being carried out, and what that means for everybody else."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Choice, Field, Form, Kind, Section

CHANGED = (
    Choice("GOAL", _("Goal")),
    Choice("SCOPE", _("Scope")),
    Choice("DATE", _("Date")),
    Choice("RESOURCE", _("Resource")),
    Choice("OWNER", _("Owner")),
)

CHANGE = Form(
    code="F21",
    key="change_request",
    title=_("Change request"),
    purpose=_("Asks to change the plan under way: the matter goes back to its plan, which is approved anew."),
    sections=(
        Section(
            "change",
            _("Change"),
            (
                Field(
                    "reason",
                    Kind.LONGTEXT,
                    _("Why it has to change"),
                    required=True,
                    min_length=10,
                    max_length=2000,
                    facts_not_blame=True,
                ),
                Field(
                    "changes",
                    Kind.ROWS,
                    _("What changes"),
                    required=True,
                    columns=(
                        Field("what", Kind.CHOICE, _("Kind"), required=True, choices=CHANGED),
                        Field("before", Kind.TEXT, _("As agreed so far"), required=True, max_length=500),
                        Field("after", Kind.TEXT, _("From now on"), required=True, max_length=500),
                    ),
                ),
                Field("effective_on", Kind.DATE, _("Effective from"), required=True),
                Field(
                    "touches_agreement",
                    Kind.BOOL,
                    _("Changes what the departments agreed on"),
                    _("Then the consensus opens too; only lines that change are decided on anew, by whom they bind."),
                    required=True,
                ),
            ),
        ),
        Section(
            "impact",
            _("Impact"),
            (
                Field("impact_time", Kind.LONGTEXT, _("On the dates"), required=True, max_length=1000),
                Field("impact_cost", Kind.LONGTEXT, _("On the cost"), required=True, max_length=1000),
                Field("impact_quality", Kind.LONGTEXT, _("On the quality"), required=True, max_length=1000),
                Field(
                    "impact_depts",
                    Kind.LONGTEXT,
                    _("On other departments"),
                    _("Who builds on what changes, and what it means there."),
                    required=True,
                    max_length=1000,
                ),
            ),
        ),
    ),
)
