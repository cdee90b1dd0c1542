"""A post ends or a department is closed by hand: nothing stays with nobody, and what goes with it is shown before."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop, PlaybookVersion
from bihuan.collaborations.operations.loops import open_loop, root_of
from bihuan.integrations.foreseeing import Before, foresee
from bihuan.integrations.neutral.run import run_import
from bihuan.integrations.neutral.work import work_of
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.organisation import operations
from bihuan.organisation.models import Charge, Department, Post
from bihuan.organisation.operations.leaving import Succession
from bihuan.organisation.queries import day_of
from tests.integrations.folders import write
from tests.witness import everything, facts_since, last_entry, refused

pytestmark = pytest.mark.django_db
EMPTY, LEADS = "collaborations.office_left_empty", "collaborations.department_leads"


def wait_for(campaign, owner):
    matter = campaign.collaboration
    return open_loop(matter, kind=LoopKind.JOIN, subject=root_of(matter), part="x", owner=owner, at=campaign.at)


def post_of(campaign, office):
    return Post.objects.get(person=campaign.company[office])


def asked(campaign):
    """The post of a head who is asked to decide, once the resources he was asked for are answered."""
    post = post_of(campaign, "市场部负责人")
    owed = Loop.objects.filter(owner=principals.head(post.department_id), closed_at=None)
    with refused(Refused, EMPTY):
        end(campaign, post)
    owed.filter(kind=LoopKind.NEED_ANSWER).update(closed_at=campaign.at)
    assert list(owed.values_list("kind", flat=True)) == [LoopKind.SIGNOFF]
    return post


def end(campaign, post, **more):
    return operations.end_post(post.pk, actor=SYSTEM, at=campaign.at, **more)


@pytest.mark.parametrize(("office", "principal"), [("市场部负责人", "h"), ("PMO专员", principals.PMO)])
def test_the_last_in_an_office_does_not_go_while_something_waits_for_it(campaign, office, principal):
    post = post_of(campaign, office)
    owner = principals.head(post.department_id) if principal == "h" else principal
    wait_for(campaign, owner)
    with refused(Refused, EMPTY):
        end(campaign, post)
    operations.appoint(
        person_id=campaign.company.outsider.pk, department_id=post.department_id, kind=post.kind, title="接任",
        actor=SYSTEM, at=campaign.at,
    )  # fmt: skip
    assert end(campaign, post).ends_on == day_of(campaign.at)


def test_what_is_decided_follows_its_route_and_holds_nobody_in_office(campaign):
    campaign.request()
    post = asked(campaign)
    assert end(campaign, post).ends_on == day_of(campaign.at)


def test_who_follows_on_the_day_itself_counts_and_who_comes_later_does_not(campaign):
    post, today = post_of(campaign, "市场部负责人"), day_of(campaign.at)
    wait_for(campaign, principals.head(post.department_id))
    operations.appoint(
        person_id=campaign.company.outsider.pk, department_id=post.department_id, kind="HEAD",
        starts_on=today + timedelta(days=5), actor=SYSTEM, at=campaign.at,
    )  # fmt: skip
    with refused(Refused, EMPTY):
        end(campaign, post, ends_on=today + timedelta(days=4))
    assert end(campaign, post, ends_on=today + timedelta(days=5)).ends_on == today + timedelta(days=5)


def test_an_executive_is_not_taken_away_from_what_waits_for_him(campaign):
    charge = Charge.objects.filter(person=campaign.company["分管副总"], ends_on=None).order_by("pk").first()
    change = {"department_id": charge.department_id, "actor": SYSTEM, "at": campaign.at}
    Charge.objects.exclude(pk=charge.pk).delete()
    wait_for(campaign, principals.executive(charge.department_id))
    with refused(Refused, EMPTY):
        operations.put_in_charge(person_id=None, **change)
    operations.put_in_charge(person_id=campaign.company.outsider.pk, **change)
    Loop.objects.filter(part="x").update(closed_at=campaign.at)
    assert operations.put_in_charge(person_id=None, **change) is None


def test_a_department_is_closed_when_it_leads_nothing_and_nothing_waits_for_it(campaign):
    made = operations.add_department(name="品牌组", actor=SYSTEM, at=campaign.at)
    close = {"seen_revision": 1, "actor": SYSTEM, "at": campaign.at}
    matters = Collaboration.objects.filter(pk=campaign.collaboration.pk)
    matters.update(lead_department=made)
    with refused(Refused, LEADS):
        operations.close_department(made.pk, **close)
    imported = PlaybookVersion.objects.filter(playbook__key="IMPORTED").get()
    matters.update(playbook_version=imported)
    loop = wait_for(campaign, principals.department(made.pk))
    with refused(Refused, EMPTY):
        operations.close_department(made.pk, **close)
    Loop.objects.filter(pk=loop.pk).update(closed_at=campaign.at)
    before = last_entry()
    assert operations.close_department(made.pk, **close).is_active is False
    assert [fact["name"] for fact in facts_since(before)] == ["organisation.department.closed"]


def test_before_a_post_ends_its_page_says_what_goes_with_it_and_writes_nothing(campaign, client_for):
    campaign.request()
    admin, post = client_for(campaign.company["管理员"]), asked(campaign)
    before, address = everything(), f"/posts/{post.pk}/end"
    shown = admin.get(address).content.decode()
    matter = "<dd><del>1</del> → 0</dd>"
    for said in (f"结束 {post.person.name} 的任职", "待签核 1", f"负责人 {post.person.name}</del> → ", matter):
        assert said in shown
    assert "结束任职</button>" in shown
    tomorrow = {"ends_on": (campaign.at + timedelta(days=1)).date().isoformat(), "look": "1"}
    assert matter in admin.post(address, tomorrow).content.decode()
    assert everything() == before
    assert admin.post(address).status_code == 302
    assert admin.get(address).status_code == 404


def test_why_a_post_or_a_department_cannot_end_is_said_before_anybody_tries(campaign, client_for):
    admin, post = client_for(campaign.company["管理员"]), post_of(campaign, "市场部负责人")
    wait_for(campaign, principals.head(post.department_id))
    shown = admin.get(f"/posts/{post.pk}/end").content.decode()
    assert "名下还有 1 项未完事项" in shown
    assert "结束任职</button>" not in shown
    assert f"/people/{post.person_id}/hand-over" in shown
    tried = admin.post(f"/posts/{post.pk}/end")
    assert (tried.status_code, "名下还有 1 项未完事项" in tried.content.decode()) == (422, True)
    department = Department.objects.get(pk=post.department_id)
    shown = admin.get(f"/departments/{department.pk}/close").content.decode()
    assert "撤销部门</button>" not in shown
    assert f"/departments/{department.pk}/merge" in shown
    tried = admin.post(f"/departments/{department.pk}/close", {"revision": department.revision})
    assert tried.status_code == 422
    assert Post.objects.get(pk=post.pk).ends_on is None


def test_a_function_does_not_leave_a_department_while_something_waits_for_it_alone(campaign):
    office = campaign.company.departments["PMO"]
    change = {"seen_revision": office.revision, "actor": SYSTEM, "at": campaign.at}
    wait_for(campaign, principals.PMO)
    with refused(Refused, EMPTY):
        operations.change_department(office.pk, function="NONE", **change)
    other = operations.add_department(name="战略部", function="PMO", actor=SYSTEM, at=campaign.at)
    with refused(Refused, EMPTY):
        operations.change_department(office.pk, function="NONE", **change)
    operations.appoint(
        person_id=campaign.company.outsider.pk, department_id=other.pk, actor=SYSTEM, at=campaign.at
    )  # fmt: skip
    assert operations.change_department(office.pk, function="NONE", **change).function == "NONE"


def test_a_department_does_not_move_away_from_its_executive_while_something_waits_for_him(campaign):
    below = Department.objects.get(pk=post_of(campaign, "市场部负责人").department_id)
    above = operations.add_department(name="事业部", actor=SYSTEM, at=campaign.at)
    move = {"actor": SYSTEM, "at": campaign.at}
    operations.change_department(below.pk, seen_revision=below.revision, parent_id=above.pk, **move)
    Charge.objects.all().delete()
    operations.put_in_charge(person_id=campaign.company.outsider.pk, department_id=above.pk, **move)
    wait_for(campaign, principals.executive(below.pk))
    with refused(Refused, EMPTY):
        operations.change_department(below.pk, seen_revision=below.revision + 1, parent_id=None, **move)
    Loop.objects.filter(part="x").update(closed_at=campaign.at)
    assert (
        operations.change_department(below.pk, seen_revision=below.revision + 1, parent_id=None, **move).parent is None
    )


def test_of_two_who_go_one_after_the_other_the_second_is_missed_before(campaign):
    post, today = post_of(campaign, "市场部负责人"), day_of(campaign.at)
    wait_for(campaign, principals.head(post.department_id))
    who = {"person_id": campaign.company.outsider.pk, "department_id": post.department_id, "kind": "HEAD"}
    second = operations.appoint(**who, actor=SYSTEM, at=campaign.at)
    end(campaign, post, ends_on=today + timedelta(days=10))
    with refused(Refused, EMPTY):
        end(campaign, second, ends_on=today + timedelta(days=5))


def test_an_executive_leaves_on_a_day_to_come_only_when_nothing_waits_for_him_then(campaign):
    charge = Charge.objects.filter(person=campaign.company["分管副总"], ends_on=None).order_by("pk").first()
    Charge.objects.exclude(pk=charge.pk).delete()
    wait_for(campaign, principals.executive(charge.department_id))
    with refused(Refused, EMPTY):
        operations.put_in_charge(
            person_id=None, department_id=charge.department_id, starts_on=day_of(campaign.at) + timedelta(days=3),
            actor=SYSTEM, at=campaign.at,
        )  # fmt: skip


def test_an_import_closes_no_department_and_ends_no_post_that_something_waits_for_and_the_rest_goes_on(
    campaign, tmp_path
):
    made = operations.add_department(name="品牌组", actor=SYSTEM, at=campaign.at)
    operations.recognise_department(made.pk, source_key="acme/brand", actor=SYSTEM, at=campaign.at)
    brand = {"id": "acme/brand", "org": None, "name": "品牌部", "status": "archived", "heads": ["mail:li"]}
    fresh = {**brand, "id": "acme/new", "name": "New", "status": "active", "heads": ["mail:li", "mail:wang"]}
    role = {"department": "acme/new", "role": "", "starts_on": "2026-01-01"}
    li = {"id": "mail:li", "handle": "li", "roles": [role]}
    wang = {"id": "mail:wang", "handle": "wang", "roles": []}
    wait_for(campaign, principals.executive(made.pk))

    def bring_in(people, *departments):
        folder = write(tmp_path / "in", [], departments=departments, people=people)
        rows = [chunk for chunk in work_of(folder).chunks if chunk.entries]
        before = Before()
        seen = [each for chunk in rows for each in foresee(chunk, before, campaign.at)]
        report = run_import(folder, at=campaign.at)
        told = [(each.row, each.code, each.params) for each in report.problems if each.severity == "ERROR"]
        assert [why.code for each in seen if each.result == "rejected" for why in each.codes] == [
            code for _row, code, _params in told
        ]
        return told, report

    active, only = {**fresh, "heads": ["mail:li"]}, [li, wang]
    told, report = bring_in(only, brand, active)
    assert [(row, code) for row, code, _params in told] == [("acme/brand", EMPTY)]
    assert told[0][2]["count"] == 1
    made.refresh_from_db()
    assert (made.is_active, made.name) == (True, "品牌组")
    assert report.counts["departments"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 1}

    Loop.objects.filter(part="x").update(closed_at=campaign.at)
    new = Department.objects.get(source_key="acme/new")
    wait_for(campaign, principals.head(new.pk))
    gone = {**li, "roles": [{**role, "ends_on": "2026-06-01"}]}
    told, report = bring_in([gone, wang], brand, active)
    assert [(row, code) for row, code, _params in told] == [("mail:li", EMPTY)]
    made.refresh_from_db()
    assert (made.is_active, made.name) == (False, "品牌部")
    assert Post.objects.get(department=new).ends_on is None

    told, report = bring_in([gone, wang], brand, fresh)
    assert told == []
    assert report.counts["posts"]["updated"] == 1
    assert list(Post.objects.filter(department=new).order_by("pk").values_list("person__name", "kind", "ends_on")) == [
        ("li", "HEAD", date(2026, 6, 1)), ("wang", "HEAD", None),
    ]  # fmt: skip


def merged(campaign, gone, into):
    row = Department.objects.get(pk=gone)
    return operations.merge_department(gone, into_id=into, seen_revision=row.revision, actor=SYSTEM, at=campaign.at)


def leave_empty(campaign, owner, act):
    """Refused while something waits for the owner and nothing is written; allowed once nothing does."""
    loop = wait_for(campaign, owner)
    before = everything()
    with refused(Refused, EMPTY):
        act()
    assert everything() == before
    Loop.objects.filter(pk=loop.pk).update(closed_at=campaign.at)
    return act()


def test_a_merger_leaves_no_office_of_either_department_nor_above_or_below_with_nobody(campaign):
    above = operations.add_department(name="市场中心", actor=SYSTEM, at=campaign.at).pk
    gone, into = (campaign.company.departments[name].pk for name in ("市场部", "运营部"))
    operations.change_department(gone, seen_revision=1, parent_id=above, actor=SYSTEM, at=campaign.at)
    below = operations.add_department(name="品牌组", parent_id=gone, actor=SYSTEM, at=campaign.at).pk
    Charge.objects.filter(department=into).delete()
    for owner in (principals.executive(gone), principals.executive(below), principals.department(above)):
        with transaction.atomic():
            leave_empty(campaign, owner, lambda: merged(campaign, gone, into))
            transaction.set_rollback(True)
    Post.objects.filter(department=into, kind="HEAD").update(ends_on=day_of(campaign.at) + timedelta(days=9))
    with transaction.atomic():
        leave_empty(campaign, principals.head(gone), lambda: merged(campaign, gone, into))
        transaction.set_rollback(True)
    Post.objects.filter(department=into, kind="HEAD").update(starts_on=day_of(campaign.at) + timedelta(days=3))
    wait_for(campaign, principals.head(gone))
    row = merged(campaign, gone, into)
    heads = Post.objects.filter(department=row.into_id, kind="HEAD", starts_on=day_of(campaign.at))
    assert [post.person for post in heads] == [campaign.company["市场部负责人"]]


def test_a_part_that_goes_leaves_nobody_waiting_and_keeps_its_executive(campaign):
    office = campaign.company.departments["PMO"]
    posts = list(Post.objects.filter(department=office, ends_on=None).values_list("pk", flat=True))

    def act():
        return operations.split_department(
            office.pk, name="流程组", post_ids=posts, seen_revision=office.revision, actor=SYSTEM, at=campaign.at
        )

    for owner in (principals.PMO, principals.department(office.pk)):
        with transaction.atomic():
            leave_empty(campaign, owner, act)
            transaction.set_rollback(True)
    charged = Charge.objects.get(department=office, ends_on=None).person
    before = last_entry()
    row = act()
    assert [fact["name"] for fact in facts_since(before)] == [
        "organisation.department.split", "organisation.charge.put",
    ]  # fmt: skip
    assert Charge.objects.get(department=row.into, ends_on=None).person == charged


def test_a_move_takes_nobody_from_what_waits_above(campaign):
    above = operations.add_department(name="市场中心", actor=SYSTEM, at=campaign.at).pk
    market = campaign.company.departments["市场部"].pk
    move = {"actor": SYSTEM, "at": campaign.at}
    operations.change_department(market, seen_revision=1, parent_id=above, **move)
    leave_empty(
        campaign, principals.department(above),
        lambda: operations.change_department(market, seen_revision=2, parent_id=None, **move),
    )  # fmt: skip


def test_a_department_is_not_closed_before_somebody_who_is_to_come(campaign):
    made = operations.add_department(name="品牌组", actor=SYSTEM, at=campaign.at)
    first = day_of(campaign.at) + timedelta(days=3)
    who = {"person_id": campaign.company.outsider.pk, "department_id": made.pk, "starts_on": first}
    operations.appoint(**who, actor=SYSTEM, at=campaign.at)
    with refused(Refused, "organisation.department_in_use"):
        operations.close_department(made.pk, seen_revision=1, actor=SYSTEM, at=campaign.at)


def test_an_office_is_not_handed_to_who_holds_it_only_later(campaign):
    post, day = post_of(campaign, "市场部负责人"), day_of(campaign.at)
    held = {"department_id": post.department_id, "kind": "HEAD", "title": post.title}
    later = day + timedelta(days=3)
    outsider = campaign.company.outsider
    operations.appoint(person_id=outsider.pk, **held, starts_on=later, actor=SYSTEM, at=campaign.at)
    wait_for(campaign, principals.head(post.department_id))
    handed = {"successions": [Succession(f"organisation.post.{post.pk}", outsider.pk)], "reason": "调岗"}
    with refused(Refused, EMPTY):
        operations.hand_over_duties(post.person_id, **handed, actor=campaign.company.administrator, at=campaign.at)
    assert Post.objects.get(pk=post.pk).ends_on is None
