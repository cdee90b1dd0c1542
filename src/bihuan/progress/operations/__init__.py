"""What the room does: opening, filing and locking what is reported again and again."""

from bihuan.progress.operations.turns import class_turn_anew
from bihuan.progress.operations.weeks import (
    ask_again,
    change_department,
    give_table,
    give_up_week,
    lock_week,
    matters_without_week,
    move_week,
    open_due_week,
    open_table,
    open_week,
    pass_on,
    rhythm_in,
    submit_report,
    take_table,
)

__all__ = [
    "ask_again",
    "change_department",
    "class_turn_anew",
    "give_table",
    "give_up_week",
    "lock_week",
    "matters_without_week",
    "move_week",
    "open_due_week",
    "open_table",
    "open_week",
    "pass_on",
    "rhythm_in",
    "submit_report",
    "take_table",
]
