"""What may come in: nothing but what is named, once for each key."""

import json

import pytest
from django.apps import apps
from django.conf import settings

from bihuan.api.entry import api
from bihuan.collaborations.models import Collaboration
from bihuan.ledger.models import Entry
from bihuan.outbox.models import Promised
from tests.api.conftest import codes

SCHEMA = api.get_openapi_schema(path_prefix="/")
COLUMNS = sorted(
    {
        column
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for column in (field.name, field.attname)
    }
)


def resolved(schema):
    if "$ref" in schema:
        return SCHEMA["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def writable():
    for path, methods in SCHEMA["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                body = resolved(operation["requestBody"]["content"]["application/json"]["schema"])
                yield pytest.param(path, method, body, id=f"{method} {path}")


def objects_in(schema):
    """Every object a body can hold, however deep."""
    schema = resolved(schema)
    if "properties" in schema:
        yield schema
    for part in [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]:
        yield from objects_in(part)
    if "items" in schema:
        yield from objects_in(schema["items"])


@pytest.mark.alike
@pytest.mark.parametrize(("path", "method", "body"), list(writable()))
def test_no_column_of_any_table_can_be_set_from_outside(program, refuses, path, method, body):
    named = set(body["properties"])
    strange = {column: "x" for column in COLUMNS if column not in named}
    assert len(strange) > 150
    address = "/" + "/".join("1" if part.startswith("{") else part for part in path.strip("/").split("/"))

    response = refuses(422, program("产品经理").post, address, strange, method=method)

    unknown = {place for code, place in codes(response) if code == "api.unknown_field"}
    assert unknown == set(strange)


@pytest.mark.alike
@pytest.mark.parametrize(("path", "method", "body"), list(writable()))
def test_no_object_inside_a_body_takes_more_than_it_names(path, method, body):
    assert [one.get("title") for one in objects_in(body) if one.get("additionalProperties") is not False] == []


def beginning(company, **changes):
    product = company.departments["产品部"].pk
    return {"title": "会员积分活动", "department_id": product, "playbook": "SEED_B", **changes}


def test_the_same_key_is_the_same_act(company, playbooks, program):
    caller = program("产品经理")
    first = caller.post("/collaborations", beginning(company), key="start-0001")
    facts = Entry.objects.count()
    again = caller.post("/collaborations", beginning(company), key="start-0001")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert (Collaboration.objects.count(), Entry.objects.count()) == (1, facts)


def test_the_same_key_with_other_words_or_at_another_address_is_refused(company, playbooks, program, refuses):
    caller = program("产品经理")
    made = caller.post("/collaborations", beginning(company), key="start-0001").json()
    other = refuses(422, caller.post, "/collaborations", beginning(company, title="别的"), key="start-0001")
    assert other.json()["code"] == "outbox.key_reused"
    reason = {"reason": "不做了"}
    refuses(422, caller.post, f"/collaborations/{made['id']}/withdraw", reason, key="start-0001")


def test_two_people_may_use_the_same_key(company, playbooks, program):
    assert program("产品经理").post("/collaborations", beginning(company), key="start-0001").status_code == 201
    other = beginning(company, department_id=company.departments["市场部"].pk)
    assert program("推广经理").post("/collaborations", other, key="start-0001").status_code == 201
    assert Collaboration.objects.count() == 2


def test_what_was_refused_can_be_sent_again_under_its_key(company, playbooks, program, refuses):
    caller = program("产品经理")
    refuses(403, caller.post, "/collaborations", beginning(company, department_id=1), key="start-0001")
    assert caller.post("/collaborations", beginning(company), key="start-0001").status_code == 201


def test_only_a_digest_of_what_was_asked_is_kept(company, playbooks, program):
    program("产品经理").post("/collaborations", beginning(company, title="机密立项"), key="start-0001")
    row = Promised.objects.get()
    assert (len(row.asked), row.caller) == (64, f"p:{company['产品经理'].pk}")
    assert "机密" not in row.body


@pytest.mark.parametrize("key", ["", "short", "a" * 129, "with blank", "键键键键键键键键"])
def test_an_act_needs_a_usable_key(company, playbooks, program, refuses, key):
    caller = program("产品经理")
    headers = {"Authorization": f"Bearer {caller.secret}"}
    if key:
        headers["Idempotency-Key"] = key.encode().decode("latin-1")
    body = json.dumps(beginning(company))
    response = refuses(400, caller.client.post, "/api/v1/collaborations", body, "application/json", headers=headers)
    assert response.json()["code"] == "api.key_missing"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"x"', b"null", b'{"title": NaN}', b'{"title": 1e1000}', b'{"title": "a\\u0000b"}',
        b'{"title": "\\ud800"}', b'{"title": 1, "title": 2}', b"\xff\xfe", b'{"a":' * 60 + b"1" + b"}" * 60,
        b"[" * 100_000,
    ],
    ids=range(13),
)  # fmt: skip
def test_a_body_no_database_can_hold_is_unreadable(program, refuses, body):
    caller = program("产品经理")
    sent = "/api/v1/collaborations", body, "application/json"
    status = 422 if body == b"" else 400
    assert refuses(status, caller.client.post, *sent, headers=caller.headers()).json()["status"] == status


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_a_body_that_is_not_json_is_415(program, refuses, kind):
    caller = program("产品经理")
    refuses(415, caller.client.post, "/api/v1/collaborations", b"title=x", kind, headers=caller.headers())


def test_a_body_that_is_too_large_is_413(program, refuses):
    caller = program("产品经理")
    body = b'{"title": "' + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1) + b'"}'
    sent = "/api/v1/collaborations", body, "application/json"
    assert refuses(413, caller.client.post, *sent, headers=caller.headers()).json()["code"] == "api.too_large"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": None}, ("api.bad_value", "title")),
        ({"title": 5}, ("api.bad_value", "title")),
        ({"title": "x" * 501}, ("api.bad_value", "title")),
        ({"department_id": "1"}, ("api.bad_value", "department_id")),
        ({"department_id": True}, ("api.bad_value", "department_id")),
        ({"department_id": 0}, ("api.bad_value", "department_id")),
        ({"department_id": 2**63}, ("api.bad_value", "department_id")),
        ({"department_id": 1.5}, ("api.bad_value", "department_id")),
    ],
)
def test_a_value_of_another_kind_is_named(company, playbooks, program, refuses, changes, expected):
    response = refuses(422, program("产品经理").post, "/collaborations", beginning(company, **changes))
    assert codes(response) == [expected]


def test_a_missing_field_is_named(program, refuses):
    response = refuses(422, program("产品经理").post, "/collaborations", {"title": "x"})
    assert codes(response) == [("api.field_missing", "department_id"), ("api.field_missing", "playbook")]


@pytest.mark.parametrize(
    "query",
    ["ordering=-id", "fields=password", "_connector=OR", "lead__password__startswith=a", "title=x", "before=x",
     "before=0", "before=99999999999999999999", "department_id=1e1000", "state=any", "text=a&text=b", "text=%00",
     'alias"%=1', "expand=files"],
)  # fmt: skip
def test_an_address_takes_only_the_parameters_it_names(program, refuses, query):
    caller = program("产品经理")
    refuses(400, caller.client.get, f"/api/v1/collaborations?{query}", headers=caller.headers())


def test_only_the_routes_own_right_decides_before_anything_is_read(program, refuses):
    caller = program("产品经理", "read")
    response = refuses(
        403, caller.client.post, "/api/v1/collaborations", b"{", "application/json", headers=caller.headers()
    )
    assert response.json()["findings"][0]["params"] == {"scope": "write"}
