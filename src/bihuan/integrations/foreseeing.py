"""What a chunk would change, read from the database; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bihuan.collaborations.queries import why_not_closed
from bihuan.collaborations.queries.sources import content_of, sources_as_kept
from bihuan.integrations.neutral.groups import groups_as_kept
from bihuan.integrations.neutral.organisation import ORGANISATION
from bihuan.integrations.neutral.run import ACTOR, Why
from bihuan.integrations.neutral.work import Chunk, Entry
from bihuan.kernel.errors import Refused
from bihuan.organisation import queries as organisation
from bihuan.organisation.operations import before_and_after, import_posts
from bihuan.organisation.operations.imports import (
    DepartmentRow,
    PostRow,
    closed_here,
    department_values,
    ended_here,
    gone_into,
    head_besides,
    person_values,
    said_of,
    told_besides,
)
from bihuan.organisation.operations.posts import TITLE_LIMIT
from bihuan.organisation.policy import NAME_LIMIT, USERNAME_LIMIT, clean, is_key, spell_ended, spell_meant
from bihuan.organisation.queries.imported import (
    KeptSpell,
    Spells,
    departments_as_kept,
    heads_besides,
    people_as_kept,
    posts_as_kept,
    posts_besides,
    sites_by_zone,
    tops_as_kept,
    usernames_taken,
)
from bihuan.organisation.queries.sources import departments_by_name, people_by_source_key

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one row, why not, and which values would change."""

    result: str
    codes: Sequence[Why] = ()
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)


@dataclass(slots=True)
class Before:
    """Keys that earlier chunks would bring in."""

    departments: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    posts: Spells = field(default_factory=dict)
    offices: set[tuple[str, str]] = field(default_factory=set)


def foresee(chunk: Chunk, before: Before, at: datetime) -> list[Foreseen]:
    """One for each entry of the chunk; remembers in `before` what it would bring in."""
    if not chunk.entries:
        return []
    kinds = {"departments": departments, "people": people, "posts": posts, "groups": groups, "matters": matters}
    return kinds[chunk.rows](chunk.entries, before, at)


def changed(kept: Values, wanted: Values) -> Foreseen:
    names = [name for name, value in wanted.items() if kept.get(name) != value]
    if not names:
        return Foreseen("unchanged")
    return Foreseen("updated", (), {name: kept.get(name) for name in names}, {name: wanted[name] for name in names})


def departments(entries: Sequence[Entry[Any]], before: Before, at: datetime) -> list[Foreseen]:
    parents = {entry.row.parent_key for entry in entries if entry.row.parent_key}
    kept, sites = departments_as_kept({entry.key for entry in entries} | parents), sites_by_zone()
    tops = tops_as_kept(ORGANISATION)
    besides = heads_besides({entry.key: entry.row.heads for entry in entries if entry.row.heads}, at)
    found = []
    for entry in entries:
        row = entry.row
        if not is_key(row.source_key, limit=NAME_LIMIT) or not clean(row.name):
            found.append(Foreseen("rejected", ("organisation.name_missing",)))
            continue
        own = kept.get(row.source_key)
        if own is not None and own["ended_on"] and row.is_active:
            found.append(Foreseen("unchanged", (closed_here(own["ended_on"]),)))
            continue
        is_known = not row.parent_key or row.parent_key in kept or row.parent_key in before.departments
        codes = () if is_known else ("organisation.parent_unknown",)
        wanted = department_values(row) | ({"parent": parent_of(row, own, kept, tops)} if is_known else {})
        before.departments.add(row.source_key)
        if own is not None and own["is_active"] and not row.is_active and (why := why_not_closed(own["id"], at)):
            found.append(Foreseen("rejected", why))
            continue
        zone, odd = site(row.time_zone, own, sites)
        seen = changed(own, said_of(row, wanted) | zone) if own is not None else Foreseen("created")
        heads = (head_besides(besides[entry.key]),) if entry.key in besides else ()
        found.append(Foreseen(seen.result, (*codes, *odd, *heads), seen.before, seen.after))
    return found


def parent_of(
    row: DepartmentRow, own: Values | None, kept: Mapping[str, Values], tops: Mapping[int, str]
) -> str | None:
    """The department above, or the one which that went into; where none is named, the organisation it is in."""
    if not row.parent_key:
        return tops.get(own["top"]) if own is not None and row.within else None
    above = kept.get(row.parent_key or "")
    return above["into"] if above is not None and above["into_name"] else row.parent_key


def site(zone: str, own: Values | None, sites: Mapping[str, int]) -> tuple[Values, tuple[str, ...]]:
    """The site in this time zone, where the department has none and only one can be meant."""
    there = own.get("time_zone") if own else None
    if not zone or there:
        return {}, ("organisation.site_differs",) if zone and there != zone else ()
    return ({}, ("organisation.site_open",)) if sites.get(zone, 0) > 1 else ({"time_zone": zone}, ())


def people(entries: Sequence[Entry[Any]], before: Before, at: datetime) -> list[Foreseen]:
    keys = {entry.key for entry in entries}
    kept, taken = people_as_kept(keys), usernames_taken(keys)
    return [person(entry.row, kept, taken, before) for entry in entries]


def person(row: Any, kept: dict[str, dict[str, object]], taken: set[str], before: Before) -> Foreseen:
    if not is_key(row.source_key, limit=USERNAME_LIMIT) or not clean(row.name):
        return Foreseen("rejected", ("organisation.name_missing",))
    if row.source_key in taken:
        return Foreseen("rejected", ("organisation.username_taken",))
    wanted = person_values(row)
    codes = ("organisation.email_malformed",) if clean(row.email) and not wanted["email"] else ()
    before.people.add(row.source_key)
    seen = changed(kept[row.source_key], said_of(row, wanted)) if row.source_key in kept else Foreseen("created")
    return Foreseen(seen.result, codes, seen.before, seen.after)


def posts(entries: Sequence[Entry[Any]], before: Before, at: datetime) -> list[Foreseen]:
    """A person or department that is neither there nor on its way in leaves the post outside."""
    rows = [entry.row for entry in entries]
    known_people = people_by_source_key(row.person_key for row in rows)
    held = posts_as_kept(known_people)
    known_departments = departments_as_kept(row.department_key for row in rows)
    by_hand = departments_by_name(row.department_key for row in rows)
    besides = posts_besides({row.person_key: row.places for row in rows if row.places}, known_people, at)
    found = []
    for row in rows:
        key = (row.person_key, row.department_key, str(row.kind))
        if row.person_key not in known_people and row.person_key not in before.people:
            found.append(Foreseen("rejected", ("organisation.person_unknown",)))
        elif not any(row.department_key in each for each in (known_departments, before.departments, by_hand)):
            found.append(Foreseen("rejected", ("organisation.department_unknown",)))
        else:
            titles = before.posts.setdefault(key, held.get(key, {}))
            into = known_departments.get(row.department_key, {}).get("into_name") or ""
            seen = post(row, titles, before, at, into=into)
            found.append(replace(seen, codes=told_besides(row, besides)) if seen.result == "created" else seen)
    return found


def post(row: PostRow, titles: dict[str, list[KeptSpell]], before: Before, at: datetime, *, into: str) -> Foreseen:
    """A post that is known stays as it is, but for what is said of it; `titles` and `before` learn what it will be.

    `into` is what its department went into.
    """
    today = organisation.day_of(at)
    own = titles.setdefault(clean(row.title)[:TITLE_LIMIT], [])
    spells = [each for same in titles.values() for each in same] if row.any_title else own
    spell = spell_meant(spells, starts_on=row.starts_on, ends_on=row.ends_on, today=today)
    first = row.starts_on or (spell.starts_on if spell else min(today, row.ends_on or today))
    is_main = row.is_main is not False if row.is_main is not None or spell is None else spell.is_main
    end = row.ends_on if row.ends_on is not None or spell is None else spell.ends_on
    if end is not None and end < first:
        return Foreseen("rejected", ("organisation.ends_before_start",))
    if spell is None and (over := spell_ended(spells, starts_on=row.starts_on, ends_on=row.ends_on, today=today)):
        return Foreseen("unchanged", (ended_here(over.ends_on),))
    if spell is None and into and (end is None or end > today):
        return Foreseen("rejected", (gone_into(into),))
    wanted = KeptSpell(spell.id if spell else 0, first, end, is_main)
    if spell is not None and (why := taken_from_office(row, spell, wanted, before, at)):
        return Foreseen("rejected", why)
    if first <= today and end is None:
        before.offices.add((row.department_key, str(row.kind)))
    if spell is None or not row.any_title:
        own[:] = [*(each for each in own if each is not spell), wanted]
    return Foreseen("created") if spell is None else changed(values_of(spell), values_of(wanted))


def taken_from_office(row: PostRow, spell: KeptSpell, wanted: KeptSpell, before: Before, at: datetime) -> Sequence[Why]:
    """Why nobody may go from this office or come later to it: done, and taken back. Somebody who comes in with the file
    takes it over."""
    is_left = wanted.ends_on != spell.ends_on or wanted.starts_on > spell.starts_on
    if not spell.id or not is_left or (row.department_key, str(row.kind)) in before.offices:
        return ()
    try:
        before_and_after(lambda: import_posts([row], actor=ACTOR, at=at), lambda: None)
    except Refused as refusal:
        return refusal.findings
    return ()


def values_of(spell: KeptSpell) -> Values:
    end: date | None = spell.ends_on
    return {
        "is_main": spell.is_main, "starts_on": spell.starts_on.isoformat(), "ends_on": end.isoformat() if end else None
    }  # fmt: skip


def groups(entries: Sequence[Entry[Any]], before: Before, at: datetime) -> list[Foreseen]:
    """Nobody sees a group as such: that its words are others is all there is to say."""
    kept = groups_as_kept(entry.key for entry in entries)
    return [
        Foreseen("created") if entry.key not in kept else changed({"raw": kept[entry.key]}, {"raw": entry.row.raw})
        for entry in entries
    ]


def matters(entries: Sequence[Entry[Any]], before: Before, at: datetime) -> list[Foreseen]:
    kept = sources_as_kept(entry.key for entry in entries)
    found = []
    for entry in entries:
        digest, content = kept.get(entry.key, ("", {}))
        if not digest:
            found.append(Foreseen("created"))
        elif digest == entry.row.digest:
            found.append(Foreseen("unchanged"))
        else:
            seen = changed(content, content_of(entry.row))
            found.append(Foreseen("updated", (), seen.before, seen.after))
    return found
