"""Reading deadlines."""

from bihuan.deadlines.queries.explaining import explained, recomputed
from bihuan.deadlines.queries.listing import deadline_for, of_subjects, open_of, owed_by, watched_by
from bihuan.deadlines.queries.sites import sites_of_principals

__all__ = [
    "deadline_for",
    "explained",
    "of_subjects",
    "open_of",
    "owed_by",
    "recomputed",
    "sites_of_principals",
    "watched_by",
]
