"""A department goes into another, or is split, while a matter runs: everything follows, nothing stays with nobody."""

import pytest
from django.apps import apps

from bihuan.approvals.models import Slot
from bihuan.collaborations import queries
from bihuan.collaborations.models import Collaboration, Loop, Party
from bihuan.collaborations.operations import reorganising
from bihuan.kernel.actor import SYSTEM
from bihuan.ledger.verification import verify
from bihuan.organisation import operations
from bihuan.organisation.models import Department, Post, Reorganisation
from bihuan.outbox import operations as outbox
from bihuan.plans.models import Task
from bihuan.records.models import Record
from bihuan.worker import jobs
from tests import forms_samples as samples
from tests.organisation.test_reorganising import FOLLOWED
from tests.witness import facts_since, last_entry

FOLLOW = jobs.follow_reorganisation  # the topic is known once the worker's jobs are


def merge(campaign, gone: str, into: str) -> Reorganisation:
    company = campaign.company
    department = Department.objects.get(pk=company.departments[gone].pk)
    return operations.merge_department(
        department.pk, into_id=company.departments[into].pk, seen_revision=department.revision, actor=SYSTEM,
        at=campaign.at,
    )  # fmt: skip


def work_off(campaign) -> None:
    while outbox.run_once(at=campaign.at):
        pass


def still_naming(department) -> dict[str, int]:
    """Rows of the running matter that name the department, history left out."""
    unfinished = {
        "plans.Task.department": {"state__in": ["NOT_STARTED", "IN_PROGRESS", "BLOCKED"]},
        "resources.Need.provider": {"state__in": ["ASKED", "PROMISED", "COUNTERED", "REFUSED", "IN_PLACE"]},
        "progress.Report.department": {"submitted_at__isnull": True, "period__locked_at__isnull": True},
        "issues.Risk.department": {"state": "REPORTED"},
        "records.Record.department": {"status__in": ["DRAFT", "RETURNED"]},
        "commitments.Commitment.department": {"state__in": ["OPEN", "CLAIMED"]},
    }
    found = {}
    for column in sorted(FOLLOWED):
        label, _dot, field = column.rpartition(".")
        rows = apps.get_model(label).objects.filter(**{field: department.pk}, **unfinished.get(column, {}))
        found[column] = rows.count()
    return {column: count for column, count in found.items() if count}


def asked(department) -> list[str]:
    offices = [f"{kind}:{department.pk}" for kind in "dhx"]
    loops = Loop.objects.filter(owner__in=offices, closed_at__isnull=True).values_list("owner", flat=True)
    slots = Slot.objects.filter(principal__in=offices, state="PENDING").values_list("principal", flat=True)
    return [*loops, *slots]


@pytest.fixture
def at_work(campaign):
    campaign.carry_to("EXECUTE")
    return campaign


def test_an_involved_department_goes_into_one_that_takes_no_part(at_work) -> None:
    company = at_work.company
    market, finance = company.departments["市场部"], company.departments["财务部"]
    row = merge(at_work, "市场部", "财务部")
    assert (row.total, row.done, row.finished_at) == (1, 0, None)
    before = last_entry()
    work_off(at_work)
    row.refresh_from_db()
    assert (row.done, row.finished_at) == (1, at_work.at)
    assert still_naming(market) == {}
    assert asked(market) == []
    assert Party.objects.filter(collaboration=at_work.collaboration, department=finance).count() == 1
    told = facts_since(before, "collaborations.department.replaced")
    assert [(fact["department_before"], fact["department_id"]) for fact in told] == [(market.pk, finance.pk)]
    assert verify().problems == []


def test_the_leading_department_goes_into_another_and_its_head_carries_the_matter(at_work) -> None:
    company = at_work.company
    pk = at_work.collaboration.pk
    merge(at_work, "产品部", "财务部")
    assert queries.collaboration_for(at_work.actor("财务专员"), pk, at=at_work.at).pk == pk
    work_off(at_work)
    assert Collaboration.objects.get(pk=pk).lead_department_id == company.departments["财务部"].pk
    assert still_naming(company.departments["产品部"]) == {}
    assert queries.collaboration_for(at_work.actor("产品经理"), pk, at=at_work.at).pk == pk


def test_two_parties_become_one(at_work) -> None:
    company = at_work.company
    merge(at_work, "市场部", "运营部")
    work_off(at_work)
    parties = Party.objects.filter(collaboration=at_work.collaboration)
    assert company.departments["市场部"].pk not in parties.values_list("department_id", flat=True)
    assert parties.filter(department=company.departments["运营部"]).count() == 1
    assert not Task.objects.filter(department=company.departments["市场部"]).exists()


def test_what_the_old_head_was_asked_waits_for_the_new_one_before_and_after_the_work(campaign) -> None:
    campaign.request()
    company = campaign.company
    merge(campaign, "市场部", "财务部")
    assert "SIGNOFF" in [kind for kind, _part in campaign.desk("财务部负责人")]
    assert campaign.desk("市场部负责人") == []
    work_off(campaign)
    assert "SIGNOFF" in [kind for kind, _part in campaign.desk("财务部负责人")]
    assert asked(company.departments["市场部"]) == []
    slot = Slot.objects.get(principal=company.head("财务部"), state="PENDING")
    assert slot.label == "市场部"


def test_a_draft_names_the_department_that_is_there_now(campaign) -> None:
    company = campaign.company
    draft = campaign.fill("F01", samples.request(campaign.cast, campaign.start))
    market, finance = company.departments["市场部"].pk, company.departments["财务部"].pk
    Party.objects.get_or_create(collaboration=campaign.collaboration, department_id=market, role="SUPPORTING")
    merge(campaign, "市场部", "财务部")
    work_off(campaign)
    said = str(Record.objects.get(pk=draft.pk).draft)
    assert f": {market}," not in said.replace("}", ",")
    assert f": {finance}," in said.replace("}", ",")


def test_the_work_is_done_in_chunks_and_a_chunk_twice_changes_nothing(campaign, monkeypatch) -> None:
    monkeypatch.setattr(reorganising, "CHUNK", 1)
    campaign.request()
    second = type(campaign).begin(campaign.company, campaign.at)
    row = merge(campaign, "产品部", "财务部")
    assert row.total == 2
    work = {
        "id": row.pk, "before": campaign.company.departments["产品部"].pk,
        "after": campaign.company.departments["财务部"].pk, "only": None, "from": 0,
    }  # fmt: skip
    assert reorganising.follow(work, actor=SYSTEM, at=campaign.at) == 1
    row.refresh_from_db()
    assert (row.done, row.finished_at) == (1, None)
    assert reorganising.follow({**work, "from": campaign.collaboration.pk}, actor=SYSTEM, at=campaign.at) == 1
    row.refresh_from_db()
    assert (row.done, row.finished_at) == (2, campaign.at)
    before = last_entry()
    assert reorganising.follow(work, actor=SYSTEM, at=campaign.at) == 0
    assert facts_since(before) == []
    assert second.refreshed().lead_department_id == campaign.company.departments["财务部"].pk


def test_a_split_takes_the_matters_named_and_leaves_the_others(campaign) -> None:
    campaign.request()
    company, at = campaign.company, campaign.at
    second = type(campaign).begin(company, at)
    product = company.departments["产品部"]
    operations.appoint(
        person_id=company.outsider.pk, department_id=product.pk, title="增长负责人", kind="HEAD", actor=SYSTEM, at=at
    )
    post = Post.objects.get(title="增长负责人")
    operations.split_department(
        product.pk, name="增长部", post_ids=[post.pk], matter_ids=[campaign.collaboration.pk], seen_revision=1,
        actor=SYSTEM, at=at,
    )  # fmt: skip
    work_off(campaign)
    growth = Department.objects.get(name="增长部")
    assert campaign.refreshed().lead_department_id == growth.pk
    assert second.refreshed().lead_department_id == product.pk
    assert f"h:{growth.pk}" in campaign.actor("财务专员").principals
