"""Publishing playbooks: versioned data, never changed once published."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any

from django.db import transaction

from bihuan.approvals.routing import numbers_compared, plans_in_force, published_keys
from bihuan.collaborations import guards
from bihuan.collaborations.facts import PlaybookPublished
from bihuan.collaborations.models import Playbook, PlaybookVersion
from bihuan.collaborations.operations.routes import publish_shipped_routes
from bihuan.collaborations.policy.playbook import read_playbook
from bihuan.collaborations.policy.playbook_check import check_playbook
from bihuan.collaborations.policy.playbook_fields import check_fields
from bihuan.collaborations.policy.playbook_signers import check_signers
from bihuan.collaborations.policy.playbook_thresholds import check_thresholds
from bihuan.collaborations.queries.playbooks import yes_or_no_questions
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import Refused, Stale
from bihuan.kernel.findings import Finding
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.records import registry
from bihuan.records.extra import KINDS, keys_of, labels_of

SHIPPED = (
    "imported.json", "seed_a.json", "seed_b.json", "seed_c.json", "seed_d.json", "project.json", "resource.json",
    "emergency.json", "recurring.json",
)  # fmt: skip


@transaction.atomic
def publish_playbook(
    body: dict[str, Any], *, note: str = "", seen_version: int | None = None, actor: Actor, at: datetime
) -> PlaybookVersion:
    """Publish a playbook as the next version, or return the newest when nothing changed; nobody's matter moves.

    `seen_version` is the newest version the author knew, 0 for none; left out, any will do. Records
    ``PlaybookPublished``. Raises ``Stale`` when another version came first, and ``Refused`` when it names forms, guards
    or routes that do not exist, or could never be carried out.
    """
    findings = findings_of(body)
    if findings:
        raise Refused(findings)
    names = {"name": body["name"], "name_en": body["name_en"]}
    playbook, _ = Playbook.objects.select_for_update().get_or_create(key=body["key"], defaults=names)
    seal = digest(body)
    newest = playbook.versions.order_by("-version").first()
    last = newest.version if newest else 0
    if seen_version is not None and seen_version != last:
        raise Stale
    if newest is not None and newest.digest == seal:
        return newest
    Playbook.objects.filter(pk=playbook.pk).update(**names)
    version = PlaybookVersion.objects.create(
        playbook=playbook, version=last + 1, body=body, digest=seal, published_at=at, note=note,
        published_by_id=actor.person_id,
    )  # fmt: skip
    ledger.record(
        PlaybookPublished(key=playbook.key, version=version.version, digest=seal, note=note),
        actor=actor,
        root=SubjectRef("playbook", playbook.pk),
        scope_id=None,
        at=at,
    )
    return version


def findings_of(body: dict[str, Any]) -> list[Finding]:
    """What stands in the way of carrying the playbook out with the forms, guards and routes there are now."""
    forms, plan = registry.registered(), read_playbook(body)
    return [
        *check_playbook(
            body, forms=frozenset(forms), guards=guards.known(), routes=published_keys(),
            questions=frozenset(yes_or_no_questions(body.get("extra_fields", ()))),
        ),
        *check_fields(
            body.get("extra_fields", ()), plan, kinds=KINDS,
            taken={code: keys_of(kind.form) for code, kind in forms.items()},
            called={code: labels_of(forms[code].form) for code in _extended(body) if code in forms},
        ),
        *check_signers(
            plan, plans_in_force(), {code: frozenset(kind.form.signed_lists) for code, kind in forms.items()}
        ),
        *check_thresholds(plan, numbers_compared() if plan.thresholds else {}),
    ]  # fmt: skip


def _extended(body: dict[str, Any]) -> set[str]:
    return {field["form"] for field in body.get("extra_fields", ())}


def publish_shipped_playbooks(*, at: datetime) -> list[PlaybookVersion]:
    """Publish the playbooks that come with the product, and the routes they name; doing it again changes nothing."""
    publish_shipped_routes(at=at)
    folder = files("bihuan.collaborations") / "playbooks"
    bodies = [json.loads((folder / name).read_text(encoding="utf-8")) for name in SHIPPED]
    return [_shipped(body, at) for body in bodies]


def _shipped(body: dict[str, Any], at: datetime) -> PlaybookVersion:
    """What the company made of a shipped playbook is not undone: its versions have a note, shipped ones have none."""
    newest = PlaybookVersion.objects.filter(playbook__key=body["key"]).order_by("-version").first()
    if newest is not None and newest.note:
        return newest
    return publish_playbook(body, actor=SYSTEM, at=at)
