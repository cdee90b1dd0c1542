"""Who stands in for whom, and who is away."""

from django.db import models
from django.db.models import F, Q

from bihuan.organisation.models.people import Person


class Deputy(models.Model):
    """`deputy` stands in for `person` from a day until, not including, another; the first who is here counts.

    `kinds` are values of `DeputyKind`; an empty list means all of them. Decisions may be limited further: to forms by
    their code, up to an amount in yuan, to collaborations by id (F24). Empty means no such limit.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="stands_in_for")
    position = models.PositiveSmallIntegerField()
    kinds = models.JSONField(default=list)
    forms = models.JSONField(default=list)
    amount_limit = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    collaborations = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="nobody_is_his_own_deputy"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="deputy_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.person_id}"

    @property
    def is_limited(self) -> bool:
        return bool(self.forms or self.collaborations) or self.amount_limit is not None


class Absence(models.Model):
    """A person is away from a day until, not including, another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"),
        ]
        indexes = [models.Index(fields=["person", "starts_on"], name="absence_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} away from {self.starts_on}"
