"""What is reported again and again: the weekly table (F09) with one report for each department and a row for each task,
and the table of a problem (F10), which whoever carries it brings up to date as a form of its own."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from bihuan.collaborations.policy.playbook import TABLE, WEEKLY
from bihuan.kernel.subjects import SubjectRef


class Period(models.Model):
    """A week of a matter, or whatever turn its playbook has for a form. It is locked when the next one of the same form
    opens: later words belong to that one (AS12)."""

    collaboration = models.ForeignKey("collaborations.Collaboration", on_delete=models.CASCADE, related_name="periods")
    form = models.CharField(max_length=8, default=WEEKLY)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "form", "starts_on"], name="period_of_form_opens_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"week of {self.starts_on} of collaboration {self.collaboration_id}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("period", self.pk)

    @property
    def is_table(self) -> bool:
        """Whether its report is the table of a problem, filed as a form."""
        return self.form == TABLE


class Report(models.Model):
    """`version` is what was filed, where that is a form of its own."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="reports")
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=60, blank=True)
    next_plan = models.TextField(blank=True)
    to_coordinate = models.TextField(blank=True)
    submitted_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    late_by = models.DurationField(default=timedelta)
    version = models.ForeignKey("records.Version", on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["period", "department"], name="report_once_per_department"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="report_number_once"),
        ]

    def __str__(self) -> str:
        return self.number or f"report {self.pk}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("report", self.pk)


class Row(models.Model):
    """What was planned for a task this week, what came of it, and, where it fell short, why and what is done."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="rows")
    task = models.ForeignKey("plans.Task", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    planned = models.TextField()
    planned_percent = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    actual = models.TextField(blank=True)
    variance_reason = models.TextField(blank=True)
    measure = models.TextField(blank=True)
    measure_owner = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    measure_due = models.DateField(null=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "task"], name="row_once_per_task")]

    def __str__(self) -> str:
        return f"row {self.pk} of report {self.report_id}"
