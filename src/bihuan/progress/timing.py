"""The time rule of the weekly table (T13): it comes round, and what was not reported in its week never is."""

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.facts import StepEntered, StepLeft
from bihuan.collaborations.models import Loop
from bihuan.collaborations.timing import follow_loops, follow_owners
from bihuan.deadlines import operations
from bihuan.deadlines.registry import Handler, bind
from bihuan.kernel.facts import Fact
from bihuan.ledger.subscriptions import Recorded
from bihuan.plans.enums import EXECUTE
from bihuan.progress.facts import PeriodLocked, PeriodOpened, ReporterChanged, ReportSubmitted
from bihuan.progress.models import Report

WEEK = "T13"


def bind_rules() -> None:
    facts: dict[type[Fact], Handler] = {
        PeriodOpened: on_opened,
        StepEntered: on_entered,
        StepLeft: on_left,
        PeriodLocked: on_locked,
        ReportSubmitted: on_submitted,
        ReporterChanged: follow_owners,
    }
    bind([WEEK], facts, room="progress")


def on_opened(fact: PeriodOpened, context: Recorded) -> None:
    _ask(context)


def on_entered(fact: StepEntered, context: Recorded) -> None:
    """Work that begins anew asks again for the week that is open."""
    if fact.step == EXECUTE:
        _ask(context)


def _ask(context: Recorded) -> None:
    waiting = Loop.objects.filter(collaboration=context.root.id, kind=LoopKind.REPORT, closed_at__isnull=True)
    follow_loops(WEEK, waiting.order_by("pk"), context)


def on_left(fact: StepLeft, context: Recorded) -> None:
    if fact.step == EXECUTE:
        operations.cancel_of_root(context.root, rules=[WEEK], actor=context.actor, at=context.at)


def on_submitted(fact: ReportSubmitted, context: Recorded) -> None:
    operations.fulfil(context.subject, rules=[WEEK], root=context.root, actor=context.actor, at=context.at)


def on_locked(fact: PeriodLocked, context: Recorded) -> None:
    """Whoever did not report in the week has missed it for good."""
    if not fact.missing:
        return
    for report in Report.objects.filter(period=fact.period_id, submitted_at__isnull=True):
        operations.give_up(report.subject, rules=[WEEK], root=context.root, actor=context.actor, at=context.at)
