"""The sentences of this room's codes."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "knowledge.line_missing": Sentence(_("{form} is missing from the checklist."), _("Open the form anew.")),
    "knowledge.part_missing": Sentence(
        _("{form} is not there."), _("Supply it, or give the reason why it is missing.")
    ),
    "knowledge.wider_than_parts": Sentence(
        _("More people could read the archive than its parts."), _("Narrow the right, or let the project lead agree.")
    ),
    "knowledge.less_secret_than_parts": Sentence(
        _("The archive would be less secret than one of its parts."), _("Choose at least the same level.")
    ),
    "knowledge.secret_open_to_all": Sentence(
        _("What is secret cannot be open to all staff."), _("Narrow the right to read.")
    ),
    "knowledge.original_elsewhere": Sentence(
        _("The original would lie with {department}, not with the lead department."), _("Check that this is meant.")
    ),
    "knowledge.no_copy": Sentence(_("{department} gets no copy."), _("Add the department, or leave it so.")),
}
