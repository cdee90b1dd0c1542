"""What must hold of the ledger, as plain functions. `tests/planted` breaks the product and sees them turn red."""

from datetime import datetime
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections

from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.enums import Fault
from bihuan.ledger.models import Chain, Entry, EntryBody
from bihuan.ledger.policy import genesis, hash_of
from bihuan.ledger.sealing import seal_all
from bihuan.ledger.verification import Problem, verify
from tests.ledger.facts import FIRST, SECOND, harm, note, note_many

MOVE = "UPDATE ledger_entry SET seq = %s WHERE id = %s"


def prepare(at: datetime) -> tuple[list[Entry], list[Entry]]:
    """Two chains of four entries, sealed."""
    chains = note_many(FIRST, at, 4), note_many(SECOND, at, 4)
    seal_all(at=at)
    assert verify().problems == []
    return chains


def expect(root: SubjectRef | str, seq: int, what: Fault) -> None:
    assert verify().first == Problem(str(root), seq, what)


def check_a_changed_entry_is_found(at: datetime) -> None:
    first, _ = prepare(at)
    harm(("UPDATE ledger_entry SET name = 'tests.other' WHERE id = %s", [first[1].pk]))
    expect(FIRST, 2, Fault.ENTRY_CHANGED)


def check_a_changed_actor_is_found(at: datetime) -> None:
    first, _ = prepare(at)
    harm(("UPDATE ledger_entry SET actor_id = 8 WHERE id = %s", [first[2].pk]))
    expect(FIRST, 3, Fault.ENTRY_CHANGED)


def check_a_removed_entry_is_found(at: datetime) -> None:
    first, _ = prepare(at)
    harm(
        ("DELETE FROM ledger_entrybody WHERE entry_id = %s", [first[1].pk]),
        ("DELETE FROM ledger_entry WHERE id = %s", [first[1].pk]),
    )
    expect(FIRST, 2, Fault.ENTRY_MISSING)


def check_reordered_entries_are_found(at: datetime) -> None:
    first, _ = prepare(at)
    harm((MOVE, [99, first[1].pk]), (MOVE, [2, first[2].pk]), (MOVE, [3, first[1].pk]))
    expect(FIRST, 2, Fault.ENTRY_CHANGED)


def check_an_inserted_entry_is_found(at: datetime) -> None:
    """The forger even computes a right hash for the new entry; the one after it does not link to it."""
    first, _ = prepare(at)
    forged = Entry.objects.get(pk=first[1].pk)
    forged.actor_name, forged.seq = "forger", 3
    harm((MOVE, [5, first[3].pk]), (MOVE, [4, first[2].pk]), insertion(forged, previous=first[1].hash))
    expect(FIRST, 3, Fault.BODY_MISSING)


def insertion(entry: Entry, *, previous: str) -> tuple[str, list[Any]]:
    entry.previous_hash = previous
    entry.hash = hash_of(entry.content(str(entry.chain.root)))
    columns = [field.column for field in Entry._meta.concrete_fields if not field.primary_key]
    holes = ", ".join(["%s"] * len(columns))
    values = [
        connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        for value in (getattr(entry, field.attname) for field in Entry._meta.concrete_fields if not field.primary_key)
    ]
    return f"INSERT INTO ledger_entry ({', '.join(columns)}) VALUES ({holes})", values


def check_a_changed_body_is_found(at: datetime) -> None:
    first, _ = prepare(at)
    harm(("UPDATE ledger_entrybody SET body = %s WHERE entry_id = %s", ['{"text":"anders"}', first[3].pk]))
    expect(FIRST, 4, Fault.BODY_CHANGED)


def check_a_body_wiped_without_an_erasure_is_found(at: datetime) -> None:
    first, _ = prepare(at)
    now = connection.ops.adapt_datetimefield_value(at)
    harm(
        ("UPDATE ledger_entrybody SET body = '', salt = '', erased_at = %s WHERE entry_id = %s", [now, first[0].pk]),
    )
    expect(FIRST, 1, Fault.BODY_MISSING)


def check_swapped_chains_are_found(at: datetime) -> None:
    prepare(at)
    move = "UPDATE ledger_chain SET root_id = %s WHERE root_kind = 'matter' AND root_id = %s"
    harm((move, [99, 1]), (move, [1, 2]), (move, [2, 99]))
    assert {problem.what for problem in verify().problems} == {Fault.ENTRY_CHANGED}
    assert {(problem.chain, problem.seq) for problem in verify().problems} == {(str(FIRST), 1), (str(SECOND), 1)}


def check_a_cut_tail_is_found(at: datetime) -> None:
    """The head is set back as well, so only the seal knows."""
    first, _ = prepare(at)
    harm(
        ("DELETE FROM ledger_entrybody WHERE entry_id IN (%s, %s)", [first[2].pk, first[3].pk]),
        ("DELETE FROM ledger_entry WHERE id IN (%s, %s)", [first[2].pk, first[3].pk]),
        ("UPDATE ledger_chain SET length = 2, head_hash = %s WHERE id = %s", [first[1].hash, first[1].chain_id]),
    )
    expect(FIRST, 3, Fault.TAIL_CUT)


def check_a_dropped_chain_is_found(at: datetime) -> None:
    _, second = prepare(at)
    ids = [entry.pk for entry in second]
    harm(
        ("DELETE FROM ledger_entrybody WHERE entry_id IN (%s, %s, %s, %s)", ids),
        ("DELETE FROM ledger_entry WHERE id IN (%s, %s, %s, %s)", ids),
        ("DELETE FROM ledger_chain WHERE id = %s", [second[0].chain_id]),
    )
    expect(SECOND, 1, Fault.CHAIN_DROPPED)


def check_a_rewrite_with_right_hashes_is_found(at: datetime) -> None:
    """Everything from the second entry on is told differently and hashed anew; the older seal says where it began."""
    note(FIRST, at)
    seal_all(at=at)
    note_many(FIRST, at, 3)
    seal_all(at=at)
    harm(*rewriting(FIRST, start=2))
    expect(FIRST, 2, Fault.REWRITTEN)


def rewriting(root: SubjectRef, *, start: int) -> list[tuple[str, list[Any]]]:
    entries = Entry.objects.filter(chain__root_kind=root.kind, chain__root_id=root.id).order_by("seq")
    last, statements = genesis(str(root)), []
    for entry in entries.select_related("chain"):
        if entry.seq >= start:
            entry.actor_name, entry.previous_hash = "somebody else", last
            entry.hash = hash_of(entry.content(str(root)))
            values = [entry.actor_name, last, entry.hash, entry.pk]
            statements.append(
                ("UPDATE ledger_entry SET actor_name = %s, previous_hash = %s, hash = %s WHERE id = %s", values)
            )
        last = entry.hash
    chain = Chain.objects.get(root_kind=root.kind, root_id=root.id)
    return [*statements, ("UPDATE ledger_chain SET head_hash = %s WHERE id = %s", [last, chain.pk])]


def check_a_rewrite_with_all_seals_removed_is_found_by_the_anchor(at: datetime) -> None:
    prepare(at)
    harm(*rewriting(FIRST, start=1), ("DELETE FROM ledger_sealedhead", []), ("DELETE FROM ledger_seal", []))
    expect("seals", 1, Fault.ANCHOR_UNKNOWN)


def check_a_forged_seal_is_found(at: datetime) -> None:
    """A seal made anew over a rewritten chain, with right hashes and another key's signature."""
    prepare(at)
    harm(("UPDATE ledger_seal SET signature = %s", ["00" * 64]))
    expect("seals", 1, Fault.SEAL_FORGED)


def check_a_changed_leaf_is_found(at: datetime) -> None:
    prepare(at)
    harm(("UPDATE ledger_sealedhead SET length = 3 WHERE root_id = 2", []))
    assert Problem("seals", 1, Fault.SEAL_CHANGED) in verify().problems


TEN = [
    check_a_changed_entry_is_found,
    check_a_changed_actor_is_found,
    check_a_removed_entry_is_found,
    check_reordered_entries_are_found,
    check_an_inserted_entry_is_found,
    check_a_changed_body_is_found,
    check_swapped_chains_are_found,
    check_a_cut_tail_is_found,
    check_a_dropped_chain_is_found,
    check_a_rewrite_with_right_hashes_is_found,
]
MORE = [
    check_a_body_wiped_without_an_erasure_is_found,
    check_a_rewrite_with_all_seals_removed_is_found_by_the_anchor,
    check_a_forged_seal_is_found,
    check_a_changed_leaf_is_found,
]


def check_writers_at_once_leave_one_whole_chain(at: datetime, *, writers: int = 4, each: int = 5) -> None:
    """Several threads append to one chain; nobody fails, nothing is lost."""
    errors: list[BaseException] = []
    barrier = Barrier(writers)
    threads = [Thread(target=write, args=(at, each, barrier, errors)) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Chain.objects.get().length == Entry.objects.count() == EntryBody.objects.count() == writers * each
    assert verify().problems == []


def write(at: datetime, each: int, barrier: Barrier, errors: list[BaseException]) -> None:
    try:
        barrier.wait(10)
        for _ in range(each):
            note(FIRST, at)
    except BaseException as error:  # noqa: BLE001
        errors.append(error)
    finally:
        connections.close_all()
