"""Publishing routes, and opening sign-offs by them. A version is never changed: a sign-off stays on its own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from bihuan.approvals import routing, rules
from bihuan.approvals.facts import RoutePublished, RouteRestored, RouteRetired
from bihuan.approvals.models import Route, RouteVersion, Signoff
from bihuan.approvals.operations.opening import SlotSpec, open_signoff
from bihuan.approvals.policy import clean
from bihuan.approvals.policy.resolving import Asked
from bihuan.approvals.policy.routes import Value, read_route
from bihuan.approvals.routing import newest_version, resolve_now
from bihuan.approvals.seating import Parties
from bihuan.kernel.actor import Actor
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import Refused, Stale
from bihuan.kernel.facts import Fact
from bihuan.kernel.findings import Finding, error, errors
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger

NOTE_LIMIT = 500


Values = Callable[[Collection[str]], Mapping[str, Value]]


def nothing(fields: Collection[str]) -> Mapping[str, Value]:
    return {}


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided: the frozen text, its lines, who wrote it, and what conditions look at, read when asked.

    `excused` are by line the parties it does not bind. `numbers` take the place of those that conditions compare a
    field with.
    """

    subject: SubjectRef
    root: SubjectRef
    scope_id: int
    digest: str
    author_id: int | None
    parties: Parties
    values: Values = nothing
    amount: Decimal | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    excused: Mapping[str, frozenset[str]] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)


def open_on_route(
    key: str, question: Question, *, carry_from: Signoff | None = None, actor: Actor, at: datetime
) -> Signoff:
    """Ask whom the newest version of a route says. Records `SignoffOpened`, which names the version.

    Raises `NotFound` for a route nobody published, `Refused` when the route could never be completed.
    """
    version = newest_version(key)
    route = read_route(version.body).with_numbers(question.numbers)
    values = question.values(route.fields) if route.fields else {}
    resolved = resolve_now(
        route, question.parties, values, author_id=question.author_id, digest=question.digest, parts=question.parts,
        excused=question.excused, at=at,
    )  # fmt: skip
    if resolved.findings:
        raise Refused(list(resolved.findings))
    return open_signoff(
        key, subject=question.subject, root=question.root, scope_id=question.scope_id, digest=question.digest,
        author_id=question.author_id, slots=_specs(resolved.asked), carry_from=carry_from, route_version=version,
        amount=question.amount, copies=[asdict(each) for each in resolved.copies], actor=actor, at=at,
    )  # fmt: skip


def _specs(asked: Sequence[Asked]) -> list[SlotSpec]:
    return [
        SlotSpec(
            key=each.key, principal=each.principal, label=each.label, digest=each.digest, part=each.part,
            tests=each.tests, step=each.step, group=each.group, need=each.need, vetoes=each.vetoes,
            is_vacant=each.waits,
        )
        for each in asked
    ]  # fmt: skip


@transaction.atomic
def publish_route(
    body: Mapping[str, Any], *, note: str = "", seen_version: int | None = None, actor: Actor, at: datetime
) -> RouteVersion:
    """Publish a text as the next version of its route, or answer the newest when nothing changed.

    `seen_version` is the version the text was made from, 0 for a new route; None does not ask. Records
    `RoutePublished`. Raises `NotAllowed` unless the actor may edit routes (playbooks.md §3.7), `Stale` when somebody
    published meanwhile, `Refused` with every error of the text.
    """
    rules.require_route_right(actor)
    _refuse([*routing.text_findings(body, at), *_note_findings(note)])
    seal = digest(dict(body))
    route, _made = Route.objects.get_or_create(key=body["key"])
    if seen_version is not None and route.newest != seen_version:
        raise Stale
    newest = route.versions.order_by("-version").first()
    if newest is not None and newest.digest == seal:
        return newest
    if not Route.objects.filter(pk=route.pk, newest=route.newest).update(newest=route.newest + 1):
        raise Stale
    version = RouteVersion.objects.create(
        route=route, version=route.newest + 1, body=dict(body), digest=seal, note=clean(note), published_at=at,
        published_by_id=actor.person_id,
    )  # fmt: skip
    fact = RoutePublished(key=route.key, version=version.version, digest=seal, note=version.note, text=dict(body))
    _record(route, fact, actor, at)
    return version


@transaction.atomic
def retire_route(route: Route, *, actor: Actor, at: datetime) -> Route:
    """Nothing new is opened by it; what runs goes on. Records `RouteRetired`.

    Raises `NotAllowed`, `Stale` when it was retired meanwhile.
    """
    rules.require_route_right(actor)
    if not Route.objects.filter(pk=route.pk, retired_at__isnull=True).update(retired_at=at):
        raise Stale
    route.retired_at = at
    _record(route, RouteRetired(key=route.key), actor, at)
    return route


@transaction.atomic
def restore_route(route: Route, *, actor: Actor, at: datetime) -> Route:
    """It is used again. Records `RouteRestored`. Raises `NotAllowed`, `Stale` when it was restored meanwhile."""
    rules.require_route_right(actor)
    if not Route.objects.filter(pk=route.pk, retired_at__isnull=False).update(retired_at=None):
        raise Stale
    route.retired_at = None
    _record(route, RouteRestored(key=route.key), actor, at)
    return route


def _note_findings(note: str) -> list[Finding]:
    return [error("approvals.route_note_too_long", "note", limit=NOTE_LIMIT)] if len(note) > NOTE_LIMIT else []


def _refuse(findings: list[Finding]) -> None:
    if errors(findings):
        raise Refused(findings)


def _record(route: Route, fact: Fact, actor: Actor, at: datetime) -> None:
    ledger.record(fact, actor=actor, root=route.subject, scope_id=None, at=at)
