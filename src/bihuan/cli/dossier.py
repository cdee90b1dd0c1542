"""`bihuan dossier`: all of a matter, so that somebody outside can check it."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands


def add(commands: "Commands") -> None:
    dossier = commands.add_parser("dossier", help="all of a matter, to be checked without Bihuan")
    verbs = dossier.add_subparsers(metavar="VERB", required=True)
    export = verbs.add_parser("export", help="texts, files, signatures, history and proofs of a matter in one archive")
    export.add_argument("number", metavar="NUMBER", help="number of the matter")
    export.add_argument("--to", metavar="FILE", type=Path, help="where to, else NUMBER.zip; nothing is overwritten")
    export.add_argument("--as", dest="account", metavar="PERSON", default="", help="only what this person may read")
    export.add_argument("--language", choices=("zh-hans", "en"), default="", help="of the page to read")
    add_json(export)
    export.set_defaults(run=run_export)


def run_export(arguments: argparse.Namespace) -> int:
    """Exit code 1 when there is no such matter for the person, the file is there, or the key that signs is gone."""
    from django.conf import settings
    from django.utils import translation

    from bihuan.evidence.operations import make_dossier
    from bihuan.kernel.errors import NotFound
    from bihuan.ledger.errors import KeyIsNotOurs
    from bihuan.worker.clock import database_now

    target, at = arguments.to or Path(f"{arguments.number}.zip"), database_now()
    if target.exists():
        return refused(f"{target} is there already; nothing is overwritten.")
    try:
        matter, reader = found(arguments.number, arguments.account, at)
        with translation.override(arguments.language or settings.LANGUAGE_CODE), written(target) as handle:
            make_dossier(matter, to=handle, reader=reader, at=at)
    except NotFound:
        return refused(f"There is no matter {arguments.number}" + (" for that person." if arguments.account else "."))
    except KeyIsNotOurs:
        return refused("The key that signs is not in the data directory: see `bihuan ledger keys`.")
    document = {"path": str(target), "bytes": target.stat().st_size, **signed_by()}
    print(as_json(document) if arguments.json else f"{target}, signed by the key {document['fingerprint']}")
    return 0


@contextmanager
def written(target: Path) -> Iterator[BinaryIO]:
    """A file beside the target that takes its place when all is written; nothing stays of one that fails."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as handle:
        made = Path(handle.name)
        try:
            yield cast("BinaryIO", handle)
            handle.flush()
            made.replace(target)
        finally:
            made.unlink(missing_ok=True)


def found(number: str, account: str, at: Any) -> tuple[Any, Any]:
    """The matter, and who is to read it: nobody when all of it is meant. Raises NotFound."""
    from bihuan.collaborations.queries import collaboration_for, collaboration_numbered
    from bihuan.organisation.queries import actor_for, person_called

    matter = collaboration_numbered(number)
    if not account:
        return matter, None
    reader = actor_for(person_called(account), at)
    return collaboration_for(reader, matter.pk, at=at), reader


def signed_by() -> dict[str, str]:
    from bihuan.ledger.rotation import key_cards

    card = key_cards()[0]
    return {"fingerprint": card.fingerprint, "public_key": card.public_key}


def refused(said: str) -> int:
    print(said, file=sys.stderr)
    return 1
