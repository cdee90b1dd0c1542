"""F31: a head confirms by mail; who leads registers the message, the project management office countersigns it."""

from django.utils.translation import gettext_lazy as _

from bihuan.records.schema import FILES, Field, Form, Kind, Section

LETTER = Form(
    code="F31",
    key="confirmation_by_mail",
    title=_("Written confirmation by mail"),
    purpose=_(
        "Registers the mail in which a head confirms the solution. It counts once the project management office "
        "has countersigned it, never by the one who registered it."
    ),
    sections=(
        Section(
            "letter",
            _("The mail"),
            (
                Field("confirms", Kind.VERSION, _("Confirms"), computed=True),
                Field("department", Kind.DEPARTMENT, _("Department that confirms"), required=True),
                Field("person", Kind.PERSON, _("Written by"), _("The head, or who stands in now."), required=True),
                Field("written_on", Kind.DATE, _("Day of the mail"), required=True),
                Field(
                    "words",
                    Kind.LONGTEXT,
                    _("What it says"),
                    _("The sentence that confirms, as it was written."),
                    required=True,
                    max_length=2000,
                ),
                FILES,
            ),
        ),
    ),
)
