"""What is said about an imported value, and about a file that cannot be read."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

KEPT = _("It came in as it stands; correct it in the source or after adopting the matter.")
LEFT_OUT = _("The row stays outside; correct the source and import again.")
AGAIN = _("Nothing was written. Put the file right and import again.")

FILES = {
    "integrations.file_missing": Sentence(_("There is no file {file} in the folder {folder}."), AGAIN),
    "integrations.file_not_readable": Sentence(_("The file {file} cannot be read: {why}."), AGAIN),
    "integrations.file_outside": Sentence(_("The file {file} is a link that leads out of the folder."), AGAIN),
    "integrations.file_not_regular": Sentence(_("{file} is not an ordinary file."), AGAIN),
    "integrations.file_too_large": Sentence(_("The file {file} is larger than {limit} MiB."), AGAIN),
    "integrations.file_not_utf8": Sentence(
        _("The file {file} is not UTF-8 text; the first wrong byte is number {position}."), AGAIN
    ),
    "integrations.file_not_json": Sentence(_("The file {file} is not one JSON object."), AGAIN),
    "integrations.file_without_rows": Sentence(_("No line of the file {file} can be read."), AGAIN),
}
ROWS = {
    "integrations.line_too_long": Sentence(_("The line is longer than 8 MiB."), LEFT_OUT),
    "integrations.line_not_utf8": Sentence(_("The line is not UTF-8 text."), LEFT_OUT),
    "integrations.nul_in_line": Sentence(_("The line holds a NUL byte."), LEFT_OUT),
    "integrations.line_not_json": Sentence(_("The line is not JSON."), LEFT_OUT),
    "integrations.line_too_deep": Sentence(_("The JSON of the line is nested more than 64 levels deep."), LEFT_OUT),
    "integrations.key_missing": Sentence(_("The row has no id."), LEFT_OUT),
    "integrations.key_too_long": Sentence(_("The id is longer than {limit} characters."), LEFT_OUT),
    "integrations.key_twice": Sentence(_("The id {value} stands already in line {first}."), LEFT_OUT),
    "integrations.belongs_nowhere": Sentence(
        _("The row belongs to the matter “{value}”, which did not come in."), LEFT_OUT
    ),
    "integrations.not_stored": Sentence(_("The database refused the row: {why}."), LEFT_OUT),
}
VALUES = {
    "integrations.wrong_type": Sentence(_("“{value}” is of the wrong type; expected is: {expected}."), KEPT),
    "integrations.too_long": Sentence(_("The value has {length} characters; {limit} are shown."), KEPT),
    "integrations.unstorable_character": Sentence(
        _("The value holds a character that cannot be stored; a replacement mark stands in its place."), KEPT
    ),
    "integrations.not_a_day": Sentence(_("“{value}” is no day of the calendar."), KEPT),
    "integrations.milestone_without_day": Sentence(_("The milestone says “{value}” where a day is expected."), KEPT),
    "integrations.updated_before_created": Sentence(
        _("The last change ({value}) is earlier than the beginning ({created})."), KEPT
    ),
    "integrations.name_missing": Sentence(_("The name is missing; the id stands in its place."), KEPT),
    "integrations.title_missing": Sentence(_("The title is missing; the id stands in its place."), KEPT),
    "integrations.title_long": Sentence(
        _("The title has {length} characters; {limit} are allowed on a request."), KEPT
    ),
    "integrations.number_missing": Sentence(_("There is no usable number; the source says “{value}”."), KEPT),
    "integrations.number_absent": Sentence(_("There is no number."), KEPT),
    "integrations.number_differs": Sentence(_("The number is {value}, but the source wrote {raw}."), KEPT),
    "integrations.number_twice": Sentence(_("The number {value} is also used by {other}."), KEPT),
    "integrations.status_missing": Sentence(_("There is no status."), KEPT),
    "integrations.status_unknown": Sentence(_("The status “{value}” is not known."), KEPT),
}
REFERENCES = {
    "integrations.organisation_unknown": Sentence(_("The organisation “{value}” is not known."), KEPT),
    "integrations.department_unknown": Sentence(_("The department “{value}” is not known."), KEPT),
    "integrations.person_unknown": Sentence(_("The person “{value}” is not known."), KEPT),
    "integrations.post_nowhere": Sentence(
        _("The department “{value}” is not known; the post stays outside, the person does not."),
        _("Bring the department in first, or correct its name, and import again."),
    ),
    "integrations.post_of_nobody": Sentence(
        _("The post is of “{value}”, who is neither in this file nor in already."),
        _("The row stays outside; hand it in together with the people, or bring them in first."),
    ),
    "integrations.sheet_left_out": Sentence(
        _("No table is made of this sheet; its {value} rows stay outside."),
        _("Say which table it is and what its columns mean, or take it out of the file."),
    ),
    "integrations.meetings_left_out": Sentence(
        _("Regular meetings have no place here; the {value} rows of this sheet stay outside."),
        _("Nothing is lost in your file. Meetings of a matter are called on its page."),
    ),
    "integrations.person_not_resolved": Sentence(_("“{value}” names no person: {why}."), KEPT),
    "integrations.programme_unknown": Sentence(_("The programme “{value}” is not known."), KEPT),
    "integrations.parent_unknown": Sentence(
        _("The parent department “{value}” is not known; the department stands at the top."), KEPT
    ),
    "integrations.parent_circle": Sentence(
        _("Going up from the parent “{value}” leads back to the department; it stands at the top."), KEPT
    ),
    "integrations.parent_too_deep": Sentence(
        _("The department lies more than 40 levels deep; it stands at the top."), KEPT
    ),
    "integrations.time_zone_unknown": Sentence(
        _("“{value}” is no time zone."), _("The department came in without it; choose its site on its page.")
    ),
    "integrations.time_zones_several": Sentence(
        _("The department names several time zones: {value}."),
        _("It came in without a site of its own; choose one on its page."),
    ),
    "integrations.lead_missing": Sentence(_("There is no lead department."), KEPT),
    "integrations.criteria_missing": Sentence(_("There are no acceptance criteria."), KEPT),
    "integrations.no_department": Sentence(_("No department is named."), KEPT),
    "integrations.one_department": Sentence(_("A single department is named; nobody else takes part."), KEPT),
    "integrations.owner_missing": Sentence(_("There is no owner."), KEPT),
    "integrations.requester_missing": Sentence(_("There is no requester."), KEPT),
    "integrations.approver_is_author": Sentence(_("The approver {value} is also an author."), KEPT),
    "integrations.listed_twice": Sentence(_("“{value}” is listed twice."), KEPT),
    "integrations.taken_for": Sentence(
        _("“{value}” was taken for {meant}: nobody else is spelled so."),
        _("If somebody else is meant, write the account into the source and import again."),
    ),
    "integrations.may_be": Sentence(
        _("“{value}” may be each of these: {meant}."),
        _("It came in as it stands; write the account into the source and import again."),
    ),
    "integrations.remark": Sentence(_("The source is remarked on: {value}."), KEPT),
}
RUNS = {
    "integrations.no_file": Sentence(_("No file was handed in."), _("Choose a workbook, CSV or JSON files.")),
    "integrations.files_many": Sentence(
        _("More than {limit} files were handed in."), _("Hand in fewer files at once, or one workbook with all sheets.")
    ),
    "integrations.files_same": Sentence(
        _("{one} and {other} are read as the same part of the shape: only one of them could come in."),
        _("Put them together into one file, or hand them in one after the other."),
    ),
    "integrations.files_mixed": Sentence(
        _("{one} is JSON and {other} is a table; they are not read together."), _("Hand them in one after the other.")
    ),
    "integrations.not_in_this_state": Sentence(
        _("This import has gone on meanwhile."), _("Load the page again to see where it stands.")
    ),
    "integrations.files_gone": Sentence(
        _("The files of this import are not there any more."), _("Hand them in again.")
    ),
    "integrations.department_not_named": Sentence(
        _("No row of these files names a department “{value}” that no list has."),
        _("Choose from those the check has found, or make the department under Departments."),
    ),
    "integrations.stopped_by_hand": Sentence(
        _("Somebody stopped this import."), _("What came in is whole; the rest goes on when you say so.")
    ),
    "integrations.right_ended": Sentence(
        _("The person who started the import may not bring data in any more."),
        _("What came in is whole. Somebody who may can hand the files in again."),
    ),
    "integrations.organisation_left": Sentence(
        _("Departments, people and posts are brought in by administrators."), LEFT_OUT
    ),
}
MAPPING = {
    "integrations.no_sheet_used": Sentence(
        _("No sheet is taken as a table."), _("Say for at least one sheet which table it is.")
    ),
    "integrations.table_unknown": Sentence(_("There is no table “{value}”."), _("Choose one of the list.")),
    "integrations.column_unknown": Sentence(_("{sheet}: there is no column “{value}”."), _("Choose one of the list.")),
    "integrations.column_twice": Sentence(
        _("{sheet}: “{value}” is taken from two columns."), _("Leave one of the two as it is.")
    ),
    "integrations.column_missing": Sentence(
        _("{sheet}: no column says “{value}”."), _("Choose the column that says it, or leave the sheet out.")
    ),
    "integrations.mapping_misfits": Sentence(
        _("The mapping has other sheets or columns than the files."),
        _("Read the import again and answer every sheet and every column of it, in their order."),
    ),
    "integrations.content_not_base64": Sentence(
        _("The content of the file is not Base64."), _("Encode the bytes of the file and send them again.")
    ),
    "integrations.mapping_not_readable": Sentence(
        _("The mapping file is not a list of sheets with columns: {why}."),
        _("Take the file that --print-mapping writes and change it."),
    ),
}
SENTENCES = {**RUNS, **MAPPING, **FILES, **ROWS, **VALUES, **REFERENCES}
