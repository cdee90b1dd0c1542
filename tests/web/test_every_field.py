"""Every field of every form stands on its page, on paper, in the API, in its export and in the history.

None is stored and not shown. Bodies are made from the schemas, so that a form that comes later is walked too, and every
form carries a field of each kind that a playbook may add.
"""

import json
from collections.abc import Iterator
from html import unescape
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
PLAIN = {
    Kind.INTEGER: (317, 418), Kind.NUMBER: ("31.7", "41.8"), Kind.MONEY: ("317.00", "418.00"),
    Kind.DATE: ("2031-07-13", "2032-08-14"), Kind.INSTANT: ("2031-07-13T02:00:00+00:00", "2032-08-14T02:00:00+00:00"),
    Kind.BOOL: (True, False),
}  # fmt: skip


ADDED = [
    {"form": "", "key": f"added_{kind.lower()}", "kind": kind.value, "label": f"另加{kind}",
     **({"choices": [{"value": "A", "label": "甲项"}, {"value": "B", "label": "乙项"}]} if kind is Kind.CHOICE else {})}
    for kind in KINDS
]  # fmt: skip


def value_of(field: Field, place: str, round_: int) -> Any:
    """A value that says where it stands, another one in each round."""
    if field.kind in {Kind.ROWS, Kind.GROUP}:
        inner = {column.key: value_of(column, f"{place}.{column.key}", round_) for column in field.columns}
        return [{"id": "r1", **inner}] if field.kind is Kind.ROWS else inner
    if field.kind in PLAIN:
        return PLAIN[field.kind][round_]
    if field.kind is Kind.CHOICE:
        return field.choices[min(round_, len(field.choices) - 1)].value
    if field.is_text:
        return f"〔{place}·{round_}〕"
    name = f"〔{place}·{round_}〕"
    return {"id": 7 + round_, "name": name, "number": name, "version": 1, "digest": "0" * 64}


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


def shown(field: Field, value: Any) -> list[str]:
    """What a reader must find of a leaf: its name, and the value where it can be told from any other."""
    label = str(field.label)
    if isinstance(value, dict):
        return [label, value["name"]]
    if field.is_text and value:
        return [label, value]
    if field.kind is Kind.CHOICE:
        return [label, str(next(choice.label for choice in field.choices if choice.value == value))]
    return [label]


def frozen(campaign: Any, code: str) -> Record:
    matter, person = campaign.collaboration, campaign.company.lead
    record = Record.objects.create(
        form_code=code, number=f"TEST-{code}", status="APPROVED", root_kind="collaboration", root_id=matter.pk,
        scope_id=matter.scope_id, filler=person, started_at=campaign.at, saved_at=campaign.at, saved_by=person,
        extra_fields=ADDED,
    )  # fmt: skip
    fields = list(registry.form_of(record).fields())
    for round_ in (0, 1):
        body = {field.key: value_of(field, field.key, round_) for field in fields}
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


def missing_of(form: Form, body: Any, pages: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    code = form.code
    for place, field, value in leaves(form.fields(), body):
        for name, page in pages.items():
            if not all(words in page for words in shown(field, value)):
                yield code, name, place
    history = pages["page"].split('id="changes"')[-1]
    yield from ((code, "history", field.key) for field in form.fields() if str(field.label) not in history)


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
            missing += missing_of(registry.form_of(record), body, pages)
    assert missing == []
