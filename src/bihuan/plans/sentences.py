"""The sentences of this room's codes."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "plans.department_without_duty": Sentence(
        _("{department} has no duty."), _("Add what the department does, by whom and until when.")
    ),
    "plans.duty_for_no_result": Sentence(
        _('"{deliverable}" is no expected result.'), _("Use the name of an expected result, or tick intermediate.")
    ),
    "plans.result_without_duty": Sentence(
        _('Nobody is in charge of the result "{result}".'), _("Add a row to the duty table that delivers it.")
    ),
    "plans.duty_table_missing": Sentence(_("There is no duty table yet."), _("Submit the duty table first.")),
    "plans.phase_out_of_order": Sentence(
        _('The phase "{phase}" begins before the one above it.'), _("Put the phases in the order of their dates.")
    ),
    "plans.phase_gap": Sentence(
        _('There are {days} days without a phase before "{phase}".'), _("Close the gap, or explain it.")
    ),
    "plans.need_missing": Sentence(
        _('"{spec}" of {department} was requested and is not in the resource list.'), _("Add it to the list.")
    ),
    "plans.need_reduced": Sentence(
        _('Less of "{spec}" of {department} is planned than was requested.'), _("Check that this is enough.")
    ),
}
