"""What is asked about a matter itself, and whether it rests."""

from datetime import datetime, timedelta

from bihuan.collaborations.enums import LoopKind, Outcome
from bihuan.collaborations.models import Collaboration, Loop, StepRun
from bihuan.collaborations.policy import proposals
from bihuan.collaborations.policy.playbook import PlaybookPlan
from bihuan.collaborations.policy.proposals import ROUTES, Standing, refusals
from bihuan.collaborations.queries.letters import awaited_words
from bihuan.collaborations.queries.steps import has_worked, outlives, plan_of
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import queries as records
from bihuan.records.enums import Status
from bihuan.records.models import Record

REQUESTS = tuple(ROUTES)
FORM_OF: dict[str, str] = dict(proposals.FORM_OF)
HANDED_OVER = (LoopKind.COMMITMENT, LoopKind.VERIFY, LoopKind.TASK, LoopKind.RISK)
UNDECIDED = (Status.SUBMITTED, Status.IN_REVIEW)


def standing_of(collaboration: Collaboration, run: StepRun, *, besides: int = 0) -> Standing:
    """Where a matter stands, without the request that is asked about. At most five queries."""
    asked = Record.objects.filter(
        root_kind="collaboration", root_id=collaboration.pk, form_code__in=ROUTES, status__in=UNDECIDED
    ).exclude(pk=besides)
    return Standing(
        step=run.step,
        is_suspended=suspension_of(collaboration.pk) is not None,
        awaits_word=bool(awaited_words(collaboration)),
        has_worked=has_worked(collaboration, run),
        has_open_items=bool(items_to_hand_over(collaboration.pk)),
        open_forms=frozenset(asked.values_list("form_code", flat=True)),
    )


def suspension_of(collaboration_id: int) -> Loop | None:
    """What keeps a resting matter to be resumed; None while it goes on. One query."""
    return Loop.objects.filter(collaboration=collaboration_id, kind=LoopKind.RESUME, closed_at__isnull=True).first()


def items_to_hand_over(collaboration_id: int) -> list[Loop]:
    """Open tasks, promises and risks; not high risks, what has to go back, nor what outlives the matter anyway."""
    loops = Loop.objects.filter(collaboration=collaboration_id, kind__in=HANDED_OVER, closed_at__isnull=True)
    return [loop for loop in loops.order_by("pk") if not outlives(loop) and loop.params.get("level") != "HIGH"]


def row_of(loop: Loop) -> str:
    """The row of an open item in a hand-over."""
    return f"{loop.subject_kind}-{loop.subject_id}"


def may_be_asked(collaboration: Collaboration, run: StepRun | None) -> list[str]:
    """The requests that make sense where the matter stands. At most five queries."""
    if run is None:
        return []
    plan, standing = plan_of(collaboration), standing_of(collaboration, run)
    return [form for form in ROUTES if not refusals(form, plan, standing)]


def rested(collaboration_id: int, at: datetime) -> timedelta:
    """How long a matter has rested in all (domain §4.1). One query."""
    times = Loop.objects.filter(collaboration=collaboration_id, kind=LoopKind.RESUME)
    return sum(((closed or at) - opened for opened, closed in times.values_list("opened_at", "closed_at")), timedelta())


def was_stopped(collaboration: Collaboration) -> bool:
    """Whether its work was ended early. One query."""
    return collaboration.step_runs.filter(outcome=Outcome.STOPPED).exists()


def proposals_of(collaboration: Collaboration, *, actor: Actor, at: datetime) -> list[Record]:
    """Every request about the matter that the actor may read, newest first. One query."""
    root = SubjectRef("collaboration", collaboration.pk)
    return list(records.records_of(root, actor=actor, at=at).filter(form_code__in=ROUTES).order_by("-pk"))


def form_on_route(plan: PlaybookPlan, route: str) -> str:
    """The form a route decides on in a matter: one of its playbook, or a request about the matter itself."""
    steps = (*plan.steps, *(owed.step for owed in plan.obligations))
    own = (each.form for step in steps for each in step.routes if each.code == route)
    return next(own, FORM_OF.get(route, ""))
