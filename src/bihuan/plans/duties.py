"""The tasks a person works on, made known to the registry of duties."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bihuan.collaborations.operations.loops import root_of
from bihuan.organisation import duties
from bihuan.organisation.duties import Duty, Holding
from bihuan.organisation.enums import DeputyKind
from bihuan.plans.enums import FINISHED
from bihuan.plans.models import Task
from bihuan.plans.operations import pass_on

KIND = "plans.task"


def register_duties() -> None:
    duties.register(
        Holding(
            kind=KIND,
            label=_("task"),
            relations=("plans.Task.owner",),
            held_by=worked_on_by,
            hand_over=pass_on,
            order=10,
            stands_in=DeputyKind.WORK,
        )
    )


def worked_on_by(person_id: int, at: datetime) -> list[Duty]:
    """Unfinished tasks of matters under way. One query."""
    mine = Task.objects.filter(owner=person_id, collaboration__ended_at__isnull=True).exclude(state__in=FINISHED)
    return [
        Duty(
            kind=KIND,
            id=task.pk,
            root=root_of(task.collaboration),
            number=task.collaboration.number or "",
            what=task.duty,
            scope_id=task.collaboration.scope_id,
            due_on=task.new_due_on or task.due_on,
        )
        for task in mine.select_related("collaboration")
    ]
