"""What was given to witnesses outside, and whether they have it."""

from django.db import models
from django.db.models import Q


class Statement(models.Model):
    """The state of the ledger after one seal, as it was signed: one line of JSON."""

    seal = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"statement after seal {self.seal}"


class Handing(models.Model):
    """A statement on its way to one witness: under way, handed over, or given up with the reason."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="handings")
    witness = models.CharField(max_length=8)
    handed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "witness"], name="handed_once_to_a_witness")]
        indexes = [
            models.Index(fields=["witness", "-id"], name="handing_done", condition=Q(handed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} to {self.witness}"
