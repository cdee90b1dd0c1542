"""What was changed in the organisation, by whom and when, as the ledger tells it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bihuan.kernel.actor import Actor
from bihuan.ledger.queries import About, TimelineEntry, open_timeline
from bihuan.organisation import facts
from bihuan.organisation.facts import ROOT
from bihuan.organisation.models import Charge, Post, Reorganisation
from bihuan.organisation.rules import may_administer

SIZE = 50
GROUPS: dict[str, tuple[str, ...]] = {
    "departments": tuple(
        kind.name
        for kind in (
            facts.DepartmentAdded, facts.DepartmentChanged, facts.DepartmentClosed, facts.DepartmentsMerged,
            facts.DepartmentSplit, facts.ChangePlanned, facts.PlannedChangeCancelled, facts.PlannedChangeRefused,
            facts.SiteAdded, facts.SiteChanged,
        )
    ),
    "posts": tuple(
        kind.name
        for kind in (
            facts.PersonAppointed, facts.PostChanged, facts.PostEnded, facts.PostHandedOver, facts.ExecutivePutInCharge
        )
    ),
    "people": tuple(kind.name for kind in (facts.PersonAdded, facts.PersonChanged, facts.PersonDeactivated)),
    "deputies": tuple(
        kind.name for kind in (facts.DeputyNamed, facts.DeputyEnded, facts.AbsenceNoted, facts.AbsenceEnded)
    ),
    "duty": (facts.PutOnDuty.name, facts.TurnOfDutyEnded.name),
    "access": tuple(kind.name for kind in (facts.PasswordSet, facts.TokenIssued, facts.TokenRevoked)),
}  # fmt: skip
ADMINISTRATORS_ONLY = "access"
PRIVATE = frozenset({"username", "email", "phone", "source_key", "language", "theme", "time_zone"})
MATTERS = frozenset({"matter_ids"})
REORGANISED = (facts.DepartmentsMerged.name, facts.DepartmentSplit.name)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page, newest first; `next_before` is the key of the next one, None at the end."""

    entries: tuple[TimelineEntry, ...]
    next_before: int | None


def groups_for(actor: Actor) -> tuple[str, ...]:
    """The kinds of change the actor may ask for: sign-in and tokens are for administrators."""
    return tuple(group for group in GROUPS if group != ADMINISTRATORS_ONLY or may_administer(actor))


def history(
    actor: Actor,
    *,
    group: str = "",
    department_id: int | None = None,
    person_id: int | None = None,
    before: int | None = None,
) -> HistoryPage:
    """Changes of the organisation, of one department or of one person. At most four queries.

    The organisation is open to everybody who signs in, and so is its history; contact details and own settings in it
    are told to administrators only, and so are passwords, tokens and ids of matters; why a post went to somebody else
    also to the two of them.
    """
    groups = groups_for(actor)
    wanted = [group] if group in groups else groups
    about = [*_of_department(department_id), *_of_person(person_id)]
    found = open_timeline(
        ROOT, limit=SIZE + 1, before=before, names=[name for one in wanted for name in GROUPS[one]], about=about
    )
    shown = found[:SIZE] if may_administer(actor) else [_without_private(entry, actor) for entry in found[:SIZE]]
    return HistoryPage(tuple(shown), found[SIZE - 1].seq if len(found) > SIZE else None)


def _of_department(department_id: int | None) -> Iterator[About]:
    """The department itself, the posts in it, and what came into it or went out of it."""
    if department_id is None:
        return
    yield About("department", [department_id])
    yield About("post", Post.objects.filter(department=department_id).values("pk"))
    yield About("department", Reorganisation.objects.filter(into=department_id).values("department"), REORGANISED)


def _of_person(person_id: int | None) -> Iterator[About]:
    if person_id is None:
        return
    yield About("person", [person_id])
    yield About("post", Post.objects.filter(person=person_id).values("pk"))
    charged = Charge.objects.filter(person=person_id).values("department")
    yield About("department", charged, (facts.ExecutivePutInCharge.name,))


def _without_private(entry: TimelineEntry, actor: Actor) -> TimelineEntry:
    if entry.body is None:
        return entry
    hidden = PRIVATE if entry.name in GROUPS["people"] else MATTERS
    body = {key: _masked(value, hidden) for key, value in entry.body.items() if key not in MATTERS}
    if actor.person_id not in (body.get("before"), body.get("after")):
        body.pop("reason", None)
    return replace(entry, body=body)


def _masked(value: Any, hidden: frozenset[str]) -> Any:
    """The values of a row, without those that only administrators may read."""
    if not isinstance(value, dict):
        return value
    return {key: each for key, each in value.items() if key not in hidden}
