"""Publishing playbooks: versioned data, never changed once published."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.collaborations import guards
from bihuan.collaborations.facts import PlaybookPublished
from bihuan.collaborations.models import Playbook, PlaybookVersion
from bihuan.collaborations.operations.routes import ROUTES
from bihuan.collaborations.policy.playbook import check_playbook
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.kernel.canonical import digest
from bihuan.kernel.errors import Refused
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations as ledger
from bihuan.records import registry

SHIPPED = ("imported.json", "seed_b.json")


@transaction.atomic
def publish_playbook(body: dict[str, Any], *, actor: Actor, at: datetime) -> PlaybookVersion:
    """Publish a playbook text as the next version, or return the newest when nothing changed.

    Records ``PlaybookPublished``. Raises ``Refused`` when it names forms, guards or routes that do not exist.
    """
    findings = check_playbook(
        body, forms=frozenset(registry.registered()), guards=guards.known(), routes=frozenset(ROUTES)
    )
    if findings:
        raise Refused(findings)
    playbook, _ = Playbook.objects.get_or_create(
        key=body["key"], defaults={"name": body["name"], "name_en": body["name_en"]}
    )
    seal = digest(body)
    newest = playbook.versions.order_by("-version").first()
    if newest is not None and newest.digest == seal:
        return newest
    last = playbook.versions.aggregate(last=Max("version"))["last"] or 0
    version = PlaybookVersion.objects.create(
        playbook=playbook, version=last + 1, body=body, digest=seal, published_at=at
    )
    ledger.record(
        PlaybookPublished(key=playbook.key, version=version.version, digest=seal),
        actor=actor,
        root=SubjectRef("playbook", playbook.pk),
        scope_id=None,
        at=at,
    )
    return version


def publish_shipped_playbooks(*, at: datetime) -> list[PlaybookVersion]:
    """Publish the playbooks that come with the product; doing it again changes nothing."""
    folder = files("bihuan.collaborations") / "playbooks"
    bodies = [json.loads((folder / name).read_text(encoding="utf-8")) for name in SHIPPED]
    return [publish_playbook(body, actor=SYSTEM, at=at) for body in bodies]
