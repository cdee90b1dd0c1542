"""Addresses by which calendar programs read an agenda, and deadlines that are counted anew."""

from django.db import models
from django.db.models import Q

from bihuan.agenda.enums import FeedKind
from bihuan.kernel.subjects import SubjectRef


class Feed(models.Model):
    """A secret address that reads in the name of its owner. Only its digest is kept; it is shown once.

    It holds no matter: what it shows is asked for anew each time it is read.
    """

    owner = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=FeedKind.choices)
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, null=True, related_name="+")
    collaboration = models.ForeignKey(
        "collaborations.Collaboration", on_delete=models.CASCADE, null=True, related_name="+"
    )
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=FeedKind.MINE, department=None, collaboration=None)
                | Q(kind=FeedKind.DEPARTMENT, department__isnull=False, collaboration=None)
                | Q(kind=FeedKind.MATTER, department=None, collaboration__isnull=False),
                name="feed_has_what_its_kind_needs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.prefix}…"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("feed", self.pk)


class Recount(models.Model):
    """Running deadlines are counted anew after a calendar changed, a chunk at a time. Without a site, all of them."""

    site = models.ForeignKey("organisation.Site", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"recount {self.pk}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("recount", self.pk)
