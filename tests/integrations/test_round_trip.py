"""Everything a person may see goes out in each form, comes into an empty house and goes out equal."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.collaborations import operations, queries
from bihuan.collaborations.models import Collaboration
from bihuan.integrations.facts import GroupKept
from bihuan.integrations.models import KeptGroup
from bihuan.integrations.neutral.run import run_import
from bihuan.integrations.neutral_out import gathering
from bihuan.integrations.neutral_out.packing import FORMS
from bihuan.integrations.neutral_out.run import export_to
from bihuan.integrations.tables.records import Record
from bihuan.integrations.tables.rest import PIECE, Rests, digest_of, rest_of, restored, rows_of
from bihuan.integrations.tables.source import opened
from bihuan.kernel.actor import SYSTEM, Actor, ActorKind
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Department, Person, Post
from bihuan.organisation.queries import day_of
from tests.campaign import Campaign
from tests.cast import make_company
from tests.forms_samples import request
from tests.integrations.folders import GROUPS, PEOPLE, matter, write
from tests.witness import facts_since, last_entry

NASTY = ("=1+1", "'=1", "\tx", "\rx", " blanks ", "a\r\nb", "\x01\x00", "\ud800", "_x0041_", "行\u2028行", "😀", "-")
ADMINISTRATOR = Actor(ActorKind.PERSON, None, "reader", frozenset({"g:pmo", "g:admin", "all"}))


def rich(folder: Path) -> Path:
    """A folder with all that the shape has, and with much that the tables have no column for."""
    lines: list[Any] = [
        matter(
            id="acme/1", programme="acme/p", source={"repo": "r", "path": ["a", 1, None, True]}, long="长" * PIECE,
            milestones=[{"name": "m", "date": "2026-13-01", "odd": ["strange"]}, {"name": "", "raw": "TBD"}, "words"],
            risks=["one\nline", " two "], checklist=[{"text": "c", "done": True, "by": "x"}],
        ),
        matter(id="acme/2", number=None, owners=["group:acme/board", "mail:li; mail:wang"], goals="a text", risks={}),
        *(matter(id=f"acme/n{n}", number=str(n), title=text, summary=text) for n, text in enumerate(NASTY)),
        {"id": "acme/bare"},
    ]  # fmt: skip
    departments = departments_of()
    write(folder, lines, departments=departments, people=[PEOPLE[0] | {"email": "wang@acme.example"}, *PEOPLE[1:]])
    beside: dict[str, list[dict[str, Any]]] = {
        "programmes.jsonl": [{"id": "acme/p", "name": "Programme", "begin": "2026-01-01", "kind": "release", "team": [
            {"role": "Lead", "leads": ["mail:li"], "shadows": []}], "milestones": [{"name": "freeze", "gate": True}]}],
        "action_items.jsonl": [{"id": "acme/a", "raised": "2026-01-01", "text": "do", "owners": ["mail:li"]}],
        "changes.jsonl": [
            {"collaboration": "acme/1", "at": "2026-01-01", "changes": [{"field": "s", "old": None, "new": "x"}] * 2},
            {"collaboration": "acme/1", "at": "2026-01-01", "changes": [], "case": 7},
        ],
        "exceptions.jsonl": [{"id": "acme/e", "collaboration": "acme/2", "decision": "approved", "pull_requests": [1]}],
        "acceptance_reports.jsonl": [{"id": "acme/r", "programme": "acme/p", "conclusion": "", "runs": [{"n": 1}]}],
    }  # fmt: skip
    for name, rows in beside.items():
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="ascii")
    return folder


ASKED = [
    {"form": "F01", "key": "cost_code", "kind": "TEXT", "label": "成本编号"},
    {"form": "F01", "key": "ceiling", "kind": "MONEY", "label": "费用上限"},
    {"form": "F01", "key": "reviewer", "kind": "PERSON", "label": "复核人"},
    {"form": "F01", "key": "stock", "kind": "BOOL", "label": "动用库存"},
    {"form": "F01", "key": "remark", "kind": "LONGTEXT", "label": "备注"},
]
ANSWERED = [
    ("F01", "cost_code", "=1+1"), ("F01", "ceiling", "30000.00"), ("F01", "reviewer", "林晓彤"),
    ("F01", "stock", "false"),
    ("F01", "remark", None),
]  # fmt: skip


def asking_more(at: Any) -> str:
    body = queries.newest("SEED_B").body
    operations.publish_playbook({**body, "key": "OURS", "extra_fields": ASKED}, actor=SYSTEM, at=at)
    return "OURS"


def asked_more(begun: Campaign) -> None:
    answers = {"cost_code": "=1+1", "ceiling": "3万", "reviewer": begun.company.lead.pk, "stock": False}
    begun.submit("F01", {**request(begun.cast, begun.start), **answers})


def departments_of() -> list[dict[str, Any]]:
    return [
        {"id": "acme/east", "org": "acme", "name": "East", "parent": "acme/sales", "status": "archived", "heads": []},
        {"id": "acme/sales", "org": "acme", "name": "Sales", "heads": ["mail:wang"], "contacts": ["mail:wang"]},
        {"id": "acme/sales/east", "name": "East", "parent": "acme/sales", "contacts": ["mail:zhao"]},
        {"id": "acme/tech", "org": "acme", "name": "Technology", "mission": "Build.", "heads": ["mail:li"]},
    ]


def one_behind_the_other(at: Any) -> None:
    """Somebody was head twice and is it again, somebody goes on being it by a second post, a post was nobody's."""
    sales, tech = (Department.objects.get(source_key=key).pk for key in ("acme/sales", "acme/tech"))
    wang, zhao = (Person.objects.get(username=name).pk for name in ("mail:wang", "mail:zhao"))
    days = [
        (wang, sales, "chair", date(2019, 1, 1), date(2020, 1, 1)),
        (wang, sales, "chair", date(2020, 1, 1), date(2021, 5, 1)),
        (wang, sales, "nobody", date(2020, 1, 1), date(2020, 1, 1)),
        (zhao, tech, "head", date(2031, 1, 1), None),
        (zhao, tech, "head", date(2022, 1, 1), date(2031, 1, 1)),
    ]
    Post.objects.bulk_create(
        Post(person_id=person, department_id=place, title=title, kind="HEAD", starts_on=first, ends_on=end)
        for person, place, title, first, end in days
    )


def exported(folder: Path, at: Any) -> dict[str, Any]:
    """All the files of an export as JSON."""
    export_to(folder, form="json", actor=ADMINISTRATOR, at=at)
    return {
        path.name: [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        for path in folder.iterdir()
    }


def given_in(form: str, target: Path, at: Any) -> Path:
    """An export in this form, as somebody hands it to `bihuan import`."""
    name = {"json": "all", "csv": "all.zip", "xlsx": "all.xlsx"}[form]
    export_to(target / name, form=form, actor=ADMINISTRATOR, at=at)
    if form != "csv":
        return target / name
    with zipfile.ZipFile(target / name) as archive:
        archive.extractall(target / "unpacked")
    return target / "unpacked"


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS)
def test_everything_goes_out_comes_into_an_empty_house_and_goes_out_equal(form: str, tmp_path: Path, at: Any) -> None:
    with transaction.atomic():
        operations.publish_shipped_playbooks(at=at)
        asked_more(Campaign.begin(make_company(at), at, asking_more(at)))
        run_import(rich(tmp_path / "in"), at=at)
        one_behind_the_other(at)
        beside = {"person_id": Person.objects.get(username="mail:li").pk, "title": "顾问", "is_main": False}
        sales = Department.objects.get(source_key="acme/sales").pk
        organisation.appoint(**beside, department_id=sales, actor=SYSTEM, at=at)
        to_come = {"person_id": beside["person_id"], "department_id": sales, "starts_on": date(2031, 1, 1)}
        later = organisation.appoint(**to_come, title="主管", actor=SYSTEM, at=at)
        organisation.end_post(later.pk, ends_on=date(2032, 1, 1), actor=SYSTEM, at=at)
        taken, first = given_in(form, tmp_path, at), exported(tmp_path / "first", at)
        transaction.set_rollback(True)
    assert not Collaboration.objects.exists()
    with opened(taken) as ready:
        report = run_import(ready.folder, at=at, problems=ready.problems)
    assert {each["rejected"] for each in (report.counts | report.beside).values()} == {0}
    assert exported(tmp_path / "second", at) == first
    (answers,) = (line["extra_fields"] for line in first["collaborations.jsonl"] if "extra_fields" in line)
    assert [(each["form"], each["key"], each["value"]) for each in answers] == ANSWERED
    assert [group["id"] for group in first["org.json"][0]["groups"]] == ["group:acme/board"]
    assert Person.objects.get(username="mail:wang").email == "wang@acme.example"
    offices = Post.objects.filter(person__username="mail:wang", department__source_key="acme/sales")
    assert list(offices.values_list("kind", "title", "starts_on", "ends_on").order_by("starts_on", "kind")) == [
        ("HEAD", "chair", date(2019, 1, 1), date(2020, 1, 1)), ("HEAD", "chair", date(2020, 1, 1), date(2021, 5, 1)),
        ("CONTACT", "", day_of(at), None), ("HEAD", "chair", day_of(at), None),
    ]  # fmt: skip
    heads = Post.objects.filter(person__username="mail:zhao", kind="HEAD").values_list("starts_on", "ends_on")
    assert list(heads.order_by("starts_on")) == [(date(2022, 1, 1), date(2031, 1, 1)), (date(2031, 1, 1), None)]
    names = ("title", "is_main", "starts_on", "ends_on")
    posts = Post.objects.filter(person__username="mail:li").order_by("starts_on", "title").values_list(*names)
    assert list(posts) == [
        ("", True, day_of(at), None), ("顾问", False, day_of(at), None),
        ("主管", True, date(2031, 1, 1), date(2032, 1, 1)),
    ]  # fmt: skip
    if form == "csv":
        (tmp_path / "again").mkdir()
        again = given_in(form, tmp_path / "again", at)
        assert {path.name: path.read_bytes() for path in again.iterdir()} == {
            path.name: path.read_bytes() for path in taken.iterdir()
        }


@pytest.mark.django_db
def test_what_was_changed_in_the_tables_counts_and_a_rest_without_its_line_is_told(tmp_path: Path, at: Any) -> None:
    with transaction.atomic():
        run_import(rich(tmp_path / "in"), at=at)
        taken = given_in("csv", tmp_path, at)
        transaction.set_rollback(True)
    path = taken / "collaborations.csv"
    path.write_bytes(path.read_bytes().replace(b"Sell more", b"Sell less", 1))
    (taken / "action_items.csv").unlink()
    with opened(taken) as ready:
        run_import(ready.folder, at=at)
    assert [(each.file, each.code, each.value) for each in ready.problems] == [
        ("rest.csv", "integrations.belongs_nowhere", "acme/a")
    ]
    row = Collaboration.objects.get(source_key="acme/1")
    body = json.loads(row.source.raw)
    assert (row.title, body["title"], body["source"]["repo"]) == ("Sell less", "Sell less", "r")
    assert [each["name"] for each in body["milestones"][:2]] == ["m", None]


@pytest.mark.django_db
def test_a_group_is_kept_once_and_a_fact_says_when_its_words_change(tmp_path: Path, at: Any) -> None:
    before = last_entry()
    assert run_import(write(tmp_path / "a", [matter()]), at=at).beside["groups"]["created"] == 1
    kept = KeptGroup.objects.get()
    assert (kept.source_key, json.loads(kept.raw)) == (GROUPS[0]["id"], GROUPS[0])
    run_import(write(tmp_path / "a", [matter()]), at=at)
    assert len(facts_since(before, GroupKept.name)) == 1
    changed = [{**GROUPS[0], "members": []}]
    assert run_import(write(tmp_path / "a", [matter()], groups=changed), at=at).beside["groups"]["updated"] == 1
    assert [fact["group_id"] for fact in facts_since(before, GroupKept.name)] == [kept.pk] * 2


@pytest.mark.django_db
def test_e_mail_goes_to_those_who_may_see_it(campaign: Any) -> None:
    lead = campaign.company.lead
    Person.objects.filter(pk=lead.pk).update(email="lead@example.org")
    key = f"bihuan/person/{lead.pk}"
    told = [
        next(each["email"] for each in gathering.organisation(actor, at=campaign.at)["people"] if each["id"] == key)
        for actor in (ADMINISTRATOR, campaign.actor("产品经理"), campaign.actor("市场部负责人"))
    ]
    assert told == ["lead@example.org", "lead@example.org", None]


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda some: st.lists(some, max_size=3))


@settings(max_examples=40)
@given(said=st.dictionaries(st.text(max_size=3), VALUES), meant=st.dictionaries(st.text(max_size=3), VALUES))
def test_with_its_rest_a_line_is_what_it_was(said: dict[str, Any], meant: dict[str, Any]) -> None:
    rest = rest_of(said, meant)
    assert (restored(said, rest) if rest else said) == meant
    if rest:
        rows = [Record("", 1, dict(zip(("table", "row", "digest", "part", "text"), row, strict=True)))
                for row in rows_of("t", "", rest)]  # fmt: skip
        assert Rests(reversed(rows)).back("t", {**said, "id": ""}) == restored({**said, "id": ""}, rest)
        assert digest_of(said) == rest.digest
