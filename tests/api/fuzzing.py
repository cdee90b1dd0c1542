"""Requests that nobody would write by hand, drawn from the description of the API by a seed, and what must hold of
every answer: it is no 500, its status is one the description names, and its words have the shape described."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Schema = Mapping[str, Any]
ODD_IDS = ("0", "-1", "01", "9" * 18, str(2**63), str(2**64), "1.0", "１", "x")
ODD_KEYS = (0, -1, 2**63, 10**40, None, "1")
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 2**31, 2**63, 10**40, "", " ", "x", "\u202e", "\ud800", "a\0b", "=1+1", "0" * 300,
    "2023-14-05", "2026-02-30", "2026-11-17", "9999-12-31", "0001-01-01", "2026-11-17T10:00:00", [], [None], [[]], {},
    {"": ""}, {"id": 1}, "😀" * 40, "<b>", "APPROVE",
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    about: Mapping[str, Any]

    def __str__(self) -> str:
        return str(self.about["operationId"])


class Description:
    """The description of the API, with its references resolved."""

    def __init__(self, described: str) -> None:
        self.whole = json.loads(described)
        resource = Resource.from_contents(self.whole, default_specification=DRAFT202012)
        self.registry = Registry().with_resource("urn:api", resource)

    def operations(self) -> Iterator[Operation]:
        for path, methods in self.whole["paths"].items():
            for method, about in methods.items():
                yield Operation(method, path, about)

    def resolve(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self.whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def faults(self, words: Any, schema: Schema) -> list[str]:
        """Where an answer does not have the shape described."""
        pointed = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
        return [error.message for error in Draft202012Validator(pointed, registry=self.registry).iter_errors(words)]


@dataclass
class Drawing:
    """Draws values for schemas: mostly of the right kind, now and then odd."""

    description: Description
    chance: random.Random
    ids: Mapping[str, list[int]]
    oddity: float = 0.15

    def value(self, schema: Schema, depth: int = 0) -> Any:
        if self.chance.random() < self.oddity:
            return self.chance.choice(ODD)
        schema = self.description.resolve(schema)
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                return self.value(self.chance.choice(schema[key]), depth)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        return self._of_type(schema, depth)

    def _of_type(self, schema: Schema, depth: int) -> Any:
        kind = schema.get("type", "object")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            count = 0 if depth > 3 else self.chance.randrange(3)
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(count)]
        makers: dict[str, Callable[[], Any]] = {
            "integer": lambda: self.chance.choice((1, 2, 3, 5, 8, 40, 200)),
            "number": lambda: self.chance.choice((0, 1, 12.5, -3)),
            "boolean": lambda: self.chance.random() < 0.5,
            "null": lambda: None,
        }
        return makers.get(kind, lambda: self._text(schema))()

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        fields = schema.get("properties", {})
        required = set(schema.get("required", ()))
        chosen = [name for name in fields if name in required or self.chance.random() < 0.6]
        made = {name: self._named(name, fields, depth) for name in chosen if self.chance.random() > self.oddity / 4}
        if self.chance.random() < self.oddity / 2:
            made["nobody_asked"] = 1
        return made

    def _named(self, name: str, fields: Mapping[str, Schema], depth: int) -> Any:
        """A field that names a thing mostly names one there is."""
        if not name.endswith("_id"):
            return self.value(fields[name], depth + 1)
        odd = self.chance.random() < self.oddity
        return self.chance.choice(ODD_KEYS) if odd else self.chance.choice(self.ids.get(name, [1]))

    def _text(self, schema: Schema) -> str:
        if schema.get("format") == "date":
            return self.chance.choice(("2026-11-17", "2027-03-01", "1999-12-31"))
        if schema.get("format") == "date-time":
            return "2026-11-17T10:00:00+08:00"
        return self.chance.choice(("增长", "a", "F01", "SEED_B", "0" * 64, "read", "=cmd()", "目标\n第二行"))

    def address(self, operation: Operation) -> str:
        path, query = operation.path, []
        for about in operation.about.get("parameters", ()):
            if about["in"] == "path":
                path = path.replace("{" + about["name"] + "}", quote(self._key(about["name"])))
            elif about["in"] == "query" and self.chance.random() < 0.5:
                query.append((about["name"], self.value(about["schema"])))
        words = urlencode([(name, str(value)) for name, value in query], errors="surrogatepass")
        return f"{path}?{words}" if words else path

    def _key(self, name: str) -> str:
        known = self.ids.get(name, [1])
        return self.chance.choice(ODD_IDS) if self.chance.random() < self.oddity else str(self.chance.choice(known))

    def body(self, operation: Operation) -> str | None:
        content = operation.about.get("requestBody", {}).get("content", {})
        return json.dumps(self.value(content["application/json"]["schema"])) if content else None


def ids_there_are() -> dict[str, list[int]]:
    """What an address or a field may name: `task_id` → the ids of all tasks."""
    models = [model for model in apps.get_models() if model.__module__.startswith("bihuan.")]
    found = {f"{model._meta.model_name}_id": list(model._base_manager.values_list("pk", flat=True)) for model in models}
    more = {"lead_id": "person_id", "owner_id": "person_id", "named_person_id": "person_id", "row_id": "row_id"}
    return {key: ids for key, ids in found.items() if ids} | {
        name: found[key] for name, key in more.items() if found[key]
    }


def ask(client: Client, drawing: Drawing, operation: Operation, secret: str) -> tuple[str, HttpResponse]:
    """Send one drawn request; whatever it did is undone."""
    address, body = drawing.address(operation), drawing.body(operation)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"drawn-{drawing.chance.getrandbits(60)}"}
    with transaction.atomic():
        response = client.generic(
            operation.method.upper(), address, (body or "").encode(), "application/json", headers=headers
        )
        transaction.set_rollback(True)
    return f"{operation.method.upper()} {address} {body}", response


def fault_of(description: Description, operation: Operation, response: HttpResponse) -> str:
    """What is wrong with an answer, or nothing."""
    if response.status_code >= 500:
        return f"{response.status_code}"
    described = operation.about["responses"].get(str(response.status_code))
    if described is None:
        return f"{response.status_code} is not described"
    (kind, content), *_more = described["content"].items()
    if not response["Content-Type"].startswith(kind):
        return f"{response['Content-Type']} instead of {kind}"
    faults = description.faults(json.loads(response.content), content["schema"])
    return f"{response.status_code}: {faults[0][:200]}" if faults else ""
