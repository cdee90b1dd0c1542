"""The forms of a collaboration. Sign-offs (opinions, confirmations, approvals) stand beside them, not inside."""

from bihuan.collaborations.forms.acceptance import ACCEPTANCE
from bihuan.collaborations.forms.change import CHANGE
from bihuan.collaborations.forms.consensus import CONSENSUS
from bihuan.collaborations.forms.filing import FILING
from bihuan.collaborations.forms.letters import LETTER
from bihuan.collaborations.forms.problem import APPLICATION, ASSESSMENT, REPORT
from bihuan.collaborations.forms.proposals import EARLY_END, HAND_OVER, SUSPENSION
from bihuan.collaborations.forms.recurrence import RECURRENCE
from bihuan.collaborations.forms.request import REQUEST
from bihuan.collaborations.forms.review import REVIEW
from bihuan.collaborations.forms.secondment import SECONDMENT

__all__ = [
    "ACCEPTANCE", "APPLICATION", "ASSESSMENT", "CHANGE", "CONSENSUS", "EARLY_END", "FILING", "HAND_OVER", "LETTER",
    "RECURRENCE", "REPORT", "REQUEST", "REVIEW", "SECONDMENT", "SUSPENSION",
]  # fmt: skip
