"""`bihuan outbox`: what is owed, what was given up, and sending it again."""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands
    from bihuan.outbox.queries import DeliveryCard


def add(commands: "Commands") -> None:
    outbox = commands.add_parser("outbox", help="deliveries owed and deliveries given up")
    verbs = outbox.add_subparsers(metavar="VERB", required=True)
    for name, state, said in (("list", "PENDING", "what is still owed"), ("dead", "DEAD", "what was given up")):
        verb = verbs.add_parser(name, help=said)
        verb.add_argument("--limit", type=int, default=100)
        add_json(verb)
        verb.set_defaults(run=run_list, state=state)
    replay = verbs.add_parser("replay", help="owe dead letters again")
    replay.add_argument("delivery", nargs="*", help="ids of dead letters")
    replay.add_argument("--all", action="store_true", help="every dead letter")
    add_json(replay)
    replay.set_defaults(run=run_replay)


def run_list(arguments: argparse.Namespace) -> int:
    from bihuan.outbox.enums import State
    from bihuan.outbox.queries import deliveries

    cards = deliveries(state=State(arguments.state), limit=arguments.limit)
    print(as_json([asdict(card) for card in cards]) if arguments.json else "\n".join(map(line, cards)) or "None.")
    return 0


def line(card: "DeliveryCard") -> str:
    error = card.last_error.strip().splitlines()[-1:] or [""]
    return f"{card.id}  {card.topic}  attempt {card.attempts}  next {card.next_at:%Y-%m-%d %H:%M:%S%z}  {error[0]}"


def run_replay(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a named delivery does not exist or is not dead; the others are replayed all the same."""
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.errors import DomainError
    from bihuan.outbox.queries import dead_letters
    from bihuan.worker.clock import database_now
    from bihuan.worker.replaying import replay_delivery

    wanted = [card.id for card in dead_letters(limit=100_000)] if arguments.all else arguments.delivery
    replayed, refused = [], {}
    for delivery in wanted:
        try:
            replay_delivery(delivery, actor=SYSTEM, at=database_now())
            replayed.append(delivery)
        except DomainError as error:
            refused[delivery] = error.code
    if arguments.json:
        print(as_json({"replayed": replayed, "refused": refused}))
    else:
        print(f"{len(replayed)} replayed.")
        for delivery, code in refused.items():
            print(f"{delivery}: {code}", file=sys.stderr)
    return 1 if refused else 0
