"""Who gives a signature in the place of an office whose holders are away, have gone or wrote the paper themselves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.kernel import principals
from bihuan.organisation.enums import DeputyKind, PostKind
from bihuan.organisation.models import Charge, Department, Deputy, Person, Post
from bihuan.organisation.queries.cards import executives_of
from bihuan.organisation.queries.deputies import Item, away_on, lines_of
from bihuan.organisation.queries.duties import departments_above
from bihuan.organisation.queries.effective import in_force

Holders = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who is asked instead. `line` says by which line of which list a deputy signs; empty for a superior."""

    principal: str
    line: Mapping[str, Any]


def holders_of(offices: Iterable[str], at: datetime) -> Holders:
    """The active people who hold each office themselves; groups and departments are left out. At most six queries."""
    wanted = set(offices)
    ids: dict[str, set[int]] = {"h": set(), "x": set(), "p": set()}
    for kind, pk in map(principals.split, wanted):
        if kind in ids and pk is not None:
            ids[kind].add(pk)
    executives = executives_of(ids["x"], at) if ids["x"] else {}
    people = (
        set(Person.objects.filter(pk__in=ids["p"], is_active=True).values_list("pk", flat=True)) if ids["p"] else set()
    )
    found = {principals.head(pk): frozenset(held) for pk, held in _heads(ids["h"], at).items()}
    found |= {principals.executive(pk): _only(executives[pk].id if pk in executives else None) for pk in ids["x"]}
    return found | {principals.person(pk): _only(pk if pk in people else None) for pk in ids["p"]}


def _only(person_id: int | None) -> frozenset[int]:
    return frozenset() if person_id is None else frozenset({person_id})


def _heads(department_ids: Collection[int], at: datetime) -> dict[int, set[int]]:
    """Of a department that was merged, the heads of the one it went into."""
    if not department_ids:
        return {}
    rows = Department.objects.filter(pk__in=department_ids).values_list("pk", "merged_into")
    standing = {pk: into or pk for pk, into in rows}
    held: dict[int, set[int]] = {}
    posts = Post.objects.filter(
        in_force(at), department__in=set(standing.values()), kind=PostKind.HEAD, person__is_active=True
    )
    for department_id, person_id in posts.values_list("department", "person"):
        held.setdefault(department_id, set()).add(person_id)
    return {pk: held.get(standing.get(pk, pk), set()) for pk in department_ids}


def away_today(at: datetime) -> set[int]:
    """Everybody who is away on the day. One query."""
    return set(away_on(at).values_list("person", flat=True))


def in_place_of(office: str, item: Item, *, besides: int | None, at: datetime) -> StandIn | None:
    """Who signs instead, or None while the office itself is to be asked.

    While all its holders besides the author are away: the first of their deputies within whose limits the item is and
    who is neither away nor the author; when deputies are named but none of them may, the next superior; without any
    the office stays asked and the time limit does its work. When nobody besides the author holds the office, the next
    superior.
    """
    held = holders_of([office], at).get(office)
    if held is None:
        return None
    others, away = held - _only(besides), away_today(at)
    if others - away:
        return None
    for absent in sorted(others):
        line = next((row for row in lines_of(absent, at, DeputyKind.SIGNING, item) if row.deputy_id != besides), None)
        if line is not None:
            return StandIn(principals.person(line.deputy_id), _told(line, absent))
    if others and not _has_deputies(others, at):
        return None
    return StandIn(superior_office(office, besides=away | _only(besides) | held, at=at), {})


def _told(line: Deputy, absent: int) -> dict[str, Any]:
    """The line as it stands now: kept with the signature, whatever becomes of it. One query."""
    names = dict(Person.objects.filter(pk__in={absent, line.person_id}).values_list("pk", "name"))
    return {
        "deputy_row_id": line.pk, "absent": names[absent], "named_by": names[line.person_id], "forms": line.forms,
        "amount_limit": None if line.amount_limit is None else f"{line.amount_limit:.2f}",
        "collaborations": line.collaborations, "starts_on": line.starts_on.isoformat(),
        "ends_on": line.ends_on.isoformat() if line.ends_on else None,
    }  # fmt: skip


def _has_deputies(people: Collection[int], at: datetime) -> bool:
    rows = Deputy.objects.filter(in_force(at), person__in=people)
    return any(not row.kinds or DeputyKind.SIGNING.value in row.kinds for row in rows)


def superior_office(office: str, *, besides: Collection[int], at: datetime) -> str:
    """The next office above that somebody else holds: heads upwards, executives upwards, at last the PMO."""
    kind, pk = principals.split(office)
    lineage = _lineage(kind, pk, at)
    heads = _heads(lineage, at)
    for step in lineage if kind == "p" else lineage[1:] if kind == "h" else []:
        if heads[step] and not heads[step] & set(besides):
            return principals.head(step)
    charged = dict(
        Charge.objects.filter(in_force(at), department__in=lineage, person__is_active=True).values_list(
            "department", "person"
        )
    )
    able = (step for step in lineage if step in charged and charged[step] not in besides)
    return next((principals.executive(step) for step in able), principals.PMO)


def _lineage(kind: str, pk: int | None, at: datetime) -> list[int]:
    """The departments of an office, nearest first, then those above. One query."""
    if kind == "p" and pk is not None:
        return departments_above(pk, at)
    row = Department.objects.filter(pk=pk or 0).select_related("merged_into").first()
    return list(reversed((row.merged_into or row).lineage)) if row is not None else []
