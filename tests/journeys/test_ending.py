"""A post ends or a department is closed by hand: nothing stays with nobody, and what goes with it is shown before."""

from datetime import date, timedelta

import pytest

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
