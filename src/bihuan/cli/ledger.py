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
    add_json(verify)
    verify.set_defaults(run=run_verify)
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


def run_verify(arguments: argparse.Namespace) -> int:
    """Exit code 0 when everything is as written, 1 when something is not, 2 when a key file cannot be read."""
    from bihuan.ledger.verification import verify

    try:
        keys = [path.read_text(encoding="ascii").strip() for path in arguments.public_key]
    except (OSError, UnicodeDecodeError) as error:
        print(f"The public key cannot be read: {error}", file=sys.stderr)
        return 2
    report = verify(anchor=arguments.anchor, public_keys=keys)
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
