"""`bihuan playbook`: playbooks as texts, listed, written out, checked, compared, tried out and published, and matters
that go on by them."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bihuan.cli.main import Commands
    from bihuan.collaborations.queries.rehearsing import Supposed
    from bihuan.collaborations.queries.walking_through import Walked
    from bihuan.kernel.actor import Actor
    from bihuan.kernel.findings import Finding

STANDARD_INPUT = "-"


def add(commands: "Commands") -> None:
    parser = commands.add_parser("playbook", help="how matters go from need to archive, as texts")
    parts = parser.add_subparsers(title="playbook commands", metavar="COMMAND", required=True)
    listed = parts.add_parser("list", help="every playbook and its newest version")
    add_json(listed)
    listed.set_defaults(run=run_list)
    shown = parts.add_parser("show", help="write out the text of a version, the newest if none is named")
    shown.add_argument("key", metavar="KEY")
    shown.add_argument("--version", type=int)
    shown.add_argument("--bpmn", action="store_true", help="the order of the steps as BPMN 2.0 instead")
    shown.set_defaults(run=run_show)
    compared = parts.add_parser("diff", help="what changed between two versions")
    compared.add_argument("key", metavar="KEY")
    compared.add_argument("before", metavar="BEFORE", type=int)
    compared.add_argument("after", metavar="AFTER", type=int)
    add_json(compared)
    compared.set_defaults(run=run_diff)
    checked = parts.add_parser("check", help="say what is wrong with a text, line by line; writes nothing")
    checked.add_argument("file", metavar="FILE", help="the text, - for standard input")
    checked.set_defaults(run=run_check)
    tried = parts.add_parser(
        "try", help="who would fill in and sign what, and by when; nobody is asked, nothing is written"
    )
    tried.add_argument("key", metavar="KEY", nargs="?", help="a published playbook")
    tried.add_argument("--file", help="a draft instead, - for standard input")
    tried.add_argument("--account", required=True, help="of whoever would begin it")
    tried.add_argument("--department", required=True, help="that would lead it, by its name")
    tried.add_argument("--involved", action="append", default=[], metavar="DEPARTMENT", help="one that would take part")
    tried.add_argument("--amount", default="0", help="in yuan")
    add_json(tried)
    tried.set_defaults(run=run_try)
    published = parts.add_parser("publish", help="publish a text as the next version of the playbook it names")
    published.add_argument("file", metavar="FILE", help="the text, - for standard input")
    published.add_argument("--note", required=True, help="what changes, in one sentence")
    published.set_defaults(run=run_publish)
    behind = parts.add_parser("matters", help="matters under way on older versions, and what keeps them there")
    behind.add_argument("key", metavar="KEY")
    behind.add_argument("--account", required=True, help="of the reader, of the project management office")
    add_json(behind)
    behind.set_defaults(run=run_matters)
    moved = parts.add_parser("migrate", help="let matters go on by the newest version, all of those named or none")
    moved.add_argument("key", metavar="KEY")
    moved.add_argument("--matter", action="append", required=True, type=int, metavar="ID", help="as `matters` tells it")
    moved.add_argument("--account", required=True, help="of whoever decides it, of the project management office")
    moved.add_argument("--reason", required=True, help="one sentence for their history")
    moved.set_defaults(run=run_migrate)


def run_list(arguments: argparse.Namespace) -> int:
    from bihuan.collaborations import queries

    rows = [
        {
            "key": version.playbook.key, "version": version.version, "name": version.body["name"],
            "name_en": version.body["name_en"], "published_at": version.published_at,
        }
        for version in queries.published()
    ]  # fmt: skip
    if arguments.json:
        print(as_json(rows))
        return 0
    for row in rows:
        print(f"{row['key']}  v{row['version']}  {row['name']}  {row['name_en']}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    from bihuan.collaborations.policy.bpmn import as_bpmn
    from bihuan.collaborations.policy.playbook import read_playbook
    from bihuan.collaborations.policy.playbook_text import write_text
    from bihuan.web.playbooks.drawing import names_of_steps

    version = found(arguments.key, arguments.version)
    if version is None:
        return 1
    if not arguments.bpmn:
        print(write_text(version.body), end="")
        return 0
    plan = read_playbook(version.body)
    print(as_bpmn(plan, title=version.body["name"], names=names_of_steps(plan)).decode())
    return 0


def run_diff(arguments: argparse.Namespace) -> int:
    """Exit code 0 when both say the same, 1 when they differ or one is not there, as `diff` does."""
    from dataclasses import asdict

    from bihuan.collaborations.policy.playbook_diff import changes

    before, after = found(arguments.key, arguments.before), found(arguments.key, arguments.after)
    if before is None or after is None:
        return 1
    changed = changes(before.body, after.body)
    if arguments.json:
        print(as_json([asdict(change) for change in changed]))
    else:
        for change in changed:
            print("  ".join(filter(None, (change.what, change.step, change.word, change.before, change.after))))
    return 1 if changed else 0


def run_check(arguments: argparse.Namespace) -> int:
    """Exit code 1 when something is wrong."""
    from bihuan.collaborations.operations import look_at_playbook

    text = read(arguments.file)
    if text is None:
        return 1
    looked = look_at_playbook(text)
    tell(arguments.file, looked.findings)
    return 1 if looked.findings else 0


def run_try(arguments: argparse.Namespace) -> int:
    """Exit code 1 when the draft could not be published, or somebody named is not there."""
    from bihuan.collaborations.queries.walking_through import walk_draft, walk_through
    from bihuan.kernel.now import now

    if (arguments.key is None) == (arguments.file is None):
        print("Name a playbook, or a draft with --file.", file=sys.stderr)
        return 1
    supposed = _supposed(arguments)
    if supposed is None:
        return 1
    if arguments.file is None:
        version = found(arguments.key, None)
        way = None if version is None else walk_through(version, supposed, now())
    else:
        body = _draft(arguments.file)
        way = None if body is None else walk_draft(body, supposed, now())
    if way is None:
        return 1
    _tell_way(way, json=arguments.json)
    return 0


def _draft(name: str) -> "dict[str, Any] | None":
    from bihuan.collaborations.operations import draft_to_try
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.errors import Refused

    text = read(name)
    if text is None:
        return None
    try:
        return draft_to_try(text, actor=SYSTEM)
    except Refused as refusal:
        tell(name, refusal.findings)
        return None


def _supposed(arguments: argparse.Namespace) -> "Supposed | None":
    """The matter that is imagined; nothing and a line that says who is not there."""
    from decimal import Decimal, InvalidOperation

    from bihuan.collaborations.queries.rehearsing import Supposed
    from bihuan.kernel.errors import NotFound
    from bihuan.organisation import queries as organisation

    known: dict[str, int] = {}
    missing: list[str] = []
    for name in (arguments.department, *arguments.involved):
        try:
            known[name] = organisation.department_called(name)
        except NotFound:
            missing.append(name)
    try:
        author_id, amount = organisation.person_called(arguments.account).pk, Decimal(arguments.amount)
    except NotFound:
        missing.insert(0, arguments.account)
    except InvalidOperation:
        missing.insert(0, arguments.amount)
    if missing:
        print(f"{', '.join(missing)}: not known here.", file=sys.stderr)
        return None
    others = tuple(known[name] for name in arguments.involved)
    return Supposed(author_id, known[arguments.department], others, amount, arguments.key or "")


def _tell_way(way: "Sequence[Walked]", *, json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {
            "step": each.step.key, "begins": each.begins, "due_at": each.due_at,
            "forms": [{"form": code, "who": who} for code, who in each.fillers],
            "signers": [
                {"route": code, "who": signer.who, "due_at": signer.due_at}
                for code, tried in each.routes for step in tried.steps for signer in step.signers
            ],
            "clocks": [{"rule": one.rule, "limit": one.limit, "due_at": one.due_at} for one in each.clocks],
        }
        for each in way
    ]  # fmt: skip
    if json:
        print(as_json(rows))
        return
    for row in rows:
        print(row["step"])
        for form in row["forms"]:
            print(f"  {form['form']}  {form['who']}")
        for one in row["signers"]:
            print(f"  {one['route']}  {one['who']}  {one['due_at']:%Y-%m-%d %H:%M}")
        for one in row["clocks"]:
            print(f"  {one['rule']}  {one['limit']}  {one['due_at']:%Y-%m-%d %H:%M}")


def run_publish(arguments: argparse.Namespace) -> int:
    """Whoever may run commands here answers for it as the machine does; exit code 1 when it is refused."""
    from bihuan.collaborations.operations import write_playbook
    from bihuan.kernel.actor import SYSTEM
    from bihuan.kernel.errors import Refused
    from bihuan.kernel.now import now

    text = read(arguments.file)
    if text is None:
        return 1
    try:
        version = write_playbook(text, note=arguments.note, actor=SYSTEM, at=now())
    except Refused as refusal:
        tell(arguments.file, refusal.findings)
        return 1
    print(f"{version.playbook.key}  v{version.version}")
    return 0


def run_matters(arguments: argparse.Namespace) -> int:
    """Exit code 1 when something keeps one of them on its version, or the account may not see them."""
    from bihuan.collaborations import queries
    from bihuan.kernel.now import now
    from bihuan.kernel.sentences import explain

    newest, actor = found(arguments.key, None), _editor(arguments.account)
    if newest is None or actor is None:
        return 1
    behind = queries.behind(arguments.key, actor=actor, at=now())
    if arguments.json:
        rows = [
            {
                "id": one.matter.pk, "number": one.matter.number, "version": one.matter.playbook_version.version,
                "step": one.step,
                "against": [
                    {"code": each.code, "line": each.params["line"], "text": str(explain(each).what)}
                    for each in one.findings
                ],
            }
            for one in behind
        ]  # fmt: skip
        print(as_json(rows))
    else:
        for one in behind:
            version = one.matter.playbook_version.version
            print(f"{one.matter.pk}  {one.matter.number or '-'}  v{version}  {one.step}", flush=True)
            tell(f"{newest.playbook.key} v{newest.version}", one.findings)
    return 1 if any(one.findings for one in behind) else 0


def run_migrate(arguments: argparse.Namespace) -> int:
    """Exit code 1 when it is refused."""
    from bihuan.collaborations.operations import migrate_collaborations
    from bihuan.kernel.errors import NotFound, Refused
    from bihuan.kernel.now import now

    newest, actor = found(arguments.key, None), _editor(arguments.account)
    if newest is None or actor is None:
        return 1
    try:
        moved = migrate_collaborations(
            arguments.key, arguments.matter, seen_version=newest.version, reason=arguments.reason, actor=actor,
            at=now(),
        )  # fmt: skip
    except NotFound:
        print("One of them is no matter under way on an older version.", file=sys.stderr)
        return 1
    except Refused as refusal:
        tell(f"{newest.playbook.key} v{newest.version}", refusal.findings)
        return 1
    print(f"{newest.playbook.key}  v{newest.version}  {moved}")
    return 0


def _editor(account: str) -> "Actor | None":
    """Who edits playbooks under this account; nothing and a line that says so when nobody does."""
    from bihuan.collaborations.rules import may_edit_playbooks
    from bihuan.kernel.errors import NotFound
    from bihuan.kernel.now import now
    from bihuan.organisation.queries import actor_for, person_called

    try:
        actor = actor_for(person_called(account), now())
    except NotFound:
        print(f"{account}: not known here.", file=sys.stderr)
        return None
    if not may_edit_playbooks(actor):
        print(f"{account}: does not edit playbooks.", file=sys.stderr)
        return None
    return actor


def found(key: str, number: int | None) -> Any:
    """The version, or nothing and a line that says so."""
    from bihuan.collaborations import queries
    from bihuan.kernel.errors import NotFound

    try:
        return queries.newest(key) if number is None else queries.version_of(key, number)
    except NotFound:
        print(f"{key}{'' if number is None else f' v{number}'}: there is no such playbook.", file=sys.stderr)
        return None


def read(name: str) -> str | None:
    """The text of a file or of standard input; nothing and a line that says why when it cannot be read."""
    try:
        content = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        print(f"{name}: {error.strerror}", file=sys.stderr)
    except UnicodeDecodeError:
        print(f"{name}: the text is not UTF-8.", file=sys.stderr)
    return None


def tell(name: str, findings: "list[Finding]") -> None:
    """One line for each, as compilers write them."""
    from bihuan.kernel.sentences import explain

    for finding in findings:
        said = explain(finding)
        print(f"{name}:{finding.params.get('line', 1)}: {said.what} {said.mend}".rstrip(), file=sys.stderr)
