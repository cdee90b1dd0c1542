"""Reading deadlines."""

from bihuan.deadlines.queries.cards import DeadlineCard, Left, Standing, cards_of, standing_of
from bihuan.deadlines.queries.explaining import explained, recomputed
from bihuan.deadlines.queries.listing import Place, deadline_for, of_subjects, open_of, watched_by
from bihuan.deadlines.queries.sites import sites_of_principals

__all__ = [
    "DeadlineCard",
    "Left",
    "Place",
    "Standing",
    "cards_of",
    "deadline_for",
    "explained",
    "of_subjects",
    "open_of",
    "recomputed",
    "sites_of_principals",
    "standing_of",
    "watched_by",
]
