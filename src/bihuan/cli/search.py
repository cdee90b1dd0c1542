"""`bihuan search`: how the index stands, and making it anew."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands


def add(commands: "Commands") -> None:
    search = commands.add_parser("search", help="the search index")
    verbs = search.add_subparsers(metavar="VERB", required=True)
    show = verbs.add_parser("show", help="how many entries there are, and what the index has not read yet")
    add_json(show)
    show.set_defaults(run=run_show)
    rebuild = verbs.add_parser(
        "rebuild", help="make the index anew; searching goes on meanwhile and finds what is done"
    )
    add_json(rebuild)
    rebuild.set_defaults(run=run_rebuild)


def run_show(arguments: argparse.Namespace) -> int:
    from bihuan.search.queries import standing

    now = standing()
    said = f"{now.entries} entries; {now.behind} chains hold facts the index has not read."
    print(as_json(asdict(now)) if arguments.json else said)
    return 0


def run_rebuild(arguments: argparse.Namespace) -> int:
    from bihuan.search import operations
    from bihuan.worker.clock import database_now

    entries = operations.rebuild(at=database_now())
    print(as_json({"entries": entries}) if arguments.json else f"{entries} entries.")
    return 0
