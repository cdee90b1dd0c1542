"""A verifier or an appender that skips something: each check of the ledger must notice."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger import operations, verification
from bihuan.ledger.enums import Fault
from bihuan.ledger.models import Chain
from bihuan.ledger.policy import EntryContent, hash_of
from tests.ledger import checks

Patch = pytest.MonkeyPatch
Check = Callable[[datetime], None]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def blind_to(*faults: Fault) -> Callable[[Patch], None]:
    """A verifier that never says this."""

    def plant(monkeypatch: Patch) -> None:
        note = verification.Report.note

        def silent(self: verification.Report, chain: str, seq: int, what: Fault) -> None:
            if what not in faults:
                note(self, chain, seq, what)

        monkeypatch.setattr(verification.Report, "note", silent)

    return plant


def hash_without(column: str, value: Any) -> Callable[[Patch], None]:
    """A hash that leaves one column out, in the appender and in the verifier."""

    def plant(monkeypatch: Patch) -> None:
        def poor(content: Any) -> str:
            return hash_of(replace(content, **{column: value}) if isinstance(content, EntryContent) else content)

        monkeypatch.setattr(operations, "hash_of", poor)
        monkeypatch.setattr(verification, "hash_of", poor)
        monkeypatch.setattr(checks, "hash_of", poor)

    return plant


def without(function: str) -> Callable[[Patch], None]:
    """A verifier that skips one of its parts."""

    def plant(monkeypatch: Patch) -> None:
        monkeypatch.setattr(verification, function, lambda *args, **kwargs: None)

    return plant


def believe_erasures(monkeypatch: Patch) -> None:
    monkeypatch.setattr(verification, "is_rightly_erased", lambda entry, body: True)


def believe_signatures(monkeypatch: Patch) -> None:
    monkeypatch.setattr(verification.keys, "is_signed", lambda *args, **kwargs: True)


PLANTED: list[tuple[Check, Callable[[Patch], None]]] = [
    (checks.check_a_changed_entry_is_found, hash_without("name", "")),
    (checks.check_a_changed_actor_is_found, hash_without("actor_id", None)),
    (checks.check_a_removed_entry_is_found, blind_to(Fault.ENTRY_MISSING)),
    (checks.check_reordered_entries_are_found, hash_without("seq", 0)),
    (checks.check_an_inserted_entry_is_found, without("verify_chains")),
    (checks.check_a_changed_body_is_found, without("fault_of_body")),
    (checks.check_a_body_wiped_without_an_erasure_is_found, believe_erasures),
    (checks.check_swapped_chains_are_found, hash_without("root", "")),
    (checks.check_a_cut_tail_is_found, without("verify_sealed_heads")),
    (checks.check_a_dropped_chain_is_found, without("verify_sealed_heads")),
    (checks.check_a_rewrite_with_right_hashes_is_found, without("verify_sealed_heads")),
    (checks.check_a_rewrite_with_all_seals_removed_is_found_by_the_anchor, without("verify_anchor")),
    (checks.check_a_forged_seal_is_found, believe_signatures),
    (checks.check_a_changed_leaf_is_found, without("fault_of_seal")),
]


@pytest.mark.parametrize(("check", "plant"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_verifier_that_skips_something_turns_the_check_red(
    check: Check, plant: Callable[[Patch], None], at: datetime, monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        check(at)


def test_every_check_of_the_verifier_has_a_planted_fault() -> None:
    assert {check for check, _ in PLANTED} == {*checks.TEN, *checks.MORE}


def test_an_appender_that_forgets_the_head_turns_the_check_red(at: datetime, monkeypatch: Patch) -> None:
    """The place moves on, the hash of the head stays: the next entry links to the wrong one."""

    def careless(chains: Mapping[SubjectRef, Chain], seen: object) -> None:
        for chain in chains.values():
            Chain.objects.filter(pk=chain.pk).update(length=chain.length)

    monkeypatch.setattr(operations, "move_heads", careless)
    with pytest.raises(AssertionError):
        checks.check_writers_at_once_leave_one_whole_chain(at)
