"""Opens scopes and keeps their members.

Admissions are made by the rooms that know why, inside their own operation or handler, and are covered by the fact that
operation records; the rows keep from, until and via, so that "why, and since when" can be answered for any moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.access.enums import HIDDEN, Level, Role, Secrecy
from bihuan.access.facts import SecretRead
from bihuan.access.models import Member, Scope
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger


@dataclass(frozen=True, slots=True)
class Admission:
    """One principal to let into one scope."""

    scope_id: int
    principal: str
    role: Role
    level: Level
    via: str


NAMED_KINDS = frozenset({"p", "h", "x"})


@transaction.atomic
def open_scope(subject: SubjectRef, *, at: datetime, secrecy: str = Secrecy.INTERNAL) -> Scope:
    """The scope of a subject; the same one when asked again."""
    scope, _created = Scope.objects.get_or_create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        defaults={"secrecy": Secrecy(secrecy).value, "opened_at": at},
    )
    return scope


def reserve_scopes(kind: str, *, count: int = 1, at: datetime) -> list[Scope]:
    """Scopes for subjects about to be made, because a subject's own row points at its scope. `name_subjects` follows
    in the same transaction."""
    scopes = [Scope(subject_kind=kind, subject_id=None, opened_at=at) for _ in range(count)]
    return Scope.objects.bulk_create(scopes)


def name_subjects(subject_ids: dict[int, int]) -> None:
    """Say which subject each reserved scope (by id) belongs to."""
    scopes = [Scope(pk=scope_id, subject_id=subject_id) for scope_id, subject_id in subject_ids.items()]
    Scope.objects.bulk_update(scopes, ["subject_id"])


@transaction.atomic
def admit(scope_id: int, principal: str, *, role: Role, level: Level, via: str, at: datetime) -> Member:
    """Let a principal in. Admitting again changes nothing, except to the level now given.

    In a secret scope only persons and offices are named: a group or a whole department gets no more than the outline
    (playbooks.md §3.5).
    """
    given = _allowed(principal, level, is_hidden=scope_id in _hidden_of([scope_id]))
    member, created = Member.objects.get_or_create(
        scope_id=scope_id,
        principal=principal,
        role=Role(role).value,
        via=via,
        until_at=None,
        defaults={"level": given, "from_at": at},
    )
    if not created and member.level != given:
        member.level = given
        member.save(update_fields=["level"])
    return member


def _allowed(principal: str, level: Level, *, is_hidden: bool) -> int:
    kind, _pk = principals.split(principal)
    return int(min(level, Level.OUTLINE)) if is_hidden and kind not in NAMED_KINDS else int(level)


def _hidden_of(scope_ids: Iterable[int]) -> set[int]:
    return set(Scope.objects.filter(pk__in=set(scope_ids), secrecy__in=HIDDEN).values_list("pk", flat=True))


def admit_all(admissions: Sequence[Admission], *, at: datetime) -> None:
    """`admit` for many at once who are not in yet in that role for that reason. Two queries."""
    hidden = _hidden_of(each.scope_id for each in admissions)
    Member.objects.bulk_create(
        Member(
            scope_id=each.scope_id,
            principal=each.principal,
            role=each.role.value,
            level=_allowed(each.principal, each.level, is_hidden=each.scope_id in hidden),
            via=each.via,
            from_at=at,
        )
        for each in admissions
    )


def note_reading(scope_id: int, *, actor: Actor, at: datetime, secrecy: str = "") -> None:
    """Write down that somebody read something secret; of everything else nothing is kept (§2.0.5).

    Called by the faces whenever they show the contents of a scope; `secrecy` is the class of the scope where they have
    read it. At most one query where nothing is secret. Records ``SecretRead``.
    """
    if secrecy and secrecy not in HIDDEN:
        return
    scope = Scope.objects.filter(pk=scope_id, secrecy__in=HIDDEN).first()
    if scope is None or scope.subject is None:
        return
    with transaction.atomic():
        fact = SecretRead(scope_id=scope.pk, secrecy=scope.secrecy)
        ledger.record(fact, actor=actor, root=scope.subject, scope_id=None, at=at)  # nobody is told live


@transaction.atomic(savepoint=False)
def classify(scope_id: int, secrecy: str) -> None:
    """Set the class of a scope; who may stay in it is for the caller to admit and dismiss anew."""
    Scope.objects.filter(pk=scope_id).update(secrecy=Secrecy(secrecy).value)


@transaction.atomic
def dismiss(scope_id: int, principal: str, *, role: Role, via: str, at: datetime) -> int:
    """End the open membership of a principal in that role for that reason. Returns how many rows ended (0 or 1).

    A principal let in for another reason as well stays in for that one.
    """
    still_in = Member.objects.filter(
        scope=scope_id, principal=principal, role=Role(role).value, via=via, until_at__isnull=True
    )
    return still_in.update(until_at=at)
