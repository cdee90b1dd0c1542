"""What can be found, and how far the ledger has been read for it. Everything here can be made anew from the rooms.

The grams stand beside: in the FTS5 table `search_grams` on SQLite, in the column `search_entry.grams` on PostgreSQL
(migration 0002); `matching` reads them, `operations` writes them.
"""

from django.db import models

from bihuan.access.models import Scope


class Entry(models.Model):
    """One chunk of one thing that can be found. `unit`: the thing it is read and refreshed with."""

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    unit_kind = models.CharField(max_length=20)
    unit_id = models.BigIntegerField()
    scope = models.ForeignKey(Scope, models.CASCADE, related_name="+")
    number = models.CharField(max_length=80, blank=True)
    title = models.TextField()
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "part"], name="search_entry_once"),
        ]
        indexes = [
            models.Index(fields=["unit_kind", "unit_id"], name="search_entry_of_unit"),
            models.Index(fields=["number"], name="search_entry_of_number"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}/{self.part}"


class Followed(models.Model):
    """How many facts of a chain the index has seen."""

    root_kind = models.CharField(max_length=32)
    root_id = models.BigIntegerField()
    length = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root_kind", "root_id"], name="search_followed_root")]

    def __str__(self) -> str:
        return f"{self.root_kind}:{self.root_id} to {self.length}"
