"""F27: operations that come round, who gives what to every period, and who makes and receives the whole."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import Choice, Field, Form, Kind, Section

LATEST_DAY = 20
_RHYTHM = Section(
    "rhythm",
    _("When it comes round"),
    (
        Field(
            "cadence",
            Kind.CHOICE,
            _("Period"),
            required=True,
            choices=(
                Choice("WEEK", _("week, Monday to Sunday")),
                Choice("MONTH", _("month")),
                Choice("QUARTER", _("quarter of the year")),
            ),
        ),
        Field("first_on", Kind.DATE, _("A day of the first period"), required=True),
        Field(
            "last_on",
            Kind.DATE,
            _("A day of the last period"),
            _("Left out, it comes round until a day is given here. After the last period the matter is closed."),
        ),
    ),
)
_GIVEN = Section(
    "given",
    _("What every period needs"),
    (
        Field(
            "contributions",
            Kind.ROWS,
            _("Contributions"),
            _("Working days are counted from the end of the period, at the place of who gives it."),
            required=True,
            min_rows=1,
            columns=(
                Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
                Field("data", Kind.TEXT, _("What it gives"), required=True, max_length=200),
                Field("owner", Kind.PERSON, _("Who gives it"), required=True),
                Field(
                    "working_day",
                    Kind.INTEGER,
                    _("Working day after the period"),
                    required=True,
                    minimum=1,
                    maximum=LATEST_DAY,
                ),
                Field(
                    "given_as",
                    Kind.CHOICE,
                    _("Given as"),
                    required=True,
                    choices=(Choice("FILE", _("a file")), Choice("TEXT", _("a few words, with or without a file"))),
                ),
                Field("layout", Kind.TEXT, _("How it should look"), max_length=200),
                Field("zone", Kind.TEXT, _("Its clock"), computed=True),
            ),
        ),
        Field(
            "gap_rule",
            Kind.CHOICE,
            _("When something is missing on its day"),
            _("Either way a period is only accepted with everything, or with an approved waiver for what is missing."),
            required=True,
            choices=(
                Choice("NAMED", _("it is consolidated as incomplete, and what is missing is named")),
                Choice("WAIT", _("nothing is consolidated until everything is in")),
            ),
        ),
    ),
)
_MADE = Section(
    "made",
    _("What is made of it"),
    (
        Field("result", Kind.TEXT, _("What is made of it"), required=True, max_length=200),
        Field("consolidator", Kind.PERSON, _("Who consolidates"), required=True),
        Field(
            "consolidated_on",
            Kind.INTEGER,
            _("Consolidated on this working day after the period"),
            required=True,
            minimum=1,
            maximum=LATEST_DAY,
        ),
        Field(
            "receiver",
            Kind.PERSON,
            _("Who receives and accepts it"),
            _("Somebody else than who consolidates."),
            required=True,
        ),
        Field(
            "checks",
            Kind.ROWS,
            _("What is checked in every period"),
            required=True,
            min_rows=1,
            columns=(Field("text", Kind.TEXT, _("Check"), required=True, max_length=300),),
        ),
    ),
)
RECURRENCE = Form(
    code="F27",
    key="recurrence",
    title=_("Recurring plan"),
    purpose=_("Says what comes round, who gives what to every period by which day, and who makes and accepts it."),
    sections=(_RHYTHM, _GIVEN, _MADE),
)
