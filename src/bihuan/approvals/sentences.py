"""The sentences of this room's codes."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "approvals.stale_slot": Sentence(
        _("This was decided meanwhile, or the text is no longer the one you read."),
        _("Look at how it stands now. What you typed is still here."),
    ),
    "approvals.signoff_closed": Sentence(
        _("This sign-off has ended: approved, refused, withdrawn or replaced by a newer version."),
        _("Nothing needs to be decided here. What you typed is still here if you need it elsewhere."),
    ),
    "approvals.counted_once": Sentence(
        _("You have decided in this group already; everybody counts once in it."),
        _("Somebody else of the group decides."),
    ),
    "approvals.not_your_turn": Sentence(
        _("An earlier step has not been approved yet."), _("It comes to you as soon as they have decided.")
    ),
    "approvals.not_the_signatory": Sentence(_("This signature is not yours to give."), _("It is up to {who}.")),
    "approvals.author_signs": Sentence(
        _("Nobody signs what he wrote himself."), _("Your superior or the PMO signs in your place.")
    ),
    "approvals.nothing_chosen": Sentence(_("Nothing is chosen."), _("Choose at least one paper.")),
    "approvals.too_many_chosen": Sentence(
        _("More than {limit} papers were chosen at once."), _("Decide on these in two goes.")
    ),
    "approvals.no_slots": Sentence(_("Nobody is named to sign."), _("Name at least one department besides your own.")),
    "approvals.reason_missing": Sentence(_("A refusal needs a reason."), _("Write in a sentence what is not right.")),
    "approvals.opinion_missing": Sentence(
        _("A reservation must say what it is."), _("Write what you do not agree with.")
    ),
    "approvals.opinion_too_long": Sentence(_("The opinion is longer than {limit} characters."), _("Shorten it.")),
    "approvals.test_unanswered": Sentence(_("A question is not answered."), _("Answer it with yes or no.")),
    "approvals.test_says_no": Sentence(
        _("You answered a question with no, so you cannot approve."), _("Refuse with a reason, or answer it anew.")
    ),
    "approvals.test_unknown": Sentence(_("This question was not asked."), _("Load the page again.")),
    "approvals.conditions_missing": Sentence(
        _("You agree on a condition, but there is none."), _("Write the condition, or agree without one.")
    ),
    "approvals.conditions_unwanted": Sentence(
        _("There are conditions, but your decision carries none."), _("Choose “agree on condition”, or remove them.")
    ),
    "approvals.condition_empty": Sentence(_("A condition says nothing."), _("Write what has to be done.")),
    "approvals.condition_too_long": Sentence(_("A condition is longer than {limit} characters."), _("Shorten it.")),
    "approvals.too_many_conditions": Sentence(
        _("There are more than {limit} conditions."), _("Put together what belongs together, or refuse.")
    ),
    "approvals.reason_to_void_missing": Sentence(
        _("It is not said why this is withdrawn."), _("Write the reason in a sentence.")
    ),
    "approvals.followed": Sentence(
        _("Somebody after you has acted on your decision already."), _("Ask who signs now to send it back.")
    ),
    "approvals.words_missing": Sentence(_("It is not said why, or what."), _("Write it in a sentence.")),
    "approvals.words_too_long": Sentence(_("The text is longer than {limit} characters."), _("Shorten it.")),
    "approvals.not_an_earlier_step": Sentence(
        _("This is not an earlier step of the route."), _("Choose the author or a step before this one.")
    ),
    "approvals.asks_himself": Sentence(_("You are asked already."), _("Choose somebody else.")),
    "approvals.already_asked": Sentence(
        _("This person is asked in this step already, or has signed."), _("Choose somebody else.")
    ),
    "approvals.place_unknown": Sentence(_("It is not said where the signature stands."), _("Choose before or after.")),
    "approvals.somebody_is_before": Sentence(
        _("Somebody stands before you already."), _("Wait for that answer, or take that person out first.")
    ),
    "approvals.too_many_added": Sentence(
        _("More than {limit} signatures were added."), _("Send it back and have the route changed.")
    ),
    "approvals.nobody_named": Sentence(_("Nobody is named."), _("Choose at least one person.")),
    "approvals.too_many_copies": Sentence(_("There are more than {limit} people."), _("Choose fewer.")),
    "approvals.cannot_read": Sentence(
        _("Somebody you named may not read this matter."),
        _("Choose somebody who takes part, or send a copy first if it is not secret."),
    ),
    "approvals.no_such_question": Sentence(
        _("There is no such question to you."), _("Choose the question that you answer.")
    ),
    "approvals.act_unknown": Sentence(_("It is not said what shall be done."), _("Load the page again and choose.")),
    "approvals.nothing_decided": Sentence(_("No line is decided."), _("Agree or refuse at least one line.")),
    "approvals.decision_missing": Sentence(_("No decision was made."), _("Agree, refuse or send back.")),
    "approvals.amendment_unwanted": Sentence(
        _("Another text is given, but your decision is not to amend the line."), _("Choose to amend, or leave it out.")
    ),
    "approvals.amendment_not_here": Sentence(
        _("This cannot be amended here: only who is asked about one line of a paper may put it otherwise."),
        _("Agree on a condition, or refuse with the reason."),
    ),
    "approvals.amendment_changes_nothing": Sentence(
        _("The line would say what it says already."), _("Change its text, or agree to it.")
    ),
    "approvals.amendment_declined_before": Sentence(
        _("This very text was declined."), _("Put it otherwise, agree to the line, or refuse it with the reason.")
    ),
    "approvals.amendments_unanswered": Sentence(
        _("No amendment is answered."), _("Take over or decline at least one.")
    ),
    "approvals.amendments_collide": Sentence(
        _("Two departments want this line otherwise than each other."),
        _("Take over one of the two, and decline the other."),
    ),
    "approvals.decided_twice": Sentence(_("One line is decided twice."), _("Load the page again.")),
}

# What is wrong with the text of a route, and why it cannot be carried out.
SENTENCES |= {
    "approvals.route_shape": Sentence(
        _("This is not of the form a route has."), _("Compare it with an exported route, or edit it on the page.")
    ),
    "approvals.route_word_unknown": Sentence(
        _("“{word}” is no word of a route here."), _("Remove it, or mend its spelling.")
    ),
    "approvals.route_key_wrong": Sentence(
        _("The key of the route is missing or odd."), _("Use 2 to 40 capital letters, digits and _, such as LOAN_FOUR.")
    ),
    "approvals.route_name_missing": Sentence(_("A name is missing."), _("Write the name people will read.")),
    "approvals.route_name_too_long": Sentence(_("The name is longer than {limit} characters."), _("Shorten it.")),
    "approvals.route_choice_unknown": Sentence(_("This cannot be chosen here."), _("Choose one of: {choices}.")),
    "approvals.route_without_steps": Sentence(_("The route has no step."), _("Add at least one step.")),
    "approvals.route_too_long": Sentence(
        _("The route has more than {limit} steps."), _("Put together what can be asked together.")
    ),
    "approvals.route_step_key_wrong": Sentence(
        _("The key of the step is missing or odd."), _("Use 1 to 20 small letters, digits and _, such as finance.")
    ),
    "approvals.route_step_twice": Sentence(_("Two steps have the key “{key}”."), _("Give each step its own.")),
    "approvals.route_beside_nothing": Sentence(
        _("The first step cannot be asked together with one before it."), _("Let it begin the route.")
    ),
    "approvals.route_count_wrong": Sentence(
        _("It is not said how many must sign."), _("Write a whole number from 1 to {limit}.")
    ),
    "approvals.route_count_too_high": Sentence(
        _("{count} must sign, but only {slots} are asked: nobody could complete this."),
        _("Ask more, or let fewer suffice."),
    ),
    "approvals.route_percent_wrong": Sentence(
        _("It is not said which share must sign."), _("Write a whole number of percent from 1 to 100.")
    ),
    "approvals.route_veto_idle": Sentence(
        _("A veto says nothing here: where all must sign, one refusal ends it anyway."),
        _("Remove the veto, or let fewer suffice."),
    ),
    "approvals.route_copy_idle": Sentence(
        _("A copy says nothing here: who signs in this step reads it anyway."), _("Remove the copy.")
    ),
    "approvals.route_field_unknown": Sentence(_("A condition cannot look at this."), _("It can look at: {known}.")),
    "approvals.route_value_wrong": Sentence(
        _("The value of the condition is no number."), _("Write digits, such as 100000 or 0.5; not below zero.")
    ),
    "approvals.route_words_missing": Sentence(_("The condition compares with nothing."), _("Name at least one word.")),
    "approvals.route_without_slots": Sentence(
        _("The step asks nobody."), _("Say who signs; nothing is ever approved by itself.")
    ),
    "approvals.route_too_many_slots": Sentence(
        _("The step asks more than {limit} times."), _("Ask departments as a group, or make two steps.")
    ),
    "approvals.route_slot_twice": Sentence(_("The step asks the same twice."), _("Remove one of them.")),
    "approvals.route_nobody_named": Sentence(_("Nobody is named."), _("Choose a person or a department.")),
    "approvals.route_title_missing": Sentence(
        _("The title of the post is missing."), _("Write it as it stands in the organisation.")
    ),
    "approvals.route_levels_wrong": Sentence(
        _("It is not said how many superiors sign."), _("Write a whole number from 1 to {limit}.")
    ),
    "approvals.route_note_missing": Sentence(_("It is not said what changes."), _("Write it in a sentence.")),
    "approvals.route_note_too_long": Sentence(_("The note is longer than {limit} characters."), _("Shorten it.")),
    "approvals.route_never_asked": Sentence(
        _("The conditions contradict each other: “{step}” would never be asked."),
        _("Change a threshold, or remove the step."),
    ),
    "approvals.route_always_asked": Sentence(
        _("The conditions say nothing: “{step}” would always be asked."), _("Remove them, or change a threshold.")
    ),
    "approvals.route_asks_nobody": Sentence(
        _("Nobody would be asked when: {values}."), _("Let one step be without conditions, or close the gap.")
    ),
    "approvals.route_too_tangled": Sentence(
        _("There are too many thresholds to try them all (more than {limit} cases)."),
        _("Use fewer, or divide the route."),
    ),
    "approvals.signer_outside": Sentence(
        _("{who} is not in the organisation: left, or without a post."), _("Name somebody who works here.")
    ),
    "approvals.department_outside": Sentence(
        _("This department is not in the organisation."), _("Choose one that is.")
    ),
    "approvals.office_empty": Sentence(
        _("Nobody holds this office now: {who}."),
        _("Until somebody does, it is done as the route says for this case."),
    ),
    "approvals.value_missing": Sentence(
        _("The route looks at “{field}”, which is not known of this matter."),
        _("The project management office can change the route."),
    ),
    "approvals.step_without_signers": Sentence(
        _("The step “{step}” asks nobody in this matter."),
        _("Name the departments that take part, or have the route changed."),
    ),
    "approvals.nobody_can_sign": Sentence(
        _("Nobody can sign in the step “{step}”: {party}."),
        _("An administrator fills the office, or the project management office changes the route."),
    ),
    "approvals.not_all_agreed": Sentence(
        _("You agree to all lines, but this one is decided otherwise."),
        _("Send your choices, or choose to agree to this line too."),
    ),
    "approvals.line_asks_nobody": Sentence(
        _("In the step “{step}” nobody is asked about one of the lines."), _("Let the line bind somebody who is asked.")
    ),
    "approvals.too_few_signers": Sentence(
        _("In the step “{step}” {need} must sign, but only {able} can: nobody could complete it."),
        _("An administrator fills the offices, or the project management office changes the route."),
    ),
    "approvals.deputy_loop": Sentence(
        _("Deputies lead in a circle: {names}."),
        _("One of them names somebody else; nobody would sign while all are away."),
    ),
    "approvals.pmo_empty": Sentence(
        _("The project management office has nobody, and it is asked when nobody else can sign."),
        _("An administrator gives somebody a post there."),
    ),
    "approvals.department_without_head": Sentence(
        _("{department} has no head; {instead} signs for it."),
        _("An administrator names a head, if that is not meant."),
    ),
}
