"""`bihuan deadlines`: the rules of time, and what an hour of each is."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands


def add(commands: "Commands") -> None:
    parser = commands.add_parser("deadlines", help="the rules of time")
    parts = parser.add_subparsers(title="deadlines commands", metavar="COMMAND", required=True)
    listed = parts.add_parser("rules", help="every rule: how long, what an hour is, how many run")
    add_json(listed)
    listed.set_defaults(run=run_rules)
    chosen = parts.add_parser("choose", help="say what an hour of a rule is, for what begins from now on")
    chosen.add_argument("rule", metavar="RULE", help="such as T18")
    chosen.add_argument("profile", choices=("literal", "work-aware", "shipped"), help="literal counts day and night")
    chosen.set_defaults(run=run_choose)


def run_rules(arguments: argparse.Namespace) -> int:
    from bihuan.deadlines import queries
    from bihuan.kernel.now import now

    rows: list[dict[str, Any]] = [
        {
            "id": card.rule.id,
            "limits": dict(card.rule.limits),
            "profile": str(card.profile) if card.rule.may_count_work else "",
            "running": sum(card.running.values()),
        }
        for card in queries.rule_cards(now())
    ]
    if arguments.json:
        print(as_json({"rules": rows}))
        return 0
    for row in rows:
        limits = ", ".join(f"{kind} {limit}".strip() for kind, limit in row["limits"].items()) or "-"
        print(f"{row['id']}  {limits:32} {row['profile']:10} {row['running']} running")
    return 0


def run_choose(arguments: argparse.Namespace) -> int:
    """Exit code 1 for a rule that does not exist or leaves no choice; then nothing is written."""
    from bihuan.deadlines import operations, queries
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.errors import DomainError
    from bihuan.kernel.now import now
    from bihuan.kernel.sentences import explain

    at = now()
    profile = "" if arguments.profile == "shipped" else arguments.profile
    seen = {card.rule.id: card.revision for card in queries.rule_cards(at)}
    rule = arguments.rule.upper()
    try:
        operations.choose_profile(rule, profile=profile, seen_revision=seen.get(rule, 0), actor=SYSTEM, at=at)
    except DomainError as refusal:
        for finding in refusal.findings:
            told = explain(finding)
            print(f"{rule}: {told.what} {told.mend}", file=sys.stderr)
        return 1
    print(f"{rule}: {arguments.profile}")
    return 0
