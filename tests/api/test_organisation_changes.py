"""Deputies, absences, reorganisations and leavers through the API."""

import pytest

from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Loop
from bihuan.collaborations.operations.loops import open_loop, root_of
from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations
from bihuan.organisation.models import Absence, Department, Deputy, Post
from tests.api.conftest import codes
from tests.witness import last_entry, names_since

pytestmark = pytest.mark.django_db


def test_a_deputy_is_named_shown_and_ended(company, program, refuses):
    head, path = program("市场部负责人"), f"/people/{company['推广经理'].pk}/deputies"
    body = {"deputy_id": company.staff.pk, "kinds": ["SIGNING"], "starts_on": "2026-11-17", "ends_on": "2026-12-01"}
    refuses(403, program("技术部负责人").post, path, body)
    assert codes(refuses(422, head.post, path, {**body, "kinds": ["SINGING"]})) == [
        ("organisation.value_unknown", "kinds")
    ]
    reader, before = program("无岗位"), last_entry()
    receipt = head.post(path, {**body, "forms": ["F04"], "amount_limit": "100000"}).json()
    row = Deputy.objects.get()
    assert (receipt["state"], receipt["id"]) == ("NAMED", row.pk)
    (shown,) = reader.get(path).json()["deputies"]
    assert (shown["person"]["name"], shown["kinds"], shown["ends_on"]) == ("单雨薇", ["SIGNING"], "2026-12-01")
    assert (shown["forms"], shown["amount_limit"]) == (["F04"], "100000.00")
    assert head.post(f"/deputies/{row.pk}/end").json()["state"] == "ENDED"
    assert names_since(before) == ["organisation.deputy.named", "organisation.deputy.ended"]
    refuses(404, head.post, f"/deputies/{row.pk}/end")


def test_an_absence_is_noted_and_ended(company, program, refuses):
    himself, path = program("推广经理"), f"/people/{company['推广经理'].pk}/absences"
    assert codes(refuses(422, himself.post, path, {"starts_on": "2026-12-02", "ends_on": "2026-12-01"})) != []
    made = himself.post(path, {"ends_on": "2026-12-01", "reason": "休假"}).json()
    assert [row.reason for row in Absence.objects.all()] == ["休假"]
    (shown,) = himself.get(f"/people/{company['推广经理'].pk}/deputies").json()["absences"]
    assert (shown["id"], shown["ends_on"], shown["reason"]) == (made["id"], "2026-12-01", "休假")
    for office, told in {"市场部负责人": "休假", "市场专员": "", "无岗位": ""}.items():
        (shown,) = program(office).get(f"/people/{company['推广经理'].pk}/deputies").json()["absences"]
        assert (office, shown["reason"]) == (office, told)
    refuses(403, program("技术部负责人").post, f"/absences/{made['id']}/end")
    assert himself.post(f"/absences/{made['id']}/end").json()["state"] == "ENDED"


def test_somebody_is_put_on_duty_and_taken_off(company, program, refuses):
    pmo, he = program("PMO专员"), company["PMO专员"]
    refuses(403, program("市场部负责人").post, "/duty-turns", {"person_id": he.pk})
    assert codes(refuses(422, pmo.post, "/duty-turns", {"person_id": company.staff.pk})) == [
        ("organisation.not_of_pmo", "person")
    ]
    made = pmo.post("/duty-turns", {"person_id": he.pk, "ends_on": "2026-12-01"}).json()
    (shown,) = program("无岗位").get("/duty-turns").json()["items"]
    assert (shown["id"], shown["person"]["name"], shown["is_now"]) == (made["id"], "何静", True)
    assert pmo.post(f"/duty-turns/{made['id']}/end").json()["state"] == "ENDED"
    refuses(404, pmo.post, f"/duty-turns/{made['id']}/end")


def test_what_goes_with_a_post_is_shown_and_it_ends_unless_something_waits_for_it_alone(campaign, program, refuses):
    administrator, head, at = program("管理员"), program("市场部负责人"), campaign.at
    post = Post.objects.get(person=campaign.company["市场部负责人"])
    first, last = f"/posts/{post.pk}/preview-end", f"/posts/{post.pk}/end"
    matter, owner = campaign.collaboration, principals.head(post.department_id)
    loop = open_loop(matter, kind=LoopKind.JOIN, subject=root_of(matter), part="x", owner=owner, at=at)
    before = last_entry()
    refuses(403, head.post, last, {})
    for path in (first, last):
        assert codes(refuses(422, administrator.post, path, {})) == [("collaborations.office_left_empty", "")]
    assert (names_since(before), Post.objects.get(pk=post.pk).ends_on) == ([], None)
    Loop.objects.filter(pk=loop.pk).update(owner=principals.department(post.department_id))
    shown = administrator.post(first, {"ends_on": "2026-12-01"}).json()
    Loop.objects.filter(pk=loop.pk).update(owner=owner)
    assert (names_since(before), Post.objects.get(pk=post.pk).ends_on) == ([], None)
    assert (shown["person"], shown["department"], shown["others"], shown["kind"]) == ("王敏", "市场部", [], "HEAD")
    assert shown["waiting"] == [{"kind": "JOIN", "count": 1}]
    assert "王敏" in shown["decides"]
    assert "王敏" not in shown["decides_then"]
    assert (shown["matters"], shown["matters_then"], shown["kept"]) == (0, 0, 1)
    other = operations.appoint(
        person_id=campaign.company.outsider.pk, department_id=post.department_id, kind="HEAD", actor=SYSTEM, at=at
    )
    before = last_entry()
    assert administrator.post(last, {"ends_on": "2026-12-01"}).json()["state"] == "ENDED"
    post.refresh_from_db()
    assert (str(post.ends_on), Post.objects.get(pk=other.pk).ends_on) == ("2026-12-01", None)
    assert "organisation.post.ended" in names_since(before)
    refuses(404, administrator.post, "/posts/999999/end", {})


def test_departments_are_merged_as_they_were_seen(company, program, refuses):
    administrator = program("管理员")
    gone, into = company.departments["财务部"], company.departments["市场部"]
    path = f"/departments/{gone.pk}"
    refuses(403, program("财务部负责人").get, f"{path}/touched")
    assert administrator.get(f"{path}/touched").json()["matters"] == 0
    seen = administrator.get(path).json()["revision"]
    refuses(409, administrator.post, f"{path}/merge", {"into_id": into.pk, "seen_revision": seen + 1})
    assert administrator.post(f"{path}/merge", {"into_id": into.pk, "seen_revision": seen}).status_code == 200
    assert Department.objects.get(pk=gone.pk).merged_into_id == into.pk
    (told,) = administrator.get(f"/departments/{into.pk}/reorganisations").json()["items"]
    assert (told["kind"], told["department_id"], told["into_id"], told["is_finished"]) == (
        "MERGED", gone.pk, into.pk, True,
    )  # fmt: skip
    refuses(404, administrator.get, "/departments/987654/reorganisations")


def test_a_department_is_split_by_its_posts(company, program, refuses):
    administrator, market = program("管理员"), company.departments["市场部"]
    found = administrator.get(f"/departments/{market.pk}").json()
    chosen = [holder["post_id"] for holder in found["holders"] if holder["person_id"] == company.staff.pk]
    body = {"name": "品牌部", "post_ids": chosen, "seen_revision": found["revision"]}
    refuses(422, administrator.post, f"/departments/{market.pk}/split", {**body, "post_ids": []})
    assert administrator.post(f"/departments/{market.pk}/split", body).status_code == 201
    brand = Department.objects.get(name="品牌部")
    assert Post.objects.filter(department=brand, ends_on=None).count() == 1


def test_somebody_leaves_once_nothing_stays_with_nobody(company, program, refuses):
    administrator, leaver = program("管理员"), company["推广经理"]
    path = f"/people/{leaver.pk}"
    assert {code for code, _ in codes(refuses(422, administrator.post, f"{path}/deactivate"))} == {
        "organisation.still_holds"
    }
    keys = [duty["key"] for duty in administrator.get(f"{path}/duties").json()["duties"]]
    body = {"successions": [{"key": key, "successor_id": company.staff.pk} for key in keys], "reason": "离职"}
    assert administrator.post(f"{path}/hand-over", body).status_code == 200
    assert administrator.post(f"{path}/deactivate").json()["state"] == "LEFT"
    leaver.refresh_from_db()
    assert leaver.is_active is False
    refuses(404, administrator.post, f"{path}/deactivate")


def test_changes_of_departments_are_planned_and_cancelled(company, program, refuses):
    administrator, market = program("管理员"), company.departments["市场部"]
    path, day = f"/departments/{market.pk}", "2027-01-01"
    refuses(403, program("市场部负责人").post, f"{path}/plan-change", {"begins_on": day, "name": "品牌市场部"})
    assert codes(refuses(422, administrator.post, f"{path}/plan-change", {"begins_on": day})) == [
        ("organisation.nothing_planned", "name")
    ]
    made = administrator.post(f"{path}/plan-change", {"begins_on": day, "parent_id": company.departments["产品部"].pk})
    assert (made.status_code, made.json()["state"]) == (201, "PLANNED")
    into = {"begins_on": day, "into_id": company.departments["运营部"].pk}
    assert administrator.post(f"{path}/plan-merger", into).status_code == 201
    post = Post.objects.get(person=company.staff).pk
    body = {"begins_on": day, "name": "品牌部", "post_ids": [post]}
    assert administrator.post(f"{path}/plan-split", body).status_code == 201
    shown = program("无岗位").get(f"{path}/planned-changes").json()["items"]
    assert [(each["kind"], each["name"], each["moves"], each["posts"]) for each in shown] == [
        ("CHANGED", "", True, 0), ("MERGED", "", False, 0), ("SPLIT", "品牌部", False, 1),
    ]  # fmt: skip
    for each in shown:
        assert administrator.post(f"/planned-changes/{each['id']}/cancel").json()["state"] == "CANCELLED"
    assert administrator.get("/planned-changes").json()["items"] == []
    refuses(404, administrator.post, f"/planned-changes/{shown[0]['id']}/cancel")


def test_a_merger_and_a_split_are_looked_at(company, program, refuses):
    administrator, finance = program("管理员"), company.departments["财务部"]
    path, seen = f"/departments/{finance.pk}/preview", Department.objects.get(pk=finance.pk).revision
    body = {"merge": {"into_id": company.departments["市场部"].pk, "seen_revision": seen}}
    refuses(403, program("市场部负责人").post, path, body)
    assert codes(refuses(422, administrator.post, path, {})) == [("organisation.reorganisation_unclear", "")]
    before = last_entry()
    (head,) = [each for each in administrator.post(path, body).json()["items"] if each["office"] == "HEAD"]
    assert (head["department"], head["lost"], head["gained"]) == ("财务部", ["胡慧兰"], ["王敏"])
    post = Post.objects.get(person=company["财务专员"]).pk
    split = {"split": {"name": "税务部", "post_ids": [post], "seen_revision": seen}}
    assert {each["department"] for each in administrator.post(path, split).json()["items"]} == {"财务部", "税务部"}
    refuses(409, administrator.post, path, {"split": {**split["split"], "seen_revision": seen + 1}})
    assert (names_since(before), Department.objects.filter(name="税务部").exists()) == ([], False)
