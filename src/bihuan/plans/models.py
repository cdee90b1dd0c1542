"""Tasks: the rows of the approved duty table, worked on until each is done or cancelled."""

from django.db import models
from django.db.models import Q

from bihuan.kernel.subjects import SubjectRef
from bihuan.plans.enums import TaskState


class Task(models.Model):
    collaboration = models.ForeignKey("collaborations.Collaboration", on_delete=models.CASCADE, related_name="tasks")
    line_id = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=60, blank=True)
    duty = models.TextField()
    deliverable = models.CharField(max_length=200)
    is_intermediate = models.BooleanField(default=False)
    owner = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField()
    new_due_on = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=TaskState.choices, default=TaskState.NOT_STARTED)
    percent = models.PositiveSmallIntegerField(default=0)
    output = models.TextField(blank=True)
    blocker = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "line_id"], name="task_line_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="task_percent_within_100"),
            models.CheckConstraint(condition=~Q(state=TaskState.DELAYED), name="task_delay_is_computed"),
            models.CheckConstraint(condition=~Q(state=TaskState.DONE) | ~Q(output=""), name="task_done_with_output"),
        ]
        indexes = [models.Index(fields=["owner", "due_on"], name="task_of_owner")]

    def __str__(self) -> str:
        return f"task {self.pk} of collaboration {self.collaboration_id}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("task", self.pk)
