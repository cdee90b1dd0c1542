"""F20: what is kept of a collaboration, where, for how long, and who may read it."""

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.forms.columns import SECRECIES, VISIBILITIES
from bihuan.records.schema import Choice, Field, Form, Kind, Section

LIBRARIES = (
    Choice("CASE_LIBRARY", _("Case library")),
    Choice("KNOWLEDGE_BASE", _("Knowledge base")),
)
RETENTIONS = (
    Choice("TEN_YEARS", _("10 years")),
    Choice("THIRTY_YEARS", _("30 years")),
    Choice("PERMANENT", _("For ever")),
)

_CHECKLIST = Section(
    "checklist",
    _("What is archived"),
    (
        Field(
            "checklist",
            Kind.ROWS,
            _("Archive checklist"),
            _("Every form the playbook asks for. What is missing needs a reason."),
            fixed_rows=True,
            columns=(
                Field("form_type", Kind.TEXT, _("Form"), computed=True),
                Field("form_no", Kind.TEXT, _("Form number"), computed=True),
                Field("version", Kind.INTEGER, _("Version"), computed=True),
                Field("present", Kind.BOOL, _("Present"), computed=True),
                Field("waived_reason", Kind.TEXT, _("Why it is missing"), max_length=300),
            ),
        ),
    ),
)
_PLACE = Section(
    "place",
    _("Where and for how long"),
    (
        Field("library", Kind.CHOICE, _("Library"), required=True, choices=LIBRARIES),
        Field(
            "tags",
            Kind.ROWS,
            _("Tags"),
            columns=(Field("text", Kind.TEXT, _("Tag"), required=True, max_length=30),),
        ),
        Field("location", Kind.TEXT, _("Location"), computed=True),
        Field("retention", Kind.CHOICE, _("Kept for"), required=True, choices=RETENTIONS),
        Field("original_with", Kind.DEPARTMENT, _("Original kept by"), required=True),
        Field(
            "copies_to",
            Kind.ROWS,
            _("Copies for"),
            columns=(Field("dept", Kind.DEPARTMENT, _("Department"), required=True),),
        ),
    ),
)
_READERS = Section(
    "readers",
    _("Who may read it"),
    (
        Field("read_right", Kind.CHOICE, _("Who may read"), required=True, choices=VISIBILITIES),
        Field("secrecy", Kind.CHOICE, _("Secrecy"), required=True, choices=SECRECIES),
        Field(
            "owner_agrees",
            Kind.BOOL,
            _("As project lead I agree to more readers"),
            _("Only when more people may read the archive than its parts."),
        ),
    ),
)

ARCHIVE = Form(
    code="F20",
    key="archive_record",
    title=_("Archive record"),
    purpose=_("Puts the collaboration away complete, unchangeable, and readable for those who may."),
    sections=(_CHECKLIST, _PLACE, _READERS),
)
