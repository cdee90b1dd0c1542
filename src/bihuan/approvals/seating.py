"""Who stands behind the slots of a route: the offices a selector means and those above them, on a day. Only reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bihuan.approvals.policy.resolving import Candidate, Seat
from bihuan.approvals.policy.routes import Selector, Who
from bihuan.kernel import principals
from bihuan.organisation.queries import above
from bihuan.organisation.queries.above import Office

Departments = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Parties:
    """What the caller resolved: who holds which role, and which departments stand behind which group."""

    roles: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Departments] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read for all selectors together."""

    offices: Mapping[int, tuple[Office, ...]]
    works_in: Mapping[int, list[int]]
    names: Mapping[int, str]
    posts: Mapping[Selector, list[tuple[int, str]]]
    groups: Mapping[str, frozenset[int]]
    at: datetime


def pmo(at: datetime) -> Candidate:
    return _group(principals.PMO, at)


def seats_for(selectors: Iterable[Selector], parties: Parties, at: datetime) -> dict[Selector, tuple[Seat, ...]]:
    """The seats behind each selector. Some queries for all of them, one more for each post and each group named."""
    wanted = list(selectors)
    found = _read(wanted, parties, at)
    return {selector: tuple(_seats(selector, parties, found)) for selector in wanted}


def _read(wanted: Sequence[Selector], parties: Parties, at: datetime) -> _Found:
    posts = {each: above.holders_of_post(each.number, each.title, at) for each in wanted if each.who is Who.POST}
    roles = {parties.roles[each.name] for each in wanted if each.who is Who.ROLE and parties.roles.get(each.name)}
    people = {each.number for each in wanted if each.who is Who.PERSON}
    people |= {pk for holders in posts.values() for pk, _name in holders}
    people |= {pk for kind, pk in map(principals.split, roles) if kind == "p" and pk is not None}
    works_in = above.departments_of_people(people, at) if people else {}
    named = {pk for held in works_in.values() for pk in held} | _departments(wanted, parties)
    named |= {pk for kind, pk in map(principals.split, roles) if kind in "hx" and pk is not None}
    return _Found(
        offices=above.offices_above(named, at),
        works_in=works_in,
        names=above.names_of_people(people) if people else {},
        posts=posts,
        groups={role: _group(role, at).holders for role in roles if principals.split(role)[1] is None},
        at=at,
    )


def _departments(wanted: Sequence[Selector], parties: Parties) -> set[int]:
    numbers = {each.number for each in wanted if each.who in {Who.HEAD, Who.POST}}
    return numbers | {
        pk for each in wanted if each.who in {Who.EACH, Who.CHAIN} for pk, _name in parties.groups.get(each.name, ())
    }


def _seats(selector: Selector, parties: Parties, found: _Found) -> list[Seat]:
    if selector.who is Who.EACH:
        return [_of_department(pk, name, found) for pk, name in parties.groups.get(selector.name, ())]
    if selector.who is Who.HEAD:
        return [_of_department(selector.number, "", found)]
    if selector.who is Who.CHAIN:
        return _chain(selector, parties, found)
    if selector.who is Who.PERSON:
        return [_of_person(selector.number, f"person{selector.number}", "", found)]
    if selector.who is Who.POST:
        return _of_post(selector, found)
    return _of_role(selector.name, parties.roles.get(selector.name, ""), found)


def _of_department(pk: int, name: str, found: _Found) -> Seat:
    offices = found.offices.get(pk, ())
    return Seat(str(pk), name or (offices[0].department if offices else ""), _candidates(offices))


def _chain(selector: Selector, parties: Parties, found: _Found) -> list[Seat]:
    """The head of the department, the heads above and the executive in charge, as many as the route says."""
    seats: list[Seat] = []
    for pk, _name in parties.groups.get(selector.name, ()):
        offices = found.offices.get(pk, ())
        held = [place for place, office in enumerate(offices) if office.holders]
        for place in held[: selector.levels]:
            office = offices[place]
            seats.append(Seat(f"above{place}.{pk}", office.department, _candidates(offices[place:])))
    return seats


def _of_person(pk: int, key: str, title: str, found: _Found) -> Seat:
    """Who holds no post any more is outside the organisation and signs nothing."""
    held = found.works_in.get(pk, [])
    superiors = [office for department in held for office in found.offices.get(department, ())]
    here = Candidate(principals.person(pk), frozenset({pk} if held else ()))
    label = f"{title} {found.names.get(pk, '')}".strip()
    return Seat(key, label, (here, *(each for each in _candidates(superiors) if pk not in each.holders)))


def _of_post(selector: Selector, found: _Found) -> list[Seat]:
    """Everybody who holds it; the head of the department where nobody does."""
    holders = found.posts[selector]
    if not holders:
        department = _of_department(selector.number, selector.title, found)
        return [Seat(f"post{selector.number}.{selector.title[:16]}", selector.title, department.candidates)]
    return [_of_person(pk, f"person{pk}", selector.title, found) for pk, _name in holders]


def _of_role(role: str, principal: str, found: _Found) -> list[Seat]:
    kind, pk = principals.split(principal)
    key = role.lower()
    if not principal:
        return [Seat(key, "", ())]
    if kind == "p" and pk is not None:
        return [_of_person(pk, key, "", found)]
    if pk is None:
        return [Seat(key, "", (Candidate(principal, found.groups[principal]),))]
    offices = found.offices.get(pk, ())
    meant = [place for place, office in enumerate(offices) if office.principal == principal]
    return [Seat(key, "", _candidates(offices[meant[0] :] if meant else ()))]


def _candidates(offices: Iterable[Office]) -> tuple[Candidate, ...]:
    return tuple(Candidate(office.principal, office.holders) for office in offices)


def _group(principal: str, at: datetime) -> Candidate:
    return Candidate(principal, above.holders_of_group(principal, at))
