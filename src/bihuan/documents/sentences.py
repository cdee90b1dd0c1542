"""What is said about a file that is not read."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

PLAIN = _("Save it again as an ordinary workbook (.xlsx) or as CSV, and send that.")
SMALLER = _("Delete what is empty or divide it into several files, and send those.")
NOTHING_READ = _("Nothing of it was read. Send the file as it was made, or make it anew.")

SENTENCES = {
    "documents.file_too_large": Sentence(_("{file} has more than {limit} MiB."), SMALLER),
    "documents.kind_unknown": Sentence(_("{file} is neither a workbook nor CSV nor JSON."), PLAIN),
    "documents.kind_differs": Sentence(_("{file} is not what its name says: inside it is {really}."), PLAIN),
    "documents.old_or_locked": Sentence(
        _("{file} is a workbook of the old kind (.xls), or it is locked with a password."),
        _("Open it, take the password away and save it as .xlsx."),
    ),
    "documents.locked": Sentence(
        _("{file} is locked with a password."), _("Take the password away and save it again.")
    ),
    "documents.package_broken": Sentence(_("{file} is damaged: {where}."), NOTHING_READ),
    "documents.picture_broken": Sentence(
        _("{file} is damaged, or not the picture its name says."), _("Open it, save it as JPEG or PNG, and send that.")
    ),
    "documents.picture_large": Sentence(
        _("{file} is {width} by {height} pixels, more than {limit} million."), _("Make it smaller and send that.")
    ),
    "documents.picture_located": Sentence(
        _("{file} says where it was taken, and that cannot be taken out of a file of this kind."),
        _("Save it as JPEG or PNG, from which it is taken out here, and send that."),
    ),
    "documents.parts_many": Sentence(_("{file} consists of more than {limit} parts."), PLAIN),
    "documents.unpacks_too_large": Sentence(_("{file} unpacks to more than {limit} MiB."), SMALLER),
    "documents.size_lies": Sentence(_("{file} says a wrong size of its part {where}."), NOTHING_READ),
    "documents.parts_overlap": Sentence(_("Parts of {file} lie on top of each other."), NOTHING_READ),
    "documents.part_name_bad": Sentence(
        _("{file} holds a part with a name that leads elsewhere: {where}."), NOTHING_READ
    ),
    "documents.macros": Sentence(_("{file} holds macros or embedded programs: {where}."), PLAIN),
    "documents.points_outside": Sentence(
        _("{file} takes data from elsewhere: {where}."),
        _("Replace the links by their values and save it again."),
    ),
    "documents.declares_types": Sentence(_("{file} declares XML entities or a document type: {where}."), PLAIN),
    "documents.encoding_odd": Sentence(_("{file} is written in an encoding that is not read: {where}."), PLAIN),
    "documents.sheets_many": Sentence(_("{file} has more than {limit} sheets."), SMALLER),
    "documents.rows_many": Sentence(_("The sheet {where} of {file} has more than {limit} rows."), SMALLER),
    "documents.columns_many": Sentence(
        _("The sheet {where} of {file} has a cell beyond column {limit}."),
        _("Delete the far cells and save it again."),
    ),
    "documents.cells_many": Sentence(_("The sheets of {file} span more than {limit} cells."), SMALLER),
    "documents.merged_many": Sentence(_("The sheet {where} of {file} has more than {limit} merged ranges."), PLAIN),
    "documents.cell_long": Sentence(_("A cell of {file} has more than {limit} characters: {where}."), SMALLER),
    "documents.not_text": Sentence(
        _("{file} is neither UTF-8 nor GB18030 text; the first wrong byte is number {where}."), PLAIN
    ),
    "documents.nul_inside": Sentence(_("{file} holds NUL bytes, which no text has."), PLAIN),
    "documents.csv_broken": Sentence(_("{file} is no CSV: row {where} cannot be divided into cells."), PLAIN),
    "documents.row_wide": Sentence(
        _("Row {where} of {file} has more cells than its first row."),
        _("Put the row right; a text with the delimiter in it stands in quotation marks."),
    ),
    "documents.too_slow": Sentence(_("{file} took longer than {limit} seconds to read and was given up."), SMALLER),
    "documents.too_much_memory": Sentence(
        _("{file} needs more than {limit} MiB of memory to read and was given up."), SMALLER
    ),
    "documents.reading_failed": Sentence(_("{file} could not be read; the reading program stopped."), NOTHING_READ),
}
