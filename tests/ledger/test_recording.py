import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bihuan.kernel.actor import SYSTEM, Actor, ActorKind
from bihuan.kernel.errors import NotFound
from bihuan.kernel.facts import Fact
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.errors import FactUndone, HeadMoved, NotInTransaction
from bihuan.ledger.models import Chain, Entry, EntryBody
from bihuan.ledger.operations import Item, append, erase_body, lock_chains, record, record_many
from bihuan.ledger.policy import EntryContent, genesis, hash_of, merkle_root
from bihuan.ledger.queries import exported, timeline
from bihuan.ledger.sealing import seal_all
from bihuan.ledger.subscriptions import AFTER_ALL_ROOMS, Recorded, subscribe, unsubscribe
from bihuan.ledger.verification import verify
from bihuan.outbox.models import Delivery
from tests.ledger.facts import FIRST, SECOND, WANG, Noted, NotedAgain, note, note_many


@pytest.mark.django_db
def test_a_fact_becomes_an_entry_linked_to_the_one_before(at: datetime) -> None:
    first, second = note_many(FIRST, at, 2)
    row = Entry.objects.get(pk=second.pk)
    assert (row.seq, row.name, row.actor_kind, row.actor_id, row.actor_name) == (2, "tests.noted", "PERSON", 7, "王敏")
    assert (row.at, row.subject_kind, row.subject_id, row.scope_id) == (at, "matter", 1, None)
    assert row.previous_hash == first.hash
    assert EntryBody.objects.get(pk=second.pk).body == '{"text":"matter:1 2"}'
    chain = Chain.objects.get()
    assert (chain.length, chain.head_hash) == (2, second.hash)


@pytest.mark.django_db
def test_the_chain_does_not_hold_the_body(at: datetime) -> None:
    one, other = note(FIRST, at, "同"), note(FIRST, at, "同")
    assert one.body_digest != other.body_digest


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused(at: datetime) -> None:
    with pytest.raises(NotInTransaction):
        record(Noted(text="x"), actor=WANG, root=FIRST, scope_id=None, at=at)
    assert (Chain.objects.count(), Entry.objects.count()) == (0, 0)


def note_and_fail(at: datetime) -> None:
    with suppress(ArithmeticError), transaction.atomic():
        record(Noted(text="x"), actor=WANG, root=FIRST, scope_id=5, at=at)
        raise ArithmeticError


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_fact(at: datetime) -> None:
    note(FIRST, at)
    note_and_fail(at)
    assert (Chain.objects.get().length, Entry.objects.count(), Delivery.objects.count()) == (1, 1, 0)
    note(FIRST, at)
    assert verify().problems == []


@pytest.mark.django_db
def test_handlers_run_lower_rooms_first_and_facts_of_a_subclass_too(at: datetime) -> None:
    heard: list[tuple[str, str, SubjectRef]] = []

    def hearer(room: str) -> Callable[[Fact, Recorded], None]:
        def hear(fact: Fact, context: Recorded) -> None:
            heard.append((room, fact.name, context.subject))

        return hear

    handlers = [(hearer(room), room) for room in (AFTER_ALL_ROOMS, "knowledge", "access", "collaborations")]
    for handler, room in handlers:
        subscribe(Noted, handler, room=room)
        subscribe(Noted, handler, room=room)
    try:
        record(NotedAgain(text="x"), actor=WANG, root=FIRST, subject=SECOND, scope_id=None, at=at)
        note_nothing_else = len(heard)
    finally:
        for handler, _ in handlers:
            unsubscribe(Noted, handler)
    assert [room for room, *_ in heard] == ["access", "collaborations", "knowledge", AFTER_ALL_ROOMS]
    assert set(heard) == {(room, "tests.noted_again", SECOND) for _, room in handlers}
    assert note_nothing_else == 4


@pytest.mark.django_db
def test_a_handler_that_fails_undoes_the_fact(at: datetime) -> None:
    def fail(fact: Fact, context: Recorded) -> None:
        raise RuntimeError("no")

    subscribe(Noted, fail, room="knowledge")
    try:
        with pytest.raises(RuntimeError):
            note(FIRST, at)
    finally:
        unsubscribe(Noted, fail)
    assert Entry.objects.count() == 0


@contextmanager
def answering(handler: Callable[[Any, Recorded], None], room: str = "knowledge") -> Iterator[None]:
    subscribe(Noted, handler, room=room)
    try:
        yield
    finally:
        unsubscribe(Noted, handler)


def answer_once(fact: Noted, context: Recorded) -> None:
    if fact.text != "answer":
        record(Noted(text="answer"), actor=WANG, root=context.root, scope_id=context.scope_id, at=context.at)


@pytest.mark.django_db
def test_what_handlers_answer_is_written_together_with_the_fact(at: datetime) -> None:
    note(FIRST, at)
    with answering(answer_once), CaptureQueriesContext(connection) as queries:
        record(Noted(text="x"), actor=WANG, root=FIRST, scope_id=5, at=at)
    writes = [query["sql"].split()[0] for query in queries if query["sql"].split()[0] in {"SELECT", "INSERT", "UPDATE"}]
    assert writes == ["SELECT", "INSERT", "UPDATE", "INSERT", "INSERT"]
    said = Entry.objects.order_by("seq").values_list("seq", "body__body")
    assert list(said) == [(1, '{"text":"文字"}'), (2, '{"text":"x"}'), (3, '{"text":"answer"}')]
    assert (Delivery.objects.count(), verify().problems) == (1, [])


@pytest.mark.django_db
def test_what_waits_for_all_rooms_runs_once_when_all_answers_are_there(at: datetime) -> None:
    heard: list[int] = []

    def late(fact: Noted, context: Recorded) -> None:
        heard.append(answered[0])

    answered = [0]

    def answer(fact: Noted, context: Recorded) -> None:
        answer_once(fact, context)
        answered[0] += 1

    with answering(answer), answering(late, AFTER_ALL_ROOMS):
        record(Noted(text="x"), actor=WANG, root=FIRST, scope_id=None, at=at)
    assert heard == [2]


@pytest.mark.django_db
def test_a_fact_recorded_by_what_waited_is_heard_again(at: datetime) -> None:
    heard: list[str] = []

    def late(fact: Noted, context: Recorded) -> None:
        heard.append(fact.text)
        answer_once(fact, context)

    with answering(late, AFTER_ALL_ROOMS):
        record(Noted(text="x"), actor=WANG, root=FIRST, scope_id=None, at=at)
    assert heard == ["x", "answer"]
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_a_handler_that_goes_on_after_an_undone_fact_undoes_everything(at: datetime) -> None:
    def careless(fact: Noted, context: Recorded) -> None:
        if fact.text == "first":
            note_and_fail(at)

    with answering(careless), pytest.raises(FactUndone), transaction.atomic():
        record(Noted(text="first"), actor=WANG, root=FIRST, scope_id=5, at=at)
    assert (Entry.objects.count(), Delivery.objects.count()) == (0, 0)
    note(FIRST, at)
    assert verify().problems == []


@pytest.mark.django_db
def test_an_unknown_room_cannot_subscribe() -> None:
    with pytest.raises(ValueError, match="kitchen"):
        subscribe(Noted, print, room="kitchen")


@pytest.mark.django_db(transaction=True)
def test_facts_of_one_transaction_owe_one_live_event_per_root_and_scope(at: datetime) -> None:
    with transaction.atomic():
        for root, scope in ((FIRST, 5), (FIRST, 5), (SECOND, 6), (SECOND, None)):
            record(Noted(text="x"), actor=WANG, root=root, scope_id=scope, at=at)
    assert list(Delivery.objects.order_by("id").values_list("topic", "payload")) == [
        ("live", '{"id":"matter:1","scope_id":5}'),
        ("live", '{"id":"matter:2","scope_id":6}'),
    ]
    note(FIRST, at, scope_id=5)
    assert Delivery.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_live_event_lost_with_its_savepoint_is_owed_again(at: datetime) -> None:
    with transaction.atomic():
        note_and_fail(at)
        record(Noted(text="y"), actor=WANG, root=FIRST, scope_id=5, at=at)
    note(FIRST, at, scope_id=5)
    assert Delivery.objects.count() == 2


@pytest.mark.django_db
def test_an_import_owes_no_live_events(at: datetime) -> None:
    importer = Actor(ActorKind.IMPORT, None, "import", frozenset())
    record(Noted(text="x"), actor=importer, root=FIRST, scope_id=5, at=at)
    assert (Entry.objects.count(), Delivery.objects.count()) == (1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [1, 3])
def test_recording_costs_the_same_however_long_the_chain(at: datetime, seen: int) -> None:
    note_many(FIRST, at, seen)
    with CaptureQueriesContext(connection) as queries:
        record(Noted(text="x"), actor=WANG, root=FIRST, scope_id=5, at=at)
    writes = [query["sql"].split()[0] for query in queries if query["sql"].split()[0] in {"SELECT", "INSERT", "UPDATE"}]
    assert writes == ["SELECT", "INSERT", "UPDATE", "INSERT", "INSERT"]


def items(*places: tuple[SubjectRef, int | None]) -> list[Item]:
    return [Item(Noted(text=f"{root} {n}"), root, None, scope_id) for n, (root, scope_id) in enumerate(places)]


@pytest.mark.django_db
def test_many_facts_at_once_stand_in_their_chains_as_if_recorded_one_by_one(at: datetime) -> None:
    note(SECOND, at)
    with transaction.atomic():
        entries = record_many(items((SECOND, 5), (FIRST, None), (SECOND, None)), actor=WANG, at=at)
    assert [(entry.chain.root, entry.seq, entry.scope_id) for entry in entries] == [
        (SECOND, 2, 5), (FIRST, 1, None), (SECOND, 3, None),
    ]  # fmt: skip
    assert [entry.previous_hash for entry in entries[1:]] == [genesis("matter:1"), entries[0].hash]
    rows = Entry.objects.order_by("pk").values_list("pk", "body__body", "body__scope_id")
    assert list(rows)[1:] == [
        (entries[0].pk, '{"text":"matter:2 0"}', 5), (entries[1].pk, '{"text":"matter:1 1"}', None),
        (entries[2].pk, '{"text":"matter:2 2"}', None),
    ]  # fmt: skip
    assert verify().problems == []


@pytest.mark.django_db
def test_the_handlers_of_many_facts_run_in_their_order_and_may_record_themselves(at: datetime) -> None:
    heard: list[str] = []

    def answer(fact: Noted, context: Recorded) -> None:
        heard.append(fact.text)
        if context.scope_id is not None:
            record(Noted(text="answer"), actor=SYSTEM, root=context.root, scope_id=None, at=at)

    subscribe(Noted, answer, room="knowledge")
    try:
        entries = record_many(items((FIRST, 5), (FIRST, None)), actor=WANG, at=at)
    finally:
        unsubscribe(Noted, answer)
    assert heard == ["matter:1 0", "answer", "matter:1 1"]
    assert [entry.seq for entry in entries] == [1, 2]
    assert list(Entry.objects.order_by("seq").values_list("actor_kind", flat=True)) == ["PERSON", "PERSON", "SYSTEM"]
    assert verify().problems == []


@pytest.mark.django_db
def test_many_facts_of_one_chain_cost_as_many_queries_as_one(at: datetime) -> None:
    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            record_many(items(*[(FIRST, None)] * count), actor=WANG, at=at)
        return len(captured)

    assert queries(1) == queries(50) == 5
    assert Entry.objects.count() == 51
    assert record_many([], actor=WANG, at=at) == []


@pytest.mark.django_db(transaction=True)
def test_many_facts_outside_a_transaction_are_refused(at: datetime) -> None:
    with pytest.raises(NotInTransaction):
        record_many(items((FIRST, None)), actor=WANG, at=at)
    assert (Chain.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_head_that_was_moved_meanwhile_takes_no_entry(at: datetime) -> None:
    note(FIRST, at)
    chains = lock_chains([FIRST])
    note(FIRST, at)
    with pytest.raises(HeadMoved), transaction.atomic():
        append(items((FIRST, None)), chains, actor=WANG, at=at)
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_chains_are_locked_in_sorted_order_and_once(at: datetime) -> None:
    lock_chains([SECOND, FIRST, SECOND])
    assert list(Chain.objects.order_by("id").values_list("root_id", "length", "head_hash")) == [
        (1, 0, genesis("matter:1")),
        (2, 0, genesis("matter:2")),
    ]


@pytest.mark.django_db
def test_the_timeline_is_newest_first_within_the_scopes_and_one_query(at: datetime) -> None:
    for scope in (5, 6, 5, None):
        note(FIRST, at, f"scope {scope}", scope_id=scope)
    note(SECOND, at, scope_id=5)
    with CaptureQueriesContext(connection) as queries:
        shown = timeline(FIRST, scope_ids=[5])
    assert len(queries) == 1
    assert [(entry.seq, entry.body, entry.actor_name) for entry in shown] == [
        (3, {"text": "scope 5"}, "王敏"),
        (1, {"text": "scope 5"}, "王敏"),
    ]
    assert [entry.seq for entry in timeline(FIRST, scope_ids=[5, 6], before=3, limit=1)] == [2]
    assert timeline(FIRST, scope_ids=[]) == []


@pytest.mark.django_db
def test_an_erased_body_is_gone_and_the_chain_still_verifies(at: datetime) -> None:
    entry = note(FIRST, at, "秘密", scope_id=5)
    erased = erase_body(entry.pk, reason="PIPL art. 47", actor=SYSTEM, at=at + timedelta(days=1))
    assert (erased.name, erased.seq, erased.subject_kind, erased.subject_id) == (
        "ledger.body_erased",
        2,
        "ledger_entry",
        entry.pk,
    )
    row = EntryBody.objects.get(pk=entry.pk)
    assert (row.body, row.salt, row.erased_at) == ("", "", at + timedelta(days=1))
    assert [entry.body for entry in timeline(FIRST, scope_ids=[5])] == [{"reason": "PIPL art. 47", "seq": 1}, None]
    assert verify().problems == []


@pytest.mark.django_db
def test_what_is_not_there_cannot_be_erased(at: datetime) -> None:
    entry = note(FIRST, at)
    erase_body(entry.pk, reason="x", actor=SYSTEM, at=at)
    for wanted in (entry.pk, 10_000_000):
        with pytest.raises(NotFound):
            erase_body(wanted, reason="x", actor=SYSTEM, at=at)
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_the_export_holds_what_a_stranger_needs_to_check(at: datetime) -> None:
    note_many(FIRST, at, 2)
    note(SECOND, at)
    seal_all(at=at)
    rows = list(exported())
    assert [row["type"] for row in rows] == ["entry", "entry", "entry", "seal"]
    columns = {name: rows[0][name] for name in EntryContent.__slots__}
    columns["at"] = datetime.fromisoformat(rows[0]["at"])
    assert hash_of(EntryContent(**columns)) == rows[0]["hash"] == rows[1]["previous_hash"]
    assert [head[:2] for head in rows[3]["heads"]] == [["matter:1", 2], ["matter:2", 1]]
    assert [row["root"] for row in exported(SECOND)] == ["matter:2"]


def test_the_hash_covers_every_column() -> None:
    content = EntryContent(
        "c:1", 1, "x", "PERSON", 1, "王", datetime(2026, 1, 1, tzinfo=UTC), "c", 1, 5, "b" * 64, "p" * 64
    )
    others = {
        "root": "c:2", "seq": 2, "name": "y", "actor_kind": "SYSTEM", "actor_id": None, "actor_name": "李",
        "at": datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC), "subject_kind": "d", "subject_id": 2, "scope_id": None,
        "body_digest": "c" * 64, "previous_hash": "q" * 64,
    }  # fmt: skip
    assert set(others) == set(EntryContent.__slots__)
    changed = {hash_of(dataclasses.replace(content, **{name: value})) for name, value in others.items()}
    assert len(changed | {hash_of(content)}) == len(others) + 1
    covered = {field.attname for field in Entry._meta.concrete_fields} - {"id", "chain_id", "hash"}
    assert covered == set(EntryContent.__slots__) - {"root"}


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_every_leaf_and_its_place_count_in_the_merkle_root(count: int) -> None:
    leaves = [str(number) for number in range(count)]
    whole = merkle_root(leaves)
    for number in range(count):
        assert merkle_root([*leaves[:number], "x", *leaves[number + 1 :]]) != whole
    assert merkle_root([*leaves, leaves[-1]]) != whole
