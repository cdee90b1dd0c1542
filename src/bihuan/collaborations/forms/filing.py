"""F26: PMO or administration registers the approved plan; from then on the collaboration is formally under way."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Field, Form, Kind, Section

FILING = Form(
    code="F26",
    key="filing_record",
    title=_("Filing record"),
    purpose=_("Registers the approved plan; with the filing number the collaboration is formally under way."),
    sections=(
        Section(
            "filing",
            _("Filing"),
            (
                Field("plan_ref", Kind.VERSION, _("Plan filed"), computed=True),
                Field(
                    "checks",
                    Kind.GROUP,
                    _("Checks before filing"),
                    columns=(
                        Field("approval_present", Kind.BOOL, _("The plan is approved"), computed=True),
                        Field("duty_table_complete", Kind.BOOL, _("The duty table is complete"), computed=True),
                        Field("resources_answered", Kind.BOOL, _("Every resource need is answered"), computed=True),
                    ),
                ),
                Field("confirmed", Kind.BOOL, _("I have looked at the plan and file it"), required=True),
                Field("remark", Kind.TEXT, _("Remark"), max_length=500),
            ),
        ),
    ),
)
