from datetime import date, timedelta

import pytest
from django.utils import translation

from bihuan.kernel import principals
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations, queries
from bihuan.organisation.models import Department, Person, Post
from tests.cast import Company

pytestmark = pytest.mark.django_db


def names(cards: list[queries.PersonCard]) -> list[str]:
    return [card.name for card in cards]


def head_of(company: Company, department: Department, person: Person, at) -> Post:
    return operations.appoint(
        person_id=person.pk, department_id=department.pk, kind="HEAD", title="负责人", actor=SYSTEM, at=at
    )


@pytest.fixture
def team(company: Company, at) -> Department:
    parent = company.departments["市场部"].pk
    return operations.add_department(name="品牌组", parent_id=parent, actor=SYSTEM, at=at)


def test_the_head_signs(company: Company, at) -> None:
    market = company.departments["市场部"]
    assert queries.signatory_for(market.pk, at, besides=None) == principals.head(market.pk)
    assert queries.signatory_for(market.pk, at, besides=company.lead.pk) == principals.head(market.pk)


def test_without_a_head_the_head_above_signs(company: Company, team: Department, at) -> None:
    assert queries.signatory_for(team.pk, at, besides=None) == company.head("市场部")


def test_a_head_who_is_the_author_is_passed_over_for_the_head_above(company: Company, team: Department, at) -> None:
    head_of(company, team, company.staff, at)
    assert queries.signatory_for(team.pk, at, besides=company.staff.pk) == company.head("市场部")
    assert queries.signatory_for(team.pk, at, besides=None) == principals.head(team.pk)


def test_at_the_top_the_executive_in_charge_signs(company: Company, at) -> None:
    market = company.departments["市场部"]
    author = company["市场部负责人"].pk
    assert queries.signatory_for(market.pk, at, besides=author) == principals.executive(market.pk)


def test_without_any_superior_the_pmo_signs_never_the_author(company: Company, at) -> None:
    market = company.departments["市场部"]
    operations.put_in_charge(person_id=company["市场部负责人"].pk, department_id=market.pk, actor=SYSTEM, at=at)
    assert queries.signatory_for(market.pk, at, besides=company["市场部负责人"].pk) == principals.PMO


def test_a_signatory_key_is_never_one_the_author_answers_to(company: Company, at) -> None:
    everybody = [person for office, person in company.people.items() if office != "PMO专员"]
    for department in company.departments.values():
        for author in everybody:
            signs = queries.signatory_for(department.pk, at, besides=author.pk)
            assert signs not in queries.actor_for(author, at).principals


def test_an_author_who_is_one_of_two_heads_leaves_the_signature_to_the_one_above(
    company: Company, team: Department, at
) -> None:
    """The office `h:` is answered to by both heads, so the author would answer to it as well."""
    head_of(company, team, company.staff, at)
    head_of(company, team, company["推广经理"], at)
    assert queries.signatory_for(team.pk, at, besides=company.staff.pk) == company.head("市场部")


def test_a_signatory_takes_as_many_queries_for_a_deep_department_as_for_a_flat_one(
    company: Company, team: Department, at, django_assert_max_num_queries
) -> None:
    for pk in (company.departments["市场部"].pk, team.pk):
        with django_assert_max_num_queries(6):
            queries.signatory_for(pk, at, besides=company["市场部负责人"].pk)


@pytest.mark.parametrize(
    ("office", "expected"),
    [
        ("市场部负责人", ["王敏"]),
        ("推广经理", ["赵思远"]),
    ],
)
def test_a_person_key_is_held_by_the_person(company: Company, at, office: str, expected: list[str]) -> None:
    assert names(queries.people_holding(company.principal(office), at)) == expected


def test_office_keys_are_held_by_who_holds_the_office(company: Company, at) -> None:
    market = company.departments["市场部"].pk
    assert names(queries.people_holding(principals.head(market), at)) == ["王敏"]
    assert names(queries.people_holding(principals.executive(market), at)) == ["徐国栋"]
    assert sorted(names(queries.people_holding(principals.department(market), at))) == ["单雨薇", "王敏", "赵思远"]
    assert names(queries.people_holding(principals.PMO, at)) == ["何静"]
    assert sorted(names(queries.people_holding(principals.FILING, at))) == ["何静", "马丽"]
    assert names(queries.people_holding(principals.EXECUTIVES, at)) == ["徐国栋"]
    assert names(queries.people_holding(principals.ADMINISTRATOR, at)) == ["高翔"]
    assert len(queries.people_holding(principals.EVERYONE, at)) == 16
    assert queries.people_holding("d:999999", at) == []
    assert queries.people_holding("nonsense", at) == []


def test_holding_a_key_and_answering_to_it_are_the_same(company: Company, team: Department, at) -> None:
    actors = {person.pk: queries.actor_for(person, at) for person in Person.objects.all()}
    keys = set().union(*(actor.principals for actor in actors.values())) | {principals.executive(team.pk)}
    for key in keys:
        holding = {card.id for card in queries.people_holding(key, at)}
        assert holding == {pk for pk, actor in actors.items() if actor.is_one_of(key)}, key


def test_an_ended_head_no_longer_holds_the_office(company: Company, at) -> None:
    post = Post.objects.get(person=company["市场部负责人"])
    operations.end_post(post.pk, ends_on=date(2026, 11, 18), actor=SYSTEM, at=at)
    market = company.departments["市场部"].pk
    held = [queries.heads_of([market], at + timedelta(days=days))[market] for days in (0, 1)]
    assert [names(cards) for cards in held] == [["王敏"], []]


def test_a_principal_is_named_in_words(company: Company, at) -> None:
    market = company.departments["市场部"].pk
    with translation.override("en"):
        assert queries.name_of(principals.head(market), at) == "市场部 head 王敏"
        assert queries.name_of(principals.executive(market), at) == "executive in charge of 市场部 徐国栋"
        assert queries.name_of(principals.PMO, at) == "project management office"
    with translation.override("zh-hans"):
        assert queries.name_of(principals.head(market), at) == "市场部 负责人 王敏"
        assert queries.name_of(principals.executive(market), at) == "市场部 分管领导 徐国栋"
        assert queries.name_of(principals.EVERYONE, at) == "全体员工"


def test_naming_many_takes_as_many_queries_as_naming_one_of_each(
    company: Company, at, django_assert_max_num_queries
) -> None:
    for departments in (("市场部",), ("市场部", "产品部", "技术部")):
        pks = [company.departments[name].pk for name in departments]
        keys = [make(pk) for pk in pks for make in (principals.head, principals.executive, principals.department)]
        with django_assert_max_num_queries(7):
            assert len(queries.names_of([*keys, company.principal("推广经理")], at)) == len(keys) + 1


def test_the_directory_holds_whoever_exists(company: Company, at, django_assert_num_queries) -> None:
    market = company.departments["市场部"]
    with django_assert_num_queries(3):
        found = queries.directory([company.lead.pk, 999999], [market.pk, 999999], at)
    assert found.people[company.lead.pk].label == "林晓彤 · 产品部 接口人"
    assert found.departments[market.pk].name == "市场部"
    assert set(found.people) == {company.lead.pk}
    assert set(found.departments) == {market.pk}


def test_contacts_are_the_contact_persons(company: Company, at) -> None:
    pk = company.departments["技术部"].pk
    assert names(queries.contacts_of([pk], at)[pk]) == ["孙浩"]
