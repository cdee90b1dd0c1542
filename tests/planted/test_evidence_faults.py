"""A verifier of dossiers, or of what a witness has, that skips one of its parts: the checks must notice."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bihuan.evidence import verify
from bihuan.ledger import verification
from tests.evidence import conftest, dossiers
from tests.evidence import test_tampering as tampering
from tests.evidence import test_witnesses as witnesses

Patch = pytest.MonkeyPatch
own_keys, original, kept = conftest.own_keys, conftest.original, witnesses.kept


def nothing_left_out(dossier: Any, chain: Any) -> Any:
    entries, hashes, _ = CHECK_CHAIN(dossier, chain)
    return entries, hashes, []


def all_files_left_out(dossier: Any, attached: Any) -> Any:
    return [{"what": "file", "sha256": each} for each in attached]


CHECK_CHAIN = verify.check_chain
PLANTED: list[tuple[tampering.Forgery, str, Callable[..., Any]]] = [
    (tampering.spoil_the_signature, "is_signed", lambda *args: True),
    (tampering.rewrite_a_record, "check_records", lambda dossier, entries: ({}, {})),
    (tampering.exchange_a_file_and_sign, "check_files", lambda dossier, attached: []),
    (
        tampering.leave_out_what_is_there,
        "check_files",
        all_files_left_out,
    ),
    (tampering.hide_entries_unnamed, "check_chain", nothing_left_out),
    (tampering.cut_the_chain, "check_seals", lambda *args: 0),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("forge", "function", "fault"), PLANTED, ids=lambda value: getattr(value, "__name__", value))
def test_a_script_that_skips_a_part_turns_its_check_red(
    forge: tampering.Forgery,
    function: str,
    fault: Callable[..., Any],
    original: dossiers.Original,
    tmp_path: Path,
    monkeypatch: Patch,
) -> None:
    monkeypatch.setattr(verify, function, fault)
    with pytest.raises(AssertionError):
        tampering.test_a_manipulation_is_found_and_named(forge, tampering.FORGERIES[forge], original, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_verifier_that_does_not_ask_the_witness_turns_the_check_red(
    at: datetime,
    kept: Path,
    monkeypatch: Patch,
) -> None:
    monkeypatch.setattr(verification, "first_broken", lambda given, trusted: None)
    with pytest.raises(AssertionError):
        witnesses.test_a_whole_rewrite_with_the_stolen_key_is_caught_against_the_witness(at, kept)
