"""Forms being filled in, their frozen versions, and the counters of their numbers."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from bihuan.access.models import Scope
from bihuan.files.models import StoredFile
from bihuan.kernel.findings import Finding, Severity
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.models import Department, Person
from bihuan.records.enums import Status
from bihuan.records.fields import TypedJson


class Record(models.Model):
    """One form of a matter. `draft` is what is being typed; what counts stands in the versions.

    `extra_fields` are those its playbook adds to the form, as they were when it was begun (`records.extra`).
    """

    form_code = models.CharField(max_length=20)
    number = models.CharField(max_length=60, blank=True, default="")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    draft = TypedJson(default=dict)
    extra_fields = models.JSONField(default=list, blank=True)
    root_kind = models.CharField(max_length=40)
    root_id = models.BigIntegerField()
    scope = models.ForeignKey(Scope, models.PROTECT, related_name="+")
    filler = models.ForeignKey(Person, models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    current_version = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="record_number_is_given_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="record_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | ~Q(number=""), name="record_has_a_number_once_submitted"
            ),
        ]
        indexes = [
            models.Index(fields=["root_kind", "root_id", "form_code"], name="record_root_form"),
            models.Index(fields=["filler", "status"], name="record_filler_status"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.form_code} draft {self.pk}"

    @property
    def root(self) -> SubjectRef:
        return SubjectRef(self.root_kind, self.root_id)

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("record", self.pk)


class Version(models.Model):
    """A frozen body. Never changed; whoever signed, signed its digest or that of one of its parts.

    `warnings` are the doubts the checks still had when it was submitted: code, place and params of each.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    body = models.TextField()
    digest = models.CharField(max_length=64)
    parts = models.JSONField(default=dict)
    warnings = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "version"], name="version_is_frozen_once")]

    def __str__(self) -> str:
        return f"record {self.record_id} version {self.version}"

    @property
    def data(self) -> dict[str, Any]:
        """The frozen body as values."""
        body: dict[str, Any] = json.loads(self.body)
        return body

    @property
    def doubts(self) -> list[Finding]:
        """The same as findings."""
        return [Finding(each["code"], each["place"], each["params"], Severity.WARNING) for each in self.warnings]


class Attachment(models.Model):
    """A file handed in with a form. Whoever reads the version that names it may fetch it; it is never changed.

    One taken off a draft stays a row, since an earlier version may name it.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="attachment_of_record")]

    def __str__(self) -> str:
        return f"attachment {self.pk} of record {self.record_id}"

    @property
    def row_id(self) -> str:
        """How the frozen text names it."""
        return f"a{self.pk}"


class Copy(models.Model):
    """Somebody was sent a version to read; `read_at` is the receipt."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="copies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="record_copy_once_per_person")]

    def __str__(self) -> str:
        return f"copy of version {self.version_id} to {self.person_id}"


class Counter(models.Model):
    """The last number given in a series."""

    series = models.CharField(max_length=80, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
