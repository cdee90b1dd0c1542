"""Who may do what about a risk."""

from bihuan.issues.models import Risk
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor


def may_close(actor: Actor, risk: Risk) -> bool:
    """The PMO, and never who filed it."""
    return actor.is_one_of(principals.PMO) and actor.person_id != risk.record.filler_id
