"""`bihuan`: one command per module of this package that has an `add` function.

`add(commands)` adds its parsers and sets `run=function(arguments) -> exit code` on each.
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says honestly whether it did what it was asked."""
    if (problem := load()) is not None:
        print(problem, file=sys.stderr)
        return 2
    chosen = parser().parse_args(arguments)
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


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="bihuan", description="Work that crosses departments, carried to its end.")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in sorted(pkgutil.iter_modules(cli.__path__), key=lambda found: found.name):
        add = getattr(importlib.import_module(f"{cli.__name__}.{module.name}"), "add", None)
        if add is not None:
            add(commands)
    return root


if __name__ == "__main__":
    sys.exit(main())
