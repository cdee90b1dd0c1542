"""`bihuan ledger`: seal, verify, export."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bihuan.cli.printing import add_json, as_json, spelt

if TYPE_CHECKING:
    from bihuan.cli.main import Commands
    from bihuan.ledger.verification import Report


def add(commands: "Commands") -> None:
    ledger = commands.add_parser("ledger", help="seal, verify or export the record of what happened")
    verbs = ledger.add_subparsers(metavar="VERB", required=True)
    seal = verbs.add_parser("seal", help="sign the heads of all chains that grew")
    add_json(seal)
    seal.set_defaults(run=run_seal)
    verify = verbs.add_parser("verify", help="read everything and name the first thing that is not as it was written")
    verify.add_argument("--anchor", metavar="HASH", help="hash of a seal that was kept elsewhere")
    verify.add_argument(
        "--public-key", metavar="FILE", type=Path, action="append", default=[], help="trust this key as well"
    )
    verify.add_argument("--witness", metavar="FILE", type=Path, help="what a witness was given, or a mail to it")
    add_json(verify)
    verify.set_defaults(run=run_verify)
    witness = verbs.add_parser("witness", help="what witnesses outside were given last")
    witness.add_argument("--now", action="store_true", help="seal, and state now how the ledger stands")
    add_json(witness)
    witness.set_defaults(run=run_witness)
    listed = verbs.add_parser("keys", help="the keys of the seals, newest first")
    add_json(listed)
    listed.set_defaults(run=run_keys)
    rotate = verbs.add_parser(
        "rotate-key", help="sign seals with a new key from now on, vouched for by the present one"
    )
    rotate.add_argument("--lost", metavar="REASON", default="", help="the present key is gone; nobody vouches then")
    add_json(rotate)
    rotate.set_defaults(run=run_rotate)
    export = verbs.add_parser("export", help="print every entry, then every seal, one JSON value per line")
    export.add_argument("--root", metavar="KIND:ID", help="only this chain, without seals")
    export.set_defaults(run=run_export)


def run_seal(arguments: argparse.Namespace) -> int:
    from bihuan.ledger.queries import seal_card
    from bihuan.ledger.sealing import seal_all
    from bihuan.worker.clock import database_now

    cards = [seal_card(seal) for seal in seal_all(at=database_now())]
    if arguments.json:
        print(as_json([asdict(card) for card in cards]))
    else:
        print("\n".join(f"{card.seq} {card.hash} ({card.leaves} chains)" for card in cards) or "Nothing new to seal.")
    return 0


def run_keys(arguments: argparse.Namespace) -> int:
    """Exit code 1 when the data directory does not hold the key that is to sign now."""
    from bihuan.ledger.enums import KeyState
    from bihuan.ledger.rotation import key_cards, key_state

    state, cards = key_state(), key_cards()
    if arguments.json:
        print(as_json({"state": state, "keys": [asdict(card) for card in cards]}))
    else:
        print("\n".join([f"{card.at.isoformat()} {card.fingerprint} {card.public_key}" for card in cards] or [state]))
        if state in {KeyState.LOST, KeyState.REPLACED}:
            print(f"The key in the data directory: {state}.", file=sys.stderr)
    return 1 if state in {KeyState.LOST, KeyState.REPLACED} else 0


def run_rotate(arguments: argparse.Namespace) -> int:
    """Exit code 1 when there is no key that could vouch for the new one, or one that still could is given up."""
    from bihuan.kernel.actor import SYSTEM
    from bihuan.ledger.errors import KeyIsNotOurs, KeyIsThere
    from bihuan.ledger.rotation import key_cards, rotate_key
    from bihuan.worker.clock import database_now

    try:
        rotate_key(actor=SYSTEM, at=database_now(), lost_because=arguments.lost)
    except KeyIsNotOurs:
        print("There is no key to vouch for the next one: bring ledger/seal.key back, or add --lost.", file=sys.stderr)
        return 1
    except KeyIsThere:
        print("The key is there and can vouch for the next one: leave --lost out.", file=sys.stderr)
        return 1
    card = key_cards()[0]
    print(as_json(asdict(card)) if arguments.json else f"{card.fingerprint} {card.public_key}")
    return 0


def run_witness(arguments: argparse.Namespace) -> int:
    """Exit code 1 when one of them is behind, when there is none, or when the key that signs is gone."""
    from bihuan.evidence.queries import witness_cards
    from bihuan.evidence.witnesses import state
    from bihuan.ledger.errors import KeyIsNotOurs
    from bihuan.ledger.sealing import seal_all
    from bihuan.worker.clock import database_now

    at = database_now()
    try:
        if arguments.now:
            seal_all(at=at)
            state(at=at)
    except KeyIsNotOurs:
        print("The key that signs is not in the data directory: see `bihuan ledger keys`.", file=sys.stderr)
        return 1
    cards = witness_cards(at)
    if arguments.json:
        print(as_json([asdict(card) for card in cards]))
    else:
        lines = [f"{each.witness} {each.place}: seal {each.seal} {each.merkle_root} {each.error}" for each in cards]
        print("\n".join(line.strip() for line in lines) or "No witness is set up: BIHUAN_WITNESS_FILE, _URL or _MAIL.")
    return 0 if cards and not any(card.is_late for card in cards) else 1


def run_verify(arguments: argparse.Namespace) -> int:
    """Exit code 0 when everything is as written, 1 when something is not, 2 when a file given cannot be read."""
    from bihuan.ledger.verification import verify
    from bihuan.ledger.witnessing import read_given

    try:
        keys = [path.read_text(encoding="ascii").strip() for path in arguments.public_key]
    except (OSError, UnicodeDecodeError) as error:
        print(f"The public key cannot be read: {error}", file=sys.stderr)
        return 2
    try:
        given = read_given(arguments.witness.read_text(encoding="utf-8")) if arguments.witness else []
    except (OSError, ValueError) as error:
        print(f"What the witness was given cannot be read: {error}", file=sys.stderr)
        return 2
    report = verify(anchor=arguments.anchor, public_keys=keys, witnessed=given)
    print(as_json({"ok": report.first is None, **asdict(report)}) if arguments.json else said(report))
    return 0 if report.first is None else 1


def said(report: "Report") -> str:
    counted = f"{report.entries} entries in {report.chains} chains, {report.seals} seals"
    bad = [f"{problem.chain} seq {problem.seq}: {problem.what.value}" for problem in report.problems]
    return f"{counted}: as written." if not bad else "\n".join([f"{counted}: NOT as written.", *bad])


def run_export(arguments: argparse.Namespace) -> int:
    from bihuan.ledger.queries import exported
    from bihuan.ledger.verification import root_named

    try:
        root = root_named(arguments.root) if arguments.root else None
    except ValueError:
        print("A chain is named like collaboration:12.", file=sys.stderr)
        return 2
    for value in exported(root):
        print(json.dumps(value, ensure_ascii=False, sort_keys=True, default=spelt))
    return 0
