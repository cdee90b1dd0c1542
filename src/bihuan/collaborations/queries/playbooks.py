"""Reading playbooks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from bihuan.collaborations.models import Collaboration, PlaybookVersion
from bihuan.collaborations.policy.choosing import Offer, suited
from bihuan.collaborations.policy.playbook import key_of, read_playbook
from bihuan.collaborations.queries.matters import listed_for
from bihuan.collaborations.queries.steps import plan_in
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.records.extra import read_field
from bihuan.records.registry import registered
from bihuan.records.schema import Field, Kind, Text

IMPORTED = "IMPORTED"
YES_OR_NO = {"YES", "NO"}


def newest(key: str) -> PlaybookVersion:
    """The newest published version, by key or other name; raises ``NotFound`` for one nobody published."""
    found = PlaybookVersion.objects.filter(playbook__key=key_of(key)).select_related("playbook")
    version = found.order_by("-version").first()
    if version is None:
        raise NotFound
    return version


def published() -> list[PlaybookVersion]:
    """The newest version of every playbook, in the order they came: the shipped ones first. One query."""
    return _newest_of(PlaybookVersion.objects.select_related("playbook").order_by("playbook", "-version"))


def startable() -> list[PlaybookVersion]:
    """The newest version of every playbook a person can begin a matter on."""
    return [version for version in published() if version.playbook.key != IMPORTED]


def suggested(answers: Mapping[str, str], among: Iterable[PlaybookVersion]) -> list[PlaybookVersion]:
    """Those of the playbooks that suit the answers to the questions of `policy.choosing`, best first."""
    by_key = {version.playbook.key: version for version in among}
    offers = [Offer(key, version.body.get("suits", {})) for key, version in by_key.items()]
    return [by_key[key] for key in suited(answers, offers)]


def yes_or_no_questions(added: Iterable[Mapping[str, Any]] = ()) -> dict[str, tuple[str, Text]]:
    """The questions of forms that must be answered with yes or no, `F25.customer` → form and label; with the fields a
    playbook has added to its forms."""
    own = ((code, field) for code, kind in registered().items() for field in kind.form.fields())
    asked = [*own, *((said["form"], read_field(said)) for said in added if said["kind"] == Kind.CHOICE)]
    return {f"{code}.{field.key}": (code, field.label) for code, field in asked if _is_yes_or_no(field)}


def _is_yes_or_no(field: Field) -> bool:
    return field.required and {choice.value for choice in field.choices} == YES_OR_NO


def _newest_of(newest_first: Iterable[PlaybookVersion]) -> list[PlaybookVersion]:
    seen: dict[int, PlaybookVersion] = {}
    for version in newest_first:
        seen.setdefault(version.playbook_id, version)
    return list(seen.values())


def versions_of(key: str) -> Sequence[PlaybookVersion]:
    """Every version of a playbook without its text, newest first; raises ``NotFound`` where there is none."""
    rows = PlaybookVersion.objects.filter(playbook__key=key_of(key)).select_related("playbook", "published_by")
    found = list(rows.defer("body").order_by("-version"))
    if not found:
        raise NotFound
    return found


def version_of(key: str, number: int) -> PlaybookVersion:
    """One version, whole; raises ``NotFound``."""
    found = PlaybookVersion.objects.filter(playbook__key=key_of(key), version=number).select_related("playbook").first()
    if found is None:
        raise NotFound
    return found


def versions_with(word: str) -> list[PlaybookVersion]:
    """The versions whose text has a word, newest or not. One query."""
    return list(PlaybookVersion.objects.filter(body__has_key=word).order_by("pk"))


def versions_asking_for(form: str) -> list[PlaybookVersion]:
    """The versions, newest or not, of which a step asks for a form. One query."""
    rows = PlaybookVersion.objects.order_by("pk")
    return [row for row in rows if any(step.asks_for(form) for step in plan_in(row).steps)]


def naming_route(key: str) -> list[PlaybookVersion]:
    """The playbook versions that may still open a route: the newest ones, and those that matters under way run on."""
    under_way = Collaboration.objects.filter(ended_at__isnull=True).values("playbook_version")
    ids = [version.pk for version in published()]
    rows = PlaybookVersion.objects.filter(Q(pk__in=ids) | Q(pk__in=under_way)).select_related("playbook")
    return [
        row
        for row in rows.order_by("playbook__key", "version")
        if any(route.code == key for step in read_playbook(row.body).steps for route in step.routes)
    ]


def running_on(actor: Actor, *, at: datetime) -> dict[int, int]:
    """Playbook id → how many matters that the actor may read run on it, on any version. One query."""
    matters = Collaboration.objects.filter(pk__in=listed_for(actor, at=at).values("pk"), ended_at__isnull=True)
    counted = matters.order_by().values_list("playbook_version__playbook").annotate(number=Count("pk"))
    return dict(counted)
