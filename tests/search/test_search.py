"""Finding: words of one, two and more characters, in order, within what the actor may read."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.access.models import Scope
from bihuan.kernel.subjects import SubjectRef
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from bihuan.search import operations, registry
from bihuan.search.models import Entry, Followed
from bihuan.search.policy import CHUNK
from bihuan.search.queries import Found, grown, holds, search, standing
from bihuan.search.registry import Document

KIND = "note"
NOTES: dict[int, Document] = {}


def notes(ids: Any) -> list[Document]:
    return [NOTES[pk] for pk in ids if pk in NOTES]


@pytest.fixture(autouse=True)
def source(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of thing of these tests alone."""
    NOTES.clear()
    monkeypatch.setattr(registry, "_UNITS", dict(registry._UNITS))
    monkeypatch.setattr(registry, "_SOURCES", dict(registry._SOURCES))
    registry.register_unit(KIND, ids=lambda after, limit: sorted(pk for pk in NOTES if pk > after)[:limit])
    registry.register_source(KIND, unit=KIND, documents=notes)


def scope_for(company: Any, office: str, number: int = 1) -> int:
    scope = access.open_scope(SubjectRef(KIND, number), at=company.at)
    who = company.principal(office)
    access.admit(scope.pk, who, role=Role.READER, level=Level.READ, via="", at=company.at)
    return scope.pk


def write(company: Any, pk: int, title: str, text: str = "", *, office: str = "产品经理", number: str = "") -> None:
    NOTES[pk] = Document(
        kind=KIND, id=pk, unit_id=pk, scope_id=scope_for(company, office, pk), title=title, text=text, number=number
    )
    operations.index_units(KIND, [pk], at=company.at)


def found(company: Any, query: str, office: str = "产品经理", **more: Any) -> list[int]:
    return [hit.id for hit in search(company.actor(office), query, kinds=[KIND], at=company.at, **more).hits]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("预算", [1]),
        ("预", [1]),
        ("支", [1]),
        ("因", [1]),
        ("预算超支", [1]),
        ("超支原因", []),
        ("算超", [1]),
        ("审批", [2]),
        ("Growth", [2]),
        ("grow", [2]),
        ("rowth", []),
        ("XZ-2026-0007", [2]),
        ("2026-0007", [2]),
        ("0007-2026", []),
        ("审批 growth", [2]),
        ("审批 预算", []),
        ("𬭎", [3]),
        ("𬭎业", [3]),
        ("", []),
        ("%", []),
        ('" OR title : "预算', []),
        ("预算*", [1]),
        ("NEAR(预算)", []),
        ("'预算':*", [1]),
        ("\\'", []),
    ],
)
def test_words_are_found_wherever_they_stand_and_only_whole(company: Any, query: str, hits: list[int]) -> None:
    write(company, 1, "采购单", "这里写着预算超支的原因")
    write(company, 2, "审批流程 growth", number="XZ-2026-0007")
    write(company, 3, "赵𬭎业")
    assert found(company, query) == hits


def test_titles_stand_before_texts_and_the_newest_first(company: Any) -> None:
    write(company, 1, "预算一")
    write(company, 2, "别的", "预算")
    write(company, 3, "预算三", "预算")
    write(company, 4, "另外", "预算")
    assert found(company, "预算") == [3, 1, 4, 2]


def test_what_bears_the_whole_number_stands_first_and_once(company: Any) -> None:
    write(company, 1, "事项", number="XZ-2026-0004")
    for pk in range(2, 6):
        write(company, pk, "周报", number=f"XZ-2026-0004-F09-0{pk}")
    assert found(company, "xz-2026-0004", size=3)[0] == 1
    first = search(company.actor("产品经理"), "XZ-2026-0004", kinds=[KIND], at=company.at, size=3)
    assert [hit.id for hit in first.hits] == [1, 5, 4, 3]
    assert found(company, "XZ-2026-0004", after=first.next_after, size=3) == [2]
    assert found(company, "XZ-2026-0004", "市场部负责人") == []


def test_pages_go_on_by_key_over_titles_and_texts_without_loss(company: Any) -> None:
    for pk in range(1, 8):
        write(company, pk, "预算" if pk % 2 else "别的", "预算")
    seen: list[int] = []
    page = Found([], "0-999999")
    while page.next_after:
        page = search(company.actor("产品经理"), "预算", kinds=[KIND], after=page.next_after, at=company.at, size=2)
        assert len(page.hits) <= 2
        seen += [hit.id for hit in page.hits]
    assert seen == [7, 5, 3, 1, 6, 4, 2]


@pytest.mark.parametrize("key", ["", "x", "2-1", "0-", "0-x", "0-99999999999999999999", "1"])
def test_what_is_no_key_is_taken_as_none(company: Any, key: str) -> None:
    write(company, 1, "预算")
    assert found(company, "预算", after=key) == [1]


@pytest.mark.parametrize("nameable", [0, 200])
def test_nobody_finds_what_he_may_not_read(company: Any, monkeypatch: pytest.MonkeyPatch, nameable: int) -> None:
    monkeypatch.setattr("bihuan.access.queries.NAMEABLE", nameable)
    write(company, 1, "预算", office="产品经理")
    assert found(company, "预算", office="财务专员") == []


def test_an_outline_is_not_enough_to_find_by_words(company: Any) -> None:
    write(company, 1, "预算")
    scope = Scope.objects.get(subject_kind=KIND, subject_id=1)
    principal = company.principal("财务专员")
    access.admit(scope.pk, principal, role=Role.READER, level=Level.OUTLINE, via="", at=company.at)
    assert found(company, "预算", office="财务专员") == []


def test_a_right_ended_counts_at_once_although_the_index_was_not_touched(company: Any) -> None:
    write(company, 1, "预算")
    scope = Scope.objects.get(subject_kind=KIND, subject_id=1)
    access.dismiss(scope.pk, company.principal("产品经理"), role=Role.READER, via="", at=company.at)
    assert found(company, "预算") == []


def test_of_what_is_secret_only_the_title_is_told(company: Any) -> None:
    write(company, 1, "预算", "预算是三百万")
    access.classify(Scope.objects.get(subject_kind=KIND, subject_id=1).pk, "SECRET")
    (hit,) = search(company.actor("产品经理"), "预算", kinds=[KIND], at=company.at).hits
    assert (hit.name, hit.excerpt) == ("预算", ())


def test_a_hit_shows_its_sentence_with_the_words_marked(company: Any) -> None:
    write(company, 1, "采购", "第一句。这里写着预算超支。")
    (hit,) = search(company.actor("产品经理"), "预算", kinds=[KIND], at=company.at).hits
    assert [(piece.text, piece.is_hit) for piece in hit.excerpt] == [
        ("…", False), ("这里写着", False), ("预算", True), ("超支。", False),
    ]  # fmt: skip


def test_who_reads_little_finds_the_same_whichever_way_the_index_is_asked(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pk in range(1, 31):
        office = "产品经理" if pk % 3 else "财务专员"
        write(company, pk, "预算一" if pk % 2 else "别的", "预算与 growth", office=office)
    write(company, 31, "长文", "字" * CHUNK + "预算")
    operations.follow_all(at=company.at)

    def asked(query: str, office: str) -> list[tuple[str, int]]:
        hits, page = [], search(company.actor(office), query, at=company.at, size=4)
        hits += page.hits
        while page.next_after:
            page = search(company.actor(office), query, after=page.next_after, at=company.at, size=4)
            hits += page.hits
        return [(hit.kind, hit.id) for hit in hits]

    queries = ["预算", "预", "growth", "grow 预算", "一", "长文 预算", "林晓彤", "市场", "§1", "1"]
    offices = ["产品经理", "财务专员", "无岗位"]
    by_name = {(query, office): asked(query, office) for query in queries for office in offices}
    monkeypatch.setattr("bihuan.access.queries.NAMEABLE", 0)
    assert {(query, office): asked(query, office) for query in queries for office in offices} == by_name
    assert [len(by_name["预算", office]) for office in offices] == [21, 10, 0]
    assert by_name["市场", "无岗位"]


def test_a_thing_that_moves_into_another_scope_is_found_by_its_readers_only(company: Any) -> None:
    write(company, 1, "预算")
    NOTES[1] = replace(NOTES[1], scope_id=scope_for(company, "财务专员", 2))
    operations.index_units(KIND, [1], at=company.at)
    assert (found(company, "预算"), found(company, "预算", "财务专员")) == ([], [1])


def test_the_number_of_queries_does_not_grow_with_the_hits(company: Any) -> None:
    def queries() -> int:
        actor = company.actor("产品经理")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            search(actor, "预算", at=company.at)
        return len(caught)

    write(company, 1, "预算", "预算")
    one = queries()
    for pk in (2, 3):
        write(company, pk, "预算", "预算")
    assert one == queries() == 3


@pytest.mark.parametrize("most", [0, 500])
def test_a_list_takes_the_things_with_a_word_few_or_many(
    company: Any, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("bihuan.search.queries.FEW", most)
    write(company, 1, "预算")
    write(company, 2, "别的", "预算")
    write(company, 3, "别的")
    mine = Entry.objects.filter(holds("预算", KIND, path="subject_id"), kind=KIND).order_by("pk")
    assert [row.subject_id for row in mine] == [1, 2]
    assert list(Entry.objects.filter(holds("", KIND, path="subject_id"))) == []


def test_a_long_text_is_found_to_its_end_and_stands_once(company: Any) -> None:
    write(company, 1, "长文", "字" * CHUNK + "预算" + "字" * CHUNK + "预算")
    assert Entry.objects.filter(kind=KIND).count() == 3
    assert found(company, "预算") == [1]
    assert found(company, "长文 预算") == [1]
    assert found(company, "长文") == [1]


def test_what_changed_is_written_and_what_did_not_is_left_alone(company: Any) -> None:
    write(company, 1, "预算")
    before = Entry.objects.get(kind=KIND)
    assert operations.index_units(KIND, [1], at=company.at) == 0
    write(company, 1, "决算", "字" * CHUNK + "预算")
    assert Entry.objects.get(kind=KIND, part=0).pk == before.pk
    assert (found(company, "预算"), found(company, "决算")) == ([1], [1])
    write(company, 1, "决算")
    assert (found(company, "预算"), Entry.objects.filter(kind=KIND).count()) == ([], 1)
    assert [(row.pk, row.title) for row in Entry.objects.filter(kind=KIND)] == [(before.pk, "决算")]
    assert operations.index_units(KIND, [1], at=company.at) == 0


def test_new_entries_are_written_once_however_many(company: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        write(company, 1, "预算")
    assert [query for query in captured.captured_queries if query["sql"].startswith('UPDATE "search_entry"')] == []


def test_what_is_gone_is_found_no_more(company: Any) -> None:
    write(company, 1, "预算")
    NOTES.clear()
    operations.index_units(KIND, [1], at=company.at)
    assert found(company, "预算") == []
    assert not Entry.objects.filter(kind=KIND).exists()


def test_rebuilding_makes_everything_anew(company: Any) -> None:
    write(company, 1, "预算")
    write(company, 2, "决算")
    Entry.objects.filter(kind=KIND, subject_id=2).delete()
    Entry.objects.filter(kind=KIND, subject_id=1).update(title="别的", digest="x")
    operations.rebuild(at=company.at)
    assert (found(company, "预算"), found(company, "决算")) == ([1], [2])
    assert standing().behind == 0


def test_the_organisation_is_found_by_name_spelling_and_post(company: Any, at: datetime) -> None:
    operations.follow_all(at=at)
    who = company.actor("无岗位")
    assert [(hit.kind, hit.name) for hit in search(who, "林晓彤", at=at).hits] == [("person", "林晓彤")]
    (hit,) = search(who, "linxiaotong", at=at).hits
    assert (hit.name, ["lin" in piece.text for piece in hit.excerpt if "lin" in piece.text]) == ("林晓彤", [])
    assert [hit.name for hit in search(who, "产品总监", at=at).hits] == ["周建国"]
    assert next(hit.kind for hit in search(who, "市场部", at=at).hits) == "department"
    assert standing().behind == 0


def test_facts_are_followed_without_a_gap_and_only_once(company: Any, at: datetime) -> None:
    chains = grown().count()
    assert chains > 0
    assert operations.follow_all(at=at) > 0
    assert (grown().count(), operations.follow_all(at=at)) == (0, 0)
    Followed.objects.update(length=0)
    assert operations.follow_all(at=at) > 0
    assert Entry.objects.filter(kind="person").count() == len(company.people)


def test_the_worker_looks_at_the_root_named_and_goes_on_while_something_is_behind(
    company: Any, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "FACTS", 5)
    Delivery.objects.all().delete()
    outbox.post(operations.TOPIC, {"root": "organisation:1"}, at=at)
    outbox.run_once(at=at, limit=1)
    assert Followed.objects.get(root_kind="organisation").length == 5
    outbox.post(operations.TOPIC, {}, at=at)
    while outbox.run_once(at=at):
        pass
    assert standing().behind == 0
