"""Read org.json: organisations and departments, parents first, and people with their roles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from bihuan.clock.zones import known_zones
from bihuan.collaborations.imports import KEY_LENGTH
from bihuan.integrations.neutral.document import Item, NotJson, items
from bihuan.integrations.neutral.fields import Row, raw_text, unknown, without_origin
from bihuan.integrations.neutral.files import read_document
from bihuan.integrations.neutral.problems import PREFIX, Problem, Unreadable
from bihuan.organisation.enums import PostKind

FILE = "org.json"
NAME_LIMIT = 200
LEVELS = 40
SECTIONS = ("organisations", "departments", "people", "groups")
ORGANISATION = "organisation:"
POST_NOWHERE = f"{PREFIX}post_nowhere"
Offices = dict[str, list[str]]  # kinds of posts by department
OFFICES: dict[str, str] = {"head": PostKind.HEAD, "contact": PostKind.CONTACT, "staff": PostKind.STAFF}
Role = tuple["ReadPost", bool]  # a post, and whether its row says of what kind it is


@dataclass(frozen=True, slots=True)
class ReadDepartment:
    """A department, or an organisation standing above its departments (`is_organisation`)."""

    key: str
    name: str
    parent_key: str = ""
    kind: str = ""
    description: str = ""
    is_active: bool = True
    is_organisation: bool = False
    head_keys: tuple[str, ...] = ()
    contact_keys: tuple[str, ...] = ()
    time_zone: str = ""
    unsaid: frozenset[str] = frozenset()
    line: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ReadPost:
    department_key: str
    title: str = ""
    kind: str = PostKind.STAFF
    is_main: bool | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    any_title: bool = False


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """A person with posts; of one who `is_in` already only the posts are said."""

    key: str
    name: str
    posts: tuple[ReadPost, ...] = ()
    email: str = ""
    is_in: bool = False
    unsaid: frozenset[str] = frozenset()
    line: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """People under one name, word for word."""

    key: str
    raw: str
    line: int = field(default=0, compare=False)
    file: str = field(default="", compare=False)


@dataclass(frozen=True)
class Known:
    """The keys a matter may refer to."""

    departments: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def joined(self, other: "Known") -> "Known":
        return Known(self.departments | other.departments, self.people | other.people, self.groups | other.groups)

    @cached_property
    def anybody(self) -> frozenset[str]:
        """What may stand where people are expected: the source also names groups and departments there."""
        return self.people | self.groups | self.departments


@dataclass(slots=True)
class Organisation:
    """All of org.json: `departments` with every parent before its children."""

    departments: list[ReadDepartment] = field(default_factory=list)
    people: list[ReadPerson] = field(default_factory=list)
    groups: list[ReadGroup] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    problems: list[Problem] = field(default_factory=list)
    rejected: dict[str, int] = field(default_factory=dict)


def read_organisation(folder: Path, besides: Known = Known()) -> Organisation:
    """Everything readable of org.json; raise Unreadable when the file is none. `besides` are keys that came in before:
    a row may stand below such a department, hold a post in it, or name such a person for an office.
    """
    found = Organisation(rejected=dict.fromkeys(SECTIONS, 0))
    rows = accepted(found, listed(folder, found))
    known = {section: frozenset(rows[section]) for section in SECTIONS}
    found.known = Known(known["departments"], known["people"], known["groups"])
    named = {key: row.text("parent", limit=KEY_LENGTH) for key, row in rows["departments"].items()}
    tree = Tree(named, besides.departments)
    found.departments = [organisation(key, row) for key, row in rows["organisations"].items()]
    departments = [department(row, tree, known, besides) for row in rows["departments"].values()]
    found.departments += sorted(departments, key=lambda each: tree.level(each.key))
    offices = offices_in(departments)
    places = known["departments"] | besides.departments
    found.people = [person(row, offices.get(key, {}), places, besides.people) for key, row in rows["people"].items()]
    found.people += officers(departments, known["people"])
    found.groups = [group(row) for row in rows["groups"].values()]
    for section in SECTIONS:
        found.problems += [problem for row in rows[section].values() for problem in row.problems]
    found.rejected["posts"] = sum(1 for problem in found.problems if problem.code == POST_NOWHERE)
    return found


def listed(folder: Path, found: Organisation) -> list[Item]:
    try:
        everything = list(items(read_document(folder, FILE)))
    except NotJson:
        raise Unreadable("file_not_json", FILE) from None
    for item in everything:
        if item.section in SECTIONS and not item.listed:
            row = Row({}, FILE, item.line)
            row.report("wrong_type", item.section, item.value, expected="list")
            found.problems += row.problems
    return [item for item in everything if item.section in SECTIONS and item.listed]


def accepted(found: Organisation, everything: Iterable[Item]) -> dict[str, dict[str, Row]]:
    """Rows by section and key. A row without a usable key of its own is rejected and reported."""
    rows: dict[str, dict[str, Row]] = {section: {} for section in SECTIONS}
    for item in everything:
        row = Row({}, FILE, item.line)
        if isinstance(item.value, dict):
            row.take(item.value)
        if not isinstance(item.value, dict):
            row.report("wrong_type", item.section, item.value, expected="object", fatal=True)
        elif not take_key(row):
            pass
        elif row.key in rows[item.section]:
            row.report("key_twice", "id", row.key, fatal=True, first=rows[item.section][row.key].line)
        if row.is_rejected:
            found.rejected[item.section] += 1
            found.problems += row.problems
        else:
            rows[item.section][row.key] = row
    return rows


def take_key(row: Row) -> bool:
    """Set the row's key from its `id`; a row cannot come in without one."""
    value = row.body.get("id")
    key = row.text("id").strip() if isinstance(value, str) else ""
    if not key:
        row.report("key_missing", "id", "" if value is None else value, fatal=True)
    elif len(key) > KEY_LENGTH:
        row.report("key_too_long", "id", key, fatal=True, limit=KEY_LENGTH)
    row.key = key
    return not row.is_rejected


@dataclass(slots=True)
class Tree:
    """The parents as the source names them, and what is left of them when nothing runs in a circle."""

    named: dict[str, str]
    elsewhere: frozenset[str] = frozenset()
    broken: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Cut the fewest: in file order, a department whose way up comes back to itself stands at the top."""
        for key, parent in self.named.items():
            if parent and parent not in self.named and parent not in self.elsewhere:
                self.broken[key] = "parent_unknown"
            elif parent and self.way_up(key) is None:
                self.broken[key] = "parent_circle"
            elif len(self.way_up(key) or ()) > LEVELS:
                self.broken[key] = "parent_too_deep"

    def parent(self, key: str) -> str:
        return "" if key in self.broken else self.named.get(key, "")

    def way_up(self, key: str) -> list[str] | None:
        """The keys above, nearest first; None when the way comes back to where it began."""
        way: list[str] = []
        above = self.parent(key)
        while above and above not in way:
            if above == key:
                return None
            way.append(above)
            above = self.parent(above)
        return way

    def level(self, key: str) -> int:
        return len(self.way_up(key) or ())


def group(row: Row) -> ReadGroup:
    return ReadGroup(row.key, raw_text(without_origin(row.body)), row.line, row.file)


def offices_in(departments: Iterable[ReadDepartment]) -> dict[str, Offices]:
    """By person, where each is head and where contact person, as the departments say."""
    found: dict[str, Offices] = {}
    for each in departments:
        for kind, keys in ((PostKind.HEAD, each.head_keys), (PostKind.CONTACT, each.contact_keys)):
            for key in keys:
                found.setdefault(key, {}).setdefault(each.key, []).append(kind)
    return found


def organisation(key: str, row: Row) -> ReadDepartment:
    return ReadDepartment(ORGANISATION + key, name_of(row), is_organisation=True, line=row.line, file=row.file)


def department(row: Row, tree: Tree, known: dict[str, frozenset[str]], besides: Known) -> ReadDepartment:
    if row.key in tree.broken:
        row.report(tree.broken[row.key], "parent", tree.named[row.key])
    everybody = known["people"] | besides.people
    named = {name: row.keys(name) for name in ("heads", "contacts")}
    for name, keys in named.items():
        for key in unknown(keys, everybody):
            row.report("person_unknown", name, key)
    described = (row.text("name_zh", limit=NAME_LIMIT), row.text("mission"), row.text("mission_zh"))
    return ReadDepartment(
        key=row.key,
        name=name_of(row),
        parent_key=tree.parent(row.key) or organisation_of(row, known["organisations"]),
        kind=row.word("kind"),
        description="\n\n".join(filter(None, described)),
        is_active=row.word("status") != "archived",
        head_keys=tuple(key for key in named["heads"] if key in everybody),
        contact_keys=tuple(key for key in named["contacts"] if key in everybody),
        time_zone=time_zone_of(row),
        unsaid=row.unsaid,
        line=row.line,
        file=row.file,
    )


def time_zone_of(row: Row) -> str:
    """The one zone a department works in; of several none is the one, and that is told."""
    named = row.keys("time_zones")
    for each in unknown(named, known_zones()):
        row.report("time_zone_unknown", "time_zones", each)
    found = [each for each in named if each in known_zones()]
    if len(found) > 1:
        row.report("time_zones_several", "time_zones", ", ".join(found))
    return found[0] if len(found) == 1 else ""


def organisation_of(row: Row, known: frozenset[str]) -> str:
    key = row.text("org", limit=KEY_LENGTH)
    if key and key not in known:
        row.report("organisation_unknown", "org", key)
    return ORGANISATION + key if key in known else ""


def officers(departments: Iterable[ReadDepartment], listed: frozenset[str]) -> Iterator[ReadPerson]:
    """Who is in already and not in the file, with the offices that its departments name him for."""
    for each in departments:
        for key, offices in offices_in([each]).items():
            if key not in listed:
                posts = tuple(with_offices([], offices))
                yield ReadPerson(key, "", posts, is_in=True, line=each.line, file=each.file)


def person(row: Row, offices: Offices, departments: frozenset[str], there: frozenset[str]) -> ReadPerson:
    """A person and the posts: one per role, and one of an office where a department names him and no role does."""
    roles: list[Role] = []
    for role in row.rows("roles"):
        place, title = role.text("department", limit=KEY_LENGTH), role.word("role")
        if place not in departments:
            role.report("post_nowhere", role.place("department"), place, fatal=True)
            continue
        beside, office = role.truth("beside"), office_of(role)
        first, end = role.day("starts_on").day, role.day("ends_on").day
        is_main = None if beside is None else not beside
        roles.append((ReadPost(place, title, office or PostKind.STAFF, is_main, first, end), bool(office)))
    email = row.text("email")
    is_in = row.key in there and not email and not row.text("handle")
    name = "" if is_in else name_of(row, "handle")
    return ReadPerson(row.key, name, tuple(with_offices(roles, offices)), email, is_in, row.unsaid, row.line, row.file)


def office_of(role: Row) -> str:
    """The kind of post that a role says it is; empty where it says none."""
    said = role.word("office")
    if said and said not in OFFICES:
        role.report("wrong_type", role.place("office"), said, expected=", ".join(OFFICES))
    return OFFICES.get(said, "")


def with_offices(roles: list[Role], offices: Offices) -> Iterable[ReadPost]:
    """Where no role says it itself, the first in a department is the post of the head, where the person is one, then
    that of the contact; one that ends is so only where there is no other."""
    said = {(post.department_key, post.kind) for post, is_said in roles if is_said}
    left = {place: [kind for kind in kinds if (place, kind) not in said] for place, kinds in offices.items()}
    meant: dict[ReadPost, str] = {}
    for post in sorted((post for post, is_said in dict.fromkeys(roles) if not is_said), key=lasting_first):
        kinds = left.get(post.department_key)
        meant[post] = kinds.pop(0) if kinds else PostKind.STAFF
    for post, is_said in dict.fromkeys(roles):
        yield post if is_said else replace(post, kind=meant[post])
    for place in sorted(left):
        for kind in left[place]:
            yield ReadPost(place, "", kind, any_title=True)


def lasting_first(post: ReadPost) -> int:
    return -(post.ends_on or date.max).toordinal()


def name_of(row: Row, field_name: str = "name") -> str:
    """The name; the key where the source gives none, because a list has to show something."""
    name = row.text(field_name, limit=NAME_LIMIT)
    if not name:
        row.report("name_missing", field_name)
    return name or row.key
