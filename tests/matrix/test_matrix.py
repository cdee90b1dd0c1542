"""The permission matrix: every route and operation × role × relation, from the one table in `policy`."""

from collections import Counter
from typing import Any

import pytest

from bihuan.api.entry import api
from bihuan.collaborations.queries import current_run
from bihuan.organisation import operations as organisation
from bihuan.organisation.enums import TokenScope
from tests.matrix.asking import MISSING, answer, browser, everything, send, watched
from tests.matrix.call import Call, nothing
from tests.matrix.calls import API, PAGES
from tests.matrix.policy import ROLES, ROWS, Row
from tests.matrix.routes import Door, doors
from tests.matrix.world import TODAY, World, rolled_back

pytestmark = pytest.mark.django_db
DOORS = {door.name: door for door in doors()}
CASES = [(row, name) for row in ROWS for name in row.doors]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def call_of(name: str) -> Call:
    return (PAGES | API)[name]


def name_of(case: Any) -> str:
    return f"{case[0].method}-{case[1]}-{case[0].relation}" if isinstance(case, tuple) else str(case)


def address_of(door: Door, call: Call, more: dict[str, Any], world: World, relation: str) -> str:
    side = world.other if relation == "other" else world.own
    thing = call.name_in(relation)
    return door.address(getattr(side, thing).pk if thing else 0, more)


def test_every_route_has_a_row_for_each_of_its_methods() -> None:
    told = {name for row in ROWS for name in row.doors}
    assert sorted(DOORS.keys() - told) == []
    asked = {(name, row.method) for row in ROWS for name in row.doors}
    operations = {(door.name, method) for door in DOORS.values() for method in door.methods}
    assert sorted(operations - asked) == []


def test_every_row_has_a_route_and_every_call_is_used() -> None:
    told = {name for row in ROWS for name in row.doors}
    assert sorted(told - DOORS.keys()) == []
    assert sorted((PAGES | API).keys() - told) == []
    assert len(DOORS) == len(doors()), "two routes of one name"


def test_no_case_is_told_twice() -> None:
    told = Counter((row.method, name, row.relation) for row in ROWS for name in row.doors)
    assert [case for case, times in told.items() if times > 1] == []


def test_every_thing_is_asked_for_in_another_matter_too() -> None:
    """A row about `own` says nothing about leaks; each of its doors stands in a row about `other` as well."""
    relations: dict[tuple[str, str], set[str]] = {}
    for row in ROWS:
        for name in row.doors:
            relations.setdefault((name, row.method), set()).add(row.relation)
    alone = [case for case, seen in relations.items() if "own" in seen and "other" not in seen]
    assert sorted(alone) == []


@pytest.mark.alike
@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_each_role_is_answered_as_the_table_says(case: tuple[Row, str], world: World) -> None:
    row, name = case
    door, call = DOORS[name], call_of(name)
    side = world.other if row.relation == "other" else world.own
    with rolled_back():
        if row.relation in {"own", "-"}:
            call.before(side)
        body = call.body(side) if row.method != "GET" else {}
        before = world.rows if call.before is nothing else everything()
        answers = {}
        addresses = [address_of(door, call, more, world, row.relation) for more in call.more]
        for number, role in enumerate(ROLES):
            for address in parts_for(addresses, number):
                given = ask(world, role, row.method, door, address, body, before)
                if answers.setdefault(role, given) != given:
                    answers[role] = f"{answers[role]}/{given} {address}"
        check_missing_is_alike(world, row, door, addresses[0], door.address(MISSING, call.more[0]), body)
    expected = row.expected
    wrong = {role: f"{expected[role]}, was {given}" for role, given in answers.items() if given != expected[role]}
    assert wrong == {}


def parts_for(addresses: list[str], number: int) -> list[str]:
    """The first role opens every part there is, the others take turns."""
    return addresses if number == 0 else [addresses[number % len(addresses)]]


def ask(
    world: World, role: str, method: str, door: Door, address: str, body: dict[str, Any], before: dict[str, Any]
) -> str:
    """The answer; a refusal, and whatever is only read, must have written nothing."""
    with rolled_back(), watched() as written:
        given = answer(send(browser(world, role), method, door, address, body))
        if written.tables and (given != "ok" or method == "GET"):
            after = everything(written.tables)
            changed = [table for table, rows in after.items() if before[table] != rows]
            assert changed == [], f"{role} was answered {given}, and yet these were written: {changed}"
    return given


def check_missing_is_alike(
    world: World, row: Row, door: Door, address: str, missing: str, body: dict[str, Any]
) -> None:
    """What he may not see is answered byte for byte like what does not exist."""
    blind = next((role for role in ROLES if row.expected[role] == ".."), None)
    if blind is None or address == missing:
        return
    with rolled_back():
        hidden = send(browser(world, blind), row.method, door, address, body)
    with rolled_back():
        absent = send(browser(world, blind), row.method, door, missing, body)
    assert (absent.status_code, absent.content) == (404, hidden.content)
    assert hidden.headers == absent.headers


def others_of(name: str) -> list[str]:
    told = {row.method for row in ROWS for other in row.doors if DOORS[other].template == DOORS[name].template}
    return [method for method in ("GET", *UNSAFE) if method not in told]


def is_open(name: str) -> bool:
    return any(name in row.doors and row.expected["nobody"] != "in" for row in ROWS)


@pytest.mark.alike
@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_method_of_no_row_is_refused(name: str, world: World) -> None:
    """405 for who is signed in; who is not learns no more than the way to sign in. HEAD and OPTIONS write nothing."""
    door, call = DOORS[name], call_of(name)
    address = door.address(1, call.more[0])
    refused = ".." if name in {"api-root", "nothing-here"} else "405"
    for method in others_of(name):
        assert ask(world, "initiator", method, door, address, {}, world.rows) == refused, method
        expected = refused if door.is_api or is_open(name) else "in"
        assert ask(world, "nobody", method, door, address, {}, world.rows) == expected, method
    for method, role in (("HEAD", "initiator"), ("OPTIONS", "nobody")):
        with rolled_back(), watched() as written:
            given = send(browser(world, role), method, door, address, {})
            assert given.status_code < 500
            assert given.content == b"" or door.is_api or given.status_code in {404, 405}
            assert not written.tables


ACTS = sorted({(name, row.method) for row in ROWS for name in row.doors if row.method in UNSAFE})


@pytest.mark.alike
@pytest.mark.parametrize(("name", "method"), ACTS)
def test_no_page_of_somebody_else_can_act_with_my_session(name: str, method: str, world: World) -> None:
    """A session without its CSRF token is answered 403, on pages and in the API."""
    door, call = DOORS[name], call_of(name)
    role = "administrator" if name.startswith("organisation:") else "initiator"
    address = door.address(1, call.more[0])
    with rolled_back(), watched() as written:
        response = send(browser(world, role, is_strict=True), method, door, address, {})
    assert (response.status_code, written.tables) == (403, set())


OPERATIONS = sorted(
    (str(operation.operation_id), method, operation.openapi_extra["x-scope"])
    for _, router in api._routers
    for view in router.path_operations.values()
    for operation in view.operations
    for method in operation.methods
)


@pytest.mark.alike
@pytest.mark.parametrize(("name", "method", "scope"), OPERATIONS)
def test_a_token_reaches_exactly_what_it_was_made_for(name: str, method: str, scope: str, world: World) -> None:
    """AT34, AT35: without the right 403; a wrong token is 401 whatever session comes with it; nothing is written."""
    door, call = DOORS[name], call_of(name)
    address = address_of(door, call, call.more[0], world, "own")
    with rolled_back():
        _, secret = organisation.issue_token(
            name="机器",
            scopes=[each for each in TokenScope.values if each != scope],
            expires_at=None,
            actor=world.own.actor("initiator"),
            at=TODAY,
        )
        for role, sent, expected in (("nobody", secret, 403), ("initiator", f"{secret}x", 401), ("initiator", "", 401)):
            with watched() as written:
                response = send(browser(world, role), method, door, address, {}, authorization=f"Bearer {sent}")
            assert (response.status_code, written.tables) == (expected, set())


def hidden_titles(world: World) -> set[str]:
    """Words that stand in the other branch's matters only; none of the roles but PMO and filing may ever read them."""
    return {matter.collaboration.number or "" for matter in world.other.matters.values()} | {
        f"第{matter.collaboration.pk}期" for matter in world.other.matters.values()
    }


LISTS = (
    "/", "/matters/", "/matters/?q={title}", "/matters/?q=XZ", "/matters/?department={department}&state=all",
    "/matters/?state=all", "/library/", "/library/?q={title}", "/departments/{department}/", "/people/{person}/",
    "/api/v1/collaborations?state=all", "/api/v1/collaborations?text={title}", "/api/v1/desk/waiting",
    "/api/v1/collaborations?department_id={department}&state=all",
    "/api/v1/collaborations?led_by_id={person}&state=all",
    "/api/v1/desk/waited", "/api/v1/library?text={title}", "/api/v1/commitments", "/api/v1/departments/{department}",
    "/api/v1/people/{person}", "/search/?q={title}", "/search/?q=XZ", "/search/?q=增长", "/search/suggest?q={title}",
    "/api/v1/search?text={title}", "/api/v1/search?text=XZ",
)  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_no_list_search_or_filter_tells_of_a_matter_one_may_not_see(address: str, world: World) -> None:
    """AT05, AT08, AT12: whatever foreign id or word stands in the address."""
    other = world.other
    words = {"title": f"第{other.matters['archived'].collaboration.pk}期", "person": other.person("initiator").pk}
    words["department"] = other.company.departments["产品部"].pk
    hidden = hidden_titles(world) - {""}
    for role in ("initiator", "head", "contact", "staff", "executive", "administrator", "outsider", "postless"):
        with rolled_back():
            response = browser(world, role).get(address.format(**words), headers={"accept-language": "en"})
        text = response.content.decode()
        assert response.status_code == 200, (role, response.status_code)
        shown = text.replace(str(words["title"]), "") if "{title}" in address else text
        assert [word for word in hidden if word in shown] == [], role


def test_the_hidden_words_are_there_for_who_may_read_them(world: World) -> None:
    hidden = {matter.collaboration.number for matter in world.other.matters.values()} - {None}
    page = browser(world, "pmo").get("/matters/?state=all").content.decode()
    assert hidden
    assert [number for number in hidden if number not in page] == []


def mixed_lines(world: World, slots: list[int]) -> dict[str, Any]:
    return {"slot": slots, "agree_all": "1", "seen_digest": world.own.line_slot.signoff.digest}


def mixed_parts(world: World, slots: list[int]) -> dict[str, Any]:
    decisions = [{"slot_id": slot, "decision": "APPROVE"} for slot in slots]
    return {"decisions": decisions, "seen_digest": world.own.line_slot.signoff.digest}


def of_reports(world: World, side: Any) -> dict[str, Any]:
    report = world.own.report
    rows = [{"row_id": row.pk, "percent": 50} for row in side.report.rows.all()]
    return {"rows": rows, "next_plan": "继续", "seen_revision": report.revision}


MIXED: dict[str, tuple[str, str, str, Any]] = {
    # an address the head may use → the id of something else in the words he sends; 404, or 403 for what he sees
    "a line of another department": (
        "approvals:decide_lines", "line_slot", "..", lambda w: mixed_lines(w, [w.own.peer_line_slot.pk]),
    ),
    "my line and one of another department": (
        "approvals:decide_lines", "line_slot", "..",
        lambda w: mixed_lines(w, [w.own.line_slot.pk, w.own.peer_line_slot.pk]),
    ),
    "a line of another sign-off": (
        "approvals:decide_lines", "line_slot", "..", lambda w: mixed_lines(w, [w.other.line_slot.pk]),
    ),
    "a part of another department": (
        "approvals_decide_parts", "line_signoff", "no",
        lambda w: mixed_parts(w, [w.own.line_slot.pk, w.own.peer_line_slot.pk]),
    ),
    "a part of another sign-off": (
        "approvals_decide_parts", "line_signoff", "..", lambda w: mixed_parts(w, [w.other.line_slot.pk]),
    ),
    "the slot of another department": (
        "approvals:decide", "peer_slot", "no",
        lambda w: {"decision": "APPROVE", "seen_digest": w.own.slot.digest, "slot": w.own.slot.pk},
    ),
    "what was seen elsewhere": (
        "approvals:decide", "slot", "409", lambda w: {"decision": "APPROVE", "seen_digest": w.other.slot.digest},
    ),
    "rows of another report": ("progress_submit", "report", "..", lambda w: of_reports(w, w.other)),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MIXED))
def test_two_ids_that_do_not_belong_together_change_nothing(name: str, world: World) -> None:
    """AT02, AT03, AT04: the address is checked, and what the words name is checked against it."""
    door_name, thing, expected, body = MIXED[name]
    door = DOORS[door_name]
    address = door.address(getattr(world.own, thing).pk, {})
    assert ask(world, "head", "POST", door, address, body(world), world.rows) == expected


def test_the_step_of_another_matter_does_not_move_mine(world: World) -> None:
    body = {"seen_step_run_id": current_run(world.own.asked_matter).pk}
    for name in ("collaborations:advance", "collaborations_advance"):
        address = DOORS[name].address(world.own.matter.pk, {})
        assert ask(world, "initiator", "POST", DOORS[name], address, body, world.rows) == "409"


def test_a_version_of_another_record_is_not_there(world: World) -> None:
    for name in ("records:version", "records_version", "records_paper"):
        address = DOORS[name].address(world.own.record.pk, {"number": 2})
        assert ask(world, "initiator", "GET", DOORS[name], address, {}, world.rows) == ".."
