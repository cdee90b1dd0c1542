"""The time rules of risks: filed within 24 hours of being found (T18), answered by the PMO (T28).

Of a green channel: the solution within two hours of being received (T03), one answer of all to the customer within a
day of it (T22), the papers made up for (T34).
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.facts import LeadChanged, StepEntered
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.queries.steps import is_asked_of
from bihuan.collaborations.timing import follow_loops, open_loops_of, show_dues, terms_in
from bihuan.deadlines import operations, queries
from bihuan.deadlines.operations import Start
from bihuan.deadlines.registry import bind
from bihuan.issues.facts import ChannelOpened, RiskClosed, RiskFiled
from bihuan.issues.models import Risk
from bihuan.kernel import principals
from bihuan.ledger.subscriptions import Recorded
from bihuan.records import queries as records
from bihuan.records.facts import RecordSettled, RecordSubmitted

FILING, RESPONSE, SOLUTION, PAPERS, ANSWER = "T18", "T28", "T03", "T34", "T22"
CUSTOMER_ANSWER = "F32"
STOPPED_BY = {"F15": SOLUTION, CUSTOMER_ANSWER: ANSWER}
ANSWERED_BY_A_DAY = {"HIGH", "MEDIUM"}


def bind_rules() -> None:
    bind([FILING, RESPONSE], {RiskFiled: on_filed}, room="issues")
    bind([RESPONSE], {RiskClosed: on_closed}, room="issues")
    bind([SOLUTION, ANSWER, PAPERS], {ChannelOpened: on_opened}, room="issues")
    bind([SOLUTION, ANSWER], {RecordSubmitted: on_submitted}, room="issues")
    bind([ANSWER], {StepEntered: on_entered}, room="issues")
    bind([SOLUTION, ANSWER], {LeadChanged: on_lead_changed}, room="issues")
    bind([PAPERS], {RecordSettled: on_settled}, room="issues")


def on_filed(fact: RiskFiled, context: Recorded) -> None:
    """The clock of filing ran since the risk was found; a low risk is for the next weekly meeting, by no instant."""
    risk = Risk.objects.get(pk=fact.risk_id)
    found = Start(
        subject=risk.subject, owner=principals.department(risk.department_id), what=f"{risk.number} {risk.title}",
        started_at=risk.discovered_at,
    )  # fmt: skip
    operations.start(
        FILING, [found], root=context.root, scope_id=context.scope_id, terms=terms_in(context),
        actor=context.actor, at=context.at,
    )  # fmt: skip
    operations.fulfil(risk.subject, rules=[FILING], root=context.root, actor=context.actor, at=risk.filed_at)
    if fact.level in ANSWERED_BY_A_DAY:
        waiting = open_loops_of(risk.subject, LoopKind.RISK)
        follow_loops(RESPONSE, waiting, context, kind_of=lambda _loop: fact.level)


def on_closed(fact: RiskClosed, context: Recorded) -> None:
    operations.fulfil(context.subject, rules=[RESPONSE], root=context.root, actor=context.actor, at=context.at)


def on_opened(fact: ChannelOpened, context: Recorded) -> None:
    """Day and night: the solution since it was received, the papers since the channel was opened."""
    owed = open_loops_of(context.root, LoopKind.OBLIGATION)
    begin = partial(
        operations.start, root=context.root, scope_id=context.scope_id, terms=terms_in(context),
        actor=context.actor, at=context.at,
    )  # fmt: skip
    begun = datetime.fromisoformat(fact.received_at)
    plans = [
        Start(subject=context.root, part="solution", owner=loop.owner, what=fact.number, started_at=begun)
        for loop in owed[:1]
    ]
    begin(SOLUTION, plans)
    follow_customer(context, [replace(plan, part=CUSTOMER_ANSWER) for plan in plans])
    papers = [
        Start(subject=context.root, part=loop.part, owner=loop.owner, what=fact.number, due_at=loop.due_at)
        for loop in owed
    ]
    begin(PAPERS, papers)


def follow_customer(context: Recorded, wanted: list[Start]) -> None:
    """One answer is owed from when the customer complained, where one waits at all; it is not owed to nobody."""
    matter = Collaboration.objects.select_related("playbook_version").get(pk=context.root.id)
    if not is_asked_of(matter, CUSTOMER_ANSWER):
        operations.cancel(context.root, rules=[ANSWER], root=context.root, actor=context.actor, at=context.at)
        return
    opened = records.latest(context.root, "F25")
    since = opened.data.get("customer_since") if opened is not None else None
    operations.start(
        ANSWER, [replace(one, started_at=datetime.fromisoformat(since)) if since else one for one in wanted],
        root=context.root, scope_id=context.scope_id, terms=terms_in(context), actor=context.actor, at=context.at,
    )  # fmt: skip


def on_corrected(fact: RecordSubmitted, context: Recorded) -> None:
    """A customer who turned up later is owed an answer too, shown by the form that is asked for now."""
    version = records.latest(context.root, "F25")
    matter = Collaboration.objects.get(pk=context.root.id)
    if version is None or matter.lead_id is None or records.settled_forms(context.root, [CUSTOMER_ANSWER]):
        return
    received = datetime.fromisoformat(version.data["received_at"])
    owed = Start(
        subject=context.root, part=CUSTOMER_ANSWER, owner=principals.person(matter.lead_id), what=fact.number,
        started_at=received,
    )  # fmt: skip
    follow_customer(context, [owed])
    show_answer(context)


def on_submitted(fact: RecordSubmitted, context: Recorded) -> None:
    if fact.form_code == "F25" and fact.version > 1 and context.root.kind == "collaboration":
        on_corrected(fact, context)
    if fact.form_code in STOPPED_BY and context.root.kind == "collaboration":
        rules = [STOPPED_BY[fact.form_code]]
        operations.fulfil(context.root, rules=rules, root=context.root, actor=context.actor, at=context.at)


def on_lead_changed(fact: LeadChanged, context: Recorded) -> None:
    """Solution and answer are owed by whoever leads, also before a form asks for them."""
    owed = [row for row in queries.open_of(context.root) if row.rule in {SOLUTION, ANSWER}]
    owner = principals.person(fact.after)
    changed = {row.pk: owner for row in owed if row.owner != owner}
    if changed:
        operations.hand_over(changed, root=context.root, actor=context.actor, at=context.at)


def on_entered(fact: StepEntered, context: Recorded) -> None:
    """The step asks for the answer: it shows the instant that has been running since the complaint was received."""
    show_answer(context)


def show_answer(context: Recorded) -> None:
    asked = [loop for loop in open_loops_of(context.root, LoopKind.FORM) if loop.part == CUSTOMER_ANSWER]
    if asked:
        running = {row.part: row.due_at for row in queries.open_of(context.root) if row.rule == ANSWER}
        show_dues({loop.pk: running[loop.part] for loop in asked if loop.part in running})


def on_settled(fact: RecordSettled, context: Recorded) -> None:
    """The engine has closed the loop when everything stands that was owed."""
    if fact.form_code not in {"F13", "F02"} or context.root.kind != "collaboration":
        return
    if not open_loops_of(context.root, LoopKind.OBLIGATION):
        operations.fulfil(context.root, rules=[PAPERS], root=context.root, actor=context.actor, at=context.at)
