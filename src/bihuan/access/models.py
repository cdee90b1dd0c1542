"""Scopes and their members."""

from django.db import models
from django.db.models import F, Q

from bihuan.access.enums import Level, Role, Secrecy
from bihuan.kernel.subjects import SubjectRef


class Scope(models.Model):
    """What is seen and acted upon together by the same people. Every table somebody may read points at one."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    secrecy = models.CharField(max_length=20, default=Secrecy.INTERNAL)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_scope_per_subject"),
            models.CheckConstraint(
                condition=Q(secrecy__in=[item.value for item in Secrecy]), name="scope_secrecy_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"scope of {self.subject}"

    @property
    def subject(self) -> SubjectRef | None:
        """None only while the subject itself is being made, inside one transaction."""
        return None if self.subject_id is None else SubjectRef(self.subject_kind, self.subject_id)


class Member(models.Model):
    """A principal belongs to a scope in a role because of something (`via`), from a moment until it is dismissed."""

    scope = models.ForeignKey(Scope, models.CASCADE, related_name="members")
    principal = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    via = models.CharField(max_length=200, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "principal", "role", "via"],
                condition=Q(until_at__isnull=True),
                name="member_is_admitted_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(role__in=[item.value for item in Role]), name="member_role_is_known"),
            models.CheckConstraint(condition=Q(level__in=[item.value for item in Level]), name="member_level_is_known"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="member_leaves_after_joining"
            ),
        ]
        indexes = [
            models.Index(
                fields=["principal", "scope"], condition=Q(until_at__isnull=True), name="member_principal_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.role} of {self.scope_id}"
