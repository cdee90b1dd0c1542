"""Papers whose own room comes later: kept as a record with a few words and the paper itself as a file.

A step that asks for one is held until a named person has filed it; none is skipped in silence.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.records.schema import FILES, Field, Form, Kind, Section, Text

KEPT_AS_FILE = _(
    "This paper is kept as a file until its own form exists here. Attach it and say in a few words what it holds."
)
ACTIONS = (
    Field("text", Kind.TEXT, _("Action"), required=True, max_length=200),
    Field("owner", Kind.PERSON, _("Owner"), required=True),
    Field("due", Kind.DATE, _("Due"), required=True),
)
_MEETING = Section(
    "meeting",
    _("The meeting"),
    (
        Field(
            "ended_at",
            Kind.INSTANT,
            _("Meeting ended at"),
            _("Minutes that go out before they are signed are with everybody they concern %(T04)s later."),
        ),
    ),
)
_KICKOFF = Section(
    "kickoff",
    _("What the meeting settled"),
    (
        Field("roles_confirmed", Kind.BOOL, _("Who does what is confirmed")),
        Field("nodes_confirmed", Kind.BOOL, _("Dates and what must be delivered are confirmed")),
        Field("risks_discussed", Kind.BOOL, _("Risks were discussed")),
        Field(
            "actions",
            Kind.ROWS,
            _("Actions"),
            _("Each becomes a promise of its owner when the minutes take effect."),
            columns=ACTIONS,
        ),
    ),
)
_SOLUTION = Section(
    "solution",
    _("What the departments confirm"),
    (
        Field(
            "milestones",
            Kind.ROWS,
            _("Time nodes"),
            _("Instants, not moved by rest days; the last one lies within the time of the goal."),
            columns=(
                Field("name", Kind.TEXT, _("What is done by then"), required=True, max_length=200),
                Field("at", Kind.INSTANT, pgettext_lazy("milestone", "When"), required=True),
            ),
        ),
        Field(
            "contingencies",
            Kind.ROWS,
            _("If it goes wrong"),
            _("What may go wrong, what is done then, and how one gets back."),
            columns=(
                Field("risk", Kind.TEXT, _("What may go wrong"), required=True, max_length=300),
                Field("response", Kind.TEXT, _("What is done then"), required=True, max_length=300),
                Field("rollback", Kind.TEXT, _("The way back"), max_length=300),
            ),
        ),
        Field(
            "later_allowed_by",
            Kind.PERSON,
            _("Head who allows a later end"),
            _("Only where the last time node lies after the time of the goal: the head of the department in charge."),
        ),
        Field("later_reason", Kind.LONGTEXT, _("Why it may end later"), max_length=1000),
    ),
)


_ANSWER = Section(
    "answer",
    _("What the customer was told, and by whom"),
    (
        Field("answered_by", Kind.PERSON, _("Who answers the customer"), _("One person, for everybody.")),
        Field("first_contact_at", Kind.INSTANT, _("First contact with the customer")),
        Field("sent_at", Kind.INSTANT, _("Answer sent at"), _("Within %(T22)s of being received, day and night.")),
        Field(
            "joined_by",
            Kind.ROWS,
            _("Departments that stand behind it"),
            _("Each with who agreed to it and what it contributes; one besides the department that leads at least."),
            columns=(
                Field("dept", Kind.DEPARTMENT, _("Department"), required=True),
                Field("person", Kind.PERSON, _("Agreed by"), required=True),
                Field("part", Kind.TEXT, _("What it contributes"), required=True, max_length=300),
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """`may_be_none`: something that need not have happened; then that is said instead of a file."""

    code: str
    key: str
    title: Text
    may_be_none: bool = False
    more: tuple[Section, ...] = ()
    purpose: Text = KEPT_AS_FILE


PAPERS = (
    Paper("F07", "meeting_minutes", _("Minutes"), more=(_MEETING, _KICKOFF)),
    Paper("F08", "progress_report", _("Progress table")),
    Paper("F10", "problem_progress", _("Progress of the problem")),
    Paper("F12", "escalation_request", _("Escalation"), may_be_none=True),
    Paper("F14", "issue_ticket", _("Issue tracker"), may_be_none=True),
    Paper("F15", "solution", _("Solution"), more=(_SOLUTION,)),
    Paper("F23", "workspace", _("Workspace and channel")),
    Paper(
        "F32",
        "customer_answer",
        _("Joint answer to the customer"),
        may_be_none=True,
        more=(_ANSWER,),
        purpose=_("One answer of all departments to the customer: who gave it, when, and who stands behind it."),
    ),
)
MAY_BE_NONE = frozenset(paper.code for paper in PAPERS if paper.may_be_none)
PAPER_CODES = tuple(paper.code for paper in PAPERS)


def _form(paper: Paper) -> Form:
    return Form(
        code=paper.code,
        key=paper.key,
        title=paper.title,
        purpose=paper.purpose,
        sections=(Section("paper", _("The paper"), tuple(_fields(paper))), *paper.more),
    )


def _fields(paper: Paper) -> Iterator[Field]:
    yield Field("subject", Kind.TEXT, _("What it is about"), required=True, max_length=200)
    yield Field("made_on", Kind.DATE, _("Date of the paper"), required=True)
    yield Field("summary", Kind.LONGTEXT, _("In a few words"), required=True, max_length=2000)
    if paper.may_be_none:
        yield Field("none", Kind.BOOL, _("There was nothing of this kind"), _("Then no file is needed."))
    yield FILES


FORMS = tuple(_form(paper) for paper in PAPERS)
