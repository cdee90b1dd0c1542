"""What this room's findings and errors say, and how to mend them."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "agenda.feed_kind": Sentence(
        _("It is not said what the calendar program shall read."),
        _("Choose what is yours, a department, or one matter."),
    ),
    "agenda.feeds_too_many": Sentence(
        _("{limit} addresses are in use already."), _("Revoke one that is not needed any more.")
    ),
    "agenda.read_too_often": Sentence(
        _("This calendar address was asked too often."),
        _("Let the calendar program ask every fifteen minutes at most."),
    ),
    "agenda.not_of_the_department": Sentence(
        _("The calendar of a department is for its head, its contact persons and the executive in charge."),
        _("Subscribe to your own calendar, or ask one of them."),
    ),
    "agenda.preview_stale": Sentence(
        _("Since you looked, other deadlines would move than those you were shown. Nothing was saved."),
        _("Look at the new list, then save."),
    ),
    "agenda.span_unreadable": Sentence(
        _("The days asked for must follow each other and be at most {limit}."), _("Ask for a shorter time.")
    ),
}
