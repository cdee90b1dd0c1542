"""One decision by all who must sign, and each one's place in it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from bihuan.approvals.enums import Answer, Moved, SignoffState, SlotState
from bihuan.approvals.policy import Standing
from bihuan.approvals.policy.moving import Seat
from bihuan.kernel.subjects import SubjectRef


class Signoff(models.Model):
    """A question put to several signatories: do you agree to exactly this digest of this subject?

    `amount` is the money it is about, in yuan: deputies are limited by it.
    """

    route = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    root_kind = models.CharField(max_length=40)
    root_id = models.BigIntegerField()
    scope = models.ForeignKey("access.Scope", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    by_part = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=SignoffState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")
    route_version = models.ForeignKey("RouteVersion", null=True, on_delete=models.PROTECT, related_name="signoffs")
    copies_due = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["route", "subject_kind", "subject_id"], name="signoff_open_once", condition=Q(state="OPEN")
            ),
            models.CheckConstraint(
                name="signoff_closed_at_end",
                condition=Q(state="OPEN", closed_at__isnull=True)
                | Q(state__in=["APPROVED", "REFUSED", "VOID"], closed_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="signoff_subject"),
            models.Index(fields=["root_kind", "root_id"], name="signoff_root"),
        ]

    def __str__(self) -> str:
        return f"sign-off {self.pk} {self.route} ({self.state})"

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef(self.subject_kind, self.subject_id)

    @property
    def root(self) -> SubjectRef:
        return SubjectRef(self.root_kind, self.root_id)


class Slot(models.Model):
    """One signature asked for. `key` names the party across versions, `principal` who may give it now.

    Of the slots of one step, `group` and part `need` must sign, all when it is 0; a refusal that vetoes ends it alone.
    While somebody else is asked in the place of an office, `instead_of` is that office, `moved` says why, and
    `by_rule` is the line of a deputy as it stood. `vacant_at`: since when the
    PMO knows that nobody holds the office. A slot `waits_for` another one that somebody put before it. `amendment` is
    the other text its party wants for the line, and what became of it (`Answer`).
    """

    signoff = models.ForeignKey(Signoff, on_delete=models.PROTECT, related_name="slots")
    step = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=60)
    principal = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    part = models.CharField(max_length=120, default="", blank=True)
    digest = models.CharField(max_length=64)
    tests = models.JSONField(default=list)
    state = models.CharField(max_length=24, default=SlotState.PENDING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=200, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField(default="", blank=True)
    test_answers = models.JSONField(default=dict)
    conditions = models.JSONField(default=list)
    request_key = models.CharField(max_length=64, default="", blank=True)
    carried_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=40, default="", blank=True)
    need = models.PositiveSmallIntegerField(default=0)
    vetoes = models.BooleanField(default=False)
    instead_of = models.CharField(max_length=40, default="", blank=True)
    moved = models.CharField(max_length=12, default=Moved.NOT, blank=True)
    by_rule = models.JSONField(default=dict, blank=True)
    vacant_at = models.DateTimeField(null=True)
    waits_for = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    amendment = models.JSONField(default=dict, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["signoff", "step", "key", "part"], name="slot_once_per_party_and_part"),
            models.CheckConstraint(
                name="slot_decided_by_somebody",
                condition=Q(state__in=["PENDING", "VOID"], decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    state__in=["APPROVED", "APPROVED_WITH_CONDITION", "REFUSED", "RESERVED", "AMENDED"],
                    decided_by__isnull=False, decided_at__isnull=False,
                ),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["principal", "signoff"], name="slot_waiting", condition=Q(state="PENDING")),
            models.Index(fields=["instead_of"], name="slot_moved", condition=Q(state="PENDING") & ~Q(moved="")),
        ]

    def __str__(self) -> str:
        return f"slot {self.pk} {self.key} {self.part} ({self.state})"

    @property
    def standing(self) -> Standing:
        return Standing(self.step, SlotState(self.state), self.part, self.group, self.need, self.vetoes)

    @property
    def seat(self) -> Seat:
        return Seat(
            self.pk, self.step, self.standing.place, SlotState(self.state), self.waits_for_id,
            self.added_by_id is not None, self.carried_from_id is not None,
        )  # fmt: skip

    @property
    def office(self) -> str:
        """Whose signature it is, whoever is asked to give it."""
        return self.instead_of or self.principal

    @property
    def waits_for_author(self) -> bool:
        """Its party wants another text, and the author has not said whether he takes it over."""
        return self.state == SlotState.AMENDED and self.amendment.get("state") == Answer.OPEN


class Copy(models.Model):
    """Somebody was shown a sign-off without being asked to decide (抄送); `read_at` is the receipt."""

    signoff = models.ForeignKey(Signoff, on_delete=models.PROTECT, related_name="copies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["signoff", "person"], name="copy_once_per_person")]

    def __str__(self) -> str:
        return f"copy of {self.signoff_id} to {self.person_id}"


class Remark(models.Model):
    """What somebody wrote beside a sign-off: a comment, a question or its answer, or the advice of who was consulted.

    `addressed` are the ids of the people it was written to.
    """

    signoff = models.ForeignKey(Signoff, on_delete=models.PROTECT, related_name="remarks")
    slot = models.ForeignKey(Slot, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    addressed = models.JSONField(default=list)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"remark {self.pk} {self.kind}"


class Route(models.Model):
    """A way to decide, under a key that playbooks name. What it says stands in its versions; `newest` counts them."""

    key = models.CharField(max_length=40, unique=True)
    newest = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key

    @property
    def subject(self) -> SubjectRef:
        return SubjectRef("route", self.pk)


class RouteVersion(models.Model):
    """One published text of a route. Never changed: a sign-off stays on the version it was opened with."""

    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500, default="", blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["route", "version"], name="route_version_once")]

    def __str__(self) -> str:
        return f"route {self.route_id} v{self.version}"
