"""Everything that changes a feed, or counts deadlines anew by another calendar."""

from bihuan.agenda.operations.feeds import MOST_FEEDS, issue_feed, note_reading, revoke_feed, rotate_feed
from bihuan.agenda.operations.recounting import TOPIC as RECOUNT
from bihuan.agenda.operations.recounting import Change, change_calendar, follow_recount, preview_change

__all__ = [
    "MOST_FEEDS",
    "RECOUNT",
    "Change",
    "change_calendar",
    "follow_recount",
    "issue_feed",
    "note_reading",
    "preview_change",
    "revoke_feed",
    "rotate_feed",
]
