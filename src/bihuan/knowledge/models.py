"""Archives: what is kept of a finished matter, and the lessons others can find."""

from django.db import models

from bihuan.kernel.subjects import SubjectRef


class Archive(models.Model):
    """A matter put away, every year where it comes round. Its reading right is its own scope; `frozen_hash` proves that
    nothing was changed since."""

    collaboration = models.ForeignKey("collaborations.Collaboration", on_delete=models.PROTECT, related_name="archives")
    scope = models.OneToOneField("access.Scope", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=500)
    library = models.CharField(max_length=16)
    tags = models.JSONField(default=list)
    retention = models.CharField(max_length=12)
    read_right = models.CharField(max_length=16)
    secrecy = models.CharField(max_length=16)
    location = models.CharField(max_length=200)
    frozen_hash = models.CharField(max_length=64)
    archived_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["library", "-id"], name="archive_of_library")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("archive", self.pk)


class Lesson(models.Model):
    """One thing worth knowing next time, taken from the review report."""

    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="lessons")
    kind = models.CharField(max_length=12)
    text = models.TextField()
    cause = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"lesson {self.pk} of archive {self.archive_id}"
