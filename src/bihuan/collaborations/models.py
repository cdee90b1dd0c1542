"""Tables of the matter itself. Nothing here decides; see `policy` and `operations`."""

from django.db import models
from django.db.models import Q

from bihuan.collaborations.enums import (
    Asking,
    Direction,
    Ending,
    LoopKind,
    Outcome,
    PartyRole,
    Secrecy,
    Step,
    Urgency,
    Visibility,
)
from bihuan.kernel.subjects import SubjectRef


class Playbook(models.Model):
    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.key


class PlaybookVersion(models.Model):
    """One published text of a playbook. Never changed: a running matter stays on its version."""

    playbook = models.ForeignKey(Playbook, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["playbook", "version"], name="playbook_version_once"),
        ]

    def __str__(self) -> str:
        return f"playbook {self.playbook_id} v{self.version}"


class Collaboration(models.Model):
    """One matter that several departments carry from need to archive.

    Where it stands are its `StepRun` rows; `ended_at` and `ending` only say that and how it ended.
    """

    scope = models.OneToOneField("access.Scope", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001  unique, and absent until submitted
    title = models.CharField(max_length=500)
    short_name = models.CharField(max_length=40, blank=True)
    playbook_version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="collaborations")
    lead_department = models.ForeignKey(
        "organisation.Department", on_delete=models.PROTECT, null=True, related_name="led_collaborations"
    )
    initiator = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="initiated_collaborations"
    )
    lead = models.ForeignKey(
        "organisation.Person", on_delete=models.PROTECT, null=True, related_name="carried_collaborations"
    )
    priority = models.CharField(max_length=2, blank=True)
    visibility = models.CharField(max_length=16, choices=Visibility.choices, default=Visibility.RELATED_DEPTS)
    secrecy = models.CharField(max_length=16, choices=Secrecy.choices, default=Secrecy.INTERNAL)
    expected_finish = models.DateField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=16, choices=Ending.choices, blank=True)
    source_key = models.CharField(max_length=200, unique=True, null=True)  # noqa: DJ001  unique, and absent
    source_number = models.CharField(max_length=80, blank=True)
    source_status = models.CharField(max_length=80, blank=True)
    adopted_step = models.CharField(max_length=16, choices=Step.choices, blank=True, default="")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        indexes = [
            models.Index(fields=["lead_department", "-id"], name="collaboration_of_department"),
            models.Index(fields=["expected_finish", "id"], name="collaboration_by_finish"),
            models.Index(fields=["-id"], name="collaboration_running", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.number or f"collaboration {self.pk}"


class SavedView(models.Model):
    """An address of the portfolio kept under a name. It holds no matter: each reader sees what that reader may see."""

    owner = models.ForeignKey("organisation.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=2000, blank=True)
    shared_with = models.CharField(max_length=40, blank=True, db_index=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_is_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("view", self.pk)


class ImportedSource(models.Model):
    """What an imported matter looked like in its source, word for word, and what was odd about it."""

    collaboration = models.OneToOneField(Collaboration, on_delete=models.CASCADE, related_name="source")
    raw = models.TextField()
    digest = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"source of collaboration {self.collaboration_id}"


class ImportedAnnex(models.Model):
    """What the source keeps beside an imported matter, word for word: a dated change, an exception, a report."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="annexes")
    kind = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    source_key = models.CharField(max_length=200, blank=True)
    raw = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "position"], name="annex_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} beside collaboration {self.collaboration_id}"


class Party(models.Model):
    """A department that takes part."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="parties")
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole.choices)
    contact = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="contact_for")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "department"], name="department_takes_part_once"),
        ]
        indexes = [models.Index(fields=["department", "collaboration"], name="party_of_department")]

    def __str__(self) -> str:
        return f"department {self.department_id} in collaboration {self.collaboration_id}"


class StepRun(models.Model):
    """One stay in one step. Returns, repeats and periods are further rows."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="step_runs")
    step = models.CharField(max_length=16, choices=Step.choices)
    round = models.PositiveIntegerField(default=1)
    period = models.CharField(max_length=20, blank=True)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "step", "round", "period"], name="step_run_once"),
            models.UniqueConstraint(
                fields=["collaboration"], condition=Q(left_at__isnull=True), name="stands_in_one_step"
            ),
        ]
        indexes = [
            models.Index(fields=["step", "-collaboration"], name="standing_in_step", condition=Q(left_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.step}#{self.round} of collaboration {self.collaboration_id}"


class Loop(models.Model):
    """Something that stays open: who owes it, and the gate it blocks until it is closed."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="loops")
    kind = models.CharField(max_length=16, choices=LoopKind.choices)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=80, blank=True)
    owner = models.CharField(max_length=32)
    asked_by = models.CharField(max_length=32, blank=True)
    gate = models.CharField(max_length=24, blank=True)
    due_at = models.DateTimeField(null=True)
    params = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    urged = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "subject_kind", "kind", "part"],
                condition=Q(closed_at__isnull=True),
                name="loop_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_at", "opened_at", "id"],
                name="loop_waiting_for",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["asked_by", "due_at", "opened_at", "id"],
                name="loop_waited_for",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["collaboration", "gate"], name="loop_at_gate", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of collaboration {self.collaboration_id}"

    @property
    def place(self) -> tuple[str, int, str]:
        """Kind, id and part of what it is about, as its deadline has them."""
        return self.subject_kind, self.subject_id, self.part


class Line(models.Model):
    """A line of a frozen record that needs an identity of its own."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="%(class)ss")
    form_code = models.CharField(max_length=4, blank=True)
    line_id = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Metric(Line):
    name = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    direction = models.CharField(max_length=12, choices=Direction.choices)
    baseline = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    target = models.DecimalField(max_digits=24, decimal_places=6)
    unit = models.CharField(max_length=16)
    unit_text = models.CharField(max_length=40, blank=True)
    deadline = models.DateField(null=True)
    window_days = models.PositiveIntegerField(null=True)
    window_months = models.PositiveIntegerField(null=True)
    window_from = models.CharField(max_length=200, blank=True)
    breakdown = models.JSONField(default=list)
    aggregation = models.CharField(max_length=8, blank=True, default="")

    class Meta(Line.Meta):
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "form_code", "line_id"], name="metric_line_once"),
        ]

    def __str__(self) -> str:
        return f"metric {self.line_id} of collaboration {self.collaboration_id}"


class Measurement(models.Model):
    """A value of a metric, measured while the work is under way: of a part of its breakdown, or of the whole ("")."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="measurements")
    part = models.CharField(max_length=300, blank=True, default="")
    value = models.DecimalField(max_digits=24, decimal_places=6)
    measured_on = models.DateField()
    evidence = models.TextField()
    measured_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["measured_on", "pk"]

    def __str__(self) -> str:
        return f"measurement of metric {self.metric_id}"


class Milestone(Line):
    name = models.CharField(max_length=300)
    due_on = models.DateField(null=True)
    due_raw = models.CharField(max_length=80, blank=True)
    owner_department = models.ForeignKey(
        "organisation.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reached_on = models.DateField(null=True)
    evidence = models.TextField(blank=True)

    class Meta(Line.Meta):
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "form_code", "line_id"], name="milestone_line_once"),
        ]

    def __str__(self) -> str:
        return f"milestone {self.line_id} of collaboration {self.collaboration_id}"


class ExpectedResult(Line):
    name = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=40, blank=True)
    criterion = models.TextField(blank=True)
    due_on = models.DateField(null=True)

    class Meta(Line.Meta):
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "form_code", "line_id"], name="result_line_once"),
        ]

    def __str__(self) -> str:
        return f"result {self.line_id} of collaboration {self.collaboration_id}"


class Criterion(Line):
    text = models.TextField()
    check_text = models.TextField(blank=True)
    phase = models.CharField(max_length=80, blank=True)
    owner_department = models.ForeignKey(
        "organisation.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_on = models.DateField(null=True)

    class Meta(Line.Meta):
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "form_code", "line_id"], name="criterion_line_once"),
        ]

    def __str__(self) -> str:
        return f"criterion {self.line_id} of collaboration {self.collaboration_id}"


class Problem(models.Model):
    """What the assessment made of a matter: how urgent it is, and from when its clock runs (T06 to T08)."""

    collaboration = models.OneToOneField(Collaboration, on_delete=models.CASCADE, related_name="problem")
    number = models.CharField(max_length=20, unique=True)
    urgency = models.CharField(max_length=12, choices=Urgency.choices)
    reported_at = models.DateTimeField()
    classed_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number


class Acknowledgement(models.Model):
    """A related department was told of a problem. `passed_at` says that it had its time and the problem went on."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="acknowledgements")
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")
    passed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "department"], name="department_acknowledges_once"),
        ]

    def __str__(self) -> str:
        return f"department {self.department_id} told of collaboration {self.collaboration_id}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("acknowledgement", self.pk)


class RecurringPeriod(models.Model):
    """A period of what comes round (F27). It waits until it is over; `opened_at` says when its contributions were asked
    for, `gathered_at` when its consolidation might begin, without what `missing` names."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="recurring_periods")
    key = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_at = models.DateTimeField(null=True)
    gathered_at = models.DateTimeField(null=True)
    missing = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    accepted_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["collaboration", "key"], name="recurring_period_once"),
        ]
        indexes = [
            models.Index(fields=["ends_on"], name="recurring_period_to_open", condition=Q(opened_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.key} of collaboration {self.collaboration_id}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("recurring_period", self.pk)


class Contribution(models.Model):
    """What is owed to a period: a promise with a day of its own clock, or (without a line) its consolidation.

    Who owes it, until when and how it stands says the promise.
    """

    period = models.ForeignKey(RecurringPeriod, on_delete=models.CASCADE, related_name="contributions")
    line_id = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)
    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, null=True, related_name="contribution"
    )
    data = models.CharField(max_length=200)
    as_file = models.BooleanField(default=False)
    layout = models.CharField(max_length=200, blank=True)
    counts_from = models.DateTimeField()
    limit = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    waiver = models.CharField(max_length=8, blank=True)
    waiver_reason = models.TextField(blank=True)
    waiver_asked_by = models.CharField(max_length=32, blank=True)
    waiver_answer = models.TextField(blank=True)
    waiver_answered_by = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["period", "line_id"], name="contribution_once_per_period"),
        ]

    def __str__(self) -> str:
        return f"contribution {self.pk}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("contribution", self.pk)


class ContributionFile(models.Model):
    """A file handed in with a contribution; `number` counts them from one, in the order they came."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField()
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="contribution_file_number"),
        ]

    def __str__(self) -> str:
        return f"file {self.number} of contribution {self.contribution_id}"


class Petition(models.Model):
    """What a department asked of a matter in words of its own, and what was answered. Open until `settled_at`."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="petitions")
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, related_name="+")
    asking = models.CharField(max_length=8, choices=Asking.choices)
    reason = models.TextField()
    asked_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("organisation.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "department", "asking"],
                condition=Q(settled_at__isnull=True),
                name="department_asks_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asking} of department {self.department_id} in collaboration {self.collaboration_id}"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("petition", self.pk)
