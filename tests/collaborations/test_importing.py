"""Matters of another system come in as they are, are met again, and are left alone once adopted."""

from datetime import date

import pytest

from bihuan.collaborations import operations, queries
from bihuan.collaborations.imports import ImportedDate, ImportedMilestone
from bihuan.collaborations.models import Collaboration, ImportedSource, Milestone
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation.models import Department, Person
from tests.collaborations.sources import matter
from tests.witness import everything, facts_since, last_entry, names_since


@pytest.fixture
def known(company, playbooks, at):
    for name, key in (("产品部", "acme/product"), ("技术部", "acme/tech"), ("市场部", "acme/market")):
        Department.objects.filter(name=name).update(source_key=key)
    Person.objects.filter(username="lin").update(source_key="mail:lin")
    return company


def bring(at, *matters):
    return import_collaborations(list(matters), actor=SYSTEM, at=at)


WHOLE = {
    "lead_department_key": "acme/product",
    "participant_keys": ("acme/tech", "acme/nowhere", "acme/tech", "acme/product"),
    "requester_key": "mail:lin",
    "owner_keys": ("mail:nobody", "mail:lin"),
}


def test_a_matter_comes_in_with_all_it_names_and_asks_nobody(known, at):
    before = last_entry()
    assert bring(at, matter(**WHOLE)) == {"acme/1": "created"}
    row = Collaboration.objects.get()
    assert (row.title, row.number, row.source_number, row.source_status) == ("Sell more", None, "RFC-7", "Accepted")
    assert (row.lead_id, row.initiator_id) == (known.lead.pk, known.lead.pk)
    assert [party.department.name for party in row.parties.all()] == ["技术部"]
    assert queries.current_run(row).step == "IMPORTED"
    assert [(line.name, line.due_on, line.due_raw) for line in queries.milestones_of(row)] == [
        ("alpha", date(2023, 7, 1), "2023-07-01")
    ]
    assert [(line.text, line.phase) for line in queries.criteria_of(row)] == [("Twice as much", "beta")]
    assert queries.loops_of(row.pk) == []
    assert facts_since(before) == [
        {
            "name": "collaborations.collaboration.imported",
            "source_key": "acme/1",
            "digest": "1" * 64,
            "title": "Sell more",
            "changed": False,
        }
    ]


def test_what_was_odd_about_it_is_kept(known, at):
    bring(at, matter())
    source = ImportedSource.objects.get()
    assert source.raw == '{"id": 1}'
    assert source.findings == [
        {"code": "integrations.date_unreadable", "place": "created", "params": {"value": "soon"}}
    ]
    assert source.content["milestones"] == [
        {"name": "alpha", "on": {"day": "2023-07-01", "raw": "2023-07-01"}, "approver_key": ""}
    ]
    assert queries.source_of(source.collaboration) == source


def test_keys_nobody_knows_are_no_error(known, at):
    bring(at, matter(title="", lead_department_key="x", requester_key="y", owner_keys=("z",), participant_keys=("w",)))
    row = Collaboration.objects.get()
    assert (row.title, row.lead_department_id, row.initiator_id, row.lead_id) == ("acme/1", None, None, None)
    assert not row.parties.exists()


def test_the_same_again_changes_nothing(known, at):
    bring(at, matter(**WHOLE))
    before = everything()
    assert bring(at, matter(**WHOLE)) == {"acme/1": "unchanged"}
    assert everything() == before


def test_a_changed_one_takes_its_place(known, at):
    bring(at, matter(**WHOLE))
    before = last_entry()
    changed = matter(
        **WHOLE
        | {
            "digest": "2" * 64,
            "title": "Sell twice",
            "participant_keys": ("acme/market",),
            "milestones": (ImportedMilestone("beta", ImportedDate(None, "Q3")),),
        }
    )
    assert bring(at, changed, matter(source_key="acme/2")) == {"acme/1": "updated", "acme/2": "created"}
    row = Collaboration.objects.get(source_key="acme/1")
    assert row.title == "Sell twice"
    assert [party.department.name for party in row.parties.all()] == ["市场部"]
    assert [(line.name, line.due_raw) for line in row.milestones.all()] == [("beta", "Q3")]
    assert names_since(before) == ["collaborations.collaboration.imported"] * 2
    assert [fact["changed"] for fact in facts_since(before)] == [True, False]


def test_heads_of_departments_no_longer_named_are_dismissed(known, at):
    bring(
        at,
        matter(
            **WHOLE,
        ),
    )
    scope = Collaboration.objects.get().scope
    assert scope.members.filter(principal=known.head("技术部"), until_at=None).exists()
    bring(at, matter(**WHOLE | {"digest": "2" * 64, "participant_keys": ()}))
    assert not scope.members.filter(principal=known.head("技术部"), until_at=None).exists()


def test_an_adopted_one_keeps_its_own_life(known, at):
    bring(at, matter(**WHOLE))
    row = Collaboration.objects.get()
    operations.adopt_collaboration(
        row, playbook="SEED_B", lead_id=known.lead.pk, actor=known.actor("产品部负责人"), at=at
    )
    before = last_entry()
    assert bring(at, matter(**WHOLE | {"digest": "2" * 64, "title": "Other"})) == {"acme/1": "updated"}
    row.refresh_from_db()
    assert (row.title, row.initiator_id) == ("Sell more", known["产品部负责人"].pk)
    assert ImportedSource.objects.get().digest == "2" * 64
    assert queries.current_run(row).step == "REQUEST"
    assert names_since(before) == ["collaborations.collaboration.imported"]
    assert Milestone.objects.count() == 1


def test_the_draft_of_an_adopted_one_begins_with_what_the_source_said(known, at):
    bring(at, matter(**WHOLE | {"goals": ("Twice as much",), "non_goals": ("Abroad",), "risks": ("Late",)}))
    row = Collaboration.objects.get()
    actor = known.actor("产品部负责人")
    operations.adopt_collaboration(row, playbook="SEED_B", lead_id=known.lead.pk, actor=actor, at=at)
    draft = operations.start_form(row, form_code="F01", actor=actor, at=at).draft
    assert (draft["title"], draft["background"], draft["goal_text"]) == ("Sell more", "In short.", "Twice as much")
    assert (draft["scope_out"], draft["early_risks"][0]["text"]) == ("Abroad", "Late")
    assert [row["name"] for row in draft["milestones"]] == ["alpha"]


def test_nothing_at_all_is_fine(known, at):
    assert bring(at) == {}
