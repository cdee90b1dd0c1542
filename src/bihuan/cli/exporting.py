"""`bihuan export`: everything a person may see, into a folder or a file."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bihuan.cli.importing import Meter
from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands


def add(commands: "Commands") -> None:
    parser = commands.add_parser("export", help="everything a person may see, as files that import reads")
    parser.add_argument("path", metavar="PATH", type=Path, help="a new folder, NAME.zip or NAME.xlsx")
    parser.add_argument("--as", dest="account", metavar="PERSON", required=True, help="account of the person")
    parser.add_argument("--form", choices=("json", "csv", "xlsx"), help="xlsx for NAME.xlsx, else json")
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when nobody has the account, the path is taken, or a workbook is too small; nothing stays there."""
    from bihuan.integrations.neutral_out.run import export_to
    from bihuan.integrations.neutral_out.sheets import TooLongForSheet
    from bihuan.kernel.errors import NotFound
    from bihuan.kernel.now import now
    from bihuan.organisation.queries import actor_for, person_called

    form = arguments.form or ("xlsx" if arguments.path.suffix == ".xlsx" else "json")
    meter, at = Meter(), now()
    try:
        actor = actor_for(person_called(arguments.account), at)
        count = export_to(arguments.path, form=form, actor=actor, at=at, progress=meter.show)
    except NotFound:
        return refused(f"Nobody has the account {arguments.account}.")
    except FileExistsError:
        return refused(f"{arguments.path} is there already; nothing is overwritten.")
    except TooLongForSheet as sheet:
        arguments.path.unlink(missing_ok=True)
        return refused(f"A workbook is too small for the table {sheet}. Take --form csv or json.")
    finally:
        meter.end()
    document = {"path": str(arguments.path), "form": form, "matters": count}
    print(as_json(document) if arguments.json else f"{count} matters, {arguments.path}")
    return 0


def refused(said: str) -> int:
    print(said, file=sys.stderr)
    return 1
