"""F17: what went well, what did not and why, and who improves what until when."""

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.forms.acceptance import RESULTS
from bihuan.collaborations.forms.columns import MET, UNITS
from bihuan.records.schema import Choice, Field, Form, Kind, Section

CAUSES = (
    Choice("PROCESS", _("Gap in the process")),
    Choice("COMMUNICATION", _("Poor communication")),
    Choice("RESOURCES", _("Resources")),
    Choice("OTHER", _("Other")),
)
IMPROVEMENTS = (
    Field("text", Kind.TEXT, _("Improvement"), required=True, max_length=300),
    Field("owner", Kind.PERSON, _("Owner"), required=True),
    Field("due", Kind.DATE, _("Due"), required=True),
    Field("verification", Kind.TEXT, _("How it is verified"), required=True, max_length=300),
    Field("verifier", Kind.PERSON, _("Verified by"), required=True),
)

_MEETING = Section(
    "meeting",
    _("Review meeting"),
    (
        Field("meeting_on", Kind.DATE, _("Review meeting on"), required=True),
        MET,
    ),
)
_FIGURES = Section(
    "figures",
    _("Goal against result"),
    (
        Field(
            "goal_vs_actual",
            Kind.ROWS,
            _("Goal against result"),
            computed=True,
            columns=(
                Field("criterion", Kind.TEXT, _("Item"), computed=True),
                Field("target", Kind.TEXT, _("Target value"), computed=True),
                Field("actual", Kind.TEXT, _("Actual value"), computed=True),
                Field("unit", Kind.CHOICE, _("Unit"), computed=True, choices=UNITS),
                Field("unit_text", Kind.TEXT, _("Counted in"), computed=True),
                Field("result", Kind.CHOICE, _("Result"), computed=True, choices=RESULTS),
            ),
        ),
        Field(
            "handed_over",
            Kind.ROWS,
            _("Handed over"),
            _("Items that stay open after the end, each with its owner and day."),
            computed=True,
            columns=(
                Field("what", Kind.TEXT, _("Open item"), computed=True),
                Field("owner", Kind.TEXT, _("Takes it over"), computed=True),
                Field("due", Kind.DATE, _("Due"), computed=True),
            ),
        ),
        Field(
            "stats",
            Kind.GROUP,
            _("Figures of the process"),
            computed=True,
            columns=(
                Field("late_updates", Kind.INTEGER, _("Late updates"), computed=True),
                Field("missed_deadlines", Kind.INTEGER, _("Missed deadlines"), computed=True),
                Field("reopened_issues", Kind.INTEGER, _("Issues opened again"), computed=True),
                Field("escalations", Kind.INTEGER, _("Escalations"), computed=True),
                Field("changes", Kind.INTEGER, _("Changes"), computed=True),
            ),
        ),
    ),
)
_LESSONS = Section(
    "lessons",
    _("Lessons"),
    (
        Field(
            "went_well",
            Kind.ROWS,
            _("What went well"),
            _("Practices worth using again."),
            columns=(Field("text", Kind.TEXT, _("Good practice"), required=True, max_length=300),),
        ),
        Field(
            "problems",
            Kind.ROWS,
            _("Problems and root causes"),
            columns=(
                Field("problem", Kind.TEXT, _("Problem"), required=True, max_length=300),
                Field(
                    "root_cause",
                    Kind.TEXT,
                    _("Root cause"),
                    _("Why it happened: facts, not blame."),
                    required=True,
                    max_length=500,
                    facts_not_blame=True,
                ),
                Field("cause_type", Kind.CHOICE, _("Type of cause"), required=True, choices=CAUSES),
            ),
        ),
        Field("problems_none", Kind.BOOL, _("There were no problems")),
        Field(
            "improvements",
            Kind.ROWS,
            _("Improvements"),
            _("Tracked after closing until somebody other than the owner has verified them."),
            columns=IMPROVEMENTS,
        ),
    ),
)

REVIEW = Form(
    code="F17",
    key="review_report",
    title=_("Review report"),
    purpose=_("Turns one finished collaboration into lessons the next one can use."),
    sections=(_MEETING, _FIGURES, _LESSONS),
)
