from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from bihuan.access import operations, queries
from bihuan.access.enums import Level, Role, Secrecy
from bihuan.access.models import Member, Scope
from bihuan.kernel.actor import Actor, ActorKind
from bihuan.kernel.subjects import SubjectRef

pytestmark = pytest.mark.django_db


def somebody(*keys: str) -> Actor:
    return Actor(ActorKind.PERSON, 1, "somebody", frozenset(keys))


@pytest.fixture
def scope(at) -> Scope:
    return operations.open_scope(SubjectRef("collaboration", 7), at=at)


def test_a_subject_has_one_scope_however_often_it_is_opened(scope, at) -> None:
    again = operations.open_scope(SubjectRef("collaboration", 7), at=at + timedelta(days=1))
    assert again == scope
    assert queries.scope_of(SubjectRef("collaboration", 7)) == scope
    assert Scope.objects.count() == 1


def test_nobody_sees_a_scope_to_which_nobody_was_admitted(scope, at) -> None:
    assert not Scope.objects.filter(queries.visible(somebody("all", "p:1"), at=at, path="pk")).exists()
    assert queries.levels(somebody("all", "p:1"), [scope.pk], at=at) == {}


def test_who_is_admitted_sees_it_with_level_role_and_reason(scope, at) -> None:
    operations.admit(scope.pk, "d:5", role=Role.STAFF, level=Level.READ, via="department:5", at=at)
    actor = somebody("d:5", "p:1")
    assert list(Scope.objects.filter(queries.visible(actor, at=at, path="pk"))) == [scope]
    assert queries.levels(actor, [scope.pk], at=at) == {scope.pk: Level.READ}
    assert queries.roles(actor, scope.pk, at=at) == {Role.STAFF}
    assert queries.why(actor, scope.pk, at=at) == [queries.Reason(Role.STAFF, "department:5", at, "d:5")]


def test_an_outline_is_not_enough_to_read_and_reading_is_not_enough_to_write(scope, at) -> None:
    operations.admit(scope.pk, "p:1", role=Role.PMO, level=Level.OUTLINE, via="pmo", at=at)
    actor = somebody("p:1")
    seen = [Scope.objects.filter(queries.visible(actor, at=at, level=level, path="pk")).count() for level in Level]
    assert seen == [1, 0, 0]


def test_the_highest_of_several_levels_counts(scope, at) -> None:
    operations.admit(scope.pk, "all", role=Role.READER, level=Level.READ, via="everyone", at=at)
    operations.admit(scope.pk, "p:1", role=Role.LEAD, level=Level.WRITE, via="lead", at=at)
    assert queries.levels(somebody("all", "p:1"), [scope.pk], at=at) == {scope.pk: Level.WRITE}


def test_admitting_twice_keeps_one_row_and_takes_the_new_level(scope, at) -> None:
    operations.admit(scope.pk, "p:1", role=Role.LEAD, level=Level.READ, via="lead", at=at)
    operations.admit(scope.pk, "p:1", role=Role.LEAD, level=Level.WRITE, via="lead", at=at + timedelta(hours=1))
    assert list(Member.objects.values_list("level", "from_at", "until_at")) == [(Level.WRITE, at, None)]


def test_who_is_dismissed_sees_nothing_from_then_on_and_the_row_remains(scope, at) -> None:
    later = at + timedelta(hours=1)
    operations.admit(scope.pk, "p:1", role=Role.LEAD, level=Level.WRITE, via="lead", at=at)
    assert operations.dismiss(scope.pk, "p:1", role=Role.LEAD, via="lead", at=later) == 1
    assert operations.dismiss(scope.pk, "p:1", role=Role.LEAD, via="lead", at=later) == 0
    assert not Scope.objects.filter(queries.visible(somebody("p:1"), at=later, path="pk")).exists()
    assert queries.levels(somebody("p:1"), [scope.pk], at=later) == {}
    assert list(Member.objects.values_list("from_at", "until_at")) == [(at, later)]


def test_who_has_two_reasons_keeps_the_other_when_one_ends(scope, at) -> None:
    operations.admit(scope.pk, "d:5", role=Role.STAFF, level=Level.READ, via="department:5", at=at)
    operations.admit(scope.pk, "d:5", role=Role.STAFF, level=Level.READ, via="issue:3", at=at)
    operations.dismiss(scope.pk, "d:5", role=Role.STAFF, via="issue:3", at=at)
    assert queries.levels(somebody("d:5"), [scope.pk], at=at) == {scope.pk: Level.READ}


def test_who_comes_back_gets_a_new_row(scope, at) -> None:
    later = at + timedelta(hours=1)
    operations.admit(scope.pk, "p:1", role=Role.LEAD, level=Level.WRITE, via="lead", at=at)
    operations.dismiss(scope.pk, "p:1", role=Role.LEAD, via="lead", at=at)
    operations.admit(scope.pk, "p:1", role=Role.LEAD, level=Level.WRITE, via="lead", at=later)
    assert [reason.since for reason in queries.why(somebody("p:1"), scope.pk, at=later)] == [later]
    assert Member.objects.count() == 2


@pytest.mark.parametrize("secrecy", [Secrecy.SECRET, Secrecy.CONFIDENTIAL])
@pytest.mark.parametrize(
    ("principal", "level"),
    [
        ("all", Level.OUTLINE),
        ("d:5", Level.OUTLINE),
        ("g:pmo", Level.OUTLINE),
        ("g:admin", Level.OUTLINE),
        ("p:1", Level.READ),
        ("h:5", Level.READ),
        ("x:5", Level.READ),
    ],
)
def test_in_a_secret_scope_only_persons_and_offices_read(at, secrecy, principal, level) -> None:
    scope = operations.open_scope(SubjectRef("collaboration", 8), at=at, secrecy=secrecy)
    operations.admit(scope.pk, principal, role=Role.READER, level=Level.READ, via="test", at=at)
    assert queries.levels(somebody(principal), [scope.pk], at=at) == {scope.pk: level}


@pytest.mark.parametrize(
    ("secrecy", "is_seen"),
    [(Secrecy.PUBLIC, True), (Secrecy.INTERNAL, True), (Secrecy.SECRET, False), (Secrecy.CONFIDENTIAL, False)],
)
def test_who_stands_in_for_a_head_sees_all_but_what_is_secret(at, secrecy, is_seen) -> None:
    scope = operations.open_scope(SubjectRef("collaboration", 8), at=at, secrecy=secrecy)
    operations.admit(scope.pk, "h:5", role=Role.HEAD, level=Level.READ, via="test", at=at)
    deputy = Actor(ActorKind.PERSON, 1, "somebody", frozenset({"p:1", "h:5"}), frozenset(), {"h:5": "somebody else"})
    assert Scope.objects.filter(queries.visible(deputy, at=at, path="pk")).exists() is is_seen
    assert bool(queries.levels(deputy, [scope.pk], at=at)) is is_seen


def test_who_answers_to_nothing_sees_nothing(scope, at) -> None:
    operations.admit(scope.pk, "all", role=Role.READER, level=Level.READ, via="everyone", at=at)
    assert not Scope.objects.filter(queries.visible(somebody(), at=at, path="pk")).exists()


def test_the_database_refuses_a_second_open_row_and_an_unknown_role(scope, at) -> None:
    row = {"scope": scope, "principal": "p:1", "level": 2, "via": "x", "from_at": at}
    Member.objects.create(role="LEAD", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(role="LEAD", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(role="BOSS", **row)
    assert Member.objects.count() == 1


def test_why_says_it_in_a_line(scope, at, company) -> None:
    market = company.departments["市场部"].pk
    operations.admit(scope.pk, f"d:{market}", role=Role.STAFF, level=Level.READ, via=f"department:{market}", at=at)
    with translation.override("en"):
        lines = queries.why_in_words(company.actor("市场专员"), scope.pk, at=at)
    assert lines == ["You see this because 市场部 is in it as staff of an involved department, since 2026-11-17."]
    with translation.override("zh-hans"):
        lines = queries.why_in_words(company.actor("市场专员"), scope.pk, at=at)
    assert lines == ["您能看到这里，是因为市场部自 2026-11-17 起以“涉及部门成员”身份参与。"]


def test_asking_why_takes_as_many_queries_for_three_reasons_as_for_one(at, company, django_assert_num_queries) -> None:
    scopes = [operations.open_scope(SubjectRef("collaboration", number), at=at) for number in (1, 3)]
    for scope, many in zip(scopes, (1, 3), strict=True):
        for name in ("市场部", "产品部", "技术部")[:many]:
            pk = company.departments[name].pk
            operations.admit(scope.pk, f"d:{pk}", role=Role.STAFF, level=Level.READ, via=f"department:{pk}", at=at)
    actor = somebody(*(f"d:{department.pk}" for department in company.departments.values()))
    for scope, many in zip(scopes, (1, 3), strict=True):
        with django_assert_num_queries(2):
            assert len(queries.why_in_words(actor, scope.pk, at=at)) == many
