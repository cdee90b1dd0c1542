"""Who is asked for something is told; what nobody is asked for any more needs no reading."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.queries.proposals import form_on_route
from bihuan.collaborations.queries.steps import plan_of
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.subscriptions import acting_person
from bihuan.notifications import operations as notifications

LOOP = "loop"
KIND_OF = {
    LoopKind.SIGNOFF: "waits.decision",
    LoopKind.AMENDMENT: "waits.decision",
    LoopKind.WAIVER: "waits.decision",
    LoopKind.FORM: "waits.form",
    LoopKind.FILER: "waits.form",
    LoopKind.STEP: "waits.form",
    LoopKind.COMMITMENT: "waits.promise",
    LoopKind.VERIFY: "waits.promise",
    LoopKind.NEED_ANSWER: "waits.need",
    LoopKind.NEED_SETTLE: "waits.need",
    LoopKind.NEED_IN_PLACE: "waits.need",
    LoopKind.NEED_RELEASE: "waits.need",
    LoopKind.TASK: "waits.work",
    LoopKind.REPORT: "waits.work",
    LoopKind.RISK: "waits.risk",
    LoopKind.PROBLEM: "waits.work",
    LoopKind.ACKNOWLEDGE: "waits.form",
    LoopKind.RESUME: "waits.form",
    LoopKind.DUPLICATE: "waits.decision",
    LoopKind.OBLIGATION: "waits.form",
    LoopKind.LEADER: "waits.decision",
    LoopKind.JOIN: "waits.decision",
}


def tell_owners(collaboration: Collaboration, loops: Sequence[Loop], *, at: datetime) -> None:
    """Tell those who owe these loops, except who brought it about himself."""
    acting = acting_person()
    besides = frozenset() if acting is None else frozenset({acting})
    notifications.notify_all(
        [
            notifications.News(
                kind=KIND_OF[LoopKind(loop.kind)],
                principals=[loop.owner],
                subject=SubjectRef(LOOP, loop.pk),
                root=SubjectRef("collaboration", collaboration.pk),
                scope_id=collaboration.scope_id,
                key=f"{LOOP}:{loop.pk}:{at.isoformat()}",
                params=said_of(collaboration, loop),
                tell_by=loop.due_at,
                besides=besides,
            )
            for loop in loops
        ],
        at=at,
    )


def said_of(collaboration: Collaboration, loop: Loop) -> dict[str, Any]:
    """What a notice about the loop says, and the page it leads to."""
    page = ["slot", loop.params["slot"]] if loop.kind == LoopKind.SIGNOFF else [loop.subject_kind, loop.subject_id]
    return {
        "loop": loop.kind,
        "page": page,
        "what": loop.params.get("what", ""),
        "form": _form_of(collaboration, loop),
        "one_of": loop.params.get("one_of", []),
        "step": loop.params.get("step", ""),
        "returned": loop.params.get("returned", ""),
    }


def _form_of(collaboration: Collaboration, loop: Loop) -> str:
    if loop.kind == LoopKind.FORM:
        return loop.part
    asked = loop.params.get("route")
    return form_on_route(plan_of(collaboration), asked) if asked else ""


def settle_told(loops: Iterable[int] | QuerySet[Any], *, at: datetime) -> None:
    notifications.settle(LOOP, loops, at=at)
