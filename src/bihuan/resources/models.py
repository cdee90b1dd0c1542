"""Needs (F19a): what a department is asked to give to a matter, until it is given back."""

from django.db import models
from django.db.models import Q

from bihuan.kernel.subjects import SubjectRef
from bihuan.resources.enums import NeedState


class Need(models.Model):
    """One line of the resource list. `offer` is what the provider gives instead when the answer is another offer."""

    collaboration = models.ForeignKey("collaborations.Collaboration", on_delete=models.CASCADE, related_name="needs")
    line_id = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)
    provider = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, related_name="needs")
    type = models.CharField(max_length=12)
    spec = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    purpose = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=NeedState.choices, default=NeedState.ASKED)
    answer = models.TextField(blank=True)
    offer = models.TextField(blank=True)
    answered_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    named_person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.TextField(blank=True)
    in_place_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "line_id"], name="need_line_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["PROMISED", "COUNTERED", "REFUSED"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="need_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="IN_PLACE") | (Q(in_place_at__isnull=False) & ~Q(evidence="")),
                name="need_in_place_with_evidence",
            ),
        ]
        indexes = [models.Index(fields=["provider", "state"], name="need_of_provider")]

    def __str__(self) -> str:
        return f"need {self.pk} of collaboration {self.collaboration_id}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("need", self.pk)

    @property
    def what(self) -> str:
        """The need in a few words, for desks and findings."""
        if self.amount is not None:
            much = f"¥{self.amount:,.2f}"
        else:
            much = f"{self.quantity.normalize():f} {self.unit}" if self.quantity is not None else ""
        return f"{self.spec} {much}".strip()
