"""A department changes from a day to come: planned, shown, cancelled, carried out once on the day."""

from datetime import date, timedelta

import pytest

from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.organisation import operations, queries
from bihuan.organisation.models import Department, PlannedChange, Post, Reorganisation
from bihuan.worker import jobs
from tests.cast import Company
from tests.witness import everything, facts_since, last_entry, names_since, refused

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)


def who(company: Company, at):
    return {"actor": company.administrator, "at": at}


def merge(company: Company, at, gone="财务部", into="市场部", begins_on=NEW_YEAR) -> PlannedChange:
    departments = company.departments
    return operations.plan_merger(
        departments[gone].pk, begins_on=begins_on, into_id=departments[into].pk, **who(company, at)
    )


def rename(company: Company, at, **changes) -> PlannedChange:
    market = company.departments["市场部"]
    wanted = {"begins_on": NEW_YEAR, "name": "品牌市场部", "parent_id": company.departments["产品部"].pk}
    return operations.plan_change(market.pk, **wanted | changes, **who(company, at))


def later(at, day: date = NEW_YEAR):
    return at + timedelta(days=(day - at.date()).days)


def test_a_plan_changes_nothing_until_its_day_and_then_once(company: Company, at) -> None:
    before = last_entry()
    row, market = rename(company, at), company.departments["市场部"]
    (told,) = facts_since(before)
    assert (told["name"], told["starts_on"], told["kind"]) == ("organisation.change.planned", "2027-01-01", "CHANGED")
    assert told["values"] == {"name": "品牌市场部", "parent_id": company.departments["产品部"].pk}
    assert jobs.carry_out_planned(later(at, date(2026, 12, 31))) == 0
    assert Department.objects.get(pk=market.pk).name == "市场部"
    before = last_entry()
    assert jobs.carry_out_planned(later(at)) == 1
    market = Department.objects.get(pk=market.pk)
    assert (market.name, market.parent.name) == ("品牌市场部", "产品部")
    assert names_since(before) == ["organisation.department.changed"]
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("DONE", later(at))
    written = everything()
    assert jobs.carry_out_planned(later(at)) == 0
    assert everything() == written


def test_a_merger_is_carried_out_on_the_day_as_by_hand(company: Company, at) -> None:
    merge(company, at)
    assert f"h:{company.departments['财务部'].pk}" not in company.actor("市场部负责人").principals
    assert jobs.carry_out_planned(later(at)) == 1
    assert Reorganisation.objects.get().department_id == company.departments["财务部"].pk
    assert f"h:{company.departments['财务部'].pk}" in company.actor("市场部负责人", later(at)).principals


def test_what_is_not_possible_any_more_is_said_and_tried_no_more(company: Company, at) -> None:
    row, into = merge(company, at), company.departments["市场部"]
    Department.objects.filter(pk=into.pk).update(is_active=False)
    before = last_entry()
    assert jobs.carry_out_planned(later(at)) == 0
    row.refresh_from_db()
    assert (row.state, row.refusal) == ("REFUSED", ["organisation.department_unknown"])
    assert [fact["codes"] for fact in facts_since(before)] == [["organisation.department_unknown"]]
    (card,) = queries.planned_of(row.department_id)
    assert (card.is_ahead, card.into) == (False, "市场部")
    assert jobs.carry_out_planned(later(at)) == 0
    assert names_since(before) == ["organisation.change.refused"]


def test_what_an_earlier_reorganisation_holds_up_waits_for_the_next_hour(company: Company, at) -> None:
    row, departments = merge(company, at), company.departments
    busy = Reorganisation.objects.create(
        kind="MERGED", department=departments["行政部"], into=departments["财务部"], decided_at=at, total=1
    )
    before = last_entry()
    assert jobs.carry_out_planned(later(at)) == 0
    row.refresh_from_db()
    assert (row.state, row.ended_at, names_since(before)) == ("PLANNED", None, [])
    Reorganisation.objects.filter(pk=busy.pk).update(finished_at=at)
    assert jobs.carry_out_planned(later(at)) == 1


def test_a_cancelled_plan_is_not_carried_out(company: Company, at) -> None:
    row, before = merge(company, at), last_entry()
    assert [card.id for card in queries.planned_ahead()] == [row.pk]
    with refused(NotAllowed):
        operations.cancel_planned(row.pk, actor=company.actor("财务部负责人"), at=at)
    operations.cancel_planned(row.pk, **who(company, at))
    assert names_since(before) == ["organisation.change.cancelled"]
    assert (queries.planned_ahead(), jobs.carry_out_planned(later(at))) == ([], 0)
    with refused(NotFound):
        operations.cancel_planned(row.pk, **who(company, at))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"begins_on": None}, "organisation.day_not_ahead"),
        ({"begins_on": date(2026, 11, 17)}, "organisation.day_not_ahead"),
        ({"name": "市场部", "parent_id": None}, "organisation.nothing_planned"),
        ({"name": " "}, "organisation.name_missing"),
        ({"parent_id": 987654}, "organisation.parent_unknown"),
    ],
)
def test_a_plan_that_could_not_be_carried_out_today_is_refused(company: Company, at, changes, code) -> None:
    with refused(Refused, code):
        rename(company, at, **changes)


def test_a_department_does_not_go_into_itself_on_any_day(company: Company, at) -> None:
    with refused(Refused, "organisation.same_department"):
        merge(company, at, into="财务部")
    with refused(NotAllowed):
        operations.plan_merger(1, begins_on=NEW_YEAR, into_id=2, actor=company.actor("产品部负责人"), at=at)


def test_the_page_plans_shows_and_cancels(company: Company, at, client_for) -> None:
    client, market = client_for(company["管理员"]), company.departments["市场部"]
    address = f"/departments/{market.pk}"
    form = client.get(f"{address}/plan").content.decode()
    assert "王敏" in form
    again = client.post(f"{address}/plan", {"kind": "CHANGED", "name": "品牌市场部", "begins_on": "2020-01-01"})
    assert (again.status_code, 'value="品牌市场部"' in again.content.decode()) == (422, True)
    sent = {"kind": "CHANGED", "name": "品牌市场部", "begins_on": "2099-01-01"}
    assert client.post(f"{address}/plan", sent)["Location"] == f"{address}/"
    assert "品牌市场部" in client_for(company.nobody).get(f"{address}/").content.decode()
    row = PlannedChange.objects.get()
    assert client.post(f"/planned/{row.pk}/cancel")["Location"] == f"{address}/"
    assert "品牌市场部" not in client.get(f"{address}/").content.decode()


def split(company: Company, at, *offices: str, **more) -> PlannedChange:
    people = [company[office].pk for office in offices]
    posts = list(Post.objects.filter(person__in=people, department__name="市场部").values_list("pk", flat=True))
    wanted = {"begins_on": NEW_YEAR, "name": "品牌部", "post_ids": posts}
    return operations.plan_split(company.departments["市场部"].pk, **who(company, at) | wanted | more)


def test_a_split_is_carried_out_on_the_day_with_who_is_still_there(company: Company, at) -> None:
    before = last_entry()
    row = split(company, at, "市场专员", "推广经理")
    (told,) = facts_since(before)
    assert (told["kind"], told["values"]) == ("SPLIT", row.values)
    assert not Department.objects.filter(name="品牌部").exists()
    (card,) = queries.planned_of(row.department_id)
    assert (card.kind, card.name, card.posts) == ("SPLIT", "品牌部", 2)
    operations.end_post(Post.objects.get(person=company["推广经理"]).pk, **who(company, at))
    assert jobs.carry_out_planned(later(at)) == 1
    brand = Department.objects.get(name="品牌部")
    assert list(Post.objects.filter(department=brand).values_list("person__name", flat=True)) == ["单雨薇"]
    assert Reorganisation.objects.get().into_id == brand.pk


def test_a_split_that_nobody_is_left_for_is_refused_on_the_day(company: Company, at) -> None:
    row = split(company, at, "市场专员")
    operations.end_post(Post.objects.get(person=company.staff).pk, **who(company, at))
    assert jobs.carry_out_planned(later(at)) == 0
    row.refresh_from_db()
    assert (row.state, row.refusal) == ("REFUSED", ["organisation.split_without_people"])


def test_a_split_that_is_not_possible_is_not_planned(company: Company, at) -> None:
    for offices, more, code in (
        ((), {}, "organisation.split_without_people"),
        (("市场专员",), {"name": ""}, "organisation.name_missing"),
        (("市场专员",), {"begins_on": at.date()}, "organisation.day_not_ahead"),
        (("市场专员",), {"matter_ids": [1]}, "organisation.split_without_head"),
        (("市场部负责人",), {}, "organisation.left_without_head"),
    ):
        with refused(Refused, code):
            split(company, at, *offices, **more)
    with refused(NotAllowed):
        split(company, at, "市场专员", actor=company.actor("市场部负责人"))


def test_the_page_plans_a_split_from_a_day_and_who_may_not_see_matters_reads_no_ids(company, at, client_for) -> None:
    market, post = company.departments["市场部"].pk, Post.objects.get(person=company.staff).pk
    admin = client_for(company["管理员"])
    sent = {"name": "品牌部", "posts": [post], "begins_on": "2020-01-01"}
    again = admin.post(f"/departments/{market}/split", sent)
    assert (again.status_code, "2020-01-01" in again.content.decode()) == (422, True)
    done = admin.post(f"/departments/{market}/split", {**sent, "begins_on": "2099-01-01"})
    assert done["Location"] == f"/departments/{market}/"
    assert "品牌部" in client_for(company.nobody).get(f"/departments/{market}/").content.decode()
    assert "品牌部" in client_for(company.nobody).get("/organisation/history?kind=departments").content.decode()
    for office, shown in (("管理员", True), ("无岗位", False)):
        (entry,) = queries.history(company.actor(office), department_id=market, group="departments").entries[:1]
        assert (office, "matter_ids" in entry.body["values"]) == (office, shown)
