"""How an export plugs itself in: its sentences, and the work of the worker."""

from django.utils.translation import gettext_lazy as _

from bihuan.integrations.neutral_out.run import TOPIC, carry_on
from bihuan.kernel import sentences
from bihuan.kernel.sentences import Sentence
from bihuan.outbox.jobs import job

SENTENCES = {
    "integrations.export_form": Sentence(_("There is no such form of files."), _("Choose one of: {forms}.")),
    "integrations.export_outdated": Sentence(
        _("Since this was put together an office of yours has ended; what it let you see is in it."),
        _("Ask for it again; then it holds what you may see now."),
    ),
    "integrations.sheet_too_small": Sentence(
        _("A workbook is too small for the table {sheet}."), _("Ask for CSV or JSON instead; nothing is cut off there.")
    ),
}


def register_export() -> None:
    """Registering twice changes nothing."""
    sentences.register(SENTENCES)
    job(TOPIC)(carry_on)
