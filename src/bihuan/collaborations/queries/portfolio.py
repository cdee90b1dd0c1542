"""The portfolio: filters as values, pages by key."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.collaborations.models import Collaboration, Party, StepRun
from bihuan.collaborations.queries.matters import MatterRow, for_list, rows_of, visible_to
from bihuan.kernel.actor import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the portfolio is narrowed to; empty fields do not narrow."""

    text: str = ""
    step: str = ""
    department_id: int | None = None
    led_by_id: int | None = None
    playbook: str = ""
    mine: bool = False
    state: str = "running"  # running | ended | all


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[MatterRow]
    next_before: int | None


def portfolio(actor: Actor, filters: Filters, *, before: int | None, at: datetime, size: int = PAGE) -> Page:
    """One page, newest first. `before` is the key of the last row of the page before; nothing is counted."""
    matters = narrowed(visible_to(actor, at=at, level=Level.OUTLINE), filters, actor, at=at)
    if before is not None:
        matters = matters.filter(pk__lt=before)
    found = list(for_list(matters.order_by("-pk"))[: size + 1])
    shown = found[:size]
    return Page(
        rows=rows_of(shown, actor=actor, at=at),
        next_before=shown[-1].pk if len(found) > size else None,
    )


def narrowed(
    matters: QuerySet[Collaboration], filters: Filters, actor: Actor, *, at: datetime
) -> QuerySet[Collaboration]:
    """The matters that pass the filters.

    Of a matter known only in outline no more is told by filtering than by looking: departments, playbook, people and
    words are looked up among the readable ones only (AT05).
    """
    if filters.department_id or filters.led_by_id or filters.playbook or filters.mine:
        matters = matters.filter(_is_readable(actor, at))
    if filters.state == "running":
        matters = matters.filter(ended_at__isnull=True)
    elif filters.state == "ended":
        matters = matters.filter(ended_at__isnull=False)
    if filters.step:
        standing = StepRun.objects.filter(collaboration=OuterRef("pk"), left_at__isnull=True, step=filters.step)
        matters = matters.filter(Exists(standing))
    if filters.department_id:
        takes_part = Party.objects.filter(collaboration=OuterRef("pk"), department_id=filters.department_id)
        matters = matters.filter(Q(lead_department_id=filters.department_id) | Exists(takes_part))
    if filters.led_by_id:
        matters = matters.filter(lead_department_id=filters.led_by_id)
    if filters.playbook:
        matters = matters.filter(playbook_version__playbook__key=filters.playbook)
    if filters.mine:
        matters = matters.filter(is_mine(actor))
    if filters.text.strip():
        matters = matters.filter(_has_text(filters.text.strip(), actor, at))
    return matters


def is_mine(actor: Actor) -> Q:
    """Matters the actor leads, began, or is a contact person of."""
    contact = Party.objects.filter(collaboration=OuterRef("pk"), contact_id=actor.person_id)
    return Q(lead_id=actor.person_id) | Q(initiator_id=actor.person_id) | Q(Exists(contact))


def _is_readable(actor: Actor, at: datetime) -> Q:
    return access.visible(actor, at=at, level=Level.READ)


def _has_text(text: str, actor: Actor, at: datetime) -> Q:
    in_title = Q(title__icontains=text) | Q(short_name__icontains=text) | Q(source_number=text)
    return Q(number__icontains=text) | (in_title & _is_readable(actor, at))
