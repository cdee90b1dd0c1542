"""What departments ask of a matter: to lead it or not, to take part."""

from collections.abc import Iterable
from datetime import datetime

from bihuan.collaborations.enums import Asking
from bihuan.collaborations.models import Collaboration, Petition
from bihuan.collaborations.queries.merging import is_assessed
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation import queries as organisation

ABOUT_LEAD = (Asking.LEAD, Asking.NOT_LEAD)


def open_petitions(collaboration: Collaboration) -> list[Petition]:
    """What is asked and not answered yet, in the order of asking. One query."""
    rows = Petition.objects.filter(collaboration=collaboration, settled_at__isnull=True)
    rows = rows.select_related("department", "asked_by").defer(*organisation.all_but_name("asked_by"))
    return list(rows.order_by("pk"))


def petition_in(collaboration: Collaboration, pk: int) -> Petition:
    """One request to take part in a matter that the caller may read; raises ``NotFound``."""
    found = Petition.objects.filter(collaboration=collaboration, pk=pk, asking=Asking.JOIN).first()
    if found is None:
        raise NotFound
    return found


def is_lead_disputed(collaboration: Collaboration) -> bool:
    """Whether another department wants to lead, or the one that leads does not. One query."""
    asked = Petition.objects.filter(collaboration=collaboration, settled_at__isnull=True)
    lead = collaboration.lead_department_id
    wanted = asked.filter(asking=Asking.LEAD).exclude(department=lead)
    return (wanted | asked.filter(asking=Asking.NOT_LEAD, department=lead)).exists()


def is_lead_decided(collaboration: Collaboration) -> bool:
    """Whether the PMO has said who leads; a later version of the assessment does not undo it. One query."""
    return Petition.objects.filter(
        collaboration=collaboration, asking__in=ABOUT_LEAD, is_granted__isnull=False
    ).exists()


def departments_that_may_lead(collaboration: Collaboration) -> list[int]:
    """The one that leads, and those that take part, in this order. One query."""
    own = [collaboration.lead_department_id] if collaboration.lead_department_id else []
    rows = collaboration.parties.order_by("pk").values_list("department_id", flat=True)
    return list(dict.fromkeys([*own, *rows]))


def headed_there(actor: Actor, collaboration: Collaboration) -> list[int]:
    """For which departments of the problem the actor may say that they want to lead or not. At most three queries."""
    if actor.person_id is None or collaboration.ended_at is not None or not is_assessed(collaboration.pk):
        return []
    return [pk for pk in departments_that_may_lead(collaboration) if actor.is_one_of(principals.head(pk))]


def may_ask_to_join(
    actor: Actor, collaboration: Collaboration, *, inside: Iterable[int], asked: Iterable[Petition]
) -> list[int]:
    """The departments of the actor that are not among those `inside` and have not `asked` yet. No query."""
    is_running = collaboration.ended_at is None and collaboration.number is not None
    if actor.person_id is None or not is_running:
        return []
    waiting = {petition.department_id for petition in asked if petition.asking == Asking.JOIN}
    return sorted(actor.department_ids - set(inside) - waiting)


def who_carries(department_id: int, at: datetime) -> int | None:
    """Who of a department takes a problem on: its contact person, else its head. At most four queries."""
    for holders in (organisation.contacts_of, organisation.heads_of):
        found = holders([department_id], at)[department_id]
        if found:
            return found[0].id
    return None


def joined_for_good(collaboration: Collaboration) -> list[int]:
    """Departments that were let in on their own request. One query."""
    rows = Petition.objects.filter(collaboration=collaboration, asking=Asking.JOIN, is_granted=True)
    return list(rows.values_list("department_id", flat=True))
