"""The time rules of risks: filed within 24 hours of being found (T18), answered by the PMO (T28)."""

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.timing import follow_loops, open_loops_of
from bihuan.deadlines import operations
from bihuan.deadlines.operations import Start
from bihuan.deadlines.registry import bind
from bihuan.issues.facts import RiskClosed, RiskFiled
from bihuan.issues.models import Risk
from bihuan.kernel import principals
from bihuan.ledger.subscriptions import Recorded

FILING, RESPONSE = "T18", "T28"
ANSWERED_BY_A_DAY = {"HIGH", "MEDIUM"}


def bind_rules() -> None:
    bind([FILING, RESPONSE], {RiskFiled: on_filed}, room="issues")
    bind([RESPONSE], {RiskClosed: on_closed}, room="issues")


def on_filed(fact: RiskFiled, context: Recorded) -> None:
    """The clock of filing ran since the risk was found; a low risk is for the next weekly meeting, by no instant."""
    risk = Risk.objects.get(pk=fact.risk_id)
    found = Start(
        subject=risk.subject, owner=principals.department(risk.department_id), what=f"{risk.number} {risk.title}",
        started_at=risk.discovered_at,
    )  # fmt: skip
    operations.start(FILING, [found], root=context.root, scope_id=context.scope_id, actor=context.actor, at=context.at)
    operations.fulfil(risk.subject, rules=[FILING], root=context.root, actor=context.actor, at=risk.filed_at)
    if fact.level in ANSWERED_BY_A_DAY:
        waiting = open_loops_of(risk.subject, LoopKind.RISK)
        follow_loops(RESPONSE, waiting, context, kind_of=lambda _loop: fact.level)


def on_closed(fact: RiskClosed, context: Recorded) -> None:
    operations.fulfil(context.subject, rules=[RESPONSE], root=context.root, actor=context.actor, at=context.at)
