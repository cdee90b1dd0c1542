"""Lists cost the same for one matter and for three."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.access import operations as access
from bihuan.collaborations import queries
from bihuan.collaborations.models import Collaboration, Loop
from bihuan.collaborations.queries import desk
from bihuan.kernel.subjects import SubjectRef
from bihuan.organisation.queries import schedule_of_site
from bihuan.records import operations as records
from bihuan.search import operations as search
from tests import forms_samples as samples
from tests.campaign import Campaign


@pytest.fixture
def requested(campaign):
    campaign.request()
    search.follow_all(at=campaign.at)
    return campaign


def more(campaign, company, count=2):
    for number in range(count):
        other = Campaign.begin(company, campaign.at)
        other.submit("F01", samples.request(other.cast, other.start) | {"title": f"活动 {number}"})


def cost(read):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        found = len(read())
    return found, len(captured)


@pytest.mark.parametrize("post", ["产品经理", "市场部负责人", "PMO专员"])
def test_the_portfolio(requested, company, post):
    actor = requested.actor(post)

    def read():
        rows = queries.portfolio(actor, queries.Filters(), before=None, at=requested.at).rows
        return [(row.collaboration.lead, row.departments, row.ring.gaps, row.next_due, row.step) for row in rows]

    one = cost(read)
    more(requested, company)
    assert (one[0], cost(read)) == (1, (3, one[1]))


@pytest.mark.parametrize("post", ["市场部负责人", "运营部负责人"])
def test_the_desk(requested, company, post):
    actor = requested.actor(post)

    def read():
        matters = [loop.collaboration for loop in queries.waiting_for(actor, at=requested.at)]
        return [(matter.number, matter.title, matter.short_name, queries.plan_of(matter)) for matter in matters]

    queries.plan_of(requested.collaboration)  # read once in the life of the process
    one = cost(read)
    more(requested, company)
    assert (one, cost(read)) == ((2, 2), (6, 2))


def test_of_very_many_that_wait_the_same_stand_first_as_when_all_are_sorted(requested, company, monkeypatch):
    more(requested, company)
    actor, later = requested.actor("市场部负责人"), requested.at + timedelta(days=1)
    mine = list(Loop.objects.filter(owner__in=actor.principals, closed_at=None).order_by("pk"))
    for loop, due_at in zip(mine[::2], (None, later, None), strict=False):
        Loop.objects.filter(pk=loop.pk).update(due_at=due_at)
    Loop.objects.filter(pk=mine[1].pk).update(owner=f"p:{actor.person_id}", due_at=later)
    whole = [loop.pk for loop in queries.waiting_for(actor, at=requested.at)]
    hidden = Collaboration.objects.create(
        playbook_version=requested.collaboration.playbook_version, number="X-1", title="看不到",
        lead_department=requested.collaboration.lead_department, lead=requested.collaboration.lead,
        created_at=requested.at, scope_id=access.open_scope(SubjectRef("elsewhere", 1), at=requested.at).pk,
    )  # fmt: skip
    for number in range(3):
        Loop.objects.create(
            collaboration=hidden, kind="FORM", subject_kind="x", subject_id=number, owner=f"p:{actor.person_id}",
            opened_at=requested.at - timedelta(days=9), due_at=requested.at - timedelta(days=9),
        )  # fmt: skip
    monkeypatch.setattr(desk, "MANY", 2)
    for limit in (1, 2, len(whole) - 1, 200):
        found, taken = cost(lambda limit=limit: queries.waiting_for(actor, at=requested.at, limit=limit))
        assert (found, taken) == (min(limit, len(whole)), 2)
        assert [loop.pk for loop in queries.waiting_for(actor, at=requested.at, limit=limit)] == whole[:limit]


def test_what_one_waits_for(requested, company):
    actor = requested.actor("产品经理")

    def read():
        return [loop.collaboration.title for loop in queries.waited_for_by(actor, at=requested.at)]

    one = cost(read)
    more(requested, company)
    assert (one, cost(read)) == ((6, 1), (18, 1))


def test_rows_of_matters(requested, company):
    actor = requested.actor("产品经理")

    def read():
        matters = queries.for_list(queries.visible_to(actor, at=requested.at))
        return [(row.departments, row.step) for row in queries.rows_of(matters, actor=actor, at=requested.at)]

    one = cost(read)
    more(requested, company)
    assert (one[0], cost(read)) == (1, (3, one[1]))


def test_pages_by_key_show_each_matter_once(requested, company):
    more(requested, company)
    actor, seen, before = requested.actor("产品经理"), [], None
    for _ in range(2):
        page = queries.portfolio(actor, queries.Filters(), before=before, at=requested.at, size=2)
        seen += [row.collaboration.number for row in page.rows]
        before = page.next_before
    assert seen == ["XZ-2026-0003", "XZ-2026-0002", "XZ-2026-0001"]
    assert before is None


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 1),
        ({"state": "ended"}, 0),
        ({"state": "all"}, 1),
        ({"step": "REQUEST"}, 1),
        ({"step": "ALIGN"}, 0),
        ({"playbook": "SEED_B"}, 1),
        ({"playbook": "IMPORTED"}, 0),
        ({"mine": True}, 0),
        ({"text": "用户增长"}, 1),
        ({"text": "XZ-2026-0001"}, 1),
        ({"text": "供应链"}, 0),
    ],
)
def test_filters_narrow(requested, filters, found):
    page = queries.portfolio(requested.actor("市场部负责人"), queries.Filters(**filters), before=None, at=requested.at)
    assert len(page.rows) == found


def test_departments_narrow_by_leading_and_by_taking_part(requested):
    product, technology = requested.cast.product, requested.cast.technology

    def found(**filters):
        actor = requested.actor("产品经理")
        return len(queries.portfolio(actor, queries.Filters(**filters), before=None, at=requested.at).rows)

    assert (found(department_id=product), found(department_id=technology), found(department_id=10**6)) == (1, 1, 0)
    assert (found(led_by_id=product), found(led_by_id=technology), found(mine=True)) == (1, 0, 1)


def submitting(company, at, departments):
    """What it costs to submit a request that involves so many departments, each with its resource."""
    begun = Campaign.begin(company, at)
    body = samples.request(begun.cast, begun.start) | {"title": f"活动 {departments}"}
    kept = {department for department, _contact in begun.cast.contacts[:departments]} | {begun.cast.product}
    body["involved_depts"] = body["involved_depts"][:departments]
    body["resources"] = [row for row in body["resources"] if row["dept"] in kept]
    body["milestones"] = [row | {"owner_dept": begun.cast.marketing} for row in body["milestones"]]
    record = begun.fill("F01", body)
    actor = begun.actor("产品经理")
    with CaptureQueriesContext(connection) as captured:
        records.submit(record, seen_revision=record.revision, actor=actor, at=at)
    return len(captured), begun


def test_submitting_costs_the_same_for_one_department_and_for_three(requested, company):
    schedule_of_site(None)  # a process reads the calendars once
    one, _ = submitting(company, requested.at, 1)
    three, begun = submitting(company, requested.at, 3)
    assert begun.collaboration.loops.filter(kind="SIGNOFF").count() == 3
    assert begun.collaboration.loops.filter(kind="NEED_ANSWER").count() == 3
    assert one == three < 90
