"""Reading feeds, and what a calendar moves."""

from bihuan.agenda.queries.feeds import Opened, agenda_of, feed_for, feeds_of, is_known, open_feed, secret_digest
from bihuan.agenda.queries.recounting import Moved, OfRule, Preview, counted, moved_by, recounts

__all__ = [
    "Moved",
    "OfRule",
    "Opened",
    "Preview",
    "agenda_of",
    "counted",
    "feed_for",
    "feeds_of",
    "is_known",
    "moved_by",
    "open_feed",
    "recounts",
    "secret_digest",
]
