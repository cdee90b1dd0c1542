"""Who is to do what until when, watched until it is done."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.clock import Profile, parse_limit
from bihuan.deadlines.enums import OPEN, Level, State
from bihuan.deadlines.policy.counting import Counting
from bihuan.deadlines.policy.ladder import Rungs
from bihuan.deadlines.policy.table import RULES, Rule
from bihuan.kernel.subjects import SubjectRef

RUNNING = Q(state=State.RUNNING.value)


class Deadline(models.Model):
    """One promise with an instant. `counts_from` and `counts` say what is counted now: the limit from its start, or
    what a pause left of it; `counts` is empty for an instant that a person typed, which never moves by itself.
    `department` is where the owner was when it began or was handed over: there it is counted as kept or missed.

    `ladder` holds every rung with its instant, so that a rule or a calendar that changes touches nothing that runs
    unless it is told to. `next_at` is the one instant the scanner looks at; `fence` grows with each claim. `rests`: it
    stands still with its whole matter and goes on with it. `kind` is the one that the rule tells apart by its limit,
    empty for the usual. `said_by` names whose terms the limit is, empty for the rule's own.
    """

    rule = models.CharField(max_length=8)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=80, blank=True)
    root_kind = models.CharField(max_length=40)
    root_id = models.BigIntegerField()
    scope = models.ForeignKey("access.Scope", on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=40)
    asked_by = models.CharField(max_length=40, blank=True)
    site = models.ForeignKey("organisation.Site", on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("organisation.Department", on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    limit = models.CharField(max_length=16, blank=True)
    profile = models.CharField(max_length=12, default=Profile.LITERAL.value)
    kind = models.CharField(max_length=20, blank=True)
    said_by = models.CharField(max_length=60, blank=True)
    is_urgent = models.BooleanField(default=False)
    counts_from = models.DateTimeField()
    counts = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)
    ladder = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField(default=Level.NONE)
    next_at = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    paused_at = models.DateTimeField(null=True)
    paused_for = models.DurationField(default=timedelta)
    pause_reason = models.TextField(blank=True)
    rests = models.BooleanField(default=False)
    kept_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    late_minutes = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "subject_kind", "subject_id", "part"],
                name="deadline_runs_once",
                condition=Q(state__in=OPEN),
            ),
            models.CheckConstraint(
                name="deadline_state_known", condition=Q(state__in=[state.value for state in State])
            ),
            models.CheckConstraint(
                name="deadline_ended_or_open",
                condition=Q(state__in=OPEN, ended_at__isnull=True) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="deadline_kept_in_time",
                condition=~Q(state="KEPT") | Q(kept_at__lte=F("due_at"), late_minutes=0),
            ),
            models.CheckConstraint(
                name="deadline_paused_since",
                condition=~Q(state="PAUSED") | (Q(paused_at__isnull=False, next_at__isnull=True) & ~Q(pause_reason="")),
            ),
            models.CheckConstraint(name="deadline_watched_while_running", condition=RUNNING | Q(next_at__isnull=True)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-is_urgent", "next_at", "id"], name="deadline_next", condition=RUNNING),
            models.Index(fields=["owner", "due_at"], name="deadline_owed", condition=Q(state__in=OPEN)),
            models.Index(fields=["subject_kind", "subject_id"], name="deadline_subject"),
            models.Index(fields=["root_kind", "root_id"], name="deadline_root"),
            models.Index(fields=["site", "id"], name="deadline_of_site", condition=Q(state__in=OPEN)),
        ]

    def __str__(self) -> str:
        return f"deadline {self.pk} {self.rule} ({self.state})"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef(self.subject_kind, self.subject_id)

    @property
    def root(self) -> SubjectRef:
        return SubjectRef(self.root_kind, self.root_id)

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("deadline", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def its_rule(self) -> Rule:
        return RULES[self.rule]

    @property
    def counting(self) -> Counting | None:
        """What is counted now; None for a typed instant."""
        if not self.counts:
            return None
        return Counting(self.counts_from, parse_limit(self.counts), Profile(self.profile))

    @property
    def rungs(self) -> Rungs:
        return tuple((Level(level), datetime.fromisoformat(instant)) for level, instant in self.ladder)


class RuleChoice(models.Model):
    """What the company chose for a rule; without a row, or with nothing in it, hours are elapsed hours (Q1)."""

    rule = models.CharField(max_length=8, unique=True)
    profile = models.CharField(max_length=12, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rule_choice_known", condition=Q(profile__in=["", *(profile.value for profile in Profile)])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.profile}"

    @property
    def chosen(self) -> Profile | None:
        return Profile(self.profile) if self.profile else None
