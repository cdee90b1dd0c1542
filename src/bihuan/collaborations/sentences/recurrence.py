"""What a recurring matter is refused for, and what it waits for, in words."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

RECURRENCE = {
    "collaborations.cadence_fixed": Sentence(
        _("Periods have begun ({period}), so their length stays as it is."),
        _("Give a last day here and begin a new matter for the other length."),
    ),
    "collaborations.recurrence_ended_before": Sentence(
        _("The period {period} is under way and cannot lie behind the last day."),
        _("Name a day in this period or in a later one."),
    ),
    "collaborations.given_after_consolidation": Sentence(
        _("It would come on working day {given}, after the consolidation on working day {consolidated}."),
        _("Let it come earlier, or consolidate later."),
    ),
    "collaborations.given_twice": Sentence(
        _("{department} would give the same thing twice."), _("Take one of the two rows out, or name it otherwise.")
    ),
    "collaborations.receives_own_work": Sentence(
        _("{person} would accept his or her own work."), _("Name somebody else who receives it.")
    ),
    "collaborations.playbook_recurs_without": Sentence(
        _("F27 says what comes round, but the step {step} is missing or stands before it."),
        _("Let EXECUTE and ACCEPT follow the step that asks for F27."),
    ),
    "collaborations.period_running": Sentence(
        _("The period {period} is still running."), _("From {until} on, what it needs is asked for by itself.")
    ),
    "collaborations.contribution_missing": Sentence(
        _("{who} has not given: {what} (due on {due})."),
        _("Urge the one who owes it, consolidate as incomplete where that was agreed, or ask for a waiver."),
    ),
    "collaborations.contribution_unchecked": Sentence(
        _("What {who} gave has not been looked at: {what}."), _("Who consolidates confirms it, or gives it back.")
    ),
    "collaborations.not_consolidated": Sentence(
        _("{who} has not handed in the consolidation."), _("It is handed in on the page of the period.")
    ),
    "collaborations.period_not_accepted": Sentence(
        _("The period {period} has not been accepted."), _("Who receives it answers the checks and accepts it.")
    ),
    "collaborations.accepted_as_a_whole": Sentence(
        _("The consolidation of {period} is accepted together with its checks."),
        _("Answer the checks on the page of the period."),
    ),
    "collaborations.contribution_without_file": Sentence(
        _("A file is asked for: {what}."), _("Hand it in with the file on its own page.")
    ),
    "collaborations.nothing_missing": Sentence(
        _("Nothing is missing."), _("The matter goes on to the consolidation by itself.")
    ),
    "collaborations.waits_for_all": Sentence(
        _("The recurring plan says that all wait until everything is in."),
        _("Urge who owes it, or ask for a waiver."),
    ),
    "collaborations.still_in_time": Sentence(
        _("{who} still has time: {what} (due on {due})."), _("Wait for that day, or for what is given before.")
    ),
    "collaborations.gap_in_time": Sentence(_("{what} is not due yet."), _("Ask for a waiver once its day is over.")),
    "collaborations.no_gap": Sentence(
        _("There is no gap to waive: {what}."), _("Look at the period again; it may have come, or been asked about.")
    ),
    "collaborations.gap_needs_waiver": Sentence(
        _("{what} is owed to a period and is not called off."), _("Ask for a waiver; somebody else decides on it.")
    ),
    "collaborations.check_unanswered": Sentence(_("Nobody says whether it holds: {what}."), _("Say whether it holds.")),
    "collaborations.check_failed": Sentence(
        _("A check does not hold: {what}."), _("Give the consolidation back and say what is wrong.")
    ),
    "collaborations.not_the_receiver": Sentence(
        _("Who receives the period accepts it; the recurring plan names the person."),
        _("Ask that person; the page of the period says who it is."),
    ),
    "collaborations.not_the_consolidator": Sentence(
        _("Who consolidates the period, or carries the matter, does this."),
        _("Ask that person; the page of the period says who it is."),
    ),
    "collaborations.period_stale": Sentence(
        _("The period has gone on meanwhile."), _("Look at it again; what you typed is still here.")
    ),
}
