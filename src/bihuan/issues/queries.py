"""Reading risks."""

from datetime import datetime

from django.db.models import QuerySet

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration
from bihuan.issues.enums import RiskState
from bihuan.issues.models import Risk
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound


def risks_of(collaboration: Collaboration) -> list[Risk]:
    """Every risk of a matter the caller holds, newest first. One query."""
    return list(collaboration.risks.select_related("department", "finder", "closed_by"))


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
