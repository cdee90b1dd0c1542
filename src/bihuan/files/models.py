"""Which bytes lie under which key. Who may read them is known by the row that names the file, never by the key."""

import uuid

from django.db import models

from bihuan.kernel.subjects import SubjectRef


def new_key() -> str:
    return uuid.uuid4().hex


class StoredFile(models.Model):
    """Bytes as they came in. `name` is only told, never used as a path. Never changed; another file is another row.

    The row stays when the bytes are thrown away: it says what was handed in, by whom and when.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    thrown_away_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Parcel(models.Model):
    """A set of files that is being made for one person, who alone may fetch it until it is thrown away.

    `principals` are what that person answered to while it was made: what they let him see may be in it.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key)
    owner = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    principals = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="parcel_of_owner")]

    def __str__(self) -> str:
        return f"parcel {self.pk}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("parcel", self.pk)
