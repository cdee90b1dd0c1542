"""Which key signs: changed, lost, replaced, cut down in between."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.kernel.actor import SYSTEM
from bihuan.ledger import keys, rotation
from bihuan.ledger.enums import Fault, KeyState
from bihuan.ledger.errors import KeyIsNotOurs, KeyIsThere
from bihuan.ledger.models import Chain, Entry, Seal, SealKey
from bihuan.ledger.rotation import key_state, rotate_key
from bihuan.ledger.sealing import seal_all
from bihuan.ledger.verification import Problem, verify
from tests.ledger.facts import FIRST, note
from tests.witness import facts_since, last_entry

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(hours=1)


def sealed(at: datetime) -> Seal:
    note(FIRST, at)
    (seal,) = seal_all(at=at)
    return seal


def test_a_new_key_is_signed_by_the_one_before_and_old_seals_stay_verifiable(at: datetime, tmp_path: Path) -> None:
    before = sealed(at)
    seen = last_entry()
    made = rotate_key(actor=SYSTEM, at=at + LATER)
    after = sealed(at + LATER * 2)
    assert (before.public_key, after.public_key) == (made.previous, made.public_key)
    assert [key.public_key for key in rotation.known_keys()] == [before.public_key, after.public_key]
    assert facts_since(seen, "ledger.key_changed") == [
        {"name": "ledger.key_changed", "before": made.previous, "after": made.public_key, "lost_because": ""}
    ]
    assert (key_state(), verify().problems) == (KeyState.GOOD, [])
    assert sorted(path.name for path in (tmp_path / "ledger").iterdir()) == ["anchors", "seal.key", "seal.pub"]
    assert (tmp_path / "ledger" / "seal.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "ledger" / "seal.pub").read_text().strip() == made.public_key


def test_whoever_kept_the_first_public_key_believes_the_third_and_the_other_way_round(at: datetime) -> None:
    first = sealed(at)
    rotate_key(actor=SYSTEM, at=at)
    rotate_key(actor=SYSTEM, at=at)
    third = sealed(at)
    everyone = {key.public_key for key in rotation.known_keys()}
    assert rotation.trusted_keys([first.public_key]) == rotation.trusted_keys([third.public_key]) == everyone


def test_a_key_that_only_the_database_vouches_for_is_named(at: datetime) -> None:
    """Somebody with the database's password adds a key of his own."""
    sealed(at)
    stranger = keys.Ed25519PrivateKey.generate()
    rotation.note_key(stranger, rotation.newest_key(), keys.Ed25519PrivateKey.generate(), at=at)
    assert verify().problems == [Problem("keys", 2, Fault.KEY_UNVOUCHED)]
    assert keys.public_half(stranger) not in rotation.trusted_keys([keys.own_public_key() or ""])


@pytest.mark.parametrize("state", [KeyState.LOST, KeyState.REPLACED])
def test_nothing_is_sealed_with_a_key_the_ledger_does_not_know(state: KeyState, at: datetime) -> None:
    sealed(at)
    keys.key_path().unlink()
    if state is KeyState.REPLACED:
        keys.make_key(keys.key_path())
    note(FIRST, at)
    with pytest.raises(KeyIsNotOurs):
        seal_all(at=at)
    with pytest.raises(KeyIsNotOurs):
        rotate_key(actor=SYSTEM, at=at)
    assert (key_state(), Seal.objects.count(), SealKey.objects.count()) == (state, 1, 1)
    assert (Chain.objects.get().sealed_length, Entry.objects.count()) == (1, 2)


def test_a_key_given_up_as_lost_is_followed_by_one_nobody_vouches_for(at: datetime) -> None:
    old = sealed(at)
    keys.key_path().unlink()
    made = rotate_key(actor=SYSTEM, at=at, lost_because="磁盘损坏")
    new = sealed(at)
    assert (made.previous, made.signature_of_previous) == (old.public_key, "")
    assert facts_since(0, "ledger.key_changed")[0]["lost_because"] == "磁盘损坏"
    assert {problem.what for problem in verify().problems} == {Fault.KEY_UNVOUCHED, Fault.SEAL_FORGED}
    assert verify(public_keys=[old.public_key, new.public_key]).problems == []


def test_a_key_that_is_there_is_not_given_up(at: datetime) -> None:
    for _ in range(2):  # before the first seal and after it
        with pytest.raises(KeyIsThere):
            rotate_key(actor=SYSTEM, at=at, lost_because="因为")
        sealed(at)
    assert SealKey.objects.count() == 1


def test_a_change_that_died_before_the_file_was_replaced_is_finished_by_the_next_seal(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(at)
    with monkeypatch.context() as dying:
        dying.setattr(keys, "put_next_in_place", lambda: None)
        made = rotate_key(actor=SYSTEM, at=at)
    assert keys.own_public_key() == made.previous
    assert key_state() is KeyState.GOOD
    assert sealed(at).public_key == made.public_key == keys.own_public_key()
    assert verify().problems == []


def test_a_change_that_was_taken_back_leaves_the_key_as_it_was(at: datetime) -> None:
    before = sealed(at)
    with transaction.atomic():
        rotate_key(actor=SYSTEM, at=at)
        transaction.set_rollback(True)
    assert (sealed(at).public_key, SealKey.objects.count()) == (before.public_key, 1)


@pytest.mark.parametrize("statement", ["UPDATE ledger_sealkey SET previous = ''", "DELETE FROM ledger_sealkey"])
def test_the_database_refuses_to_change_a_key(statement: str, at: datetime) -> None:
    sealed(at)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert SealKey.objects.count() == 1
