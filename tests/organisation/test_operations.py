"""Every change: the row, the fact, and that a refusal writes neither."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused, Stale
from bihuan.ledger.models import Entry
from bihuan.organisation import operations
from bihuan.organisation.models import Charge, Department, Person, Post, Site, Token
from tests.cast import Company

pytestmark = pytest.mark.django_db


def facts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("name", flat=True))


def last_fact() -> tuple[str, str, int, Any]:
    entry = Entry.objects.order_by("pk").last()
    return entry.name, entry.subject_kind, entry.subject_id, entry.actor_id


def snapshot() -> list[Any]:
    models = (Department, Person, Post, Charge, Site, Token)
    return [list(model.objects.order_by("pk").values()) for model in models] + [facts()]


def refused(act: Callable[[], Any], error: type[Exception], *codes: str) -> None:
    before = snapshot()
    with pytest.raises(error) as caught:
        act()
    if codes:
        assert [finding.code for finding in caught.value.findings] == list(codes)
    assert snapshot() == before


def test_an_administrator_adds_a_department_with_its_path_and_one_fact(company: Company, at) -> None:
    before = len(facts())
    actor = company.administrator
    parent = company.departments["市场部"].pk
    made = operations.add_department(name=" 品牌\u0000 组 ", parent_id=parent, kind="小组", actor=actor, at=at)
    assert (made.name, made.path, made.revision) == ("品牌 组", f"/{parent}/{made.pk}/", 1)
    assert len(facts()) == before + 1
    assert last_fact() == ("organisation.department.added", "department", made.pk, actor.person_id)


@pytest.mark.parametrize("office", ["产品经理", "市场部负责人", "分管副总", "PMO专员", "财务专员", "无岗位"])
def test_nobody_but_an_administrator_changes_the_organisation(company: Company, at, office: str) -> None:
    who: dict[str, Any] = {"actor": company.actor(office), "at": at}
    market, person = company.departments["市场部"].pk, company.staff.pk
    refused(lambda: operations.add_site(name="上海", time_zone="Asia/Shanghai", **who), NotAllowed)
    refused(lambda: operations.add_department(name="新部门", **who), NotAllowed)
    refused(lambda: operations.change_department(market, seen_revision=1, name="新", **who), NotAllowed)
    refused(lambda: operations.close_department(market, seen_revision=1, **who), NotAllowed)
    refused(lambda: operations.add_person(username="x", name="新人", **who), NotAllowed)
    refused(lambda: operations.change_person(person, seen_revision=1, is_administrator=True, **who), NotAllowed)
    refused(lambda: operations.deactivate_person(person, **who), NotAllowed)
    refused(lambda: operations.appoint(person_id=person, department_id=market, kind="HEAD", **who), NotAllowed)
    refused(lambda: operations.end_post(Post.objects.first().pk, **who), NotAllowed)
    refused(lambda: operations.put_in_charge(person_id=person, department_id=market, **who), NotAllowed)
    refused(lambda: operations.set_password(person, password="correct horse battery", **who), NotAllowed)
    refused(lambda: operations.import_departments([], **who), NotAllowed)
    refused(lambda: operations.import_people([], **who), NotAllowed)
    refused(lambda: operations.import_posts([], **who), NotAllowed)


def test_a_department_without_a_name_or_with_unknown_values_is_refused_by_name(company: Company, at) -> None:
    refused(
        lambda: operations.add_department(
            name=" ", parent_id=999999, site_id=999999, function="BOSS", actor=SYSTEM, at=at
        ),
        Refused,
        "organisation.name_missing",
        "organisation.value_unknown",
        "organisation.value_unknown",
        "organisation.parent_unknown",
    )
    refused(
        lambda: operations.add_department(name="长" * 201, actor=SYSTEM, at=at), Refused, "organisation.name_too_long"
    )


def test_a_department_is_renamed_and_found_under_its_new_name(company: Company, at) -> None:
    pk = company.departments["市场部"].pk
    changed = operations.change_department(pk, seen_revision=1, name="营销中心", actor=company.administrator, at=at)
    assert (changed.name, changed.revision) == ("营销中心", 2)
    assert "yingxiaozhongxin" in changed.search_text
    assert last_fact()[:3] == ("organisation.department.changed", "department", pk)


def test_saving_a_department_without_a_change_records_nothing(company: Company, at) -> None:
    before = snapshot()
    pk = company.departments["市场部"].pk
    operations.change_department(pk, seen_revision=1, name="市场部", actor=SYSTEM, at=at)
    assert snapshot() == before


def test_the_second_of_two_administrators_is_told_that_the_department_changed(company: Company, at) -> None:
    pk = company.departments["市场部"].pk
    operations.change_department(pk, seen_revision=1, name="营销中心", actor=SYSTEM, at=at)
    refused(lambda: operations.change_department(pk, seen_revision=1, name="市场", actor=SYSTEM, at=at), Stale)
    refused(lambda: operations.close_department(pk, seen_revision=1, actor=SYSTEM, at=at), Refused)
    refused(lambda: operations.change_department(999999, seen_revision=1, name="x", actor=SYSTEM, at=at), NotFound)


def test_a_department_cannot_stand_below_itself_nor_below_its_own_child(company: Company, at) -> None:
    market = company.departments["市场部"].pk
    child = operations.add_department(name="品牌组", parent_id=market, actor=SYSTEM, at=at)
    for target in (market, child.pk):
        refused(
            lambda target=target: operations.change_department(
                market, seen_revision=1, parent_id=target, actor=SYSTEM, at=at
            ),
            Refused,
            "organisation.below_itself",
        )


def test_a_department_in_use_is_not_closed_and_an_empty_one_is(company: Company, at) -> None:
    market = company.departments["市场部"].pk
    refused(
        lambda: operations.close_department(market, seen_revision=1, actor=SYSTEM, at=at),
        Refused,
        "organisation.department_in_use",
    )
    empty = operations.add_department(name="筹备组", actor=SYSTEM, at=at)
    below = operations.add_department(name="筹备小组", parent_id=empty.pk, actor=SYSTEM, at=at)
    refused(
        lambda: operations.close_department(empty.pk, seen_revision=1, actor=SYSTEM, at=at),
        Refused,
        "organisation.departments_below",
    )
    operations.close_department(below.pk, seen_revision=1, actor=SYSTEM, at=at)
    closed = operations.close_department(empty.pk, seen_revision=1, actor=SYSTEM, at=at)
    assert (closed.is_active, closed.revision) == (False, 2)
    assert last_fact()[:3] == ("organisation.department.closed", "department", empty.pk)
    refused(lambda: operations.close_department(empty.pk, seen_revision=2, actor=SYSTEM, at=at), NotFound)


def test_a_person_is_added_and_cannot_sign_in_without_a_password(company: Company, at) -> None:
    person = operations.add_person(username="lee", name="李想", email="li@example.com", actor=SYSTEM, at=at)
    assert (person.username, person.has_usable_password(), person.is_active) == ("lee", False, True)
    assert last_fact()[:3] == ("organisation.person.added", "person", person.pk)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"username": "", "name": "李"}, "organisation.username_missing"),
        ({"username": "wang", "name": "李"}, "organisation.username_taken"),
        ({"username": "x" * 151, "name": "李"}, "organisation.name_too_long"),
        ({"username": "lee", "name": ""}, "organisation.name_missing"),
        ({"username": "lee", "name": "李", "email": "no address"}, "organisation.email_malformed"),
        ({"username": "lee", "name": "李", "phone": "1" * 41}, "organisation.name_too_long"),
        ({"username": "lee", "name": "李", "name_en": "L" * 201}, "organisation.name_too_long"),
    ],
)
def test_a_person_with_impossible_values_is_refused(company: Company, at, values: dict[str, str], code: str) -> None:
    refused(lambda: operations.add_person(**values, actor=SYSTEM, at=at), Refused, code)


def test_a_person_is_changed_once_and_the_slower_administrator_is_told(company: Company, at) -> None:
    pk = company.staff.pk
    changed = operations.change_person(pk, seen_revision=1, name="单雨微", phone="138", actor=SYSTEM, at=at)
    assert (changed.name, changed.phone, changed.revision) == ("单雨微", "138", 2)
    assert last_fact()[:3] == ("organisation.person.changed", "person", pk)
    refused(lambda: operations.change_person(pk, seen_revision=1, name="单", actor=SYSTEM, at=at), Stale)
    refused(lambda: operations.change_person(999999, seen_revision=1, name="单", actor=SYSTEM, at=at), NotFound)


def test_the_last_administrator_stays_one(company: Company, at) -> None:
    pk = company["管理员"].pk
    refused(
        lambda: operations.change_person(pk, seen_revision=1, is_administrator=False, actor=SYSTEM, at=at),
        Refused,
        "organisation.last_administrator",
    )
    refused(lambda: operations.deactivate_person(pk, actor=SYSTEM, at=at), Refused, "organisation.last_administrator")
    operations.change_person(company.lead.pk, seen_revision=1, is_administrator=True, actor=SYSTEM, at=at)
    assert operations.deactivate_person(pk, actor=SYSTEM, at=at).is_active is False


def test_a_leaver_loses_posts_and_charges_with_the_day(company: Company, at) -> None:
    vice = company["分管副总"]
    for department in Department.objects.filter(charges__person=vice):
        operations.put_in_charge(person_id=company["产品部负责人"].pk, department_id=department.pk, actor=SYSTEM, at=at)
    left = operations.deactivate_person(vice.pk, actor=SYSTEM, at=at)
    assert left.is_active is False
    assert set(Post.objects.filter(person=vice).values_list("ends_on", flat=True)) == {date(2026, 11, 17)}
    assert set(Charge.objects.filter(person=vice).values_list("ends_on", flat=True)) == {date(2026, 11, 17)}
    assert last_fact()[:3] == ("organisation.person.deactivated", "person", vice.pk)
    refused(lambda: operations.deactivate_person(vice.pk, actor=SYSTEM, at=at), NotFound)


def test_a_person_holds_several_posts_but_none_twice(company: Company, at) -> None:
    ids = {"person_id": company.staff.pk, "department_id": company.departments["财务部"].pk}
    post = operations.appoint(**ids, title="联络人", kind="CONTACT", actor=SYSTEM, at=at)
    assert (post.starts_on, post.ends_on, post.kind) == (date(2026, 11, 17), None, "CONTACT")
    assert last_fact()[:3] == ("organisation.post.appointed", "post", post.pk)
    refused(
        lambda: operations.appoint(**ids, title="联络人", kind="CONTACT", actor=SYSTEM, at=at),
        Refused,
        "organisation.post_exists",
    )


def test_an_appointment_names_somebody_somewhere_as_something(company: Company, at) -> None:
    refused(
        lambda: operations.appoint(person_id=0, department_id=0, kind="KING", title="长" * 101, actor=SYSTEM, at=at),
        Refused,
        "organisation.person_unknown",
        "organisation.department_unknown",
        "organisation.value_unknown",
        "organisation.name_too_long",
    )


def test_a_post_ends_on_a_day_not_before_its_first_and_only_once(company: Company, at) -> None:
    post = Post.objects.get(person=company.staff)
    refused(
        lambda: operations.end_post(post.pk, ends_on=date(2024, 2, 1), actor=SYSTEM, at=at),
        Refused,
        "organisation.ends_before_start",
    )
    assert operations.end_post(post.pk, actor=SYSTEM, at=at).ends_on == date(2026, 11, 17)
    assert last_fact()[:3] == ("organisation.post.ended", "post", post.pk)
    refused(lambda: operations.end_post(post.pk, actor=SYSTEM, at=at), NotFound)


def test_a_new_executive_takes_over_from_the_one_before(company: Company, at) -> None:
    market = company.departments["市场部"].pk
    operations.put_in_charge(person_id=company.nobody.pk, department_id=market, actor=SYSTEM, at=at)
    rows = Charge.objects.filter(department=market).order_by("pk").values_list("person_id", "starts_on", "ends_on")
    assert list(rows) == [
        (company["分管副总"].pk, date(2024, 3, 1), date(2026, 11, 17)),
        (company.nobody.pk, date(2026, 11, 17), None),
    ]
    assert last_fact()[:3] == ("organisation.charge.put", "department", market)


def test_an_executive_can_be_taken_away_and_the_same_one_put_again_changes_nothing(company: Company, at) -> None:
    market = company.departments["市场部"].pk
    before = snapshot()
    operations.put_in_charge(person_id=company["分管副总"].pk, department_id=market, actor=SYSTEM, at=at)
    assert snapshot() == before
    assert operations.put_in_charge(person_id=None, department_id=market, actor=SYSTEM, at=at) is None
    assert not Charge.objects.filter(department=market, ends_on__isnull=True).exists()
    after = snapshot()
    operations.put_in_charge(person_id=None, department_id=market, actor=SYSTEM, at=at)
    assert snapshot() == after


def test_a_site_has_a_name_of_its_own_and_a_time_zone_that_exists(company: Company, at) -> None:
    site = operations.add_site(name="上海总部", time_zone="Asia/Shanghai", actor=SYSTEM, at=at)
    assert last_fact()[:3] == ("organisation.site.added", "site", site.pk)
    refused(
        lambda: operations.add_site(name="上海总部", time_zone="Mars/Base", actor=SYSTEM, at=at),
        Refused,
        "organisation.site_exists",
        "organisation.time_zone_unknown",
    )


def test_a_site_is_renamed_with_one_fact_and_only_as_it_was_seen(company: Company, at) -> None:
    site = operations.add_site(name="上海", time_zone="Asia/Shanghai", actor=SYSTEM, at=at)
    other = operations.add_site(name="北京", time_zone="Asia/Shanghai", actor=SYSTEM, at=at)
    seen: dict[str, Any] = {"seen_name": "上海", "seen_time_zone": "Asia/Shanghai", "actor": SYSTEM, "at": at}
    before = len(facts())
    operations.change_site(site.pk, name="上海", time_zone="Asia/Shanghai", **seen)
    assert len(facts()) == before
    operations.change_site(site.pk, name=" 上海总部 ", time_zone="Asia/Tokyo", **seen)
    assert last_fact()[:3] == ("organisation.site.changed", "site", site.pk)
    assert len(facts()) == before + 1
    refused(lambda: operations.change_site(site.pk, name="虹桥", time_zone="Asia/Tokyo", **seen), Stale)
    refused(
        lambda: operations.change_site(site.pk, name="北京", time_zone="Mars/Base", **seen),
        Refused,
        "organisation.site_exists",
        "organisation.time_zone_unknown",
    )
    refused(lambda: operations.change_site(10**9, name="x", time_zone="Asia/Tokyo", **seen), NotFound)
    who = seen | {"actor": company.actor("PMO专员")}
    refused(lambda: operations.change_site(other.pk, name="x", time_zone="Asia/Tokyo", **who), NotAllowed)
