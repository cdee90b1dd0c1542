"""The permission matrix: every route and operation × role × relation, from the one table in `policy`."""

from collections import Counter
from typing import Any

import pytest

from tests.matrix.asking import MISSING, answer, browser, everything, send, watched
from tests.matrix.calls import API, PAGES, Call, nothing
from tests.matrix.policy import ROLES, ROWS, Row
from tests.matrix.routes import Door, doors
from tests.matrix.world import World, rolled_back

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
        for number, role in enumerate(ROLES):
            for more in parts_for(call, number):
                address = address_of(door, call, more, world, row.relation)
                given = ask(world, role, row.method, door, address, body, before)
                if answers.setdefault(role, given) != given:
                    answers[role] = f"{answers[role]}/{given} {more}"
        check_missing_is_alike(world, row, door, address, door.address(MISSING, more), body)
    expected = row.expected
    wrong = {role: f"{expected[role]}, was {given}" for role, given in answers.items() if given != expected[role]}
    assert wrong == {}


def parts_for(call: Call, number: int) -> tuple[dict[str, Any], ...]:
    """The first role opens every part of the address, the others take turns."""
    return call.more if number == 0 else (call.more[number % len(call.more)],)


def ask(
    world: World, role: str, method: str, door: Door, address: str, body: dict[str, Any], before: dict[str, Any]
) -> str:
    """The answer; a refusal, and whatever is only read, must have written nothing."""
    with rolled_back(), watched() as written:
        given = answer(send(browser(world, role), method, door, address, body))
        if written.attempted and (given != "ok" or method == "GET"):
            after = everything()
            changed = [table for table in before if before[table] != after[table]]
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
