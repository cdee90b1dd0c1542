"""Risks: what might go wrong in a matter, from the moment it was filed until it is closed."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from bihuan.issues.enums import RiskState
from bihuan.kernel.subjects import SubjectRef


class Risk(models.Model):
    """The living side of a filed risk report (F11)."""

    collaboration = models.ForeignKey("collaborations.Collaboration", on_delete=models.CASCADE, related_name="risks")
    record = models.OneToOneField("records.Record", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    category = models.CharField(max_length=16)
    level = models.CharField(max_length=8)
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, related_name="+")
    finder = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    discovered_at = models.DateTimeField()
    filed_at = models.DateTimeField()
    late_by = models.DurationField(default=timedelta)
    state = models.CharField(max_length=12, choices=RiskState.choices, default=RiskState.REPORTED)
    outcome = models.TextField(blank=True)
    closed_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(filed_at__gte=F("discovered_at")), name="risk_filed_after_found"),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | (Q(closed_by__isnull=False) & ~Q(outcome="")),
                name="risk_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("risk", self.pk)
