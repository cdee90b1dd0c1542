"""The one table of everything somebody owes somebody by a day."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bihuan.commitments.enums import CommitmentKind, CommitmentState
from bihuan.kernel.subjects import SubjectRef


class Commitment(models.Model):
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in CommitmentKind])
    text = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("organisation.Department", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    gate = models.CharField(max_length=60, default="", blank=True)
    source_kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    root_kind = models.CharField(max_length=40)
    root_id = models.BigIntegerField()
    scope = models.ForeignKey("access.Scope", on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=40, default="", blank=True)
    verifier = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default=CommitmentState.OPEN)
    evidence = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    times_returned = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="commitment_state_known", condition=models.Q(state__in=[state.value for state in CommitmentState])
            ),
            models.CheckConstraint(
                name="commitment_claimed_with_evidence",
                condition=~models.Q(state="CLAIMED")
                | (models.Q(claimed_at__isnull=False, owner__isnull=False) & ~models.Q(evidence="")),
            ),
            models.CheckConstraint(
                name="commitment_verified_by_other",
                condition=~models.Q(state="VERIFIED")
                | (models.Q(ended_by__isnull=False) & ~models.Q(ended_by=models.F("owner"))),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["root_kind", "root_id", "state"], name="commitment_root"),
            models.Index(fields=["owner", "due_on"], name="commitment_owed", condition=models.Q(state="OPEN")),
            models.Index(fields=["verifier"], name="commitment_to_verify", condition=models.Q(state="CLAIMED")),
        ]

    def __str__(self) -> str:
        return f"commitment {self.pk} ({self.state})"

    @property
    def root(self) -> SubjectRef:
        return SubjectRef(self.root_kind, self.root_id)

    @property
    def source(self) -> SubjectRef:
        return SubjectRef(self.source_kind, self.source_id)

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("commitment", self.pk)
