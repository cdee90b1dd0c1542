"""The matters a person was promised to, made known to the registry of duties."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.operations.loops import root_of
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, Holding
from bihuan.organisation.enums import DeputyKind
from bihuan.resources.enums import ENDED
from bihuan.resources.models import Need
from bihuan.resources.operations import pass_on

KIND = "resources.person"


def register_duties() -> None:
    duties.register(
        Holding(
            kind=KIND,
            label=_("promised to"),
            relations=("resources.Need.named_person",),
            held_by=promised_as,
            hand_over=pass_on,
            order=11,
            stands_in=DeputyKind.WORK,
        )
    )


def promised_as(person_id: int, at: datetime) -> list[Duty]:
    """Needs not given back, of matters under way. One query."""
    mine = Need.objects.filter(named_person=person_id, collaboration__ended_at__isnull=True).exclude(state__in=ENDED)
    return [
        Duty(
            kind=KIND,
            id=need.pk,
            root=root_of(need.collaboration),
            number=need.collaboration.number or "",
            what=need.what,
            scope_id=need.collaboration.scope_id,
            due_on=need.ends_on,
        )
        for need in mine.select_related("collaboration")
    ]
