"""`bihuan administrator`: the first one, or the way back in when nobody knows a password any more."""

import argparse
import getpass
import sys
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bihuan.cli.main import Commands


def add(commands: "Commands") -> None:
    parser = commands.add_parser(
        "administrator", help="add an administrator, or give an account a new password and the right of one"
    )
    parser.add_argument("username", metavar="ACCOUNT")
    parser.add_argument("--name", default="", help="name of a new person; the account name when left out")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 when the person can sign in as an administrator, 1 when something was refused."""
    from bihuan.kernel.errors import DomainError
    from bihuan.kernel.sentences import explain

    try:
        let_in(arguments.username, arguments.name, asked_password())
    except DomainError as refusal:
        for finding in refusal.findings:
            said = explain(finding)
            print(f"{said.what} {said.mend}".strip(), file=sys.stderr)
        return 1
    print(f"{arguments.username} signs in as an administrator.")
    return 0


def asked_password() -> str:
    """Typed unseen at a terminal, else the first line of the input; never an argument, which others could read."""
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def let_in(username: str, name: str, password: str) -> None:
    """All of it or nothing."""
    from django.db import transaction

    from bihuan.kernel.actor import SYSTEM
    from bihuan.organisation import operations
    from bihuan.worker.clock import database_now

    at = database_now()
    with transaction.atomic():
        person_id = made_administrator(username, name, at)
        operations.set_password(person_id, password=password, actor=SYSTEM, at=at)


def made_administrator(username: str, name: str, at: datetime) -> int:
    """Who has the account, with the right of an administrator; a new person when nobody has it."""
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.errors import NotFound
    from bihuan.organisation import operations, queries

    try:
        person = queries.person_called(username)
    except NotFound:
        added = operations.add_person(
            username=username, name=name or username, is_administrator=True, actor=SYSTEM, at=at
        )
        return added.pk
    if not person.is_administrator:
        operations.change_person(person.pk, seen_revision=person.revision, is_administrator=True, actor=SYSTEM, at=at)
    return person.pk
