from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.ledger import keys
from bihuan.ledger.enums import Fault
from bihuan.ledger.models import Chain, Entry, Seal, SealedHead
from bihuan.ledger.sealing import seal_all
from bihuan.ledger.verification import Problem, verify
from tests.ledger import checks
from tests.ledger.facts import FIRST, SECOND, harm, note, note_many

COMMITTED = pytest.mark.django_db(transaction=True)


@COMMITTED
@pytest.mark.parametrize("check", [*checks.TEN, *checks.MORE], ids=lambda check: check.__name__)
def test_each_manipulation_is_found_and_named(check: Callable[[datetime], None], at: datetime) -> None:
    check(at)


@COMMITTED
@pytest.mark.alike  # SQLite alone keeps a word where a number belongs
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE ledger_entry SET at = 'yesterday' WHERE id = %s", (str(FIRST), 2, Fault.ENTRY_CHANGED)),
        ("UPDATE ledger_entry SET seq = 'two' WHERE id = %s", (str(FIRST), 2, Fault.ENTRY_MISSING)),
        (
            "UPDATE ledger_entry SET actor_name = CAST(x'eda080' AS TEXT) WHERE id = %s",
            (str(FIRST), 2, Fault.ENTRY_CHANGED),
        ),
        (
            "UPDATE ledger_chain SET length = 'x' WHERE id = (SELECT chain_id FROM ledger_entry WHERE id = %s)",
            (str(FIRST), 4, Fault.HEAD_CHANGED),
        ),
        ("UPDATE ledger_seal SET at = 'then' WHERE %s", ("seals", 1, Fault.SEAL_CHANGED)),
        ("UPDATE ledger_seal SET signature = zeroblob(64) WHERE %s", ("seals", 1, Fault.SEAL_FORGED)),
        ("UPDATE ledger_sealkey SET public_key = zeroblob(32) WHERE %s", ("keys", 1, Fault.KEY_UNVOUCHED)),
    ],
)
def test_what_cannot_even_be_read_is_named_too(statement: str, named: tuple[str, int, Fault], at: datetime) -> None:
    first, _ = checks.prepare(at)
    harm((statement, [first[1].pk]))
    assert verify().first == Problem(*named)
    assert verify().entries == 8


@COMMITTED
def test_writers_at_once_leave_one_whole_chain(at: datetime) -> None:
    checks.check_writers_at_once_leave_one_whole_chain(at)


@COMMITTED
def test_an_untouched_ledger_is_as_written(at: datetime) -> None:
    checks.prepare(at)
    report = verify()
    assert (report.entries, report.chains, report.seals, report.problems) == (8, 2, 1, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET name = 'x'",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_entrybody",
        "UPDATE ledger_seal SET leaves = 0",
        "DELETE FROM ledger_sealedhead",
    ],
)
def test_the_database_refuses_to_change_what_was_written(statement: str, at: datetime) -> None:
    note(FIRST, at)
    seal_all(at=at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().name == "tests.noted"


@COMMITTED
def test_a_seal_covers_only_what_grew_and_links_to_the_one_before(at: datetime) -> None:
    note_many(FIRST, at, 2)
    note(SECOND, at)
    (first,) = seal_all(at=at)
    note(SECOND, at)
    (second,) = seal_all(at=at)
    assert seal_all(at=at) == []
    assert second.previous_hash == first.hash
    assert list(SealedHead.objects.order_by("id").values_list("seal__seq", "root_id", "length")) == [
        (1, 1, 2),
        (1, 2, 1),
        (2, 2, 2),
    ]
    assert list(Chain.objects.order_by("root_id").values_list("sealed_length", flat=True)) == [2, 2]


@COMMITTED
def test_many_chains_are_sealed_in_several_seals(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.ledger.sealing.LEAVES_PER_SEAL", 1)
    note(FIRST, at)
    note(SECOND, at)
    assert [seal.leaves for seal in seal_all(at=at)] == [1, 1]
    assert verify().problems == []


@COMMITTED
def test_the_key_is_private_and_the_last_seal_is_noted_outside_the_database(at: datetime, tmp_path: Path) -> None:
    note(FIRST, at)
    (seal,) = seal_all(at=at)
    assert (tmp_path / "ledger" / "seal.key").stat().st_mode & 0o777 == 0o600
    assert keys.last_anchor() == seal.hash
    assert (tmp_path / "ledger" / "seal.pub").read_text().strip() == seal.public_key == keys.own_public_key()


@COMMITTED
def test_a_seal_by_an_unknown_key_is_forged_until_the_key_is_trusted(at: datetime, tmp_path: Path) -> None:
    note(FIRST, at)
    (seal,) = seal_all(at=at)
    (tmp_path / "ledger" / "seal.key").unlink()
    keys.signing_key()
    assert [problem.what for problem in verify().problems] == [Fault.SEAL_FORGED]
    assert verify(public_keys=[seal.public_key]).problems == []


@COMMITTED
def test_an_anchor_kept_elsewhere_is_looked_for(at: datetime) -> None:
    note(FIRST, at)
    (seal,) = seal_all(at=at)
    assert verify(anchor=seal.hash).problems == []
    assert [problem.what for problem in verify(anchor="0" * 64).problems] == [Fault.ANCHOR_UNKNOWN]


@COMMITTED
def test_one_bad_chain_is_named_once_and_the_others_are_read_on(at: datetime) -> None:
    first, second = checks.prepare(at)
    harm(
        ("UPDATE ledger_entry SET actor_name = 'x' WHERE id IN (%s, %s)", [first[1].pk, first[2].pk]),
        ("UPDATE ledger_entry SET actor_name = 'x' WHERE id = %s", [second[3].pk]),
    )
    report = verify()
    assert [(problem.chain, problem.seq) for problem in report.problems] == [(str(FIRST), 2), (str(SECOND), 4)]
    assert report.entries == 8
    assert Seal.objects.count() == report.seals == 1
