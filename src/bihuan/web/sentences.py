"""The sentences of what only pages can get wrong."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "web.page_too_old": Sentence(
        _("This page was opened before you signed in, or in another window."), _("Reload it and do it again.")
    ),
    "web.only_by_its_page": Sentence(
        _("This is the address of a button, not of a page."), _("Open the page it stands on and press it there.")
    ),
    "web.broken": Sentence(
        _("Something went wrong on our side at {at}."),
        _("Open the page again to see whether it was carried out; if this happens again, tell an administrator when."),
    ),
    "web.too_large": Sentence(
        _("This is more than one page takes in at once; nothing of it was kept."),
        _("Go back, shorten the text, and send it again."),
    ),
    "web.person_unknown": Sentence(
        _("It is not clear who is meant."), _("Choose a person from the list, or write the whole name.")
    ),
    "web.nothing_chosen": Sentence(_("Nothing is chosen."), _("Tick at least one row.")),
    "web.lead_missing": Sentence(
        _("The source names no project lead."), _("Choose who leads where the source names nobody.")
    ),
    "web.day_missing": Sentence(_("It is not said on which day."), _("Give the day.")),
    "web.number_unreadable": Sentence(_("This is no number."), _("Write digits, for example 12.5.")),
    "web.too_many_rows": Sentence(
        _("More than {limit} rows are too many for one table."), _("Narrow the filters, or export everything instead.")
    ),
    "web.department_missing": Sentence(
        _("It is not said for which department you begin the matter."), _("Choose one of your departments.")
    ),
    "web.playbook_missing": Sentence(
        _("It is not said by which playbook the matter goes."),
        _("Answer the three questions, or choose one of the playbooks."),
    ),
    "web.day_unreadable": Sentence(_('"{day}" is no day.'), _("Write it as 2026-11-30.")),
}
