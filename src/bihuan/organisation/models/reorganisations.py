"""Departments that became one, or two: what was decided, and how far the matters have followed."""

from django.db import models
from django.db.models import F, Q

from bihuan.organisation.enums import ReorganisationKind
from bihuan.organisation.models.departments import Department


class Reorganisation(models.Model):
    """`department` went into `into` (merged), or gave people and matters to the new `into` (split).

    People and offices change in the transaction; the matters under way follow in chunks, `done` of `total`.
    """

    kind = models.CharField(max_length=10, choices=ReorganisationKind.choices)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    into = models.ForeignKey(Department, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(department=F("into")), name="reorganisation_of_two_departments"),
            models.CheckConstraint(condition=Q(kind__in=ReorganisationKind.values), name="reorganisation_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.department_id} → {self.into_id}"
