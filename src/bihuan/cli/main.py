"""`bihuan`: one command per module of this package that has an `add` function.

`add(commands)` adds its parsers and sets `run=function(arguments) -> exit code` on each. A module named in `PURE` needs
no options, no database and no Django, and is loaded alone.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bihuan import cli

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

PURE = {"clock"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says honestly whether it did what it was asked."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    alone = words[0] if words and words[0] in PURE else None
    if alone is None and (problem := load()) is not None:
        print(problem, file=sys.stderr)
        return 2
    chosen = parser(only=alone).parse_args(words)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except BrokenPipeError:  # `| head` is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def load() -> str | None:
    """Put the current SQLite in place and set Django up. Returns what is wrong with the options, if anything."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    importlib.import_module("bihuan.config")

    import django
    from pydantic import ValidationError

    try:
        django.setup()
    except ValidationError as error:
        return "\n".join(
            f"BIHUAN_{'_'.join(str(part) for part in one['loc']).upper()}: {one['msg']}" for one in error.errors()
        )
    return None


def parser(*, only: str | None = None) -> argparse.ArgumentParser:
    """Every command, or one of those that stand alone."""
    root = argparse.ArgumentParser(prog="bihuan", description="Work that crosses departments, carried to its end.")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in [only] if only else sorted(module.name for module in pkgutil.iter_modules(cli.__path__)):
        add = getattr(importlib.import_module(f"{cli.__name__}.{name}"), "add", None)
        if add is not None:
            add(commands)
    return root


if __name__ == "__main__":
    sys.exit(main())
