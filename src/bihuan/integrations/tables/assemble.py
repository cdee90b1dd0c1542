"""Put the records of a book together into the neutral shape that `integrations.neutral` reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bihuan.integrations.neutral.fields import TOLD
from bihuan.integrations.tables.keys import called, keys_in
from bihuan.integrations.tables.names import NOWHERE, Elsewhere, Names
from bihuan.integrations.tables.naming import key_of, said_in, ways_in
from bihuan.integrations.tables.records import Record

Body = dict[str, Any]
Records = Mapping[str, Sequence[Record]]
ARCHIVED = {"archived", "closed", "inactive", "停用", "撤销", "已撤销", "已停用", "关闭"}
ROLES = {
    "owner": "owners", "责任人": "owners", "负责人": "owners", "lead": "owners",
    "approver": "approvers", "审批人": "approvers", "批准人": "approvers",
    "reviewer": "reviewers", "评审人": "reviewers", "审核人": "reviewers",
    "editor": "editor", "编辑": "editor",
}  # fmt: skip
OFFICES = {
    "负责人": "head", "部门负责人": "head", "主管": "head", "head": "head",
    "接口人": "contact", "联系人": "contact", "contact person": "contact", "contact": "contact",
    "成员": "staff", "员工": "staff", "staff": "staff",
}  # fmt: skip
LEADING = {"lead", "leading", "主责", "牵头", "主责部门", "牵头部门"}
GATES = "approval_gates"


class Book:
    """The records of every mapped sheet, and the names by which they speak of departments and people."""

    def __init__(self, records: Records, elsewhere: Elsewhere = NOWHERE) -> None:
        self.records = records
        ways = ways_in(self.of("departments"))
        places = ((key, (*names_of(each), *ways[key])) for each in self.of("departments") for key in [key_of(each)])
        self.accounts = accounts(self.of("people"), (key for key, _names in elsewhere.people))
        people = ((self.account(each), person_names(each)) for each in self.of("people"))
        self.departments = Names(places, Names(elsewhere.departments))
        self.people = Names(people, Names(elsewhere.people, are_people=True), are_people=True)
        self.keys = keys_in(self.of("collaborations"))
        self.matters = called(self.of("collaborations"), self.keys)

    def account(self, record: Record) -> str:
        """The key of a person: as it came in before, where only capitals differ."""
        key = person_key(record)
        return self.accounts.get(key, key)

    def is_in(self, key: str) -> bool:
        """Whether a person is in already."""
        return self.people.elsewhere is not None and key in self.people.elsewhere.keys

    def of(self, table: str) -> Sequence[Record]:
        return self.records.get(table, ())

    def telling(self, body: Body) -> Body:
        """The body, with what was found about the names in it since the one before."""
        told = [*self.departments.told, *self.people.told]
        self.departments.told.clear()
        self.people.told.clear()
        return {**body, TOLD: [each for place, each in enumerate(told) if each not in told[:place]]} if told else body

    def matter(self, said: str | None) -> str | None:
        """The key of the matter that a row names, as it stands where none is called so."""
        return self.matters.get(said or "", said)

    def beside(self, table: str, key: str = "collaboration") -> dict[str, list[Record]]:
        """The rows of a table by the matter, or the programme, they belong to."""
        found: dict[str, list[Record]] = {}
        for record in self.of(table):
            said = record.text(key)
            found.setdefault((self.matter(said) if key == "collaboration" else said) or "", []).append(record)
        return found


def names_of(record: Record) -> tuple[str, ...]:
    return tuple(filter(None, (record.text("name"), record.text("name_zh"))))


def handle(record: Record) -> str:
    return record.text("handle") or ""


def person_names(record: Record) -> tuple[str, ...]:
    return handle(record), record.text("name") or "", record.text("email") or ""


def person_key(record: Record) -> str:
    platform = record.text("platform")
    return f"{platform}:{handle(record)}" if platform and handle(record) else handle(record)


def accounts(records: Iterable[Record], known: Iterable[str]) -> dict[str, str]:
    """Of the accounts in a file those that came in before with other capitals, each by itself."""
    before: dict[str, set[str]] = {}
    for key in known:
        before.setdefault(key.casefold(), set()).add(key)
    named: dict[str, set[str]] = {}
    for key in map(person_key, records):
        named.setdefault(key.casefold(), set()).add(key)
    single = {text: next(iter(keys)) for text, keys in named.items() if len(keys) == 1}
    return {
        key: next(iter(before[text]))
        for text, key in single.items()
        if len(before.get(text, ())) == 1 and key not in before[text]
    }


def organisation(book: Book) -> Body:
    return {
        "organisations": [organisation_of(record) for record in book.of("organisations")],
        "departments": [book.telling(department(book, record)) for record in book.of("departments")],
        "people": list(people(book)),
        "groups": [group(book, record) for record in book.of("groups")],
    }


def organisation_of(record: Record) -> Body:
    return record.at({"id": record.text("organisation"), "name": record.text("name")})


def group(book: Book, record: Record) -> Body:
    members = book.people.all(record.texts("members"))
    return record.at({"id": record.text("group"), **texts_of(record, "name", "org"), "members": members})


def department(book: Book, record: Record) -> Body:
    status = record.text("status")
    return record.at(
        {
            "id": key_of(record),
            "name": record.text("name"),
            "name_zh": record.text("name_zh"),
            "kind": record.text("kind"),
            "org": record.text("org"),
            "parent": book.departments.find(record.text("parent")),
            "status": "archived" if status and status.casefold() in ARCHIVED else status,
            "mission": record.text("mission"),
            "mission_zh": record.text("mission_zh"),
            "time_zones": record.texts("time_zones"),
            "heads": book.people.all(record.texts("heads")),
            "contacts": book.people.all(record.texts("contacts")),
        }
    )


def people(book: Book) -> Iterator[Body]:
    """One for each account. The same account on several rows under the same name holds several posts."""
    rows: dict[tuple[str, str], list[Record]] = {}
    for record in book.of("people"):
        rows.setdefault((book.account(record), record.text("name") or ""), []).append(record)
    posts = posts_beside(book)
    for (key, name), same in rows.items():
        own = [each for record in same for each in posts_said(book, record)]
        first = same[0]
        if key != person_key(first):
            book.people.tell("taken_for", person_key(first), {key})
        email = next(filter(None, (record.text("email") for record in same)), None)
        body = {"id": key, "handle": name or handle(first), "platform": first.text("platform"), "email": email}
        yield book.telling(first.at({**body, "roles": own + posts_of(book, posts.pop(key, []))}))
    for key, records in posts.items():
        if book.is_in(key):
            yield book.telling(records[0].at({"id": key, "roles": posts_of(book, records)}))


def posts_beside(book: Book) -> dict[str, list[Record]]:
    """The rows of posts by whom they are of."""
    found: dict[str, list[Record]] = {}
    for record in book.of("department_roles"):
        found.setdefault(book.people.find(record.text("person")) or "", []).append(record)
    return found


def posts_of(book: Book, records: Iterable[Record]) -> list[Body]:
    return [each for record in records for each in posts_said(book, record) or [post(book, record, None)]]


def posts_of_nobody(book: Book) -> Iterator[Record]:
    """Rows of posts that name somebody who is neither in a sheet nor in already."""
    listed = set(map(book.account, book.of("people")))
    for key, records in posts_beside(book).items():
        if key not in listed and not book.is_in(key):
            yield from records


def posts_said(book: Book, record: Record) -> list[Body]:
    """One in each department that a row names: the first is the main one where nothing else is said."""
    held = [post(book, record, place) for place in said_in(record, "department", book.departments)]
    return [*held[:1], *({"beside": True, **each} for each in held[1:])]


def post(book: Book, record: Record, place: str | None) -> Body:
    more: Body = {"beside": record.truth("beside")} if record.text("beside") else {}
    more |= {name: record.day(name) for name in ("starts_on", "ends_on") if record.text(name)}
    if said := record.text("office"):
        more["office"] = OFFICES.get(said.casefold(), said)
    found = book.departments.find(place)
    return record.at({"department": found, "role": record.text("role"), **more})


def matters(book: Book) -> Iterator[Body]:
    tables = {name: book.beside(name) for name in BESIDE}
    people_of, parties_of = book.beside("assignments"), book.beside("participants")
    for key, record in zip(book.keys, book.of("collaborations"), strict=True):
        body = {"id": key or None, **matter(book, record)}
        add_parties(book, body, record, parties_of.pop(key, []))
        add_people(book, body, people_of.pop(key, []))
        for name, rows in tables.items():
            body[name] = body.get(name, []) + [BESIDE[name](book, each) for each in rows.pop(key, [])]
        yield book.telling(record.at(body))


def lost(book: Book) -> Iterator[Record]:
    """Rows that name a matter or a programme which stands in no sheet."""
    for name in (*BESIDE, "assignments", "participants"):
        for record in book.of(name):
            if record.text("collaboration") not in book.matters:
                yield record
    programmes = {record.text("id") for record in book.of("programmes")}
    for name in ("programme_milestones", "programme_team"):
        yield from (record for record in book.of(name) if record.text("programme") not in programmes)


def matter(book: Book, record: Record) -> Body:
    texts = ("title", "title_en", "kind", "stage", "recorded_first", "recorded_last", "programme", "release_method")
    status = record.text("status")
    return {
        "number": record.text("number"),
        "number_raw": record.text("number"),
        "order": record.text("order"),
        **{name: record.text(name) for name in (*texts, "summary", "background", "external_ref")},
        "status": status,
        "status_raw": record.text("status_raw") or status,
        "lead_department": book.departments.find(record.text("lead_department")),
        "requester": book.people.find(record.text("requester")),
        "owners": book.people.all(record.texts("owners")),
        "approvers": book.people.all(record.texts("approvers")),
        "reviewers": book.people.all(record.texts("reviewers")),
        "created": record.day("created"),
        "updated": record.day("updated"),
        "goals": record.lines("goals"),
        "non_goals": record.lines("non_goals"),
        "packages": record.texts("packages"),
        "risks": record.lines("risks"),
        "acceptance_criteria": [{"text": text} for text in record.lines("acceptance_criteria")],
    }


def add_parties(book: Book, body: Body, record: Record, rows: Iterable[Record]) -> None:
    """The departments; the first one marked as leading leads where the row itself names none."""
    taking_part = book.departments.all(said_in(record, "participants", book.departments))
    for row in rows:
        found = book.departments.find(row.text("department"))
        leads = (row.text("role") or "").casefold() in LEADING
        if leads and body["lead_department"] in (None, found):
            body["lead_department"] = found
        elif found:
            taking_part.append(found)
    body["participating_departments"] = list(dict.fromkeys(taking_part))


def add_people(book: Book, body: Body, rows: Iterable[Record]) -> None:
    for row in rows:
        role = row.text("role") or ""
        found = book.people.find(row.text("person"))
        place = ROLES.get(role.casefold())
        if place and found:
            body[place] = list(dict.fromkeys([*body.get(place, []), found]))
        elif found:
            body.setdefault(GATES, []).append({"gate": role, "approver": found})


def texts_of(record: Record, *names: str) -> Body:
    return {name: record.text(name) for name in names}


def milestone(book: Book, record: Record) -> Body:
    body = {"name": record.text("name"), "release": record.text("release"), "raw": record.text("raw")}
    return record.at({**body, "date": record.day("date"), "approver": book.people.find(record.text("approver"))})


def criterion(book: Book, record: Record) -> Body:
    return record.at(texts_of(record, "phase", "text"))


def checklist(book: Book, record: Record) -> Body:
    return record.at({"done": record.truth("done"), "text": record.text("text")})


def risk(book: Book, record: Record) -> str | None:
    return record.text("text")


def ask(book: Book, record: Record) -> Body:
    found = book.departments.find(record.text("department"))
    return record.at({"department": found, "text": record.text("text")})


def added_field(book: Book, record: Record) -> Body:
    return record.at(texts_of(record, "form", "record", "key", "label", "value"))


def update(book: Book, record: Record) -> Body:
    return record.at({"date": record.day("date"), **texts_of(record, "precision", "release", "text")})


def relation(book: Book, record: Record) -> Body:
    return record.at({"type": record.text("type"), "raw": record.text("raw"), "collaboration": record.text("target")})


def responsibility(book: Book, record: Record) -> Body:
    found = book.departments.find(record.text("department"))
    return record.at({"department": found, "raw": record.text("raw"), "duty": record.text("duty")})


BESIDE = {
    "milestones": milestone,
    "acceptance_criteria": criterion,
    "checklist": checklist,
    "risks": risk,
    "resource_asks": ask,
    "extra_fields": added_field,
    "updates": update,
    "relations": relation,
    "responsibilities": responsibility,
}


def programmes(book: Book) -> Iterator[Body]:
    dates, teams = book.beside("programme_milestones", "programme"), book.beside("programme_team", "programme")
    for record in book.of("programmes"):
        key = record.text("id") or ""
        body = record.at(
            {
                **texts_of(record, "id", "name", "summary"),
                "lead_department": book.departments.find(record.text("lead_department")),
                "begin": record.day("begin"),
                "end": record.day("end"),
                "milestones": [programme_milestone(each) for each in dates.get(key, [])],
                "team": [team(book, each) for each in teams.get(key, [])],
            }
        )
        yield book.telling(body)


def programme_milestone(record: Record) -> Body:
    words = texts_of(record, "name", "owner_role", "days", "cutoff", "week", "instant_utc", "note")
    begin, end = record.day("begin"), record.day("end")
    return record.at({**words, "date": begin, "end": end, "gate": record.truth("gate"), "raw": record.text("raw")})


def team(book: Book, record: Record) -> Body:
    lead, shadows = book.people.all(record.texts("lead")), book.people.all(record.texts("shadows"))
    return record.at({"role": record.text("role"), "leads": lead, "shadows": shadows})


def actions(book: Book) -> Iterator[Body]:
    for record in book.of("action_items"):
        owners, place = book.people.all(record.texts("owners")), book.departments.find(record.text("department"))
        words = texts_of(record, "id", "text", "status", "status_raw")
        body = {**words, "raised": record.day("raised"), "owners": owners, "department": place}
        yield book.telling(record.at(body))


def changes(book: Book) -> Iterator[Body]:
    """Fields that changed together make one change."""
    last: Body | None = None
    for record in book.of("changes"):
        head = {**texts_of(record, "id", "at", "submitted_at", "change_request")}
        head |= {"collaboration": book.matter(record.text("collaboration")), "by": book.people.find(record.text("by"))}
        if last is None or any(last[name] != value for name, value in head.items()):
            if last is not None:
                yield last
            last = record.at({**head, "changes": []})
        last["changes"].append(texts_of(record, "field", "old", "new"))
    if last is not None:
        yield last


def exceptions(book: Book) -> Iterator[Body]:
    for record in book.of("exceptions"):
        words = texts_of(record, "id", "programme", "gate", "title", "collaboration", "decision", "link")
        yield record.at({**words, "requested": record.day("requested"), "reviewed": record.day("reviewed")})


def reports(book: Book) -> Iterator[Body]:
    for record in book.of("acceptance_reports"):
        words = texts_of(record, "id", "programme", "collaboration", "title", "conclusion")
        more = {name: record.lines(name) for name in ("report_dates", "runs", "open_findings")}
        yield record.at({**words, **more})
