"""The description of the API: compared with the repository, and true."""

import json

from django.test import Client

from bihuan.api.entry import ROOMS, api
from bihuan.api.schemas import In, Out
from scripts.openapi import PLACE, described

CHECKS = {
    "records_findings", "calendars_due", "agenda_address", "calendars_preview", "reorganising_preview",
    "posts_preview_end", "assessments_preview_urgency",
    "playbooks_check_playbook", "routes_check_route", "routes_try_route", "playbooks_try_playbook",
    "playbooks_try_draft",
}  # fmt: skip


def test_the_description_in_the_repository_is_that_of_the_code():
    """After a change of the API: `make openapi`, and read the difference."""
    assert PLACE.read_text(encoding="utf-8") == described()


def test_it_is_served(db):
    response = Client().get("/api/v1/openapi.json")
    assert response.json() == json.loads(described())


def test_nothing_else_answers_at_the_root_and_unknown_addresses_look_like_invisible_things(company, program):
    caller = program("产品经理")
    unknown = [caller.get(path) for path in ("/", "/nothing", "/openapi", "/records/0", "/records/1/", "/../desk")]
    assert {response.status_code for response in unknown} == {404}
    assert len({response.content for response in unknown}) == 1


def test_no_two_shapes_have_one_name():
    shapes = [shape for base in (In, Out) for shape in all_below(base)]
    names = [shape.__name__ for shape in shapes]
    assert sorted(set(names)) == sorted(names)


def all_below(base):
    for kind in base.__subclasses__():
        yield kind
        yield from all_below(kind)


def test_every_operation_has_a_name_of_its_own_and_its_refusals():
    operations = [each for path in json.loads(described())["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    for each in operations:
        refusals = {status: answer for status, answer in each["responses"].items() if status >= "400"}
        assert {"400", "401", "403", "404"} <= set(refusals)
        for answer in refusals.values():
            assert list(answer["content"]) == ["application/problem+json"]


def test_every_act_asks_for_its_key_and_nothing_else_does():
    for path in json.loads(described())["paths"].values():
        for method, each in path.items():
            asks = any(one["name"] == "Idempotency-Key" and one["required"] for one in each["parameters"])
            assert asks == (method != "get" and each["operationId"] not in CHECKS)


def test_every_room_with_routes_is_mounted():
    assert len(api._get_bound_routers()) == len(ROOMS) + 1
