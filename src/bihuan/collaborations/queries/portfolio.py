"""The portfolio: filters as values, pages by key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop, Party, StepRun
from bihuan.collaborations.policy.playbook import key_of
from bihuan.collaborations.queries.health import fares
from bihuan.collaborations.queries.matters import MatterRow, for_list, listed_for, rows_of
from bihuan.kernel.actor import Actor
from bihuan.search import queries as search

SERIES = "XZ-"  # every number begins so
PAGE = 50
DUE_WITHIN = {"overdue": timedelta(0), "week": timedelta(days=7), "month": timedelta(days=31)}
ROLES = ("any", "lead", "initiator", "contact", "head")
DUE = (*DUE_WITHIN, "none")
PARTIES = ("none", "one", "several")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the portfolio is narrowed to; empty fields do not narrow."""

    text: str = ""
    step: str = ""
    department_id: int | None = None
    led_by_id: int | None = None
    playbook: str = ""
    mine: bool = False
    state: str = "running"  # running | resting | ended | all
    role: str = ""  # one of ROLES
    due: str = ""  # one of DUE
    programme_id: int | None = None
    health: str = ""  # one of HEALTH
    parties: str = ""  # how many departments: one of PARTIES

    @property
    def tells(self) -> bool:
        """Whether the filters ask for what an outline does not say."""
        return bool(
            self.department_id or self.led_by_id or self.playbook or self.mine or self.role or self.due
            or self.programme_id or self.health or self.parties or self.state == "resting"
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[MatterRow]
    next_before: int | None


def portfolio(actor: Actor, filters: Filters, *, before: int | None, at: datetime, size: int = PAGE) -> Page:
    """One page, newest first. `before` is the key of the last row of the page before; nothing is counted."""
    matters = narrowed(listed_for(actor, at=at, level=Level.OUTLINE), filters, actor, at=at)
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
    conditions = [*_outlined(filters), *_told(filters, actor, at)]
    if filters.tells:
        conditions.append(_is_readable(actor, at))
    if filters.text.strip():
        conditions.append(_has_text(filters.text.strip(), actor, at))
    return matters.filter(*conditions)


def _outlined(filters: Filters) -> Iterator[Q]:
    """What an outline says as well."""
    if filters.state in {"running", "ended"}:
        yield Q(ended_at__isnull=filters.state == "running")
    if filters.step:
        standing = StepRun.objects.filter(collaboration=OuterRef("pk"), left_at__isnull=True, step=filters.step)
        yield Q(Exists(standing))


def _told(filters: Filters, actor: Actor, at: datetime) -> Iterator[Q]:
    """What only readers of a matter are told."""
    if filters.department_id:
        yield Q(pk__in=_led_or_joined(filters.department_id))
    if filters.led_by_id:
        yield Q(lead_department_id=filters.led_by_id)
    if filters.playbook:
        yield Q(playbook_version__playbook__key=key_of(filters.playbook))
    if filters.programme_id:
        yield Q(parent_id=filters.programme_id)
    if filters.mine or filters.role:
        yield _in_role(actor, filters.role or "any")
    if filters.due:
        yield _is_due(filters.due, at)
    if filters.state == "resting":
        resting = Loop.objects.filter(collaboration=OuterRef("pk"), kind=LoopKind.RESUME, closed_at__isnull=True)
        yield Q(Exists(resting))
    if filters.health:
        yield fares(filters.health, at)
    if filters.parties:
        yield _of_departments(filters.parties)


def _of_departments(many: str) -> Q:
    """Matters of no department, of a single one, of several: who leads counts, and every other one once."""
    joined = Party.objects.filter(collaboration=OuterRef("pk"))
    behind = Party.objects.filter(collaboration=OuterRef("collaboration"), pk__gt=OuterRef("pk"))
    is_joined, is_joined_twice = Q(Exists(joined)), Q(Exists(joined.filter(Exists(behind))))
    is_joined_by_others = Q(Exists(joined.exclude(department=OuterRef("lead_department"))))
    leads = Q(lead_department__isnull=False)
    several = (leads & is_joined_by_others) | (~leads & is_joined_twice)
    none = ~leads & ~is_joined
    return {"none": none, "several": several}.get(many, ~none & ~several)


def _led_or_joined(department_id: int) -> QuerySet[Any, Any]:
    """Two indexes, each asked once: an OR of the two would be tried on every matter there is."""
    led = Collaboration.objects.filter(lead_department_id=department_id).order_by().values("pk")
    return led.union(Party.objects.filter(department_id=department_id).order_by().values("collaboration_id"))


def is_mine(actor: Actor) -> Q:
    """Matters the actor leads, began, or is a contact person of."""
    return _in_role(actor, "any")


def _in_role(actor: Actor, role: str) -> Q:
    contact = Exists(Party.objects.filter(collaboration=OuterRef("pk"), contact_id=actor.person_id))
    headed = [int(key[2:]) for key in actor.principals if key.startswith("h:")]
    lead, initiator = Q(lead_id=actor.person_id), Q(initiator_id=actor.person_id)
    found = {"lead": lead, "initiator": initiator, "contact": Q(contact), "head": Q(lead_department__in=headed)}
    return found.get(role, lead | initiator | Q(contact))


def _is_due(when: str, at: datetime) -> Q:
    """The next limit of the matter is over, or near; or there is none."""
    limits = Loop.objects.filter(collaboration=OuterRef("pk"), closed_at__isnull=True, due_at__isnull=False)
    if when == "none":
        return ~Q(Exists(limits))
    return Q(Exists(limits.filter(due_at__lt=at + DUE_WITHIN[when])))


def _is_readable(actor: Actor, at: datetime) -> Q:
    return access.visible(actor, at=at, level=Level.READ)


def _has_text(text: str, actor: Actor, at: datetime) -> Q:
    """Words are looked up in the index; the beginning of a number also among outlines, where it can be one."""
    worded = search.holds(text, "matter") & _is_readable(actor, at)
    begins = text.upper()
    if begins[: len(SERIES)] != SERIES[: len(begins)]:
        return worded
    return Q(pk__in=Collaboration.objects.filter(number__startswith=begins).values("pk")) | worded
