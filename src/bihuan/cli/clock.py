"""`bihuan clock`: when a limit is over, and why. Needs neither a database nor options, and loads no Django."""

import argparse
import io
import json
import re
import sys
from typing import TYPE_CHECKING

from bihuan.clock.asking import HOME, OPTIONS, Question, answer, answer_lines, as_data, refusal
from bihuan.clock.errors import ClockError
from bihuan.clock.limits import Profile
from bihuan.clock.sentences import said
from bihuan.clock.shifts import USUAL

if TYPE_CHECKING:
    from bihuan.cli.main import Commands

EPILOG = """\
LIMIT: 2h elapsed hours, 4wh working hours, 3wd working days, 5d calendar days.
Without START one JSON object a line is read from standard input (start, limit, and the options by name), and each is
answered with one line. Exit code 2 when something could not be read.
"""


def add(commands: "Commands") -> None:
    parser = commands.add_parser(
        "clock",
        help="when a limit is over, in working time, and why",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser._negative_number_matcher = re.compile(r"-\d")  # `-2h` is a limit to be refused in words, not an option
    parser.add_argument("start", metavar="START", nargs="?", help="2026-11-20T16:30, with an offset or in the zone")
    parser.add_argument("limit", metavar="LIMIT", nargs="?", help="2h, 4wh, 3wd or 5d")
    parser.add_argument("--zone", help=f"time zone of who must act, else {HOME}")
    parser.add_argument("--country", help="whose holidays, CN or DE or DE-BY; else the country of the zone")
    parser.add_argument("--hours", help=f"working hours, else {USUAL}")
    parser.add_argument("--profile", help=" or ".join(Profile) + f", else {Profile.LITERAL}")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 2 for a question that cannot be read."""
    speak_unicode()
    if arguments.start is None:
        return run_lines()
    if arguments.limit is None:
        return refuse(ClockError("clock.limit_unreadable", "limit", limit=""), as_json=arguments.json)
    given = {name: getattr(arguments, name) for name in OPTIONS if getattr(arguments, name) is not None}
    try:
        found = as_data(*answer(Question(arguments.start, arguments.limit, **given)))
    except ClockError as error:
        return refuse(error, as_json=arguments.json)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        mark = "  provisional 暂定" if found["provisional"] else ""
        print(found["due"] + mark, *found["explanation"].values(), sep="\n")
    return 0


def refuse(error: ClockError, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(refusal(error), ensure_ascii=False))
    else:
        print(*said(error).values(), sep="\n", file=sys.stderr)
    return 2


def run_lines() -> int:
    """Each line is answered as soon as it is read, so that a program can talk with the clock."""
    whole = True
    for is_answer, found in answer_lines(sys.stdin):
        whole &= is_answer
        print(json.dumps(found, ensure_ascii=False), flush=sys.stdout.isatty())
    return 0 if whole else 2


def speak_unicode() -> None:
    """What is no text is shown as it can be, in and out, instead of ending the command."""
    for stream, encoding, errors in ((sys.stdin, "utf-8-sig", "replace"), (sys.stdout, "utf-8", "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)
