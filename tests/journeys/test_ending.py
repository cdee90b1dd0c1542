"""A post ends or a department is closed by hand: nothing stays with nobody, and what goes with it is shown before."""

from datetime import timedelta

import pytest

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop, PlaybookVersion
from bihuan.collaborations.operations.loops import open_loop, root_of
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import Refused
from bihuan.organisation import operations
from bihuan.organisation.models import Charge, Department, Post
from bihuan.organisation.queries import day_of
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
