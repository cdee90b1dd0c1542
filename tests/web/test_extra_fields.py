"""Fields a playbook adds to a form are fields like any other: filled in, refused, frozen, shown, printed, found."""

import csv
import io

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations as organisation
from bihuan.records.models import Version
from bihuan.records.queries import findings_of
from bihuan.search import operations as search
from tests.api.conftest import ALL, Program
from tests.campaign import Campaign
from tests.forms_samples import request
from tests.web.test_playbooks import page_of, sent_by
from tests.witness import everything, facts_since

FIELDS = [
    {"form": "F01", "key": "cost_code", "kind": "TEXT", "label": "成本编号", "label_en": "Cost code", "required": True,
     "help": "财务系统里的编号"},
    {"form": "F01", "key": "ceiling", "kind": "MONEY", "label": "费用上限", "label_en": "Ceiling"},
    {"form": "F01", "key": "urgency", "kind": "CHOICE", "label": "紧急程度", "label_en": "Urgency",
     "choices": [{"value": "HIGH", "label": "加急", "label_en": "At once"}, {"value": "LOW", "label": "平常"}]},
    {"form": "F01", "key": "reviewer", "kind": "PERSON", "label": "财务复核人", "label_en": "Reviewer"},
    {"form": "F01", "key": "stock", "kind": "BOOL", "label": "动用库存"},
]  # fmt: skip


@pytest.fixture
def matter(company, playbooks, at) -> Campaign:
    """A matter begun on a playbook that asks five things more of its request."""
    body = {**queries.newest("SEED_B").body, "key": "OURS", "extra_fields": FIELDS}
    operations.write_playbook(write_text(body), note="财务要的", actor=SYSTEM, at=at)
    return Campaign.begin(company, at, "OURS")


def answers(company):
    reviewer = company["推广经理"].pk
    return {"cost_code": "CB-4711", "ceiling": "3万", "urgency": "HIGH", "reviewer": reviewer, "stock": True}


def submitted(matter: Campaign, **more) -> Version:
    return matter.submit("F01", {**request(matter.cast, matter.start), **answers(matter.company), **more})


def test_the_page_asks_for_them_and_a_submit_without_one_that_is_needed_is_refused(matter, client_for):
    record = matter.draft("F01", "产品经理")
    mine = client_for(matter.company["产品经理"])
    page = page_of(mine, f"/records/{record.pk}/edit")
    for words in (
        "本手册另加的栏目",
        "成本编号",
        "财务系统里的编号",
        'name="ceiling"',
        "加急",
        'name="reviewer__text"',
    ):
        assert words in page
    saved = matter.fill("F01", {**request(matter.cast, matter.start), "ceiling": "很多", "urgency": "NOW"})
    before = everything()
    refusal = mine.post(f"/records/{record.pk}/submit", {"revision": saved.revision})
    assert refusal.status_code == 422
    keys = {field["key"] for field in FIELDS}
    found = findings_of(saved, saved.draft, at=matter.at)
    assert [(each.code, each.place) for each in found if each.place in keys] == [
        ("records.required", "cost_code"), ("records.not_money", "ceiling"), ("records.not_a_choice", "urgency")
    ]  # fmt: skip
    assert everything() == before


def test_what_was_answered_is_frozen_with_its_digest_and_told_wherever_the_form_is(matter, client_for, at):
    version = submitted(matter)
    reviewer = matter.company["推广经理"]
    frozen = {
        "cost_code": "CB-4711", "ceiling": "30000.00", "urgency": "HIGH",
        "reviewer": {"id": reviewer.pk, "name": reviewer.name}, "stock": True,
    }  # fmt: skip
    assert {key: version.data[key] for key in frozen} == frozen
    (fact,) = facts_since(0, "records.record.submitted")
    assert fact["digest"] == version.digest
    reader, pk = client_for(matter.company["产品经理"]), version.record_id
    for address in (f"/records/{pk}", f"/records/{pk}/print"):
        page = page_of(reader, address)
        for words in ("成本编号", "CB-4711", "加急", reviewer.name, "费用上限"):
            assert words in page, (address, words)
    table = reader.get(f"/records/{pk}/export.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows[-5:] == [
        ["本手册另加的栏目", label, "", "", value]
        for label, value in zip(
            [field["label"] for field in FIELDS], ["CB-4711", "30000.00", "加急", reviewer.name, "是"], strict=True
        )
    ]
    assert reader.get(f"/records/{pk}/export.xlsx").content.startswith(b"PK")
    search.follow_all(at=at)
    assert f"/records/{pk}" in page_of(reader, "/search/?q=CB-4711&kind=record")


def test_a_program_reads_what_is_asked_and_what_was_answered(matter, at):
    record = matter.draft("F01", "产品经理")
    _, secret = organisation.issue_token(name="t", scopes=ALL, actor=matter.actor("产品经理"), at=at)
    caller = Program(secret)
    said = caller.get(f"/records/{record.pk}").json()["extra_fields"]
    assert [(each["key"], each["kind"], each["required"]) for each in said] == [
        (each["key"], each["kind"], each.get("required", False)) for each in FIELDS
    ]
    assert said[2]["choices"] == [{"value": "HIGH", "label": "At once"}, {"value": "LOW", "label": "平常"}]
    body = {**request(matter.cast, matter.start), **answers(matter.company)}
    wrong = caller.put(f"/records/{record.pk}/draft", {"body": body | {"colour": "red"}, "seen_revision": 1})
    assert wrong.status_code == 422
    assert caller.put(f"/records/{record.pk}/draft", {"body": body, "seen_revision": 1}).status_code == 200
    assert caller.post(f"/records/{record.pk}/submit", {"seen_revision": 2}).status_code == 200
    paper = caller.get(f"/records/{record.pk}/versions/1/paper").json()["sections"][-1]
    assert (paper["title"], [line["key"] for line in paper["lines"]]) == (
        "Fields of this playbook", [field["key"] for field in FIELDS]
    )  # fmt: skip


def test_a_later_version_tells_what_changed_of_them_and_a_form_keeps_the_fields_it_began_with(matter, client_for, at):
    version = submitted(matter)
    newer = {**queries.newest("OURS").body, "extra_fields": FIELDS[:1]}
    operations.write_playbook(write_text(newer), note="少问几样", actor=SYSTEM, at=at)
    later = Campaign.begin(matter.company, at, "OURS").draft("F01", "产品经理")
    assert [field["key"] for field in later.extra_fields] == ["cost_code"]
    collaboration, lead = matter.collaboration, matter.actor("产品经理")
    operations.revise_form(collaboration, form_code="F01", reason="编号不对", actor=lead, at=at)
    second = submitted(matter, cost_code="CB-4712")
    assert (second.record_id, second.version, second.data["urgency"]) == (version.record_id, 2, "HIGH")
    assert second.digest != version.digest
    page = page_of(client_for(matter.company["产品经理"]), f"/records/{version.record_id}").split('id="changes"')[1]
    assert "成本编号" in page
    assert "CB-4711" in page
    assert "CB-4712" in page


def test_labels_follow_the_reader_and_chinese_stands_where_there_is_no_english(matter, client_for):
    version = submitted(matter)
    page = client_for(matter.company["产品经理"]).get(
        f"/records/{version.record_id}", headers={"accept-language": "en"}
    )
    words = page.content.decode()
    assert "Cost code" in words
    assert "At once" in words
    assert "成本编号" not in words
    assert "动用库存" in words


def test_the_pmo_adds_fields_in_the_browser_alone(playbooks, company, client_for):
    pmo = client_for(company["PMO专员"])
    page = page_of(pmo, "/playbooks/write?from=SEED_B")

    def act(what: str, **more) -> None:
        nonlocal page
        response = pmo.post("/playbooks/arrange", sent_by(page, act=what, note="财务要的", **more))
        assert response.status_code == 200
        page = response.content.decode()

    before = everything()
    act("field_add", form="F01")
    act("field_add", form="F03", extra_fields__0__key="cost_code", extra_fields__0__label="成本编号")
    act("field_up:1", extra_fields__1__kind="CHOICE", extra_fields__0__required=["1"])
    wrong = pmo.post("/playbooks/publish", sent_by(page))
    assert (wrong.status_code, "没有选项" in wrong.content.decode()) == (422, True)
    assert everything() == before
    assert 'value="成本编号"' in wrong.content.decode()
    page = wrong.content.decode()
    sent = sent_by(page, extra_fields__0__choices="A 甲 / First\nB 乙", name="大项目")
    assert pmo.post("/playbooks/publish", sent).status_code == 302
    made = queries.newest("SEED_B").body
    assert [(field["form"], field["key"]) for field in made["extra_fields"]] == [
        ("F03", "field_1"),
        ("F01", "cost_code"),
    ]
    assert made["extra_fields"][0]["choices"] == [
        {"value": "A", "label": "甲", "label_en": "First"}, {"value": "B", "label": "乙"}
    ]  # fmt: skip
    assert made["extra_fields"][1]["required"] is True
    shown = page_of(pmo, "/playbooks/SEED_B/")
    assert "另加栏目" in shown
    assert "成本编号" in shown
    page = page_of(pmo, "/playbooks/write?from=SEED_B")
    act("field_remove:0")
    assert set(sent_by(page)) & {"extra_fields.0.key", "extra_fields.1.key"} == {"extra_fields.0.key"}


@pytest.mark.parametrize("version", ["", "?version=1"])
def test_a_form_is_taken_along_only_by_who_may_read_it(matter, client_for, company, version):
    pk = submitted(matter).record_id
    assert client_for(company.outsider).get(f"/records/{pk}/export.csv{version}").status_code == 404
    mine = client_for(company["产品经理"])
    assert mine.get(f"/records/{pk}/export.csv{version}").status_code == 200
    assert mine.get(f"/records/{pk}/export.csv?version=9").status_code == 404
    assert mine.get(f"/records/{pk}/export.doc").status_code == 404
