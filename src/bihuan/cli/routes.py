"""`bihuan routes`: the routes of decisions, listed, shown, checked against the organisation, exported, imported."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from bihuan.cli.playbook import read, tell
from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands


def add(commands: "Commands") -> None:
    parser = commands.add_parser("routes", help="who decides in which order, as texts")
    parts = parser.add_subparsers(title="routes commands", metavar="COMMAND", required=True)
    shown = parts.add_parser("show", help="every route, or the steps of one in words")
    shown.add_argument("key", metavar="KEY", nargs="?")
    add_json(shown)
    shown.set_defaults(run=run_show)
    linted = parts.add_parser("lint", help="what is wrong with the published routes in the organisation of today")
    linted.add_argument("keys", metavar="KEY", nargs="*", help="all of them if none is named")
    linted.set_defaults(run=run_lint)
    exported = parts.add_parser("export", help="write out the text of a version, the newest if none is named")
    exported.add_argument("key", metavar="KEY")
    exported.add_argument("--version", type=int)
    exported.set_defaults(run=run_export)
    imported = parts.add_parser("import", help="publish a text as the next version of the route it names")
    imported.add_argument("file", metavar="FILE", help="the text, - for standard input")
    imported.add_argument("--note", required=True, help="what changes, in one sentence")
    imported.set_defaults(run=run_import)


def run_show(arguments: argparse.Namespace) -> int:
    from bihuan.approvals import routing
    from bihuan.web.routes.drawing import name_of, steps_of

    if arguments.key is None:
        rows = [
            {"key": each.route.key, "version": each.version, "name": name_of(each.body)} for each in routing.newest()
        ]
        print(as_json(rows) if arguments.json else "\n".join("{key}  v{version}  {name}".format(**row) for row in rows))
        return 0
    version = _found(arguments.key, None)
    if version is None:
        return 1
    if arguments.json:
        print(as_json(version.body))
        return 0
    for step in steps_of(version.body):
        print("  ".join(filter(None, (f"{step.number}. {step.name}", step.rule, "、".join(step.slots), step.when))))
    return 0


def run_lint(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a route could not be completed; what is only doubtful is told and counts as nothing."""
    from bihuan.approvals import routing
    from bihuan.kernel.findings import errors
    from bihuan.kernel.now import now
    from bihuan.kernel.sentences import explain

    known = {version.route.key: version for version in routing.newest()}
    missing = [key for key in arguments.keys if key not in known]
    for key in missing:
        print(f"{key}: there is no such route.", file=sys.stderr)
    wrong = bool(missing)
    for key in [key for key in known if not arguments.keys or key in arguments.keys]:
        findings = routing.lint_findings(known[key].body, now())
        wrong = wrong or bool(errors(findings))
        for finding in findings:
            said = explain(finding)
            print(f"{key}: {finding.place}: {said.what} {said.mend}".rstrip(), file=sys.stderr)
    return 1 if wrong else 0


def run_export(arguments: argparse.Namespace) -> int:
    from bihuan.collaborations.policy.playbook_text import write_text

    version = _found(arguments.key, arguments.version)
    if version is None:
        return 1
    print(write_text(version.body), end="")
    return 0


def run_import(arguments: argparse.Namespace) -> int:
    """Whoever may run commands here answers for it as the machine does; exit code 1 when it is refused."""
    from bihuan.collaborations.operations.route_texts import write_route
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.errors import Refused
    from bihuan.kernel.now import now

    text = read(arguments.file)
    if text is None:
        return 1
    try:
        version = write_route(text, note=arguments.note, actor=SYSTEM, at=now())
    except Refused as refusal:
        tell(arguments.file, list(refusal.findings))
        return 1
    print(f"{version.route.key}  v{version.version}")
    return 0


def _found(key: str, number: int | None) -> Any:
    from bihuan.approvals import routing
    from bihuan.kernel.errors import NotFound

    try:
        return routing.newest_version(key) if number is None else routing.version_of(key, number)
    except NotFound:
        print(f"{key}{'' if number is None else f' v{number}'}: there is no such route.", file=sys.stderr)
        return None
