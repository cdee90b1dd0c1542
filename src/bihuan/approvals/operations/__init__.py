"""Everything that changes a sign-off. Nothing outside this package writes its tables."""

from bihuan.approvals.operations.deciding import PartDecision, decide, decide_many
from bihuan.approvals.operations.moving import change_principals, pass_on_slots, void
from bihuan.approvals.operations.opening import SlotSpec, open_signoff
from bihuan.approvals.operations.placing import ESCALATE, PLACE_ALL, escalate, place_slots, signoffs_to_place
from bihuan.approvals.operations.routes import Question, open_on_route, publish_route, restore_route, retire_route

__all__ = [
    "ESCALATE",
    "PLACE_ALL",
    "PartDecision",
    "Question",
    "SlotSpec",
    "change_principals",
    "decide",
    "decide_many",
    "escalate",
    "open_on_route",
    "open_signoff",
    "pass_on_slots",
    "place_slots",
    "publish_route",
    "restore_route",
    "retire_route",
    "signoffs_to_place",
    "void",
]
