"""Reading deadlines."""

from bihuan.deadlines.queries.cards import DeadlineCard, Left, cards_of
from bihuan.deadlines.queries.explaining import explained, recomputed
from bihuan.deadlines.queries.listing import deadline_for, of_subjects, open_of, watched_by
from bihuan.deadlines.queries.sites import sites_of_principals

__all__ = [
    "DeadlineCard",
    "Left",
    "cards_of",
    "deadline_for",
    "explained",
    "of_subjects",
    "open_of",
    "recomputed",
    "sites_of_principals",
    "watched_by",
]
