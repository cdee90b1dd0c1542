"""`bihuan demo`: a company whose matters stand in every step, made by the same operations people use."""

import argparse
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands


def add(commands: "Commands") -> None:
    demo = commands.add_parser("demo", help="found the demo company if nobody is there yet")
    add_json(demo)
    demo.set_defaults(run=run_demo)


def run_demo(arguments: argparse.Namespace) -> int:
    """Exit code 1 outside demo mode: a company at work is no place for invented people."""
    import sys

    from django.conf import settings

    if not settings.DEMO:
        print("The demo company is founded in demo mode only (BIHUAN_MODE=demo).", file=sys.stderr)
        return 1
    founded = found_company_if_empty()
    said = "The demo company is founded." if founded else "People are there already; nothing was written."
    print(as_json({"founded": founded}) if arguments.json else said)
    return 0


def found_company_if_empty() -> bool:
    """Found the demo company unless there are people; whether it was founded now."""
    from bihuan.kernel.now import now
    from bihuan.organisation.queries import people_page

    at = now()
    if people_page(at, size=1).people:
        return False
    found_company(at)
    return True


def found_company(at: datetime) -> None:
    """The company and its matters as they stand at this instant; all of it or nothing."""
    from django.db import transaction

    from bihuan.cli.demo import company, drafts, matters

    with transaction.atomic():
        founded = company.found(at - timedelta(days=200))
        matters.begin_all(founded, now=at)
        drafts.begin_launch(founded, at=at - timedelta(days=1, hours=3))
        drafts.begin_campaign(founded, at=at - timedelta(hours=2))
