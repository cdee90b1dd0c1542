"""What this room's findings and errors say, and how to mend them."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

PROCESS = {
    "collaborations.title_missing": Sentence(
        _("The matter has no title yet."), _("Give it a short name that the other departments recognise.")
    ),
    "collaborations.reason_missing": Sentence(
        _("A reason is needed, because others rely on what stands now."), _("Write one sentence.")
    ),
    "collaborations.has_ended": Sentence(
        _("This matter has ended; its contents stay as they are."), _("Begin a new matter that refers to this one.")
    ),
    "collaborations.has_moved_on": Sentence(
        _("The matter stands in another step by now."), _("Look at the page again and decide from there.")
    ),
    "collaborations.not_this_step": Sentence(
        _("The step in which the matter stands does not ask for this."), _("The page names what it asks for now.")
    ),
    "collaborations.not_the_lead": Sentence(
        _("This is for the initiator, the project lead or the head of the lead department."),
        _("Ask one of them; the page names them."),
    ),
    "collaborations.not_imported": Sentence(
        _("Only an imported matter can be adopted, and only once."), _("Open the matter to see who carries it.")
    ),
    "collaborations.adopt_without_department": Sentence(
        _("The source names no department that leads this matter."),
        _("Name its department in the source and import again."),
    ),
    "collaborations.too_late_to_withdraw": Sentence(
        _("The work has begun, so the matter can no longer be taken back."),
        _("Carry it to acceptance; what is not needed any more is judged there."),
    ),
    "collaborations.urged_too_often": Sentence(
        _("This was urged a moment ago; it can be urged again after {hours} hours."), _("Call the person if it is urgent.")
    ),
    "collaborations.nothing_to_revise": Sentence(
        _("This form has not been submitted yet."), _("Go on filling in its draft.")
    ),
    "collaborations.evidence_missing": Sentence(
        _("Nothing shows that it is so."), _("Say where it can be seen: a report, a page, a file.")
    ),
    "collaborations.day_in_future": Sentence(
        _("{day} lies ahead; only what has happened can be reported."), _("Give the day on which it happened.")
    ),
    "collaborations.form_missing": Sentence(
        _("The form {form} has not been submitted."), _("Fill it in and submit it.")
    ),
    "collaborations.route_open": Sentence(
        _("The form {form} stands, but not everybody has agreed to it."), _("Submit it again to ask them.")
    ),
    "collaborations.open_signoff": Sentence(
        _("{what} has not answered yet; it waits for {who}."), _("Urge them.")
    ),
    "collaborations.open_commitment": Sentence(
        _("A condition is still open: {what} ({who})."), _("Its owner shows that it is done; the one who asked verifies it.")
    ),
    "collaborations.open_verify": Sentence(
        _("Said to be done, not verified yet: {what} ({who})."), _("{who} looks and verifies it.")
    ),
    "collaborations.open_step": Sentence(_("The next step is open: {what} ({who})."), _("{who} takes it.")),
    "collaborations.open_need_answer": Sentence(
        _("A need has no answer yet: {what} ({who})."), _("{who} promises, counters or refuses it.")
    ),
    "collaborations.open_need_in_place": Sentence(
        _("Promised, but not in place yet: {what} ({who})."), _("{who} says when it is in place.")
    ),
    "collaborations.open_task": Sentence(
        _("A task is not done: {what} ({who})."), _("Its owner finishes it and shows the output, or it is cancelled.")
    ),
    "collaborations.open_report": Sentence(
        _("A weekly report is missing: {what} ({who})."), _("{who} files it.")
    ),
    "collaborations.open_risk": Sentence(
        _("A risk is open: {what} ({who})."), _("Close it, or let its measures take effect first.")
    ),
    "collaborations.acceptance_not_passed": Sentence(
        _("The acceptance was not passed."), _("Mend what is missing and hold it again.")
    ),
    "collaborations.playbook_empty": Sentence(_("The playbook has no steps."), _("Name at least one step.")),
    "collaborations.playbook_step_unknown": Sentence(
        _("There is no step {step}."), _("Take steps from the library only.")
    ),
    "collaborations.playbook_step_twice": Sentence(_("The step {step} stands twice."), _("Remove one of them.")),
    "collaborations.playbook_names_unknown": Sentence(
        _("The product knows no {what} {name}."), _("Name one that exists.")
    ),
    "collaborations.playbook_back_to_later": Sentence(
        _("The way back leads to {step}, which does not come before."), _("Name an earlier step.")
    ),
}

SENTENCES = PROCESS
