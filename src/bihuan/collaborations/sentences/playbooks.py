"""What a playbook is refused for, in words."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

PLAYBOOKS = {
    "collaborations.playbook_empty": Sentence(_("The playbook has no steps."), _("Name at least one step.")),
    "collaborations.playbook_key_taken": Sentence(
        _("{key} is another name of {other}."), _("Write a version of {other}, or choose a key of your own.")
    ),
    "collaborations.playbook_step_unknown": Sentence(
        _("There is no step {step}."), _("Take steps from the library only.")
    ),
    "collaborations.playbook_step_twice": Sentence(_("The step {step} stands twice."), _("Remove one of them.")),
    "collaborations.playbook_names_unknown": Sentence(
        _("There is nothing called {name} that could stand here."),
        _("Name a form, a filler, a guard or a route that exists."),
    ),
    "collaborations.playbook_back_to_later": Sentence(
        _("The way back leads to {step}, which does not come before."), _("Name an earlier step.")
    ),
    "collaborations.playbook_form_twice": Sentence(
        _("The form {form} is asked for twice."), _("Ask for it in one step only.")
    ),
    "collaborations.playbook_instead_of_none": Sentence(
        _("{form} cannot be handed in instead of {other}, which the step does not ask for before it."),
        _("Name a form that stands above it in the same step and stands in for no other."),
    ),
    "collaborations.playbook_not_a_question": Sentence(
        _("Whether {form} is asked for depends on {question}, which no earlier step answers with yes or no."),
        _("Name a question of a form that an earlier step asks for, such as F25.customer."),
    ),
    "collaborations.playbook_route_without_form": Sentence(
        _("The route {route} decides on {form}, which no step has asked for by then."),
        _("Ask for the form in this step or an earlier one, or name another form."),
    ),
    "collaborations.playbook_route_without_signer": Sentence(
        _("The route {route} would find nobody to sign {form}: whom it asks is named in {forms} only."),
        _("Let it decide on that form, or take another route."),
    ),
    "collaborations.playbook_route_without_lines": Sentence(
        _("The route {route} has lines signed one by one ({lines}), and {form} has none of them."),
        _("Let it decide on a form with these lines, or take another route."),
    ),
    "collaborations.playbook_guard_without_form": Sentence(
        _("The guard {guard} looks at {form}, which no step has asked for by then."),
        _("Ask for the form in this step or an earlier one, or take the guard out."),
    ),
    "collaborations.playbook_guard_without_route": Sentence(
        _("The guard {guard} waits for a decision, and no route of the step asks for one."),
        _("Add a route to the step, or take the guard out."),
    ),
    "collaborations.playbook_never_opens": Sentence(
        _("This would begin with {form}, which no step asks for."), _("Name a form that a step asks for.")
    ),
    "collaborations.playbook_gate_too_early": Sentence(
        _("The gate {gate} lies behind the matter before {form} is handed in."), _("Name a later gate.")
    ),
    "collaborations.playbook_clock_without_end": Sentence(
        _("Nothing would ever stop the clock of {key}."), _("Name a form it asks for, or a route that decides.")
    ),
    "collaborations.playbook_clock_unknown": Sentence(
        _("{rule} is no time rule with a limit of its own."), _("Take one of: {rules}.")
    ),
    "collaborations.playbook_clock_twice": Sentence(
        _("The clock {rule} is set twice."), _("Keep one of the two, or say for which kind each is.")
    ),
    "collaborations.playbook_clock_never_begins": Sentence(
        _("No step of this playbook starts the clock {rule}."),
        _("Take it out, or ask for the form that starts it."),
    ),
    "collaborations.playbook_clock_never_stops": Sentence(
        _("{form} starts the clock {rule}, and nothing here would ever stop it."),
        _("Let the playbook have {stop}."),
    ),
    "collaborations.playbook_clock_kind": Sentence(
        _("The rule {rule} knows no kind {kind}."), _("Leave the kind out, or take one of: {kinds}.")
    ),
    "collaborations.playbook_clock_says_nothing": Sentence(
        _("Nothing is said of the clock {rule}."), _("Name its limit, or how its hours count.")
    ),
    "collaborations.playbook_clock_profile": Sentence(
        _("The hours of {rule} cannot be made working time."),
        _("Leave the profile out; a limit such as 4wh counts working hours."),
    ),
    "collaborations.playbook_clock_limit": Sentence(
        _('"{limit}" is no limit.'),
        _("Write a whole number and its unit: 2h hours, 4wh working hours, 3wd working days, 5d calendar days."),
    ),
    "collaborations.playbook_clock_absurd": Sentence(
        _("A limit of {limit} is longer than anybody waits."), _("Stay within {most}.")
    ),
    "collaborations.playbook_clock_urgent": Sentence(
        _("{rule} runs day and night; {limit} does not."), _("Write the limit in hours, such as 2h.")
    ),
    "collaborations.playbook_clock_counted_back": Sentence(
        _("{rule} is counted back from another instant, in hours; {limit} is days."),
        _("Write the limit in hours, such as 4h."),
    ),
    "collaborations.playbook_cadence_form": Sentence(
        _("{form} does not fall due again and again; it is handed in when its step asks for it."),
        _("Name one of: {forms}."),
    ),
    "collaborations.playbook_cadence_never": Sentence(
        _("{form} would never fall due in this playbook."), _("Let the playbook have {needs}.")
    ),
    "collaborations.playbook_cadence_twice": Sentence(
        _("How often {form} falls due is said twice."), _("Keep one of the two.")
    ),
    "collaborations.playbook_cadence_every": Sentence(_('"{every}" is no rhythm.'), _("Take one of: {known}.")),
    "collaborations.playbook_cadence_stray": Sentence(
        _('"{word}" says nothing here.'), _("It belongs to the rhythm {every}; take it out.")
    ),
    "collaborations.playbook_cadence_day": Sentence(_('"{day}" is no day of the week.'), _("Take one of: {days}.")),
    "collaborations.playbook_cadence_number": Sentence(
        _('"{number}" is no working day that every month has.'),
        _("Write 1 to {most}, or -1 to -{most} counted from the end of the month."),
    ),
    "collaborations.playbook_cadence_time": Sentence(
        _('"{at}" is no time of the day.'), _("Write hours and minutes, such as 17:00.")
    ),
    "collaborations.playbook_threshold_twice": Sentence(_("{name} of {of} is set twice."), _("Keep one of the two.")),
    "collaborations.playbook_threshold_unused": Sentence(
        _("The playbook has neither a guard nor a route {of}."), _("Name one that stands in a step.")
    ),
    "collaborations.playbook_threshold_name": Sentence(_("{of} counts by no number {name}."), _("It knows: {names}.")),
    "collaborations.playbook_threshold_unread": Sentence(
        _("Nothing would look at {name}: no step asks for {forms}."), _("Take it out, or ask for the form.")
    ),
    "collaborations.playbook_threshold_range": Sentence(
        _('"{value}" is no whole number from {least} to {most}.'), _("Write one in digits.")
    ),
    "collaborations.playbook_threshold_several": Sentence(
        _("{of} compares {name} with several numbers; it is not clear which one is meant."),
        _("Copy the route under another key and write its numbers there."),
    ),
    "collaborations.playbook_threshold_number": Sentence(
        _('"{value}" is no number.'), _("Write it in digits, such as 100000.")
    ),
    "collaborations.playbook_owed_twice": Sentence(
        _("{key} is made up for twice."), _("Give one of them another key.")
    ),
    "collaborations.playbook_not_judged": Sentence(
        _("Acceptance cannot be held against {form} in this playbook."), _("Name one of: {forms}.")
    ),
    "collaborations.playbook_not_archived": Sentence(
        _("The archive would wait for {form}, which no step asks for."), _("Take it out, or let a step ask for it.")
    ),
    "collaborations.playbook_without_request": Sentence(
        _("No step asks for a request; a matter would have no goal and no number."),
        _("Let the first step ask for {forms}."),
    ),
    "collaborations.playbook_step_behind_end": Sentence(
        _("No matter ever reaches {step}: it stands behind the end."), _("Move it before the end, or take it out.")
    ),
    "collaborations.playbook_step_passed_by": Sentence(
        _("No matter ever reaches {step}: what comes round goes from the work through {steps} to the next period."),
        _("Move it before the work, or take it out."),
    ),
    "collaborations.playbook_never_ends": Sentence(
        _("A matter would never be closed."), _("Let {step} be the last step.")
    ),
    "collaborations.playbook_gate_unknown": Sentence(
        _("Conditions would hold the gate {gate}, which no matter passes."), _("Name a step of this playbook.")
    ),
    "collaborations.playbook_step_imported": Sentence(
        _("The step {step} cannot stand here: only what was imported stands in {imported}, and nowhere else."),
        _("Take another step, or choose a key of your own."),
    ),
    "collaborations.playbook_begins_otherwise": Sentence(
        _("Nobody could begin a matter: {step} asks who begins it for no form that gives it a number."),
        _("Let the initiator fill in one of {forms} first."),
    ),
    "collaborations.playbook_end_asks": Sentence(
        _("At {step} the matter has ended: nobody would ever see to {names}."), _("Move it to an earlier step.")
    ),
    "collaborations.playbook_route_twice": Sentence(
        _("The route {route} over {form} stands twice in this step."), _("Remove one of them.")
    ),
    "collaborations.playbook_form_needs_form": Sentence(
        _("{form} could never be handed in: it needs {other}, which no step has asked for by then."),
        _("Ask for {other} in this step or an earlier one, or take {form} out."),
    ),
    "collaborations.playbook_form_needs_decision": Sentence(
        _("{form} could never be handed in: {other} must be approved before, and no route decides on it by then."),
        _("Add a route over {other} to this step or an earlier one, or take {form} out."),
    ),
    "collaborations.playbook_fails_nowhere": Sentence(
        _("What {form} finds failed in {step} could go back to no step."),
        _("Let the step lead back to one before it, such as EXECUTE."),
    ),
    "collaborations.playbook_judged_later": Sentence(
        _("Acceptance ({by}) would be held against {form}, which is asked for only afterwards."),
        _("Ask for {form} before the acceptance, or take it out here."),
    ),
    "collaborations.playbook_archived_early": Sentence(
        _("The archive ({by}) would wait for {forms}: asked for only afterwards."),
        _("Ask for {by} in a later step, or say what the archive holds."),
    ),
    "collaborations.playbook_gate_behind_end": Sentence(
        _("The gate {gate} lies behind the end: no matter passes it."), _("Name enter:CLOSED or an earlier gate.")
    ),
    "collaborations.playbook_condition_late": Sentence(
        _("Conditions would hold the gate {gate}, which lies behind the matter before anybody sets one in {step}."),
        _("Name a later gate."),
    ),
    "collaborations.playbook_signed_behind_gate": Sentence(
        _("{form} is handed in behind the gate {gate}, which would not wait for its signatures."),
        _("Name a later gate, or have {form} signed in a step."),
    ),
    "collaborations.playbook_field_unasked": Sentence(
        _("A field is added to {form}, which no step asks for."), _("Let a step ask for the form, or name another one.")
    ),
    "collaborations.playbook_field_kind": Sentence(
        _("There are no fields of the kind {kind}."), _("Take one of: {kinds}.")
    ),
    "collaborations.playbook_field_taken": Sentence(
        _("{form} has a field {field} of its own."), _("Give the added field another key.")
    ),
    "collaborations.playbook_field_twice": Sentence(
        _("The field {field} is added to {form} twice."), _("Keep one of the two, or give one another key.")
    ),
    "collaborations.playbook_field_label_twice": Sentence(
        _('Two fields added to {form} are called "{label}": nobody could tell them apart.'),
        _("Give one of them another name."),
    ),
    "collaborations.playbook_field_label_taken": Sentence(
        _('{form} has a field called "{label}" of its own: nobody could tell them apart.'),
        _("Give the added field another name."),
    ),
    "collaborations.playbook_field_without_choices": Sentence(
        _("The field {field} is a choice without options."), _("Name at least two options.")
    ),
    "collaborations.playbook_field_stray_choices": Sentence(
        _("The field {field} has options and is no choice."), _("Take the options out, or make it a CHOICE.")
    ),
    "collaborations.playbook_field_choice_twice": Sentence(
        _("The option {option} stands twice."), _("Keep one of the two.")
    ),
    "collaborations.playbook_note_missing": Sentence(
        _("It is not said what changes with this version."), _("Write one sentence for those who will ask.")
    ),
    "collaborations.playbook_note_long": Sentence(_("The note is too long."), _("Keep it within {limit} characters.")),
    "collaborations.playbook_text_too_long": Sentence(
        _("The text is too long for a playbook."), _("Keep it within {limit} characters.")
    ),
    "collaborations.playbook_text_broken": Sentence(
        _("Line {line} cannot be read."), _("Check its indentation, colons, quotes and brackets.")
    ),
    "collaborations.playbook_text_no_map": Sentence(
        _("The text is no playbook."), _('Begin with lines such as "key: MY_PROCESS"; an existing one shows them all.')
    ),
    "collaborations.playbook_text_unkeepable": Sentence(
        _("Line {line} holds a character that no text can keep ({sign})."), _("Remove it, or type the line anew.")
    ),
    "collaborations.playbook_text_hidden": Sentence(
        _("Line {line} holds a character that nobody sees ({sign})."), _("Type the words anew instead of pasting them.")
    ),
    "collaborations.playbook_text_more": Sentence(_("{count} more words are wrong."), _("Mend those above first.")),
    "collaborations.playbook_text_alias": Sentence(
        _("Line {line} uses an anchor or an alias (& or *)."), _("Write the words out.")
    ),
    "collaborations.playbook_text_tag": Sentence(_("Line {line} uses a tag (!)."), _("Write plain words.")),
    "collaborations.playbook_text_too_deep": Sentence(
        _("Line {line} is nested too deeply."), _("A playbook needs no more than {limit} levels.")
    ),
    "collaborations.playbook_text_twice": Sentence(
        _('Line {line} says "{word}" a second time.'), _("Keep one of the two.")
    ),
    "collaborations.playbook_word_missing": Sentence(_('"{word}" is missing.'), _("Add it.")),
    "collaborations.playbook_word_unknown": Sentence(
        _('Playbooks have no word "{word}".'), _("Take it out, or check how it is spelt.")
    ),
    "collaborations.playbook_minutes_none": Sentence(
        _("It is said how minutes flow, and no step asks for minutes ({form})."),
        _("Ask for {form} in a step, or take the word out."),
    ),
    "collaborations.playbook_minutes_unsigned": Sentence(
        _("Minutes that go out only when they are signed would never go out: no step has {form} signed."),
        _("Add a route over {form} to a step, or let the minutes go out when they are filed (DISTRIBUTE_THEN_SIGN)."),
    ),
    "collaborations.playbook_word_yes_or_no": Sentence(_('"{word}" is either true or false.'), _("Write one of them.")),
    "collaborations.playbook_word_list": Sentence(
        _('"{word}" is a list.'), _("Write each of its lines with a dash, or all of them in square brackets.")
    ),
    "collaborations.playbook_word_map": Sentence(
        _('"{word}" has words of its own.'), _('Write them as "word: text", one a line.')
    ),
    "collaborations.playbook_word_text": Sentence(_('"{word}" is one text.'), _("Write a single value.")),
    "collaborations.playbook_word_pattern": Sentence(
        _('What stands at "{word}" is not of its form.'),
        _("Keys are capital letters, digits and underscores; a gate reads enter:STEP or leave:STEP."),
    ),
    "collaborations.playbook_word_number": Sentence(
        _('"{word}" is a whole number within its limits.'), _("Write a number, hours from 1 to 720.")
    ),
    "collaborations.playbook_word_long": Sentence(_('"{word}" is too long.'), _("Shorten it.")),
    "collaborations.playbook_word_empty": Sentence(_('"{word}" is empty.'), _("Fill it in.")),
    "collaborations.playbook_word_many": Sentence(_('"{word}" has too many lines.'), _("Take some out.")),
    "collaborations.migrate_step_gone": Sentence(
        _("The newest version has no step {step}, where this matter stands."),
        _("Let it finish by its own version, or publish a version that has the step."),
    ),
    "collaborations.migrate_step_passed": Sentence(
        _("Up to where this matter stands the steps differ: {step}."),
        _("Let it finish by its own version; only steps ahead may be others."),
    ),
    "collaborations.migrate_step_differs": Sentence(
        _("The step {step} was carried out with other forms or routes."),
        _("Let it finish by its own version; only steps ahead may be others."),
    ),
    "collaborations.migrate_owed_otherwise": Sentence(
        _("“{key}” is owed already, and the newest version has it made up for otherwise, or not at all."),
        _("Let the matter finish by its own version, or leave this as it was."),
    ),
    "collaborations.migrate_owed_unasked": Sentence(
        _(
            "Nobody would be asked for the papers of “{key}”: {form}, which opens it in the newest version, was handed "
            "in before."
        ),
        _("Let the matter finish by its own version, or have a form that lies ahead open it."),
    ),
    "collaborations.migrate_gate_gone": Sentence(
        _("Something open holds the gate {gate}, which the newest version never passes."),
        _("Close what is open first, or let it finish by its own version."),
    ),
    "collaborations.migrate_reason_missing": Sentence(
        _("It is not said why these matters go on by another version."), _("Write one sentence for their history.")
    ),
    "collaborations.migrate_nothing": Sentence(_("No matter is chosen."), _("Tick at least one.")),
    "collaborations.route_in_use": Sentence(
        _("Playbooks still open this route: {playbooks}."),
        _("Publish versions without it first, and wait until the matters on older ones have ended or moved."),
    ),
}
