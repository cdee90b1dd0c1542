"""What is said about every finding and error of records."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

PICK = _("Pick one from the list; somebody or something no longer active cannot be named.")

SENTENCES = {
    "records.required": Sentence(_("This is not filled in yet."), _("Fill it in; it is needed to submit.")),
    "records.too_short": Sentence(
        _("This is too short: {typed} of at least {limit} characters."), _("Say a little more.")
    ),
    "records.too_long": Sentence(_("This is too long: {typed} of at most {limit} characters."), _("Shorten it.")),
    "records.not_a_date": Sentence(
        _("“{typed}” is not a date."), _("Write a day that exists, such as 2026-11-20 or 2026年11月20日.")
    ),
    "records.not_an_instant": Sentence(
        _("“{typed}” is not a date with a time of day."), _("Write both, such as 2026-11-20 17:00.")
    ),
    "records.not_a_number": Sentence(_("“{typed}” is not a number."), _("Write digits only, such as 1,200 or 15%.")),
    "records.not_an_integer": Sentence(_("“{typed}” is not a whole number."), _("Write a number without decimals.")),
    "records.not_money": Sentence(
        _("“{typed}” is not an amount in yuan."), _("Write an amount such as 50,000 or 5万元.")
    ),
    "records.too_precise": Sentence(_("“{typed}” has more than two decimals of a yuan."), _("Round it to the fen.")),
    "records.too_small": Sentence(_("“{typed}” is below {limit}."), _("Enter {limit} or more.")),
    "records.too_large": Sentence(_("“{typed}” is above {limit}."), _("Enter {limit} or less.")),
    "records.not_yes_or_no": Sentence(_("“{typed}” is neither yes nor no."), _("Choose yes or no.")),
    "records.not_a_choice": Sentence(_("“{typed}” is not one of the choices."), _("Choose one from the list.")),
    "records.unknown_person": Sentence(_("“{typed}” is nobody active in the directory."), PICK),
    "records.unknown_department": Sentence(_("“{typed}” is no active department."), PICK),
    "records.unknown_site": Sentence(_("“{typed}” is no known site."), PICK),
    "records.too_few_rows": Sentence(
        _("There are {typed} rows; at least {limit} are needed."), _("Add what is missing.")
    ),
    "records.too_many_rows": Sentence(
        _("There are {typed} rows; at most {limit} are kept."), _("Group rows, or put the details into an attachment.")
    ),
    "records.vague": Sentence(
        _("Vague words: {words}."), _("Say exactly how much, who, or until which day, so that it can be checked.")
    ),
    "records.blame": Sentence(
        _("This reads like blame: {words}."), _("Describe the fact: what happened, when, with what effect.")
    ),
    "records.control_characters": Sentence(
        _("Invisible control characters were left out."), _("Check that the text still reads as you meant it.")
    ),
    "records.unknown_field": Sentence(_("The form has no field “{field}”."), _("Leave it out.")),
    "records.read_only_field": Sentence(_("The field “{field}” is filled by the system."), _("Leave it out.")),
    "records.not_a_value": Sentence(_("A single value belongs here."), _("Send text, a number, true or false.")),
    "records.not_rows": Sentence(_("A list of rows belongs here."), _("Send a list of objects.")),
    "records.not_departments": Sentence(
        _("A list of departments belongs here."), _("Send a list of the ids of departments.")
    ),
    "records.not_a_group": Sentence(_("A group of fields belongs here."), _("Send an object.")),
    "records.fixed_rows": Sentence(
        _("The rows of this table are given; none can be added or taken away."), _("Load the page again.")
    ),
    "records.takes_no_files": Sentence(
        _("This form takes no files."),
        _("Name in its text where the file lies, or attach it to a form that takes files."),
    ),
    "records.files_many": Sentence(
        _("At most {limit} files belong to one form."), _("Put several into one archive (.zip), or remove one.")
    ),
    "records.file_gone": Sentence(
        _("This file is not attached any more."), _("Look at the form again; it shows the files it has now.")
    ),
    "records.file_missing": Sentence(_("No file came in."), _("Choose one and send it again.")),
    "records.file_empty": Sentence(_("“{name}” is empty."), _("Choose the file again, or save it anew first.")),
    "records.file_large": Sentence(
        _("“{name}” is larger than {limit} MiB."), _("Make it smaller, or split it into several files.")
    ),
    "records.file_kind": Sentence(
        _("A file like “{name}” is not taken: documents, tables, mails, pictures, recordings and .zip archives are."),
        _("Save it as one of these, such as PDF."),
    ),
    "records.file_not_base64": Sentence(
        _("The content of the file is not Base64."), _("Encode the bytes of the file as Base64 and send it again.")
    ),
    "records.draft_changed": Sentence(
        _("{who} saved this form at {at} while you were typing."),
        _("What you typed is still here. Open the form in a second window, compare, and save again."),
    ),
    "records.not_a_draft": Sentence(
        _("This form {number} is not being filled in at the moment; it may already have been submitted."),
        _("Open it to see where it stands."),
    ),
    "records.not_the_filler": Sentence(
        _("Only the person who fills in this form can change it."), _("Ask the person named as filler on the form.")
    ),
}
