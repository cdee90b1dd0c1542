"""`bihuan calendar`: working calendars on the command line, and official years brought in from files."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands
    from bihuan.clock.published import Notice
    from bihuan.kernel.findings import Finding


def add(commands: "Commands") -> None:
    parser = commands.add_parser("calendar", help="working calendars and official years")
    parts = parser.add_subparsers(title="calendar commands", metavar="COMMAND", required=True)
    listed = parts.add_parser("list", help="the working hours of the company and of every site, and the years loaded")
    add_json(listed)
    listed.set_defaults(run=run_list)
    loaded = parts.add_parser("load", help="take official years from a JSON notice, an iCalendar file or a table (CSV)")
    loaded.add_argument("file", metavar="FILE", type=Path)
    loaded.add_argument("--country", default="CN", help="whose days they are, else CN")
    loaded.add_argument("--dry-run", action="store_true", help="say what is in the file and write nothing")
    add_json(loaded)
    loaded.set_defaults(run=run_load)


def run_list(arguments: argparse.Namespace) -> int:
    from bihuan.kernel.now import now
    from bihuan.organisation import queries

    cards, years = queries.calendar_cards(now()), queries.official_year_cards()
    if arguments.json:
        print(
            as_json({"calendars": [asdict(card) for card in cards], "official_years": [asdict(year) for year in years]})
        )
        return 0
    for card in cards:
        print(f"{card.name or '*'}  {card.time_zone}  {card.now.hours}  {card.now.country}")
    first, last = queries.built_in_years()
    print(f"Official years of CN built in: {first} to {last}.")
    for year in years:
        print(f"{year.country} {year.year}: {year.days_off} days off, {year.days_worked} worked to make up")
    return 0


def run_load(arguments: argparse.Namespace) -> int:
    """Exit code 1 when the file cannot be read or is not whole; then nothing is written."""
    from bihuan.clock.errors import ClockError
    from bihuan.clock.published import LARGEST, read_notices
    from bihuan.kernel.errors import Refused
    from bihuan.kernel.findings import Finding

    try:
        with arguments.file.open("rb") as file:
            notices = read_notices(file.read(LARGEST + 1), country=arguments.country.upper())
        done = {notice.year: "read" for notice in notices}
        if not arguments.dry_run:
            done = load(notices, arguments.country)
    except OSError as error:
        print(f"{arguments.file}: {error.strerror}", file=sys.stderr)
        return 1
    except ClockError as error:
        return refuse([Finding(error.code, error.place, error.params)])
    except Refused as refusal:
        return refuse(refusal.findings)
    tell(notices, done, arguments)
    return 0


def load(notices: "list[Notice]", country: str) -> dict[int, str]:
    """Every year of the file, and the running deadlines that move by it owed to the worker."""
    from bihuan.agenda.operations import Change, change_calendar
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.now import now
    from bihuan.organisation import operations

    done: dict[int, str] = {}
    at = now()

    def act() -> None:
        done.update(operations.load_official_years(notices, country=country, actor=SYSTEM, at=at))

    years = ", ".join(str(notice.year) for notice in notices)
    change_calendar(Change(act, {}, None, f"{country.upper()} {years}"), seen=None, actor=SYSTEM, at=at)
    return done


def tell(notices: "list[Notice]", done: dict[int, str], arguments: argparse.Namespace) -> None:
    rows: list[dict[str, Any]] = [
        {
            "year": notice.year,
            "result": done[notice.year],
            "days_off": sum(day.is_off for day in notice.days),
            "days_worked": sum(not day.is_off for day in notice.days),
        }
        for notice in notices
    ]
    if arguments.json:
        print(as_json({"country": arguments.country.upper(), "dry_run": arguments.dry_run, "years": rows}))
        return
    for row in rows:
        print(f"{row['year']}: {row['result']}, {row['days_off']} days off, {row['days_worked']} worked to make up")
    if arguments.dry_run:
        print("Nothing was written.")


def refuse(findings: "list[Finding] | tuple[Finding, ...]") -> int:
    from bihuan.kernel.sentences import explain

    for finding in findings:
        told = explain(finding)
        print(f"{told.what} {told.mend}", file=sys.stderr)
    return 1
