from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations, queries
from bihuan.organisation.models import Department
from tests.cast import Company

pytestmark = pytest.mark.django_db


def test_a_head_answers_to_the_person_the_department_the_head_and_everybody(company: Company) -> None:
    head, market = company["市场部负责人"], company.departments["市场部"].pk
    actor = company.actor("市场部负责人")
    assert actor.principals == {"all", f"p:{head.pk}", f"d:{market}", f"h:{market}"}
    assert actor.department_ids == {market}


def test_the_pmo_files_and_so_does_administration(company: Company) -> None:
    assert {principals.PMO, principals.FILING} <= company.actor("PMO专员").principals
    clerk = company.actor("行政专员").principals
    assert principals.FILING in clerk
    assert principals.PMO not in clerk


def test_an_administrator_answers_to_the_administrators_only_besides_the_own_key(company: Company) -> None:
    keys = company.actor("管理员").principals
    assert keys == {"all", "g:admin", f"p:{company['管理员'].pk}"}


def test_somebody_without_a_post_is_only_staff(company: Company) -> None:
    assert company.actor("无岗位").principals == {"all", f"p:{company.nobody.pk}"}


def test_an_executive_is_in_charge_of_what_is_below_unless_somebody_else_is(company: Company, at) -> None:
    parent = company.departments["市场部"].pk
    own = operations.add_department(name="华东区", parent_id=parent, actor=SYSTEM, at=at)
    below = operations.add_department(name="上海办事处", parent_id=own.pk, actor=SYSTEM, at=at)
    inherited = operations.add_department(name="品牌组", parent_id=parent, actor=SYSTEM, at=at)
    operations.put_in_charge(person_id=company["财务部负责人"].pk, department_id=own.pk, actor=SYSTEM, at=at)
    vice = company.actor("分管副总").principals
    assert principals.executive(inherited.pk) in vice
    assert principals.executive(own.pk) not in vice
    assert principals.executive(below.pk) not in vice
    other = company.actor("财务部负责人").principals
    assert {principals.executive(own.pk), principals.executive(below.pk), principals.EXECUTIVES} <= other
    assert principals.executive(parent) not in other


def test_people_of_a_department_below_belong_to_the_one_above(company: Company, at) -> None:
    parent = company.departments["技术部"].pk
    team = operations.add_department(name="移动组", parent_id=parent, actor=SYSTEM, at=at)
    operations.appoint(person_id=company.nobody.pk, department_id=team.pk, actor=SYSTEM, at=at)
    assert {f"d:{team.pk}", f"d:{parent}"} <= company.actor("无岗位").principals


def test_a_post_counts_from_its_first_day_until_the_day_it_ends(company: Company, at) -> None:
    post = operations.appoint(
        person_id=company.nobody.pk,
        department_id=company.departments["财务部"].pk,
        kind="HEAD",
        starts_on=date(2026, 11, 20),
        actor=SYSTEM,
        at=at,
    )
    operations.end_post(post.pk, ends_on=date(2026, 11, 22), actor=SYSTEM, at=at)
    key = company.head("财务部")
    held = [company.actor("无岗位", at + timedelta(days=days)).is_one_of(key) for days in range(2, 7)]
    assert held == [False, True, True, False, False]


def test_somebody_deactivated_answers_to_nothing(company: Company, at) -> None:
    operations.deactivate_person(company.staff.pk, actor=SYSTEM, at=at)
    assert company.actor("市场专员").principals == frozenset()


@pytest.mark.parametrize("office", ["产品经理", "分管副总", "管理员", "无岗位"])
def test_an_actor_takes_at_most_five_queries(company: Company, at, office: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        queries.actor_for(company[office], at)
    assert len(counted) <= 5


def test_a_move_carries_the_subtree_and_its_people_along(company: Company, at) -> None:
    market, product = company.departments["市场部"], company.departments["产品部"]
    middle = operations.add_department(name="渠道组", parent_id=market.pk, actor=SYSTEM, at=at)
    leaf = operations.add_department(name="代理商小组", parent_id=middle.pk, actor=SYSTEM, at=at)
    operations.appoint(person_id=company.nobody.pk, department_id=leaf.pk, actor=SYSTEM, at=at)
    operations.change_department(middle.pk, seen_revision=1, parent_id=product.pk, actor=SYSTEM, at=at)
    assert Department.objects.get(pk=leaf.pk).path == f"/{product.pk}/{middle.pk}/{leaf.pk}/"
    keys = company.actor("无岗位").principals
    assert f"d:{product.pk}" in keys
    assert f"d:{market.pk}" not in keys
