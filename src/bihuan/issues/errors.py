"""How the room says no."""

from bihuan.kernel.errors import NotAllowed, Stale


class NotThePmo(NotAllowed):
    """Risks are closed by the PMO, which follows them up (B 模板4)."""

    code = "issues.not_the_pmo"


class StaleRisk(Stale):
    """Somebody closed the risk meanwhile."""

    code = "issues.risk_stale"
