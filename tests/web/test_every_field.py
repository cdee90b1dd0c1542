"""Every field of every form stands on its page, on paper, in the API, in its export and in the history.

None is stored and not shown. Bodies are made from the schemas, so that a form that comes later is walked too, and every
form carries a field of each kind that a playbook may add. No two leaves hold the same number, day or text.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from itertools import count
from typing import Any

import pytest
from django.utils import translation

from bihuan.kernel.canonical import digest
from bihuan.organisation import operations as organisation
from bihuan.records import registry
from bihuan.records.extra import KINDS
from bihuan.records.models import Record, Version
from bihuan.records.schema import Field, Form, Kind
from tests.api.conftest import ALL, Program

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
FIRST, APART = 3000, 5000
"""Numbers and days of the first version count from FIRST, those of the second from FIRST + APART: no two leaves of a
form hold the same."""


ADDED = [
    {"form": "", "key": f"added_{kind.lower()}", "kind": kind.value, "label": f"另加{kind}",
     **({"choices": [{"value": "A", "label": "甲项"}, {"value": "B", "label": "乙项"}]} if kind is Kind.CHOICE else {})}
    for kind in KINDS
]  # fmt: skip


def value_of(field: Field, place: str, round_: int, numbers: Iterator[int]) -> Any:
    """A value that says where it stands, another one in each round."""
    if field.kind in {Kind.ROWS, Kind.GROUP}:
        inner = {column.key: value_of(column, f"{place}.{column.key}", round_, numbers) for column in field.columns}
        return [{"id": "r1", **inner}] if field.kind is Kind.ROWS else inner
    if field.kind is Kind.CHOICE:
        return field.choices[min(round_, len(field.choices) - 1)].value
    if field.kind is Kind.BOOL:
        return not round_
    name = f"〔{place}·{round_}〕"
    if field.is_text:
        return name
    number = FIRST + APART * round_ + next(numbers)
    if field.kind is Kind.DEPARTMENTS:
        return [{"id": number, "name": name}]
    day = date(2031, 1, 1) + timedelta(days=number)
    return {
        Kind.INTEGER: number, Kind.NUMBER: f"{number}.7", Kind.MONEY: f"{number}.25", Kind.DATE: day.isoformat(),
        Kind.INSTANT: f"{day.isoformat()}T02:00:00+00:00",
    }.get(field.kind, {"id": number, "name": name, "number": name, "version": 1, "digest": "0" * 64})  # fmt: skip


def leaves(fields: Any, values: Any, place: str = "") -> Iterator[tuple[str, Field, Any]]:
    for field in fields:
        here = f"{place}{field.key}"
        value = values[field.key]
        if field.kind in {Kind.ROWS, Kind.GROUP}:
            inner = value[0] if field.kind is Kind.ROWS else value
            yield here, field, None
            yield from leaves(field.columns, inner, f"{here}.")
        else:
            yield here, field, value


def spelled(field: Field, value: Any) -> tuple[str, ...]:
    """How a reader may find the value of a leaf; of these one must be there."""
    if isinstance(value, dict):
        return (value["name"],)
    if isinstance(value, list):
        return (value[0]["name"],)
    if field.kind is Kind.CHOICE:
        return (str(next(choice.label for choice in field.choices if choice.value == value)),)
    if field.kind is Kind.BOOL:
        return ("是", "否")
    if field.kind in {Kind.DATE, Kind.INSTANT}:
        day = date.fromisoformat(value[:10])
        return value[:10], f"{day.year}年{day.month}月{day.day}日"
    return (value,) if field.is_text else (str(value), f"{Decimal(value):,}")


def holds(page: str, field: Field, value: Any) -> bool:
    """Whether the page says the name of a leaf and what it holds."""
    return str(field.label) in page and (value is None or any(each in page for each in spelled(field, value)))


def frozen(campaign: Any, code: str) -> Record:
    matter, person = campaign.collaboration, campaign.company.lead
    record = Record.objects.create(
        form_code=code, number=f"TEST-{code}", status="APPROVED", root_kind="collaboration", root_id=matter.pk,
        scope_id=matter.scope_id, filler=person, started_at=campaign.at, saved_at=campaign.at, saved_by=person,
        extra_fields=ADDED,
    )  # fmt: skip
    fields = list(registry.form_of(record).fields())
    for round_ in (0, 1):
        numbers = count()
        body = {field.key: value_of(field, field.key, round_, numbers) for field in fields}
        record.current_version = Version.objects.create(
            record=record, version=round_ + 1, body=json.dumps(body), digest=digest(body), submitted_at=campaign.at,
            submitted_by=person,
        )  # fmt: skip
    record.save(update_fields=["current_version"])
    return record


def page_of(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


def missing_of(form: Form, before: Any, body: Any, pages: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    history = pages["page"].split('id="changes"')[-1]
    for (place, field, value), (_place, _field, old) in zip(
        leaves(form.fields(), body), leaves(form.fields(), before), strict=True
    ):
        yield from ((form.code, name, place) for name, page in pages.items() if not holds(page, field, value))
        if old != value and not (holds(history, field, old) and holds(history, field, value)):
            yield form.code, "history", place


def test_every_field_is_shown_printed_given_out_exported_and_kept_in_the_history(campaign, client_for):
    _, secret = organisation.issue_token(name="test", scopes=ALL, actor=campaign.actor("产品经理"), at=campaign.at)
    reader, caller = client_for(campaign.company.lead), Program(secret)
    missing: list[tuple[str, str, str]] = []
    for code in registry.registered():
        record = frozen(campaign, code)
        body, address = record.current_version.data, f"/records/{record.pk}"
        paper = caller.get(f"{address}/versions/2/paper").json()
        said = {line["key"]: line["value"] for section in paper["sections"] for line in section["lines"]}
        assert caller.get(f"{address}/versions/2").json()["body"] == said == body, code
        pages = {"page": page_of(reader, address), "print": page_of(reader, f"{address}/print")}
        pages["export"] = reader.get(f"{address}/export.csv").content.decode("utf-8-sig").replace('""', '"')
        with translation.override("zh-hans"):
            before = record.versions.get(version=1).data
            missing += missing_of(registry.form_of(record), before, body, pages)
    assert missing == []
