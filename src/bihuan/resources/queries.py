"""Reading needs."""

from datetime import datetime

from bihuan.access import queries as access
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.queries import current_run, plan_of
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.resources.enums import ENDED
from bihuan.resources.models import Need
from bihuan.resources.policy import step_of_supply


def needs_of(collaboration: Collaboration) -> list[Need]:
    """Every need of a matter the caller holds, in the order of its list. One query."""
    return list(collaboration.needs.select_related("provider", "named_person", "answered_by"))


def need_for(actor: Actor, pk: int, *, at: datetime) -> Need:
    """One need of a matter the actor reads; raises ``NotFound`` otherwise."""
    found = (
        Need.objects.filter(access.visible(actor, at=at, path="collaboration__scope"), pk=pk)
        .select_related(
            "provider",
            "named_person",
            "answered_by",
            "collaboration__lead_department__site",
            "collaboration__playbook_version",
        )
        .first()
    )
    if found is None:
        raise NotFound
    return found


def is_needed_by_now(need: Need) -> bool:
    """Whether the matter has come to the step in which what was promised is put in place."""
    run, plan = current_run(need.collaboration), plan_of(need.collaboration)
    return run is not None and not plan.is_before(run.step, step_of_supply(plan))


def open_of(department_id: int) -> int:
    """How much a department still has to give, or to get back, in matters under way. One query."""
    asked = Need.objects.filter(provider=department_id, collaboration__ended_at__isnull=True)
    return asked.exclude(state__in=ENDED).count()
