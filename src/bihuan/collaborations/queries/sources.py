"""What imported matters came from: compared before an import, shown after it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from bihuan.access import queries as access
from bihuan.collaborations.enums import Step
from bihuan.collaborations.imports import ImportedMatter
from bihuan.collaborations.models import Collaboration, ImportedAnnex, ImportedSource
from bihuan.kernel import principals
from bihuan.kernel.actor import Actor

NOT_CONTENT = ("raw", "digest", "findings", "parent_key", "annexes")


def sources_as_kept(keys: Iterable[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Digest and content of the source of each matter that came in under one of the keys. One query."""
    rows = ImportedSource.objects.filter(collaboration__source_key__in=set(keys))
    found = rows.values_list("collaboration__source_key", "digest", "content")
    return {str(key): (digest, content) for key, digest, content in found}


def lines_as_kept(keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The line of the source of each matter that came in under one of the keys, as it was last said. One query."""
    rows = ImportedSource.objects.filter(collaboration__source_key__in=set(keys))
    found = {str(key): json.loads(raw) for key, raw in rows.values_list("collaboration__source_key", "raw")}
    return {key: line for key, line in found.items() if isinstance(line, dict)}


def annexes_as_kept(keys: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """By key of a matter what the source keeps beside it, as kind and line, in its order. One query."""
    rows = ImportedAnnex.objects.filter(collaboration__source_key__in=set(keys)).order_by("collaboration", "position")
    found: dict[str, list[tuple[str, str]]] = {}
    for key, kind, raw in rows.values_list("collaboration__source_key", "kind", "raw"):
        found.setdefault(str(key), []).append((kind, raw))
    return found


def content_of(matter: ImportedMatter) -> dict[str, Any]:
    """What is kept of a source beside its words: dates as ISO text, tuples as lists."""
    return {key: plain(value) for key, value in asdict(matter).items() if key not in NOT_CONTENT}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def annexes_of(collaboration: Collaboration) -> list[ImportedAnnex]:
    """What the source keeps beside the matter, in its order. One query."""
    return list(ImportedAnnex.objects.filter(collaboration=collaboration).order_by("position"))


def parent_of(actor: Actor, collaboration: Collaboration, *, at: datetime) -> Collaboration | None:
    """The matter this one is part of, where the actor may see that one."""
    if collaboration.parent_id is None:
        return None
    seen = Collaboration.objects.filter(access.visible(actor, at=at), pk=collaboration.parent_id)
    return seen.first()


def children_of(actor: Actor, collaboration: Collaboration, *, at: datetime, limit: int) -> list[Collaboration]:
    """The matters that are part of this one, those the actor may see. One query."""
    seen = Collaboration.objects.filter(access.visible(actor, at=at), parent=collaboration)
    return list(seen.order_by("pk")[:limit])


def adoptable(actor: Actor, *, at: datetime, after: int = 0, limit: int) -> list[Collaboration]:
    """Imported matters that the actor may adopt, in the order in which they came. One query."""
    rows = Collaboration.objects.filter(
        access.visible(actor, at=at),
        pk__gt=after,
        step_runs__step=Step.IMPORTED,
        step_runs__left_at=None,
        lead_department__isnull=False,
    )
    if not actor.is_one_of(principals.PMO):
        headed = [pk for kind, pk in map(principals.split, actor.principals) if kind == "h" and pk]
        rows = rows.filter(lead_department__in=headed)
    return list(rows.select_related("lead_department", "lead").order_by("pk")[:limit])
