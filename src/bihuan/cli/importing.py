"""`bihuan import`: bring organisations and collaborations in from a folder, workbooks, CSV or JSON."""

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands
    from bihuan.integrations.neutral.problems import Problem
    from bihuan.integrations.neutral.run import Report
    from bihuan.integrations.tables.naming import Unlisted
    from bihuan.kernel.findings import Finding

PRINTED = 100


def add(commands: "Commands") -> None:
    parser = commands.add_parser(
        "import", help="bring in an organisation and its matters: a folder, .xlsx, .csv or JSON"
    )
    parser.add_argument("folder", metavar="PATH", type=Path)
    parser.add_argument(
        "--mapping", metavar="FILE", type=Path, help="which sheet is which table, as --print-mapping says"
    )
    parser.add_argument("--print-mapping", action="store_true", help="print how sheets and columns are understood")
    parser.add_argument(
        "--make-departments",
        action="store_true",
        help="make the departments that rows of people name and no list has",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would come in and write nothing")
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 when everything readable came in, 1 when a file could not be read at all, 130 when stopped."""
    from bihuan.documents.errors import Unsafe
    from bihuan.integrations.neutral.problems import Unreadable
    from bihuan.integrations.tables.source import finding_of
    from bihuan.kernel.errors import Refused

    meter = Meter()
    try:
        if arguments.print_mapping:
            return print_mapping(arguments.folder)
        report, unlisted = bring_in(arguments, meter)
    except Unreadable as error:
        return refused([error.finding], arguments)
    except Unsafe as error:
        return refused([finding_of(error)], arguments)
    except Refused as error:
        return refused(error.findings, arguments)
    except KeyboardInterrupt:
        meter.end()
        print("Stopped. What came in is whole; the same command goes on from there.", file=sys.stderr)
        return 130
    meter.end()
    print(as_json(document(report, unlisted, arguments)) if arguments.json else said(report, unlisted, arguments))
    return 0


def bring_in(arguments: argparse.Namespace, meter: "Meter") -> "tuple[Report, list[Unlisted]]":
    """What came in, and the departments that rows name, no list has and nobody made."""
    from bihuan.integrations.foreseeing import Before, foresee
    from bihuan.integrations.neutral.run import run_import
    from bihuan.integrations.queries import everything_before
    from bihuan.integrations.tables.source import opened
    from bihuan.kernel.now import now

    def wanted(each: "Unlisted") -> bool:
        return bool(arguments.make_departments and each.people)

    at, before = now(), Before()
    look = (lambda chunk: foresee(chunk, before, at)) if arguments.dry_run else None
    with opened(arguments.folder, mapping=arguments.mapping, elsewhere=everything_before(), wanted=wanted) as ready:
        report = run_import(
            ready.folder, at=at, dry_run=arguments.dry_run, progress=meter.show, problems=ready.problems, foresee=look
        )
        return report, [each for each in ready.unlisted if not wanted(each)]


def print_mapping(path: Path) -> int:
    from bihuan.integrations.tables.mapping import recognise
    from bihuan.integrations.tables.source import files_in, present, sheets_of

    sheets = sheets_of(present(files_in(path)))
    print(as_json({"sheets": [recognise(sheet).as_json() for sheet in sheets]}))
    return 0


def refused(findings: "Iterable[Finding]", arguments: argparse.Namespace) -> int:
    """Why nothing came in: in words, and with `--json` as a document too."""
    from bihuan.kernel.sentences import explain

    said = [(finding, explain(finding)) for finding in findings]
    for _finding, told in said:
        print(f"{told.what} {told.mend}", file=sys.stderr)
    if arguments.json:
        rows = [
            {"file": finding.params.get("file", ""), "code": finding.code, "reason": told.what, "severity": "ERROR"}
            for finding, told in said
        ]
        about = {"folder": str(arguments.folder), "dry_run": arguments.dry_run}
        print(as_json({**about, "problem_count": len(rows), "problems": rows}))
    return 1


class Meter:
    """Rows done, rows in all and the rate, on stderr: one line that moves on a terminal, else a line a second."""

    def __init__(self) -> None:
        self.began = self.shown = time.monotonic()
        self.moving = sys.stderr.isatty()
        self.last = ""

    def show(self, done: int, total: int) -> None:
        moment = time.monotonic()
        self.last = f"{done} / {total} rows, {done / max(moment - self.began, 0.001):.0f} a second"
        if self.moving:
            print(f"\r{self.last}\x1b[K", end="", file=sys.stderr, flush=True)
        elif moment - self.shown >= 1:
            print(self.last, file=sys.stderr, flush=True)
            self.shown, self.last = moment, ""

    def end(self) -> None:
        if self.moving or self.last:
            print("" if self.moving else self.last, file=sys.stderr, flush=True)


def document(report: "Report", unlisted: "list[Unlisted]", arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "folder": str(arguments.folder),
        "dry_run": arguments.dry_run,
        **report.counts,
        **({"beside": report.beside} if report.beside else {}),
        **({"unlisted": [asdict(each) for each in unlisted]} if unlisted else {}),
        "problem_count": report.problem_count,
        "problem_counts": dict(report.problem_counts.most_common()),
        "problems": [as_row(problem) for problem in report.problems],
        **({"changes": [asdict(change) for change in report.changes]} if arguments.dry_run else {}),
    }


def as_row(problem: "Problem") -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "row": problem.row,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "reason": reason(problem),
        "severity": problem.severity.value,
    }


def reason(problem: "Problem") -> str:
    from bihuan.kernel.sentences import explain

    return explain(problem.as_finding()).what


def changes_said(report: "Report") -> list[str]:
    """What would change, value by value, as it is and as it would be."""
    from bihuan.integrations.neutral.problems import shown
    from bihuan.integrations.tables.wording import changed_values

    lines = [
        f"{change.file}:{change.line} {shown(change.row)} {value.label}: {shown(value.before)} → {shown(value.after)}"
        for change in report.changes[:PRINTED]
        for value in changed_values(change)
    ]
    if len(report.changes) > PRINTED:
        lines.append(f"… {len(report.changes) - PRINTED} more rows that change; --json lists them.")
    return lines


def said(report: "Report", unlisted: "list[Unlisted]", arguments: argparse.Namespace) -> str:
    lines = [f"{'':20}{'created':>10}{'updated':>10}{'unchanged':>10}{'rejected':>10}"]
    for kind, counts in {**report.counts, **report.beside}.items():
        lines.append(f"{kind:20}" + "".join(f"{count:>10}" for count in counts.values()))
    for code, count in report.problem_counts.most_common():
        lines.append(f"{count:>8} × {code}")
    lines += [
        f"{problem.file}:{problem.line} {problem.row} {problem.field}: {reason(problem)}"
        for problem in report.problems[:PRINTED]
    ]
    if report.problem_count > PRINTED:
        lines.append(f"… {report.problem_count - PRINTED} more; --json lists them.")
    if of_people := sum(1 for each in unlisted if each.people):
        lines.append(f"Rows of people name {of_people} departments that no list has; --make-departments makes them.")
    lines += changes_said(report)
    if arguments.dry_run:
        lines.append("Nothing was written.")
    return "\n".join(lines)
