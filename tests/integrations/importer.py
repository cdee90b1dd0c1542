"""`python -m tests.integrations.importer FOLDER [FAULT]`: an import in chunks of five, to be killed from outside.

FAULT `unkeyed` is the planted one: every run gives the rows keys of its own, as an importer without keys does.
"""

import dataclasses
import os
import sys
from pathlib import Path
from typing import Any

from bihuan.cli.main import load


def main(folder: str, fault: str = "") -> None:
    load()
    from bihuan.integrations.neutral import run, work
    from bihuan.kernel.now import now

    work.CHUNK = 5
    if fault == "unkeyed":
        keyed = work.matter_chunks
        work.matter_chunks = lambda *given: (unkeyed(chunk) for chunk in keyed(*given))
    run.run_import(Path(folder), at=now(), progress=tell)


def unkeyed(chunk: Any) -> Any:
    return dataclasses.replace(chunk, entries=[
        dataclasses.replace(each, row=dataclasses.replace(each.row, source_key=f"{each.key}#{os.getpid()}"))
        for each in chunk.entries
    ])  # fmt: skip


def tell(done: int, total: int) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
