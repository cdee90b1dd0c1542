import pytest

from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations, queries
from bihuan.organisation.policy import readings, search_text
from tests.cast import Company


def found(text: str, at, **narrow) -> list[str]:
    return [card.name for card in queries.search_people(text, at, **narrow)]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["王敏", "敏", "wangmin", "wang min", "WANG", "wm"])
def test_a_person_is_found_by_name_pinyin_and_initials(company: Company, at, typed: str) -> None:
    assert found(typed, at)[0] == "王敏"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["shanyuwei", "danyuwei", "syw", "dyw"])
def test_a_character_with_several_readings_is_found_by_each(company: Company, at, typed: str) -> None:
    assert found(typed, at) == ["单雨薇"]


@pytest.mark.django_db
def test_people_are_found_by_their_department_alone_or_together_with_the_name(company: Company, at) -> None:
    assert set(found("市场部", at)) == {"王敏", "赵思远", "单雨薇"}
    assert found("市场 zsy", at) == ["赵思远"]
    assert found("shichangbu zhao", at) == ["赵思远"]
    assert found("财务部 赵", at) == []


@pytest.mark.django_db
def test_who_begins_so_stands_before_who_is_called_so_inside_and_everybody_once(company: Company, at) -> None:
    for number, name in enumerate(["林敏", "敏敏", "敏行"]):
        operations.add_person(username=f"m{number}", name=name, actor=SYSTEM, at=at)
    assert found("敏", at) == ["敏敏", "敏行", "王敏", "林敏"]
    assert found("敏", at, limit=2) == ["敏敏", "敏行"]
    assert set(found("m", at)) >= {"敏敏", "敏行"}
    assert len(found("m", at)) == len(set(found("m", at)))


@pytest.mark.django_db
def test_many_of_one_name_are_told_apart_by_the_other_word(company: Company, at, monkeypatch) -> None:
    monkeypatch.setattr("bihuan.organisation.queries.search.FEW", 0)
    assert found("zhao 市场", at) == found("市场 zhao", at) == ["赵思远"]
    assert found("财务部 赵", at) == []
    assert found("", at, department_ids=[company.departments["技术部"].pk]) == ["孙浩", "陈志远"]
    assert set(found("市场部", at)) == {"王敏", "赵思远", "单雨薇"}


@pytest.mark.django_db
def test_who_is_renamed_is_found_by_the_new_name_only(company: Company, at) -> None:
    person = company.staff
    operations.change_person(person.pk, seen_revision=person.revision, name="欧阳雪", actor=SYSTEM, at=at)
    assert (found("单雨薇", at), found("ouyang", at)) == ([], ["欧阳雪"])


@pytest.mark.django_db
def test_a_department_shows_its_staff_page_by_page_and_all_who_speak_for_it(company: Company, at) -> None:
    place = company.departments["市场部"].pk
    whole = queries.department_page(place, at)
    first = queries.department_page(place, at, staff=1)
    assert (first.held, first.staff_held) == (len(whole.holders), len(whole.of_kind("STAFF")))
    assert first.of_kind("HEAD") == whole.of_kind("HEAD")
    shown = [*first.of_kind("STAFF")]
    while first.more_staff:
        first = queries.department_page(place, at, staff=1, after=first.more_staff)
        shown += first.of_kind("STAFF")
    assert shown == whole.of_kind("STAFF")


@pytest.mark.django_db
def test_a_search_can_be_narrowed_to_departments(company: Company, at) -> None:
    assert found("", at, department_ids=[company.departments["技术部"].pk]) == ["孙浩", "陈志远"]


@pytest.mark.django_db
def test_who_has_left_is_not_found(company: Company, at) -> None:
    operations.deactivate_person(company.staff.pk, actor=SYSTEM, at=at)
    assert found("单雨薇", at) == []


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["%", "_", "' OR 1=1 --", "\x00", "%%%%%", "a" * 5000, "👩‍💼"])
def test_odd_searches_find_nothing_and_break_nothing(company: Company, at, typed: str) -> None:
    assert found(typed, at) == ([] if typed != "\x00" else found("", at))


@pytest.mark.django_db
def test_a_search_is_cut_off_and_takes_two_queries(company: Company, at, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        assert len(found("", at, limit=3)) == 3


@pytest.mark.django_db
def test_a_department_is_found_by_name_and_pinyin_and_shows_what_is_above(company: Company, at) -> None:
    parent = company.departments["市场部"].pk
    operations.add_department(name="品牌组", parent_id=parent, actor=SYSTEM, at=at)
    cards = queries.search_departments("pinpaizu")
    assert [card.label for card in cards] == ["市场部 / 品牌组"]
    assert [card.name for card in queries.search_departments("scb")] == ["市场部"]


def test_readings_of_names_that_are_not_chinese_are_words_and_initials() -> None:
    assert readings("Aaron Crickenberger") == ["aaroncrickenberger", "ac"]
    assert search_text("sig-release", "") == "sig-release|sigrelease|sr"


def test_many_readings_are_bounded() -> None:
    assert len(readings("行" * 40)) <= 64
