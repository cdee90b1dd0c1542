"""Changes of departments that begin on a day to come."""

from django.db import models
from django.db.models import Q

from bihuan.organisation.enums import PlannedKind, PlannedState
from bihuan.organisation.models.departments import Department


class PlannedChange(models.Model):
    """What the department is to be from `begins_on` on: `values` are those of the operation that carries it out.

    `refusal` are the codes of what stood in its way on the day.
    """

    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PlannedKind.choices)
    values = models.JSONField(default=dict)
    begins_on = models.DateField()
    state = models.CharField(max_length=10, choices=PlannedState.choices, default=PlannedState.PLANNED)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    refusal = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PlannedKind.values), name="planned_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=PlannedState.values), name="planned_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["begins_on", "id"], name="planned_changes_ahead", condition=Q(state="PLANNED")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.department_id} from {self.begins_on}"
