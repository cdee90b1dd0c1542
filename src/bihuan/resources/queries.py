"""Reading needs."""

from datetime import datetime

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.resources.models import Need


def needs_of(collaboration: Collaboration) -> list[Need]:
    """Every need of a matter the caller holds, in the order of its list. One query."""
    return list(collaboration.needs.select_related("provider", "named_person", "answered_by"))


def need_for(actor: Actor, pk: int, *, at: datetime) -> Need:
    """One need of a matter the actor reads; raises ``NotFound`` otherwise."""
    found = (
        Need.objects.filter(access.visible(actor, at=at, path="collaboration__scope"), pk=pk)
        .select_related("provider", "named_person", "answered_by", "collaboration__lead_department__site")
        .first()
    )
    if found is None:
        raise NotFound
    return found
