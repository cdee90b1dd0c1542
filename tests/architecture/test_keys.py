"""String foreign keys slip past the import contract: every relation points down the same order."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]


def layers() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract["containers"] == ["bihuan"])


def heights() -> dict[str, int]:
    """Room → how far it stands above the ground."""
    return {room: height for height, layer in enumerate(reversed(layers())) for room in re.findall(r"\w+", layer)}


def room_of(model: type[models.Model]) -> str:
    package, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if package == "bihuan" else ""


def is_down(source: str, target: str) -> bool:
    """To itself, to a lower room or to Django; never to a stranger on the same line."""
    return target in {source, ""} or heights()[target] < heights()[source]


def relations() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models(include_auto_created=True):
        if room_of(model):
            yield from ((model, field) for field in model._meta.get_fields() if field.is_relation and field.concrete)


def test_every_relation_points_to_the_same_room_or_a_lower_one():
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model, field in relations()
        if not is_down(room_of(model), room_of(field.related_model))
    ]
    assert wrong == []


def test_there_are_relations_to_judge():
    assert len(list(relations())) > 20


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("approvals", "records", True),
        ("records", "approvals", False),
        ("issues", "issues", True),
        ("issues", "spaces", False),
        ("plans", "", True),
        ("outbox", "ledger", False),
    ],
)
def test_the_order_of_the_rooms_decides(source, target, allowed):
    assert is_down(source, target) is allowed


def test_every_table_that_belongs_to_a_room_is_named_after_it():
    assert [model._meta.label for model, _ in relations() if model._meta.app_label != room_of(model)] == []
