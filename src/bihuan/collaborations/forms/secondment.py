"""F19: who is lent to whom, from when until when, to do what, judged by what, with what support (F19b)."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Field, Form, Kind, Section

_TERM = Section(
    "term",
    _("Who is lent, and for how long"),
    (
        Field("person", Kind.PERSON, _("Person who is lent"), required=True),
        Field("post", Kind.TEXT, _("Post"), required=True, max_length=80),
        Field("level", Kind.TEXT, _("Level"), required=True, max_length=40),
        Field("lending_dept", Kind.DEPARTMENT, _("Lending department"), required=True),
        Field("borrowing_dept", Kind.DEPARTMENT, _("Borrowing department"), required=True),
        Field("start", Kind.DATE, _("First day"), required=True),
        Field("end", Kind.DATE, _("Last day"), required=True),
        Field(
            "months",
            Kind.INTEGER,
            _("Months"),
            _("Begun months count. Over six, the executive in charge decides too."),
            computed=True,
        ),
        Field(
            "months_in_all",
            Kind.INTEGER,
            _("Months in all"),
            _("With loans of the same person that ended within a year before. Over twelve, the executive decides too."),
            computed=True,
        ),
        Field("reason", Kind.LONGTEXT, _("Why the loan is needed"), required=True, min_length=10, max_length=2000),
        Field("work_site", Kind.TEXT, _("Place of work"), required=True, max_length=200),
        Field("coordinator", Kind.PERSON, _("Coordinator of the loan"), required=True),
    ),
)
_DUTIES = Section(
    "duties",
    _("Duties and appraisal"),
    (
        Field(
            "duties",
            Kind.ROWS,
            _("Duties during the loan"),
            required=True,
            min_rows=1,
            columns=(Field("text", Kind.TEXT, _("Duty"), required=True, max_length=300),),
        ),
        Field(
            "standards",
            Kind.ROWS,
            _("Standards of the appraisal"),
            required=True,
            min_rows=1,
            columns=(Field("text", Kind.TEXT, _("Standard"), required=True, max_length=300),),
        ),
        Field(
            "appraisal",
            Kind.GROUP,
            _("Appraisal"),
            columns=(
                Field("appraiser", Kind.PERSON, _("Who appraises"), required=True),
                Field(
                    "weight_borrowing",
                    Kind.INTEGER,
                    _("Weight of the borrowing department"),
                    required=True,
                    minimum=0,
                    maximum=100,
                    suffix="%",
                ),
                Field(
                    "weight_lending",
                    Kind.INTEGER,
                    _("Weight of the lending department"),
                    required=True,
                    minimum=0,
                    maximum=100,
                    suffix="%",
                ),
            ),
        ),
        Field(
            "appraisal_dates",
            Kind.ROWS,
            _("Dates of appraisal"),
            _("On each of them the appraiser owes an appraisal."),
            required=True,
            min_rows=1,
            columns=(Field("on", Kind.DATE, _("Appraised on"), required=True),),
        ),
    ),
)
_SUPPORT = Section(
    "support",
    _("Support, cost and hand-over"),
    (
        Field(
            "support",
            Kind.GROUP,
            _("Support"),
            columns=(
                Field("travel", Kind.TEXT, _("Travel"), required=True, max_length=300),
                Field("lodging", Kind.TEXT, _("Lodging"), required=True, max_length=300),
                Field("equipment", Kind.TEXT, _("Equipment"), required=True, max_length=300),
                Field("access", Kind.TEXT, _("Accounts and access"), required=True, max_length=300),
                Field("training", Kind.TEXT, _("Training"), required=True, max_length=300),
                Field("contact", Kind.PERSON, _("Contact at the place of work"), required=True),
            ),
        ),
        Field(
            "cost",
            Kind.LONGTEXT,
            _("Cost and settlement"),
            _("Pay stays with the lending department unless something else is agreed here."),
            required=True,
            max_length=2000,
        ),
        Field(
            "handover_out",
            Kind.ROWS,
            _("Handed over before the loan"),
            required=True,
            min_rows=1,
            columns=(
                Field("text", Kind.TEXT, _("Work handed over"), required=True, max_length=300),
                Field("to", Kind.PERSON, _("Handed over to"), required=True),
            ),
        ),
    ),
)
SECONDMENT = Form(
    code="F19",
    key="secondment",
    title=_("Secondment"),
    purpose=_(
        "Fixes duties, appraisal and support of somebody who is lent. The person, both heads and headquarters consent."
    ),
    sections=(_TERM, _DUTIES, _SUPPORT),
)
