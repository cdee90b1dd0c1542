"""Imports begun in the browser: the files, how they are understood, how far they are, what was odd."""

from django.db import models

from bihuan.integrations.enums import RunState


class ImportRun(models.Model):
    """One set of files on its way in. `position` counts the chunks that were taken in the present phase.

    `unlisted`: departments that rows name and no list has, with how often; `founded`: which of them are to be made,
    None as long as nobody said.
    """

    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.MAPPING)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    sheets = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    unlisted = models.JSONField(default=list)
    founded = models.JSONField(null=True)
    revision = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    foreseen = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    problem_count = models.PositiveIntegerField(default=0)
    refusal = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="import_run_newest")]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportFile(models.Model):
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    stored = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="import_file_in_order")]

    def __str__(self) -> str:
        return f"file {self.position} of import {self.run_id}"


class ImportProblem(models.Model):
    """One odd value or row. The first of a run that was only checked are replaced when it comes in."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    file = models.CharField(max_length=300)
    line = models.PositiveIntegerField()
    row = models.CharField(max_length=201)
    field = models.CharField(max_length=201)
    value = models.CharField(max_length=201)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    severity = models.CharField(max_length=8)

    class Meta:
        indexes = [models.Index(fields=["run", "severity", "id"], name="import_problem_of_run")]

    def __str__(self) -> str:
        return f"{self.code} at {self.file}:{self.line}"


class ImportChange(models.Model):
    """A row that is known already and says something else now."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20)
    row = models.CharField(max_length=201)
    file = models.CharField(max_length=300)
    line = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="import_change_of_run")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


class ImportMatch(models.Model):
    """A department of the files is called like one made by hand; somebody says whether it is the same before it is in.

    `offered_id` is the id of that department, and `label` where it stood in the tree when it was offered.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="matches")
    source_key = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    offered_id = models.PositiveBigIntegerField()
    label = models.TextField()
    is_same = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "source_key", "offered_id"], name="import_match_is_offered_once")
        ]

    def __str__(self) -> str:
        return f"{self.source_key} like {self.offered_id}"


class KeptGroup(models.Model):
    """People under one name in the system they came from: kept word for word, because matters name it."""

    source_key = models.CharField(max_length=200, unique=True)
    raw = models.TextField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.source_key


class SavedMapping(models.Model):
    """How a sheet with these titles was understood the last time."""

    signature = models.CharField(max_length=64, unique=True)
    table = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.signature
