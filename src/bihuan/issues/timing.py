"""The time rules of risks: filed within 24 hours of being found (T18), answered by the PMO (T28).

Of a green channel: the solution within two hours of being received (T03), the papers made up for (T34).
"""

from datetime import datetime
from functools import partial

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.timing import follow_loops, open_loops_of
from bihuan.deadlines import operations
from bihuan.deadlines.operations import Start
from bihuan.deadlines.registry import bind
from bihuan.issues.facts import ChannelOpened, RiskClosed, RiskFiled
from bihuan.issues.models import Risk
from bihuan.kernel import principals
from bihuan.ledger.subscriptions import Recorded
from bihuan.records.facts import RecordSettled, RecordSubmitted

FILING, RESPONSE, SOLUTION, PAPERS = "T18", "T28", "T03", "T34"
ANSWERED_BY_A_DAY = {"HIGH", "MEDIUM"}


def bind_rules() -> None:
    bind([FILING, RESPONSE], {RiskFiled: on_filed}, room="issues")
    bind([RESPONSE], {RiskClosed: on_closed}, room="issues")
    bind([SOLUTION, PAPERS], {ChannelOpened: on_opened}, room="issues")
    bind([SOLUTION], {RecordSubmitted: on_submitted}, room="issues")
    bind([PAPERS], {RecordSettled: on_settled}, room="issues")


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


def on_opened(fact: ChannelOpened, context: Recorded) -> None:
    """Day and night: the solution since it was received, the papers since the channel was opened."""
    owed = open_loops_of(context.root, LoopKind.OBLIGATION)
    begin = partial(operations.start, root=context.root, scope_id=context.scope_id, actor=context.actor, at=context.at)
    begun = datetime.fromisoformat(fact.received_at)
    plans = [
        Start(subject=context.root, part="solution", owner=loop.owner, what=fact.number, started_at=begun)
        for loop in owed[:1]
    ]
    begin(SOLUTION, plans)
    papers = [
        Start(subject=context.root, part=loop.part, owner=loop.owner, what=fact.number, due_at=loop.due_at)
        for loop in owed
    ]
    begin(PAPERS, papers)


def on_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    if fact.form_code == "F15" and context.root.kind == "collaboration":
        operations.fulfil(context.root, rules=[SOLUTION], root=context.root, actor=context.actor, at=context.at)


def on_settled(fact: RecordSettled, context: Recorded) -> None:
    """The engine has closed the loop when everything stands that was owed."""
    if fact.form_code not in {"F13", "F02"} or context.root.kind != "collaboration":
        return
    if not open_loops_of(context.root, LoopKind.OBLIGATION):
        operations.fulfil(context.root, rules=[PAPERS], root=context.root, actor=context.actor, at=context.at)
