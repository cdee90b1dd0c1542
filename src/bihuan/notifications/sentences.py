from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "notifications.link_over": Sentence(
        _("This link has been used, or is older than two weeks."),
        _("What still waits for you stands on your desk."),
    ),
    "notifications.hours_unreadable": Sentence(
        _("This is not a time of day."), _("Write it as hours and minutes, for example 08:30.")
    ),
    "notifications.hours_too_short": Sentence(
        _("There is less than an hour in which you could be reached."),
        _("Let the hours end at least one hour after they begin, on the same day."),
    ),
    "notifications.kind_unknown": Sentence(
        _("There is no such kind of notice."), _("Choose among those on the page of your notices.")
    ),
    "notifications.channel_unknown": Sentence(
        _("There is no such channel here."), _("Choose among those on the page of your notices.")
    ),
}
