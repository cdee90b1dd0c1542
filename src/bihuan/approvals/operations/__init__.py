"""Everything that changes a sign-off. Nothing outside this package writes its tables."""

from bihuan.approvals.operations.amending import AmendmentAnswer, answer_amendments
from bihuan.approvals.operations.asking import add_signer, advise, consult, get_back, remove_signer, transfer
from bihuan.approvals.operations.batch import BATCH_LIMIT, Answer, Choice, SendBack, decide_each
from bihuan.approvals.operations.deciding import decide, decide_by_letter, decide_many
from bihuan.approvals.operations.moving import change_principals, pass_on_slots, void
from bihuan.approvals.operations.opening import SlotSpec, open_signoff
from bihuan.approvals.operations.placing import ESCALATE, PLACE_ALL, escalate, place_slots, signoffs_to_place
from bihuan.approvals.operations.returning import return_to, take_back
from bihuan.approvals.operations.routes import Question, open_on_route, publish_route, restore_route, retire_route
from bihuan.approvals.operations.talking import note_read, remark, send_copies
from bihuan.approvals.policy import PartDecision

__all__ = [
    "BATCH_LIMIT",
    "ESCALATE",
    "PLACE_ALL",
    "AmendmentAnswer",
    "Answer",
    "Choice",
    "PartDecision",
    "Question",
    "SendBack",
    "SlotSpec",
    "add_signer",
    "advise",
    "answer_amendments",
    "change_principals",
    "consult",
    "decide",
    "decide_by_letter",
    "decide_each",
    "decide_many",
    "escalate",
    "get_back",
    "note_read",
    "open_on_route",
    "open_signoff",
    "pass_on_slots",
    "place_slots",
    "publish_route",
    "remark",
    "remove_signer",
    "restore_route",
    "retire_route",
    "return_to",
    "send_copies",
    "signoffs_to_place",
    "take_back",
    "transfer",
    "void",
]
