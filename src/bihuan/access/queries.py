"""Who sees what: the one condition, the levels, the roles, and why."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.access.enums import HIDDEN, Level, Role
from bihuan.access.models import Member, Scope
from bihuan.access.seeing import IsAdmitted
from bihuan.access.sentences import ROLE_NAMES
from bihuan.kernel.actor import Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import day_of, names_of

FEW = 2_000
NAMEABLE = 200


@dataclass(frozen=True, slots=True)
class Reason:
    """One membership that lets the actor in."""

    role: Role
    via: str
    since: datetime
    principal: str


def _memberships(actor: Actor, at: datetime) -> QuerySet[Member]:
    """What is secret is not opened by standing in for somebody (playbooks.md §3.5)."""
    members = Member.objects.filter(principal__in=sorted(actor.principals), until_at__isnull=True, from_at__lte=at)
    if actor.acting_for:
        members = members.exclude(principal__in=sorted(actor.acting_for), scope__secrecy__in=HIDDEN)
    return members


def visible(actor: Actor, *, at: datetime, level: Level = Level.READ, path: str = "scope") -> Q:
    """The one condition for lists, single objects, search, export, files and live events.

    `path` leads from the row to its scope (`collaboration__scope`); `pk` when the rows are scopes.

    EXISTS, not IN. Measured with 100,000 scopes and 500,000 memberships, fifty newest, for somebody who sees all, a
    department's thousand, and seventeen. PostgreSQL plans both as the same semi-join: 15, 24 and 59 ms against 11, 21
    and 60. SQLite walks the list and asks the index row by row: 7, 46 and 632 ms; with IN it first collects every
    scope the actor may see: 315, 8 and 10 ms. A single object costs 2 to 6 ms against 2 to 357. So EXISTS is the one
    whose cost does not grow with what somebody may see; long lists ask `visible_in_list`.
    """
    reference = path if path == "pk" else f"{path}_id"
    return Q(IsAdmitted(reference, sorted(actor.principals), sorted(actor.acting_for), at, level))


def visible_in_list(actor: Actor, *, at: datetime, level: Level = Level.READ, path: str = "scope") -> Q:
    """The condition of `visible`, said for a page out of very many rows.

    On SQLite who sees next to nothing would pay a walk over all of them: where there are only few memberships, which
    one query counts up to FEW, their scopes are collected first. The figures stand at `visible`.
    """
    members = _memberships(actor, at).filter(level__gte=level)
    if connection.vendor == "sqlite" and members[: FEW + 1].count() <= FEW:
        return Q(**{f"{path}__in": members.values("scope")})
    return visible(actor, at=at, level=level, path=path)


def few_scopes(actor: Actor, *, at: datetime) -> list[int] | None:
    """The scopes the actor reads, where there are so few that an index can be asked for them by name; None where there
    are more. It narrows what is asked, and says nothing about rights: the caller asks `visible` too. One query.
    """
    members = _memberships(actor, at).filter(level__gte=Level.READ)
    found = list(members.values_list("scope", flat=True)[: NAMEABLE + 1])
    return sorted(set(found)) if len(found) <= NAMEABLE else None


def levels(actor: Actor, scope_ids: Iterable[int], *, at: datetime) -> dict[int, Level]:
    """The highest level the actor has in each scope; scopes that do not exist for the actor are absent. One query."""
    rows = _memberships(actor, at).filter(scope__in=set(scope_ids)).values("scope").annotate(best=Max("level"))
    return {row["scope"]: Level(row["best"]) for row in rows}


def roles(actor: Actor, scope_id: int, *, at: datetime) -> frozenset[Role]:
    """Every role in which the actor is a member of the scope. One query."""
    rows = _memberships(actor, at).filter(scope=scope_id).values_list("role", flat=True)
    return frozenset(Role(role) for role in rows)


def why(actor: Actor, scope_id: int, *, at: datetime) -> list[Reason]:
    """Why the actor sees this, longest standing first. One query."""
    rows = _memberships(actor, at).filter(scope=scope_id).order_by("from_at", "pk")
    return [Reason(Role(row.role), row.via, row.from_at, row.principal) for row in rows]


def scope_of(subject: SubjectRef) -> Scope | None:
    """The scope of a subject, if one was opened."""
    return Scope.objects.filter(subject_kind=subject.kind, subject_id=subject.id).first()


def open_members(scope_id: int) -> list[Member]:
    """Everybody who is in now. One query."""
    return list(Member.objects.filter(scope=scope_id, until_at__isnull=True).order_by("pk"))


def members_in_roles(scope_ids: Collection[int], roles: Collection[Role]) -> dict[int, list[Member]]:
    """Who has these roles now in each scope where somebody has. One query, none for no scope."""
    found: dict[int, list[Member]] = {}
    rows = Member.objects.filter(scope__in=scope_ids, role__in=roles, until_at__isnull=True).order_by("pk")
    for row in rows if scope_ids else ():
        found.setdefault(row.scope_id, []).append(row)
    return found


def why_in_words(
    actor: Actor,
    scope_id: int,
    *,
    at: datetime,
    most: int | None = None,
    day_text: Callable[[date], str] = date.isoformat,
) -> list[str]:
    """The reasons as sentences in the reader's language: "… because 市场部 is in it as …, since …"."""
    reasons = why(actor, scope_id, at=at)[:most]
    names = names_of((reason.principal for reason in reasons), at, says_who_is_on_duty=False)
    return [
        _("You see this because {who} is in it as {role}, since {day}.").format(
            who=names[reason.principal], role=ROLE_NAMES[reason.role], day=day_text(day_of(reason.since))
        )
        for reason in reasons
    ]
