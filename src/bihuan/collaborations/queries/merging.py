"""Problems that may be one: what sounds alike, what may be merged, and what was."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from bihuan.access.queries import visible
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop, StepRun
from bihuan.collaborations.policy.alike import like
from bihuan.collaborations.policy.members import HIDDEN
from bihuan.collaborations.queries.problems import reports_of
from bihuan.kernel.actor import Actor

ASSESSMENT, ASSESSED_IN = "F13", "ASSESS"
LOOKED_AT = 50
LIKE = "like-"


@dataclass(frozen=True, slots=True)
class Other:
    """Another matter as a page names it. `id` is None for who may not read it: the number says enough.

    `is_past`: it is not being assessed any more, so that nothing is merged into it.
    """

    number: str
    id: int | None
    title: str = ""
    is_asked: bool = False
    is_past: bool = False


def part_about(collaboration_id: int) -> str:
    """The part of a loop that asks whether its matter and this one are the same problem."""
    return f"{LIKE}{collaboration_id}"


def is_assessed(collaboration_id: int) -> bool:
    """Whether the matter is a problem that has been reported and stands in its assessment. One query."""
    running = StepRun.objects.filter(collaboration=collaboration_id, step=ASSESSED_IN, left_at__isnull=True)
    return running.filter(collaboration__problem__isnull=False).exists()


def in_assessment() -> Q:
    """The problems that are being assessed, as a condition on matters."""
    standing = StepRun.objects.filter(step=ASSESSED_IN, left_at__isnull=True, collaboration__problem__isnull=False)
    return Q(pk__in=standing.values("collaboration_id"))


def lookalikes(collaboration: Collaboration, description: str) -> list[Collaboration]:
    """Problems being assessed that are described like this one, whoever asks; of the newest ones. Two queries."""
    others = Collaboration.objects.filter(in_assessment()).exclude(pk=collaboration.pk)
    found = {other.pk: other for other in others.exclude(secrecy__in=HIDDEN).order_by("-pk")[:LOOKED_AT]}
    is_like = like(description)
    return [found[report.record.root_id] for report in reports_of(list(found)) if is_like(report.data["description"])]


def questions_about(collaboration: Collaboration) -> dict[int, Loop]:
    """What the PMO is asked now: is it the same problem as that matter? One query."""
    asked = Loop.objects.filter(collaboration=collaboration, kind=LoopKind.DUPLICATE, closed_at__isnull=True)
    return {int(loop.part.removeprefix(LIKE)): loop for loop in asked.order_by("pk")}


def surviving(collaboration: Collaboration) -> str:
    """The number of the problem into which this one was merged; empty for one that was not. At most one query."""
    if collaboration.merged_into_id is None:
        return ""
    number = Collaboration.objects.values_list("number", flat=True).get(pk=collaboration.merged_into_id)
    return number or ""


def mergeable(collaboration: Collaboration, actor: Actor, *, at: datetime) -> list[Other]:
    """The problems into which this one may be merged now, those that are asked about first. Two queries."""
    asked = questions_about(collaboration)
    rows = Collaboration.objects.filter(visible(actor, at=at), in_assessment()).exclude(pk=collaboration.pk)
    others = [
        Other(number or "", pk, title, pk in asked) for pk, number, title in _named(rows.order_by("pk")[:LOOKED_AT])
    ]
    return sorted(others, key=lambda other: not other.is_asked)


def asked_about(collaboration: Collaboration, actor: Actor, *, at: datetime) -> list[Other]:
    """The matters that this one sounds like while nobody has said whether they are the same. At most four queries."""
    matters = Collaboration.objects.filter(pk__in=questions_about(collaboration))
    others = _others(matters, actor, at)
    assessed = set(matters.filter(in_assessment()).values_list("pk", flat=True)) if others else set()
    return [replace(other, is_past=other.id is not None and other.id not in assessed) for other in others]


def merged_into(collaboration: Collaboration, actor: Actor, *, at: datetime) -> Other | None:
    """Where a merged problem is solved. Two queries, none for one that was not merged."""
    if collaboration.merged_into_id is None:
        return None
    return _others(Collaboration.objects.filter(pk=collaboration.merged_into_id), actor, at)[0]


def taken_in(collaboration: Collaboration, actor: Actor, *, at: datetime) -> list[Other]:
    """The reports of the same problem that were merged into this one. One query where there are none, else two."""
    return _others(Collaboration.objects.filter(merged_into=collaboration), actor, at)


def _others(matters: QuerySet[Collaboration], actor: Actor, at: datetime) -> list[Other]:
    rows = list(_named(matters.order_by("pk")))
    if not rows:
        return []
    readable = set(matters.filter(visible(actor, at=at)).values_list("pk", flat=True))
    return [
        Other(number or "", pk, title) if pk in readable else Other(number or "", None) for pk, number, title in rows
    ]


def _named(matters: QuerySet[Collaboration]) -> Iterable[tuple[int, str | None, str]]:
    return matters.values_list("pk", "number", "title")
