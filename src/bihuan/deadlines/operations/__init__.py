"""Starting, ending, stopping and moving deadlines, and looking which are due."""

from bihuan.deadlines.operations.choosing import choose_profile
from bihuan.deadlines.operations.ending import cancel, cancel_of_root, fulfil, give_up
from bihuan.deadlines.operations.fencing import is_anybody_counting, say_counting
from bihuan.deadlines.operations.moving import hand_over, move, recompute
from bihuan.deadlines.operations.pausing import pause, resume
from bihuan.deadlines.operations.reclassing import Classed, class_anew
from bihuan.deadlines.operations.resting import start_clocks, stop_clocks
from bihuan.deadlines.operations.scanning import scan
from bihuan.deadlines.operations.starting import Start, start
from bihuan.deadlines.operations.telling import remind_of_pauses, tell_moved

__all__ = [
    "Classed",
    "Start",
    "cancel",
    "cancel_of_root",
    "choose_profile",
    "class_anew",
    "fulfil",
    "give_up",
    "hand_over",
    "is_anybody_counting",
    "move",
    "pause",
    "recompute",
    "remind_of_pauses",
    "resume",
    "say_counting",
    "scan",
    "start",
    "start_clocks",
    "stop_clocks",
    "tell_moved",
]
