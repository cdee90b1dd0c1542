"""The matters a person carries, made known to the registry of duties; and what holds an office or a department.

Nothing stays with nobody: whatever changes the organisation, an office that something waits for is not emptied by it,
and no department is closed with it.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.access.enums import Role
from bihuan.access.models import Member
from bihuan.collaborations.models import Collaboration, Party
from bihuan.collaborations.operations.loops import root_of
from bihuan.collaborations.operations.succession import (
    pass_on_contact,
    pass_on_filing,
    pass_on_initiator,
    pass_on_lead,
)
from bihuan.collaborations.policy.members import FILER
from bihuan.collaborations.queries.offices import why_not_closed, why_not_emptied, why_not_ended
from bihuan.kernel import principals
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding
from bihuan.ledger.subscriptions import Recorded, subscribe
from bihuan.organisation import duties
from bihuan.organisation import queries as organisation
from bihuan.organisation.duties import Duty, HandOver, Holding
from bihuan.organisation.enums import DeputyKind, Function
from bihuan.organisation.facts import (
    DepartmentChanged,
    DepartmentClosed,
    DepartmentsMerged,
    DepartmentSplit,
    ExecutivePutInCharge,
    PersonDeactivated,
    PostChanged,
    PostEnded,
    PostHandedOver,
)

LEAD, INITIATOR, CONTACT = "collaborations.lead", "collaborations.initiator", "collaborations.contact"
FILES = "collaborations.filer"
GROUPS = {
    Function.PMO.value: (principals.PMO, principals.FILING),
    Function.ADMINISTRATION.value: (principals.FILING,),
}


def register_duties() -> None:
    _register(LEAD, _("project lead of"), "Collaboration.lead", led_by, pass_on_lead, order=1)
    _register(INITIATOR, _("initiator of"), "Collaboration.initiator", begun_by, pass_on_initiator, order=2)
    _register(CONTACT, _("contact person in"), "Party.contact", spoken_for_by, pass_on_contact, order=3)
    duties.register(
        Holding(
            kind=FILES,
            label=_("named to file the plan of"),
            relations=("access.Member.principal",),
            held_by=filed_by,
            hand_over=pass_on_filing,
            order=4,
            stands_in=DeputyKind.MATTERS,
        )
    )


def filed_by(person_id: int, at: datetime) -> list[Duty]:
    """Secret matters under way whose plan the person was named to file. One query."""
    named = Member.objects.filter(
        principal=principals.person(person_id), role=Role.RECORDER, via=FILER, until_at__isnull=True
    )
    return [_duty(FILES, row.pk, row) for row in _running().filter(scope__in=named.values("scope"))]


def _register(
    kind: str,
    label: str | Promise,
    column: str,
    held_by: Callable[[int, datetime], list[Duty]],
    hand_over: Callable[[int, HandOver], object],
    *,
    order: int,
) -> None:
    relations = (f"collaborations.{column}",)
    duties.register(
        Holding(
            kind=kind,
            label=label,
            relations=relations,
            held_by=held_by,
            hand_over=hand_over,
            order=order,
            stands_in=DeputyKind.MATTERS,
        )
    )


def led_by(person_id: int, at: datetime) -> list[Duty]:
    """Matters under way. One query."""
    return [_duty(LEAD, row.pk, row) for row in _running().filter(lead=person_id)]


def begun_by(person_id: int, at: datetime) -> list[Duty]:
    """Matters under way. One query."""
    return [_duty(INITIATOR, row.pk, row) for row in _running().filter(initiator=person_id)]


def spoken_for_by(person_id: int, at: datetime) -> list[Duty]:
    """Matters under way in which the person speaks for a department. One query."""
    parties = Party.objects.filter(contact=person_id, collaboration__ended_at__isnull=True)
    return [_duty(CONTACT, row.pk, row.collaboration) for row in parties.select_related("collaboration")]


def _running() -> QuerySet[Collaboration]:
    return Collaboration.objects.filter(ended_at__isnull=True)


def _duty(kind: str, pk: int, matter: Collaboration) -> Duty:
    return Duty(
        kind=kind, id=pk, root=root_of(matter), number=matter.number or "", what=matter.title,
        scope_id=matter.scope_id, due_on=matter.expected_finish,
    )  # fmt: skip


def subscribe_to_offices() -> None:
    """Called in `apps.ready()`."""
    subscribe(PostEnded, on_post_ended, room="collaborations")
    subscribe(PostHandedOver, on_post_ended, room="collaborations")
    subscribe(PersonDeactivated, on_person_deactivated, room="collaborations")
    subscribe(PostChanged, on_post_changed, room="collaborations")
    subscribe(ExecutivePutInCharge, on_charge_put, room="collaborations")
    subscribe(DepartmentChanged, on_department_changed, room="collaborations")
    subscribe(DepartmentsMerged, on_departments_merged, room="collaborations")
    subscribe(DepartmentSplit, on_department_split, room="collaborations")
    subscribe(DepartmentClosed, on_department_closed, room="collaborations")


def on_post_ended(fact: PostEnded | PostHandedOver, context: Recorded) -> None:
    """Somebody else holds the office on the first day on which the post is none any more, or nothing waits for it."""
    _refuse(why_not_ended(fact.post_id, context.at))


def on_person_deactivated(fact: PersonDeactivated, context: Recorded) -> None:
    for post_id in fact.ended_post_ids:
        _refuse(why_not_ended(post_id, context.at))


def on_post_changed(fact: PostChanged, context: Recorded) -> None:
    """A post that begins later than it did is not held until then."""
    if "starts_on" in fact.after:
        _refuse(why_not_emptied(organisation.ending_post(fact.post_id, context.at).offices, context.at))


def on_charge_put(fact: ExecutivePutInCharge, context: Recorded) -> None:
    first = organisation.beginning_of(date.fromisoformat(fact.starts_on))
    _refuse(why_not_emptied([principals.executive(fact.department_id)], max(context.at, first)))


def on_department_changed(fact: DepartmentChanged, context: Recorded) -> None:
    """An import closes a department by changing it; a function that goes is an office that goes."""
    if fact.after.get("is_active") is False:
        _refuse(why_not_closed(fact.department_id, context.at))
    if "function" in fact.after:
        _refuse(why_not_emptied(GROUPS.get(fact.before["function"], ()), context.at))
    if "parent_id" in fact.after:
        gone_from = [fact.before["parent_id"]] if fact.before["parent_id"] else []
        executives = organisation.executives_below([fact.department_id])
        _refuse(why_not_emptied([*executives, *organisation.staff_above(gone_from)], context.at))


def on_departments_merged(fact: DepartmentsMerged, context: Recorded) -> None:
    """Who answers for the other department answers for the one that is gone, also when posts in it end later."""
    offices = [*GROUPS.get(fact.function, ()), *_offices_of([fact.department_id, fact.into_id])]
    _refuse_now_or_later(offices, fact.into_id, context.at)


def on_department_split(fact: DepartmentSplit, context: Recorded) -> None:
    """Of what does not go along nothing is left with those who went."""
    offices = [*GROUPS.get(organisation.function_of(fact.department_id), ()), *_offices_of([fact.department_id])]
    _refuse_now_or_later(offices, fact.department_id, context.at)


def _refuse_now_or_later(offices: Collection[str], department_id: int, at: datetime) -> None:
    """Of offices that are emptied at once, or when a post in the department ends."""
    for instant in (at, *organisation.ends_ahead(department_id, at)):
        _refuse(why_not_emptied(offices, instant))


def _offices_of(department_ids: Collection[int]) -> list[str]:
    """Heads and staff of departments, the staff of those above, and who is in charge of them and of those below."""
    heads = [principals.head(pk) for pk in department_ids]
    return [*heads, *organisation.staff_above(department_ids), *organisation.executives_below(department_ids)]


def on_department_closed(fact: DepartmentClosed, context: Recorded) -> None:
    """Who leads goes into another department with what it owes, or hands it over; it does not just go."""
    _refuse(why_not_closed(fact.department_id, context.at))


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)
