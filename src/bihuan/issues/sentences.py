"""The sentences of this room's codes."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "issues.may_not_open": Sentence(
        _("The green channel is opened by the head of the lead department, the executive in charge or the PMO."),
        _("Ask one of them to begin it: {names}."),
    ),
    "issues.opener_barred": Sentence(
        _("The papers of {number} are overdue, so the right to open another channel rests."),
        _("Hand them in and have them signed, or let somebody else open this one."),
    ),
    "issues.received_ahead": Sentence(_("It cannot have been received in the future."), _("Correct the time.")),
    "issues.no_customer": Sentence(
        _("It is said that no customer waits, and since when one does."), _("Answer with yes, or leave the time out.")
    ),
    "issues.channel_is_open": Sentence(
        _("The channel is open: the clocks run and the departments are at work by what stood here."),
        _("Put it back as it was. What may be corrected is what is said of the customer, and what was done first."),
    ),
    "issues.spending_over_limit": Sentence(
        _("More was spent than the limit of {limit} yuan allows."), _("Have the limit raised, and say it here.")
    ),
    "issues.found_in_future": Sentence(_("The risk cannot have been found in the future."), _("Correct the time.")),
    "issues.filed_late": Sentence(
        _("The risk is filed {hours} hours late and will be marked so."), _("File it all the same.")
    ),
    "issues.level_reason_missing": Sentence(
        _("Another level than the matrix gives needs a reason."),
        _("Write the reason, or take the level of the matrix."),
    ),
    "issues.trigger_missing": Sentence(
        _("A high or medium risk needs a trigger."), _("Write by which sign it is known to happen.")
    ),
    "issues.scope_unnamed": Sentence(_("It is not said what is affected."), _("Choose or name it.")),
    "issues.scope_unknown": Sentence(
        _('There is no "{name}" in the plan.'), _("Write the name as it stands in the plan.")
    ),
    "issues.not_the_pmo": Sentence(
        _("Risks are closed by the PMO, never by who filed them."), _("Ask the PMO; the page says what it waits for.")
    ),
    "issues.risk_stale": Sentence(
        _("Somebody else has closed this risk meanwhile."), _("Look at it again; what you typed is still here.")
    ),
    "issues.outcome_missing": Sentence(
        _("It is not said how the risk came out."), _("Say what was done and why it is over.")
    ),
}
