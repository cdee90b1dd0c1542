"""Reading deadlines."""

from bihuan.deadlines.queries.cards import (
    DeadlineCard,
    Left,
    Owed,
    Standing,
    cards_of,
    left_until,
    time_left,
)
from bihuan.deadlines.queries.choices import RuleCard, history_of_choices, rule_cards
from bihuan.deadlines.queries.closing import closes_on
from bihuan.deadlines.queries.explaining import explained, recomputed
from bihuan.deadlines.queries.listing import Place, deadline_for, key_of, of_subjects, open_of, watched_by
from bihuan.deadlines.queries.outcomes import MOST_MONTHS, Outcome, outcomes
from bihuan.deadlines.queries.sites import Whereabouts, whereabouts_of

__all__ = [
    "MOST_MONTHS",
    "DeadlineCard",
    "Left",
    "Outcome",
    "Owed",
    "Place",
    "RuleCard",
    "Standing",
    "Whereabouts",
    "cards_of",
    "closes_on",
    "deadline_for",
    "explained",
    "history_of_choices",
    "key_of",
    "left_until",
    "of_subjects",
    "open_of",
    "outcomes",
    "recomputed",
    "rule_cards",
    "time_left",
    "watched_by",
    "whereabouts_of",
]
