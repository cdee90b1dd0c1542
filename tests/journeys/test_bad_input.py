"""Bad input through every form: markup, formulas, direction marks, wide characters, NUL, too much, too deep, too late,
twice, and words nobody asked for. The acts are those of the permission matrix, so none is forgotten."""

from collections.abc import Iterable
from html.parser import HTMLParser
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps

from bihuan.collaborations.forms import REQUEST
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Person
from bihuan.records import policy
from bihuan.records.models import Record, Version
from bihuan.records.schema import Field, Kind
from tests.matrix.asking import answer, browser, everything, send
from tests.matrix.calls import PAGES
from tests.matrix.policy import ROLES, ROWS
from tests.matrix.routes import Door, doors
from tests.matrix.world import World, rolled_back

pytestmark = pytest.mark.django_db
DOORS = {door.name: door for door in doors()}
MARKUP = (
    "</textarea></title></script><x-canary onxcanary=1>\"'><x-canary> {{7*7}} {% if %} ${7*7} javascript:x-canary "
    "<svg/onload=x> <a href=javascript:x>"
)
FORMULA = '=HYPERLINK("http://x.example","y") +1 @SUM(1) -2'
MARKS = "\u202eabc\u2066\u200f\u200b"
WIDE = "😀𠀀👩\u200d👩\u200d👧"
NASTY = f"{FORMULA} {MARKUP} {MARKS} {WIDE}"
KINDS = {"markup": MARKUP, "formula": FORMULA, "marks": MARKS, "wide": WIDE, "all": NASTY}
CHOSEN = {"decision", "accepted", "answer", "playbook", "function", "kind", "language", "theme", "time_zone", "scopes"}
TOKENS = {"request_key", "seen_digest", "seen_prefix", "typed", "agree_all", "username", "password", "present"}
DAYS = {"day", "due_on", "starts_on", "ends_on", "expires_on"}


class Inert(HTMLParser):
    """Collects whatever of the typed text became markup."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        links = {value or "" for name, value in attrs if name in {"href", "src", "action", "formaction", "hx-get"}}
        if tag == "x-canary" or any(name.startswith("on") for name in names):
            self.live.append(tag)
        self.live += [link for link in links if link.strip().lower().startswith(("javascript:", "data:text"))]
        if tag == "script" and "src" not in names:
            self.live.append("script")


def live_parts(html: str) -> list[str]:
    """None where the page shows nothing of the text: its formula stands before its first markup."""
    if "HYPERLINK" not in html and "x-canary" not in html:
        return []
    parser = Inert()
    parser.feed(html)
    return parser.live


def acts() -> list[tuple[str, str, str]]:
    """Every page that changes something, in the matter where somebody may: door, relation, role."""
    found = {}
    for row in ROWS:
        role = next((role for role in ROLES if row.expected[role] == "ok"), None)
        for name in row.doors if row.method == "POST" and role and role != "nobody" else ():
            if name in PAGES and not name.startswith("signin:") and name != "set_language" and row.relation != "other":
                found.setdefault(name, (name, row.relation, role))
    return sorted(found.values())


ACTS = acts()


def prepared(world: World, name: str, relation: str) -> tuple[Door, str, dict[str, Any]]:
    call, side = PAGES[name], world.own
    call.before(side)
    thing = call.name_in(relation)
    address = DOORS[name].address(getattr(side, thing).pk if thing else 0, call.more[0])
    return DOORS[name], address, call.body(side)


def free_text(body: dict[str, Any]) -> list[str]:
    """The fields in which a person writes what he likes."""
    words = [name for name, value in body.items() if isinstance(value, str) and name not in CHOSEN | TOKENS | DAYS]
    return [name for name in words if not str(body[name]).replace(".", "").isdigit()]


def test_there_are_acts_with_words_and_every_kind_of_room_has_one(world: World) -> None:
    rooms = {name.partition(":")[0] for name, _, _ in ACTS}
    assert rooms >= {
        "approvals", "collaborations", "commitments", "issues", "organisation", "plans", "progress", "records",
        "resources",
    }  # fmt: skip
    assert len(ACTS) > 35


@pytest.mark.alike
@pytest.mark.parametrize(("name", "relation", "role"), ACTS)
def test_whatever_is_written_stays_text_on_every_page(name: str, relation: str, role: str, world: World) -> None:
    """AT49: kept or refused in words; nowhere does it become markup."""
    with rolled_back():
        door, address, body = prepared(world, name, relation)
        words = (
            {field: f"{body[field]} {NASTY}" for field in free_text(body)} if not name.startswith("records:") else {}
        )
        response = send(browser(world, role), "POST", door, address, body | words)
        assert response.status_code in {200, 201, 302, 303, 422}
        assert live_parts(response.content.decode()) == []
        for page in pages_of(world) if is_kept("x-canary", world) else ():
            shown = browser(world, "initiator").get(page)
            assert shown.status_code == 200
            assert live_parts(shown.content.decode()) == [], page


def is_kept(word: str, world: World) -> bool:
    """Where a refusal wrote nothing, no page can show it."""
    return any(word in repr(row) for table, rows in everything().items() for row in rows - world.rows[table])


def pages_of(world: World) -> list[str]:
    side, found = world.own, ["/", "/matters/?state=all", "/library/", "/departments/", "/people/"]
    for matter in (side.matter, side.asked_matter, side.filing_matter):
        found += [f"/matters/{matter.pk}/{key}" for key in ("timeline", "loops", "resources")]
    found += [f"/tasks/{side.task.pk}", f"/needs/{side.asked_need.pk}", f"/risks/{side.risk.pk}"]
    found += [f"/commitments/{side.condition.pk}/", f"/reports/{side.report.pk}", f"/sign/{side.slot.pk}/"]
    return found


@pytest.mark.parametrize(("name", "relation", "role"), ACTS)
def test_a_nul_is_never_kept(name: str, relation: str, role: str, world: World) -> None:
    with rolled_back():
        door, address, body = prepared(world, name, relation)
        words = {field: f"{body[field]}\x00\x08" for field in free_text(body)}
        assert send(browser(world, role), "POST", door, address, body | words).status_code < 500
        assert not any("\\x00" in repr(row) for rows in everything().values() for row in rows)


SEEN = {"seen_revision": 999, "revision": 999, "seen_digest": "0" * 64, "seen_step_run_id": 1}


@pytest.mark.parametrize(("name", "relation", "role"), ACTS)
def test_a_page_that_was_overtaken_changes_nothing(name: str, relation: str, role: str, world: World) -> None:
    """Refused as too old, with everything typed still on the page."""
    with rolled_back():
        door, address, body = prepared(world, name, relation)
        stale = {field: SEEN[field] for field in body if field in SEEN}
        if not stale:
            return
        before = everything()
        response = send(browser(world, role), "POST", door, address, body | stale)
        assert response.status_code in {409, 422}
        assert everything() == before
        page = response.content.decode()
        assert [body[field] for field in free_text(body) if body[field] not in page and field in TYPED] == []


TYPED = {"reason", "opinion", "evidence", "blocker", "output", "text", "offer", "next_plan", "outcome", "name"}


@pytest.mark.parametrize(("name", "relation", "role"), ACTS)
def test_a_form_sent_twice_acts_once(name: str, relation: str, role: str, world: World) -> None:
    with rolled_back():
        door, address, body = prepared(world, name, relation)
        body |= {"request_key": "one form"} if "request_key" not in body else {}
        first = send(browser(world, role), "POST", door, address, body)
        facts, kept = Entry.objects.count(), counts()
        second = send(browser(world, role), "POST", door, address, body)
        assert answer(first) == "ok"
        assert second.status_code in {200, 201, 302, 303, 403, 404, 409, 422, 429}
        assert (Entry.objects.count() - facts, counts_but_facts(kept)) == (
            AGAIN.get(name, 0),
            counts_but_facts(counts()),
        )


AGAIN = {"organisation:set_password": 1}
"""A password that is set again is set again: told twice, and the same afterwards."""


def counts_but_facts(kept: dict[str, int]) -> dict[str, int]:
    return {table: number for table, number in kept.items() if not table.startswith(("ledger_", "outbox_delivery"))}


def counts() -> dict[str, int]:
    return {table: len(rows) for table, rows in everything().items()}


COLUMNS = sorted(
    {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }
)
CANARY = "987654321"


@pytest.mark.alike
@pytest.mark.parametrize(("name", "relation", "role"), ACTS)
def test_words_nobody_asked_for_are_not_kept(name: str, relation: str, role: str, world: World) -> None:
    """AT28, AT61: every column of every table is sent beside the form's own fields."""
    offered = {"request_key", *OFFERED.get(name, ())}
    with rolled_back():
        door, address, body = prepared(world, name, relation)
        strange = {column: CANARY for column in COLUMNS if column not in body and column not in offered}
        assert len(strange) > 150
        send(browser(world, role), "POST", door, address, strange | body)
        assert [row for rows in everything().values() for row in rows if CANARY in repr(row)] == []


OFFERED: dict[str, tuple[str, ...]] = {
    "approvals:decide": ("opinion",),
    "collaborations:answer_waiver": ("note",),
    "commitments:verify": ("note",),
    "organisation:note_absence": ("reason",),
    "progress:submit": ("to_coordinate",),
    "resources:answer": ("text", "offer"),
}
"""What these forms offer beside the words the matrix sends, and may be left out."""


# The request, field by field ---------------------------------------------------------------------------------------


def text_fields(fields: Iterable[Field], prefix: str = "") -> list[str]:
    """The controls of every text field of a form; in lists those of the first row."""
    found = []
    for field in fields:
        if field.kind is Kind.ROWS:
            found += text_fields(field.columns, f"{prefix}{field.key}.0.")
        elif field.kind is Kind.GROUP:
            found += text_fields(field.columns, f"{prefix}{field.key}.")
        elif field.kind in {Kind.TEXT, Kind.LONGTEXT} and not field.computed:
            found.append(f"{prefix}{field.key}")
    return found


FIELDS = text_fields(REQUEST.fields())


def typed_request(world: World) -> tuple[Record, dict[str, Any]]:
    record = Record.objects.get(pk=world.own.draft.pk)
    names = dict(policy.to_form(REQUEST, record.draft))
    return record, {**names, "typed": "1", "revision": record.revision}


def test_the_request_has_text_fields_in_its_lists_too() -> None:
    assert {"title", "background", "metrics.0.definition", "early_risks.0.text", "resources.0.purpose"} <= set(FIELDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_request_takes_any_text_in_every_field_and_shows_it_inert(kind: str, world: World) -> None:
    """Saved as it was typed, shown as text on the form, the frozen record, the paper, the sign page and the matter."""
    client = browser(world, "initiator")
    with rolled_back():
        record, body = typed_request(world)
        body |= {name: f"{body.get(name, '')} {KINDS[kind]}".strip() for name in FIELDS}
        assert client.post(f"/records/{record.pk}/draft", body).status_code == 303
        kept = dict(policy.to_form(REQUEST, Record.objects.get(pk=record.pk).draft))
        assert {name: kept[name] for name in FIELDS} == {name: body[name] for name in FIELDS}
        pages = [f"/records/{record.pk}/edit"]
        refused = client.post(f"/records/{record.pk}/submit", body | {"revision": record.revision + 1})
        if refused.status_code == 302:
            pages += [f"/records/{record.pk}", f"/records/{record.pk}/print", f"/matters/{world.own.begun.pk}/timeline"]
            pages += [f"/matters/{world.own.begun.pk}/", "/"]
        else:
            assert refused.status_code == 422
            assert Version.objects.filter(record=record).count() == 0
            assert live_parts(refused.content.decode()) == []
        for page in pages:
            shown = client.get(page)
            assert (shown.status_code, live_parts(shown.content.decode())) == (200, []), page


def test_text_that_is_only_strange_can_be_submitted_and_is_kept_to_the_letter(world: World) -> None:
    """Markup and formulas are words like others: the frozen record holds them, no page runs them."""
    client = browser(world, "initiator")
    with rolled_back():
        record, body = typed_request(world)
        body["background"] = f"{body['background']} {FORMULA} {MARKUP} {WIDE}"
        assert client.post(f"/records/{record.pk}/submit", body).status_code == 302
        frozen = Version.objects.get(record=record)
        assert frozen.data["background"].endswith(f"{FORMULA} {MARKUP} {WIDE}")
        for page in (f"/records/{record.pk}", f"/records/{record.pk}/print", f"/matters/{world.own.begun.pk}/request"):
            html = client.get(page).content.decode()
            assert live_parts(html) == []
        assert "{{7*7}}" in client.get(f"/records/{record.pk}/print").content.decode()


def test_a_nul_in_a_name_that_was_typed_is_not_part_of_the_name(world: World) -> None:
    with rolled_back():
        record, body = typed_request(world)
        who = Person.objects.get(pk=body["project_lead"])
        named = {"project_lead": "", "project_lead__text": f"{who.name[0]}\x00{who.name[1:]}"}
        assert browser(world, "initiator").post(f"/records/{record.pk}/draft", body | named).status_code == 303
        assert str(Record.objects.get(pk=record.pk).draft["project_lead"]) == str(who.pk)


def test_ten_megabytes_are_refused_in_words_and_nothing_is_kept(world: World) -> None:
    with rolled_back():
        record, body = typed_request(world)
        for path, page in (("draft", False), ("submit", False), ("draft", True)):
            headers = {"hx-request": "true"} if page else {}
            answered = browser(world, "initiator").post(
                f"/records/{record.pk}/{path}", body | {"background": "长" * 4_000_000}, headers=headers
            )
            assert answered.status_code == 413
            assert "超过" in answered.content.decode()
        assert everything() == world.rows


def test_more_controls_than_any_form_has_are_refused_in_words(world: World) -> None:
    with rolled_back():
        record, body = typed_request(world)
        many = {f"metrics.{number}.name": "x" for number in range(20_001)}
        answered = browser(world, "initiator").post(f"/records/{record.pk}/draft", body | many)
        assert (answered.status_code, "超过" in answered.content.decode()) == (413, True)
        assert everything() == world.rows


def test_ten_thousand_levels_are_no_form(world: World) -> None:
    """AT63: as the name of a control it is no field; as JSON it is refused; neither takes the server long."""
    began = monotonic()
    with rolled_back():
        record, body = typed_request(world)
        deep = {f"metrics{'.0' * 10_000}": "x", f"{'a.' * 10_000}a": "x"}
        answered = browser(world, "initiator").post(
            f"/records/{record.pk}/draft", urlencode(body | deep), content_type="application/x-www-form-urlencoded"
        )
        assert answered.status_code == 303
        assert Record.objects.get(pk=record.pk).draft == policy.from_form(REQUEST, list(body.items()))
    for nested in ("[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000):
        text = f'{{"body": {{"title": {nested}}}, "seen_revision": {record.revision}}}'
        answered = browser(world, "initiator").put(
            f"/api/v1/records/{record.pk}/draft", text, content_type="application/json",
            headers={"idempotency-key": "ten-thousand-levels"},
        )  # fmt: skip
        assert answered.status_code == 400
    assert everything() == world.rows
    assert monotonic() - began < 10


def test_half_a_character_does_not_come_in(world: World) -> None:
    text = '{"body": {"title": "\\ud800"}, "seen_revision": 1}'
    answered = browser(world, "initiator").put(
        f"/api/v1/records/{world.own.draft.pk}/draft", text, content_type="application/json",
        headers={"idempotency-key": "half-a-character"},
    )  # fmt: skip
    assert answered.status_code == 400
    assert everything() == world.rows


def test_a_save_on_a_page_that_was_overtaken_keeps_both_texts(world: World) -> None:
    """Two windows of one draft: the second save is told of the first and overwrites nothing."""
    client = browser(world, "initiator")
    with rolled_back():
        record, body = typed_request(world)
        assert client.post(f"/records/{record.pk}/draft", body | {"title": "第一窗"}).status_code == 303
        who = Person.objects.get(pk=body["project_lead"])
        named = {"title": "第二窗", "project_lead": "", "project_lead__text": who.name}
        late = client.post(f"/records/{record.pk}/submit", body | named)
        assert (late.status_code, "第二窗" in late.content.decode()) == (409, True)
        assert f'name="project_lead" value="{who.pk}"' in late.content.decode(), "the name did not find its person"
        stands = Record.objects.get(pk=record.pk)
        assert (stands.draft["title"], stands.status, stands.revision) == ("第一窗", "DRAFT", record.revision + 1)
