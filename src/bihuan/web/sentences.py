"""The sentences of what only pages can get wrong."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "web.page_too_old": Sentence(
        _("This page was opened before you signed in, or in another window."), _("Reload it and do it again.")
    ),
}
