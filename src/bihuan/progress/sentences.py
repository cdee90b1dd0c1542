"""What this room's findings and errors say, and how to mend them."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "progress.not_the_reporter": Sentence(
        _("The department's contact person, its head or who carries the matter reports."),
        _("Ask the contact person; the page names the person."),
    ),
    "progress.week_locked": Sentence(
        _("The next week has opened, so this one is locked."), _("Put the correction into the current week.")
    ),
    "progress.filed_as_form": Sentence(
        _("The table of a problem is filed as a form of its own (F10), not department by department."),
        _("Fill in the form, or bring it up to date, on the page of the matter."),
    ),
    "progress.report_stale": Sentence(
        _("Somebody else has reported for the department meanwhile."),
        _("Look at it again; what you typed is still here."),
    ),
    "progress.report_overdue": Sentence(
        _("{department} has not reported for the week of {week}."), _("Its contact person files the report.")
    ),
    "progress.percent_missing": Sentence(_("It is not said how far the task is."), _("Give a figure from 0 to 100.")),
    "progress.output_missing": Sentence(
        _("A finished task shows its output."), _("Say what came out and where it lies.")
    ),
    "progress.cause_missing": Sentence(
        _("The task is behind its plan and nobody says why."), _("Give the cause in one sentence.")
    ),
    "progress.measure_missing": Sentence(
        _("The task is behind its plan and nothing is done about it."), _("Say what will be done.")
    ),
    "progress.measure_without_owner": Sentence(_("The measure has no owner."), _("Choose the one who does it.")),
    "progress.owner_unknown": Sentence(_("This person does not work here any more."), _("Choose somebody else.")),
    "progress.measure_without_day": Sentence(_("The measure has no date."), _("Say by when.")),
    "progress.measure_day_past": Sentence(_("{day} is past."), _("Give a day that lies ahead.")),
}
