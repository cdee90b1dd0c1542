"""Who of the project management office is on duty when."""

from django.db import models
from django.db.models import F, Q

from bihuan.organisation.models.people import Person


class DutyTurn(models.Model):
    """`person` is on duty for the PMO from a day until, not including, another; of several the first who is here is."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="turns")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="turn_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on duty from {self.starts_on}"
