"""What people are told, by which channels, and what they wish in this."""

from datetime import time
from typing import ClassVar

from django.db import models
from django.db.models import Q

from bihuan.kernel.subjects import SubjectRef
from bihuan.notifications.enums import Urgency

OPENS, CLOSES = time(8, 0), time(20, 0)


class Notice(models.Model):
    """One person is told one thing. Who may not read the scope any more is not shown it.

    `entered_at`: the link of a message about it was followed, which counts once.
    """

    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=160)
    urgency = models.PositiveSmallIntegerField(choices=[(item.value, item.name) for item in Urgency])
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    root_kind = models.CharField(max_length=40)
    root_id = models.BigIntegerField()
    scope = models.ForeignKey("access.Scope", on_delete=models.CASCADE, null=True, related_name="+")
    params = models.JSONField(default=dict)
    noted_at = models.DateTimeField()
    tell_by = models.DateTimeField(null=True)
    routed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="notice_told_once")]
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(fields=["person", "-id"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(
                fields=["subject_kind", "subject_id"], condition=Q(read_at__isnull=True), name="notice_unread_about"
            ),
            models.Index(fields=["id"], condition=Q(routed_at__isnull=True), name="notice_not_routed"),
            models.Index(fields=["read_at"], condition=Q(read_at__isnull=False), name="notice_read"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to person {self.person_id}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef(self.subject_kind, self.subject_id)

    @property
    def root(self) -> SubjectRef:
        return SubjectRef(self.root_kind, self.root_id)


class Sending(models.Model):
    """A notice that is to leave by a channel besides the inbox. `bundle` is the delivery that takes it along."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="sendings")
    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    bundle = models.CharField(max_length=160, blank=True)
    bundled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "channel"], name="sending_once_per_channel")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(bundle=""), name="sending_waiting"),
            models.Index(fields=["bundle"], name="sending_bundle"),
            models.Index(fields=["person", "channel", "-bundled_at"], name="sending_last"),
        ]

    def __str__(self) -> str:
        return f"notice {self.notice_id} by {self.channel}"


class Preference(models.Model):
    """A person does not want one kind by one channel. What is wanted has no row."""

    person = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=64)
    channel = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "channel"], name="unwanted_once"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} wants no {self.kind} by {self.channel}"


class Hours(models.Model):
    """From when until when a person wants to be reached, by the clock of the site. Without a row, as everybody."""

    person = models.OneToOneField("organisation.Person", on_delete=models.PROTECT, related_name="+", primary_key=True)
    opens = models.TimeField(default=OPENS)
    closes = models.TimeField(default=CLOSES)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"person {self.person_id}: {self.opens:%H:%M}-{self.closes:%H:%M}"
