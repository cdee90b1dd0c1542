"""Forms that stand beside the steps: by them those who carry a matter ask for a decision on the matter itself."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Field, Form, Kind, Section

EARLY_END = Form(
    code="F28",
    key="early_end",
    title=_("Request to end early"),
    purpose=_("Asks the executive to end the work; what was learned is still reviewed and archived."),
    sections=(
        Section(
            "early_end",
            _("Early end"),
            (
                Field(
                    "reason",
                    Kind.LONGTEXT,
                    _("Why it should end"),
                    _("What changed, and why going on would not pay."),
                    required=True,
                    min_length=10,
                    max_length=2000,
                    facts_not_blame=True,
                ),
                Field(
                    "reached",
                    Kind.LONGTEXT,
                    _("What was reached so far"),
                    _("Results that stay of use, and where they are kept."),
                    required=True,
                    max_length=2000,
                ),
                Field(
                    "spent",
                    Kind.MONEY,
                    _("Money spent so far"),
                    _("In yuan; 5万 is understood."),
                    minimum=0,
                ),
                Field(
                    "aftermath",
                    Kind.LONGTEXT,
                    _("What has to be settled with others"),
                    _("Customers, suppliers, colleagues who rely on it. What is open is cancelled by the approval."),
                    max_length=2000,
                ),
            ),
        ),
    ),
)

HAND_OVER = Form(
    code="F30",
    key="hand_over",
    title=_("Hand-over of open items"),
    purpose=_(
        "Asks to go on although something is open: each item gets an owner and a day, and is followed after the end."
    ),
    sections=(
        Section(
            "hand_over",
            _("Hand-over"),
            (
                Field(
                    "reason",
                    Kind.LONGTEXT,
                    _("Why it cannot be finished within the matter"),
                    required=True,
                    min_length=10,
                    max_length=2000,
                    facts_not_blame=True,
                ),
                Field(
                    "items",
                    Kind.ROWS,
                    _("Open items"),
                    _("Give an owner and a day to each item that is handed over; leave the others empty."),
                    fixed_rows=True,
                    columns=(
                        Field("what", Kind.TEXT, _("Open item"), computed=True),
                        Field("owed_by", Kind.TEXT, _("Owed so far by"), computed=True),
                        Field("owner", Kind.PERSON, _("Takes it over")),
                        Field("due", Kind.DATE, _("Due")),
                    ),
                ),
            ),
        ),
    ),
)

SUSPENSION = Form(
    code="F29",
    key="suspension",
    title=_("Request to suspend"),
    purpose=_("Asks to let the matter rest until a day; its clocks stand still meanwhile, urgent ones excepted."),
    sections=(
        Section(
            "suspension",
            _("Suspension"),
            (
                Field(
                    "reason",
                    Kind.LONGTEXT,
                    _("Why it should rest"),
                    required=True,
                    min_length=10,
                    max_length=2000,
                    facts_not_blame=True,
                ),
                Field(
                    "until",
                    Kind.DATE,
                    _("Rests until"),
                    _("The project lead is reminded on that day. It goes on when somebody resumes it."),
                    required=True,
                ),
                Field(
                    "waits_for",
                    Kind.LONGTEXT,
                    _("What has to happen before it goes on"),
                    required=True,
                    max_length=1000,
                ),
            ),
        ),
    ),
)
