"""Changes of the organisation: who, what, when, before and after."""

from datetime import timedelta

import pytest

from bihuan.kernel.actor import SYSTEM
from bihuan.ledger.models import Entry
from bihuan.organisation import duties, facts, operations, queries
from bihuan.organisation.models import Department, Person
from bihuan.organisation.operations.posts import change_post
from bihuan.organisation.queries.history import GROUPS
from bihuan.web.organisation.history import TOLD
from tests.witness import everything

pytestmark = pytest.mark.django_db
ELSEWHERE = {"organisation.official_year.loaded"}


@pytest.fixture
def page(client_for):
    def shown(person, query="") -> str:
        response = client_for(person).get(f"/organisation/history{query}")
        assert response.status_code == 200
        return response.content.decode()

    return shown


def test_every_fact_of_the_organisation_is_told_or_told_elsewhere():
    named = {kind.name for kind in vars(facts).values() if isinstance(kind, type) and hasattr(kind, "name")}
    organisation = {name for name in named if not name.startswith("organisation.calendar.")} - ELSEWHERE
    assert {name for names in GROUPS.values() for name in names} == organisation == set(TOLD)


def test_a_move_is_told_with_both_names_and_who_did_it(company, at, page):
    market, product = company.departments["市场部"], company.departments["产品部"]
    operations.change_department(
        market.pk, name="品牌市场部", parent_id=product.pk, seen_revision=market.revision,
        actor=company.actor("管理员"), at=at,
    )  # fmt: skip
    text = page(company.outsider, f"?department={market.pk}&kind=departments")
    for said in ("高翔", "<del>市场部</del>", "品牌市场部", "产品部"):
        assert said in text
    assert "品牌市场部" not in page(company.outsider, f"?department={product.pk}&kind=posts")


def test_of_a_person_posts_and_deputies_are_told(company, at, page):
    contact = company["推广经理"]
    operations.name_deputy(contact.pk, deputy_id=company.staff.pk, actor=SYSTEM, at=at)
    beside = {"department_id": company.departments["产品部"].pk, "title": "顾问", "is_main": False}
    post = operations.appoint(person_id=contact.pk, **beside, actor=SYSTEM, at=at)
    assert page(company.nobody, f"?person={contact.pk}").count("，兼任）") == 1
    change_post(post, {"is_main": True, "starts_on": post.starts_on - timedelta(days=1)}, actor=SYSTEM, at=at)
    text = page(company.nobody, f"?person={contact.pk}")
    assert "<dt>主要岗位</dt><dd><del>否</del> → 是</dd>" in text
    assert "<dt>任职开始日期</dt><dd><del>2026-11-17</del> → 2026-11-16</dd>" in text
    assert "单雨薇" in text
    assert "推广经理" in text
    assert "刘雅琴" not in text


def test_contact_details_and_tokens_are_for_administrators(company, at, page):
    person = Person.objects.get(pk=company.staff.pk)
    operations.change_person(person.pk, seen_revision=person.revision, email="x@corp.test", actor=SYSTEM, at=at)
    operations.issue_token(name="机器", scopes=("read",), actor=company.actor("市场专员"), at=at)
    where = f"?person={person.pk}"
    administrator, stranger = company["管理员"], company.outsider
    assert "x@corp.test" in page(administrator, where)
    assert "x@corp.test" not in page(stranger, where)
    assert "API 令牌：" in page(administrator, "?kind=access")
    assert "API 令牌：" not in page(stranger, "?kind=access")
    names = {entry.name for entry in queries.history(company.actor("财务专员"), group="access").entries}
    assert names.isdisjoint(GROUPS["access"])
    assert {entry.name for entry in queries.history(company.administrator, group="access").entries} == {
        "organisation.token.issued"
    }


def test_why_a_post_changed_hands_is_for_the_two_and_administrators(company, at):
    leaver, successor = company["推广经理"], company.staff
    (duty,) = [each for each in duties.held_by(leaver.pk, at) if each.kind == "organisation.post"]
    chosen = [operations.Succession(duty.key, successor.pk)]
    operations.hand_over_duties(leaver.pk, successions=chosen, reason="长期病假", actor=SYSTEM, at=at)
    for office, told in {
        "管理员": "长期病假",
        "市场专员": "长期病假",
        "推广经理": "长期病假",
        "财务专员": None,
    }.items():
        (entry,) = queries.history(company.actor(office), person_id=leaver.pk, group="posts").entries[:1]
        assert (office, entry.name, (entry.body or {}).get("reason")) == (
            office, "organisation.post.handed_over", told,
        )  # fmt: skip


def test_a_merger_stands_in_the_history_of_both(company, at, page):
    gone, into = company.departments["财务部"], company.departments["市场部"]
    seen = Department.objects.get(pk=gone.pk).revision
    operations.merge_department(gone.pk, into_id=into.pk, seen_revision=seen, actor=SYSTEM, at=at)
    for department in (gone, into):
        assert "财务部 并入 市场部" in page(company.nobody, f"?department={department.pk}&kind=departments")


def test_pages_follow_by_key_and_reading_writes_nothing(company, at, django_assert_max_num_queries):
    for number in range(10):
        operations.add_person(username=f"new{number}", name="新人", actor=SYSTEM, at=at)
    administrator = company.administrator
    first = queries.history(administrator)
    assert len(first.entries) == 50
    before, seen = everything(), [entry.seq for entry in first.entries]
    with django_assert_max_num_queries(1):
        second = queries.history(administrator, before=first.next_before)
    seen += [entry.seq for entry in second.entries]
    assert seen == sorted(seen, reverse=True)
    told = {name for names in GROUPS.values() for name in names}
    assert len(seen) == len(set(seen)) == Entry.objects.filter(name__in=told).count()
    assert second.next_before is None
    assert everything() == before


@pytest.mark.parametrize("query", ["?department=x", "?person=99999999", "?kind=nothing", "?before=0"])
def test_a_strange_question_is_answered_with_a_page(company, page, query):
    assert page(company.nobody, query)
