"""How this room says no."""

from bihuan.kernel.errors import NotAllowed, Stale


class NotTheOwner(NotAllowed):
    code = "commitments.not_the_owner"


class NotTheVerifier(NotAllowed):
    code = "commitments.not_the_verifier"


class OwnerVerifies(NotAllowed):
    """Whoever did it never confirms it (AS16)."""

    code = "commitments.owner_verifies"


class NotTheAsker(NotAllowed):
    code = "commitments.not_the_asker"


class MayNotAssign(NotAllowed):
    code = "commitments.may_not_assign"


class StaleCommitment(Stale):
    code = "commitments.stale"
