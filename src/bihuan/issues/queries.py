"""Reading risks, and who may open a green channel."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.queries import terms_for
from bihuan.deadlines.policy.table import RULES
from bihuan.issues.enums import RiskState
from bihuan.issues.models import Risk
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation import queries as organisation


def risks_of(collaboration: Collaboration) -> list[Risk]:
    """Every risk of a matter the caller holds, newest first. One query."""
    return list(collaboration.risks.select_related("department", "finder", "closed_by"))


def filed_within(collaboration: Collaboration) -> timedelta:
    """How long after it was found a risk of this matter may be filed (T18)."""
    limit = terms_for(collaboration.playbook_version).limit_of(RULES["T18"])
    return timedelta(microseconds=limit.us)


def risk_for(actor: Actor, pk: int, *, at: datetime) -> Risk:
    """One risk of a matter the actor reads; raises ``NotFound`` otherwise."""
    found = (
        Risk.objects.filter(access.visible(actor, at=at, path="collaboration__scope"), pk=pk)
        .select_related("collaboration", "department", "finder", "record", "closed_by")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def high_risks(_at: datetime) -> QuerySet[Risk]:
    """Open risks of the high level: their matters are red."""
    return Risk.objects.exclude(state=RiskState.CLOSED).filter(level="HIGH")


def medium_risks(_at: datetime) -> QuerySet[Risk]:
    """Open risks of the medium level: their matters are yellow."""
    return Risk.objects.exclude(state=RiskState.CLOSED).filter(level="MEDIUM")


def openers(lead_department_id: int | None, at: datetime) -> dict[int, str]:
    """Who may open the green channel for a department, by name: its head, the executive in charge, the PMO (G17)."""
    offices = [principals.PMO]
    if lead_department_id is not None:
        offices = [principals.head(lead_department_id), principals.executive(lead_department_id), *offices]
    return {card.id: card.name for office in offices for card in organisation.people_holding(office, at)}


def owed_by(person_id: int | None, at: datetime) -> str:
    """A matter whose papers the person, who opened its channel, still owes beyond their time (T34). One query."""
    late = Loop.objects.filter(kind=LoopKind.OBLIGATION, closed_at__isnull=True, due_at__lt=at)
    found = late.filter(params__opener=person_id).order_by("pk").values_list("collaboration__number", flat=True)
    return found.first() or ""
