"""Who is told, once, and who reads it."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.access import operations as access
from bihuan.access.enums import Role
from bihuan.kernel import principals
from bihuan.kernel.errors import NotFound
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from bihuan.notifications import operations, queries, registry, sending
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.outbox.models import Delivery
from bihuan.worker import jobs

pytestmark = pytest.mark.django_db


def told() -> list[int]:
    return list(Notice.objects.order_by("pk").values_list("person_id", flat=True))


def texts(company, office, at) -> list[str]:
    return [card.text for card in queries.inbox(company.actor(office), at=at).cards]


def test_everybody_behind_the_principals_is_told_once_however_often_it_is_said(company, tell):
    head, wang = company.head("市场部"), company["市场部负责人"]
    for _ in range(2):
        tell(head, principals.person(wang.pk), company.principal("开发组长"))
    assert sorted(told()) == sorted([wang.pk, company["开发组长"].pk])


def test_another_key_is_another_notice(company, tell):
    tell(company.principal("开发组长"), key="a")
    tell(company.principal("开发组长"), key="b")
    assert told() == [company["开发组长"].pk] * 2


def test_groups_departments_and_executives_are_people(company, tell):
    tell(principals.PMO, key="a")
    tell(principals.department(company.departments["财务部"].pk), key="b")
    tell(principals.executive(company.departments["市场部"].pk), key="c")
    assert told() == [
        company["PMO专员"].pk, *sorted([company["财务部负责人"].pk, company["财务专员"].pk]), company["分管副总"].pk,
    ]  # fmt: skip


def test_a_leaver_is_told_nothing(company, tell, at):
    organisation.deactivate_person(company.nobody.pk, actor=company.administrator, at=at)
    tell(company.principal("无岗位"))
    assert told() == []


def test_who_signs_for_a_head_who_is_away_is_told_as_well(company, tell, at):
    head, deputy = company["市场部负责人"], company["推广经理"]
    actor = company.actor("市场部负责人")
    organisation.name_deputy(head.pk, deputy_id=deputy.pk, kinds=[], starts_on=date(2026, 11, 1), actor=actor, at=at)
    tell(company.head("市场部"), key="here")
    organisation.note_absence(
        head.pk, starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 20), reason="出差", actor=actor, at=at
    )
    tell(company.head("市场部"), key="away")
    assert told() == [head.pk, *sorted([head.pk, deputy.pk])]


def test_what_is_told_writes_no_fact_and_owes_one_delivery_for_a_transaction(company, tell):
    before = Entry.objects.count()
    with transaction.atomic():
        tell(company.principal("开发组长"), key="a")
        tell(company.principal("推广经理"), key="b")
        owed = Delivery.objects.filter(topic=operations.ROUTE).count()
    assert (Entry.objects.count(), owed) == (before, 1)


def test_a_kind_that_no_room_made_known_is_a_mistake_of_the_teller(company, at):
    with pytest.raises(registry.UnknownKind):
        operations.notify_all(
            [operations.News(kind="no.such", principals=["all"], subject=SubjectRef("parcel", 1),
                             root=SubjectRef("parcel", 1), scope_id=None, key="k")],
            at=at,
        )  # fmt: skip
    assert told() == []


def test_who_may_not_read_the_scope_is_shown_nothing_of_it(company, scope, tell, at):
    tell(company.head("市场部"), company.principal("开发组长"), scope_id=scope.pk)
    assert len(told()) == 2
    assert texts(company, "市场部负责人", at) == ["You are told: 来看"]
    assert texts(company, "开发组长", at) == []
    assert queries.unread_count(company.actor("开发组长"), at) == 0
    hidden = Notice.objects.get(person=company["开发组长"])
    with pytest.raises(NotFound):
        queries.notice_for(company.actor("开发组长"), hidden.pk, at=at)


def test_who_lost_the_right_to_read_loses_the_notice_with_it(company, scope, tell, at):
    tell(company.head("市场部"), scope_id=scope.pk)
    access.dismiss(scope.pk, company.head("市场部"), role=Role.HEAD, via="test", at=at)
    assert texts(company, "市场部负责人", at) == []


def test_a_notice_belongs_to_its_person_alone(company, tell, at):
    tell(company.principal("开发组长"))
    notice = Notice.objects.get()
    with pytest.raises(NotFound):
        queries.notice_for(company.actor("推广经理"), notice.pk, at=at)


def test_of_what_is_secret_only_is_said_that_there_is_something(company, scope, tell, at):
    access.classify(scope.pk, "SECRET")
    tell(company.head("市场部"), scope_id=scope.pk, what="裁员名单")
    (card,) = queries.inbox(company.actor("市场部负责人"), at=at).cards
    assert "裁员" not in card.text
    assert card.title == ""


def test_reading_one_leaves_the_others_unread(company, tell, at):
    actor = company.actor("开发组长")
    tell(company.principal("开发组长"), key="a")
    tell(company.principal("开发组长"), key="b")
    operations.mark_read(Notice.objects.get(key="a"), at=at)
    operations.mark_read(Notice.objects.get(key="a"), at=at + timedelta(hours=1))
    assert Notice.objects.get(key="a").read_at == at
    assert (queries.unread_count(actor, at), len(queries.inbox(actor, at=at, unread=True).cards)) == (1, 1)


def test_all_read_means_what_was_seen_and_nothing_that_came_since(company, tell, at):
    actor = company.actor("开发组长")
    tell(company.principal("开发组长"), key="a")
    tell(company.principal("推广经理"), key="a")
    newest = queries.inbox(actor, at=at).newest
    tell(company.principal("开发组长"), key="b")
    assert operations.mark_all_read(actor, newest=newest, at=at) == 1
    assert list(Notice.objects.filter(read_at=None).order_by("pk").values_list("key", "person")) == [
        ("a", company["推广经理"].pk),
        ("b", company["开发组长"].pk),
    ]


def test_what_somebody_has_acted_on_needs_no_reading(company, tell, at):
    tell(company.principal("开发组长"), key="a", subject=SubjectRef("loop", 4))
    tell(company.principal("推广经理"), key="b", subject=SubjectRef("loop", 5))
    assert operations.settle("loop", [4], at=at) == 1
    assert list(Notice.objects.filter(read_at=None).values_list("key", flat=True)) == ["b"]


def test_pages_of_the_inbox_meet_without_gap_or_repetition(company, tell, at):
    actor = company.actor("开发组长")
    for number in range(5):
        tell(company.principal("开发组长"), key=str(number), what=str(number))
    first = queries.inbox(actor, at=at, size=2)
    second = queries.inbox(actor, at=at, size=2, before=first.before)
    third = queries.inbox(actor, at=at, size=2, before=second.before)
    shown = [card.text[-1] for page in (first, second, third) for card in page.cards]
    assert (shown, third.before) == (["4", "3", "2", "1", "0"], None)


def test_a_long_text_is_clipped_to_a_line(company, tell, at):
    tell(company.principal("开发组长"), what="一\n二" + "长" * 300)
    (text,) = texts(company, "开发组长", at)
    assert text.startswith("You are told: 一 二长")
    assert len(text) == len("You are told: ") + 200


def test_telling_three_people_costs_no_more_queries_than_one(company, tell):
    with CaptureQueriesContext(connection) as one:
        tell(company.head("市场部"), key="one")
    with CaptureQueriesContext(connection) as three:
        tell(*(company.head(name) for name in ("市场部", "技术部", "运营部")), key="three")
    assert (len(one), len(three)) == (len(one), len(one))
    assert len(told()) == 4


def test_an_inbox_of_three_costs_no_more_queries_than_one_of_one(company, scope, tell, at):
    actor = company.actor("市场部负责人")
    tell(company.head("市场部"), scope_id=scope.pk, key="0")
    with CaptureQueriesContext(connection) as one:
        assert len(queries.inbox(actor, at=at).cards) == 1
    for key in "12":
        tell(company.head("市场部"), scope_id=scope.pk, key=key)
    with CaptureQueriesContext(connection) as three:
        assert len(queries.inbox(actor, at=at).cards) == 3
    assert len(three) == len(one)


def test_the_open_pages_of_those_who_were_told_look_again(company, tell, at):
    tell(company.principal("开发组长"), company.principal("推广经理"))
    assert sending.route_new(at=at) == 2
    assert sending.route_new(at=at) == 0
    events = Delivery.objects.filter(topic="live").exclude(payload__contains='"person_id":null')
    assert sorted(one.payload for one in events) == sorted(
        f'{{"id":"inbox:{pk}","person_id":{pk},"scope_id":null}}'
        for pk in (company["开发组长"].pk, company["推广经理"].pk)
    )


def test_what_was_read_long_ago_is_forgotten_and_what_nobody_read_stays(company, tell, at, monkeypatch):
    for key in "abc":
        tell(company.principal("开发组长"), key=key)
    first, second, unread = Notice.objects.order_by("pk")
    operations.mark_read(first, at=at)
    operations.mark_read(second, at=at + timedelta(days=1))
    monkeypatch.setattr(settings, "OPTIONS", settings.OPTIONS.model_copy(update={"notices_kept": 100}))
    entries = Entry.objects.count()
    assert jobs.forget_read(at + timedelta(days=100)) == 0
    assert jobs.forget_read(at + timedelta(days=100, seconds=1)) == 1
    assert list(Notice.objects.order_by("pk")) == [second, unread]
    assert Entry.objects.count() == entries
