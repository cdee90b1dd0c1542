"""Everything that changes a matter."""

from bihuan.collaborations.operations.adoption import adopt_collaboration, adopt_collaborations
from bihuan.collaborations.operations.amending import answer_amendments
from bihuan.collaborations.operations.ending import reject_collaboration
from bihuan.collaborations.operations.filing import name_filer
from bihuan.collaborations.operations.forms import revise_form, start_form
from bihuan.collaborations.operations.loops import Wanted, close_loops, close_loops_of, open_loop, open_loops, urge
from bihuan.collaborations.operations.matters import change_lead, start_collaboration, withdraw_collaboration
from bihuan.collaborations.operations.measuring import measure_metric, reach_milestone
from bihuan.collaborations.operations.migration import migrate_collaborations
from bihuan.collaborations.operations.playbook_texts import draft_to_try, look_at_playbook, write_playbook
from bihuan.collaborations.operations.playbooks import publish_playbook, publish_shipped_playbooks
from bihuan.collaborations.operations.proposing import start_proposal, withdraw_proposal
from bihuan.collaborations.operations.recurrence import (
    accept_period,
    answer_waiver,
    ask_waiver,
    begin_incomplete,
    hand_in,
    open_due_period,
)
from bihuan.collaborations.operations.relations import begin_follow_up, set_parent, unset_parent
from bihuan.collaborations.operations.reorganising import TOPIC as FOLLOW_REORGANISATION
from bihuan.collaborations.operations.reorganising import follow as follow_reorganisation
from bihuan.collaborations.operations.steps import (
    advance,
    enter_step,
    leave_step,
    matters_to_settle,
    settle,
    settle_waiting,
)
from bihuan.collaborations.operations.suspending import (
    recall_suspension,
    resume_collaboration,
    suspensions_to_recall,
)
from bihuan.collaborations.operations.views import may_share_with, remove_view, save_view
from bihuan.collaborations.queries.recurrence import periods_to_open

__all__ = [
    "FOLLOW_REORGANISATION",
    "Wanted",
    "accept_period",
    "adopt_collaboration",
    "adopt_collaborations",
    "advance",
    "answer_amendments",
    "answer_waiver",
    "ask_waiver",
    "begin_follow_up",
    "begin_incomplete",
    "change_lead",
    "close_loops",
    "close_loops_of",
    "draft_to_try",
    "enter_step",
    "follow_reorganisation",
    "hand_in",
    "leave_step",
    "look_at_playbook",
    "matters_to_settle",
    "may_share_with",
    "measure_metric",
    "migrate_collaborations",
    "name_filer",
    "open_due_period",
    "open_loop",
    "open_loops",
    "periods_to_open",
    "publish_playbook",
    "publish_shipped_playbooks",
    "reach_milestone",
    "recall_suspension",
    "reject_collaboration",
    "remove_view",
    "resume_collaboration",
    "revise_form",
    "save_view",
    "set_parent",
    "settle",
    "settle_waiting",
    "start_collaboration",
    "start_form",
    "start_proposal",
    "suspensions_to_recall",
    "unset_parent",
    "urge",
    "withdraw_collaboration",
    "withdraw_proposal",
    "write_playbook",
]
