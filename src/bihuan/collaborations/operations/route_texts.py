"""A route from its text: looked at, and published by the PMO."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.approvals import operations as approvals
from bihuan.approvals.models import Route, RouteVersion
from bihuan.approvals.operations import publish_route
from bihuan.approvals.routing import lint_findings, newest_version
from bihuan.approvals.rules import require_route_right
from bihuan.collaborations.policy.playbook_text import Unreadable, read_text
from bihuan.collaborations.queries.playbooks import naming_route
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, error, errors

NUMBERS = frozenset({"person", "department", "count", "percent", "levels"})
SWITCHES = {"true": True, "yes": True, "false": False, "no": False}
SWITCHED = frozenset({"beside", "veto"})


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a text says, empty when it cannot be read, and all that is wrong or doubtful, each with its line."""

    body: dict[str, Any]
    findings: list[Finding]

    @property
    def is_sound(self) -> bool:
        return bool(self.body) and not errors(self.findings)


def look_at_route(text: str, at: datetime) -> LookedAt:
    """What publishing the text would say by the organisation of the day; nothing is written."""
    try:
        written = read_text(text)
    except Unreadable as refusal:
        return LookedAt({}, [refusal.finding])
    body = {word: _typed(word, value) for word, value in written.body.items()}
    return LookedAt(body, [written.with_line(finding) for finding in lint_findings(body, at)])


def _typed(word: str, value: Any) -> Any:
    """A text knows only words: what counts becomes a number, what is switched true or false, wherever it stands."""
    if isinstance(value, Mapping):
        return {name: _typed(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [_typed("", each) for each in value]
    if word in NUMBERS and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return SWITCHES.get(value.lower(), value) if word in SWITCHED else value


def write_route(text: str, *, note: str, seen_version: int | None = None, actor: Actor, at: datetime) -> RouteVersion:
    """Publish a text as the next version of the route it names; what runs stays on its version.

    Records `RoutePublished`, nothing when the newest version says the same. Raises `NotAllowed` for everybody but the
    PMO, `Stale` when another version came since `seen_version`, `Refused` with the line of everything that is wrong.
    """
    require_route_right(actor)
    looked = look_at_route(text, at)
    findings = [] if note.strip() else [error("approvals.route_note_missing", "note")]
    if findings or not looked.is_sound:
        raise Refused([*looked.findings, *findings])
    return publish_route(looked.body, note=note, seen_version=seen_version, actor=actor, at=at)


@transaction.atomic
def retire_route(key: str, *, actor: Actor, at: datetime) -> Route:
    """No playbook may name the route from now on. Records `RouteRetired`.

    Raises `NotAllowed` for everybody but the PMO, `NotFound`, `Stale` when it was retired meanwhile, `Refused` while
    a playbook that is offered, or one that a matter under way runs on, may still open it.
    """
    require_route_right(actor)
    route = newest_version(key).route
    used = [f"{version.playbook.key} {version.version}" for version in naming_route(key)]
    if used:
        raise Refused([error("collaborations.route_in_use", playbooks=", ".join(used))])
    return approvals.retire_route(route, actor=actor, at=at)


def restore_route(key: str, *, actor: Actor, at: datetime) -> Route:
    """Playbooks may name it again. Records `RouteRestored`. Raises `NotAllowed`, `NotFound`, `Stale`."""
    return approvals.restore_route(newest_version(key).route, actor=actor, at=at)
