"""`bihuan organisation`: deputies, absences, leavers, merged and split departments, from the command line.

People are named by their accounts, departments by their numbers or their names. What is done here is done by the
system, on behalf of whoever may start commands on the server.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bihuan.cli.printing import add_json, as_json

if TYPE_CHECKING:
    from bihuan.cli.main import Commands

Run = Callable[[argparse.Namespace], str]


def add(commands: "Commands") -> None:
    parser = commands.add_parser("organisation", help="deputies, absences, leavers, merged and split departments")
    parts = parser.add_subparsers(title="organisation commands", metavar="COMMAND", required=True)
    duties = _part(parts, "duties", "what a person holds that somebody else must take over", run_duties)
    duties.add_argument("account", metavar="ACCOUNT")
    add_json(duties)
    handed = _part(parts, "hand-over", "hand over everything a person holds to another one", run_hand_over)
    handed.add_argument("account", metavar="ACCOUNT")
    handed.add_argument("--to", metavar="ACCOUNT", required=True)
    handed.add_argument("--reason", required=True)
    left = _part(parts, "leave", "a person has left; refused while anything would stay with nobody", run_leave)
    left.add_argument("account", metavar="ACCOUNT")
    _add_posts(parts)
    _add_standing_in(parts)
    _add_departments(parts)


def _add_posts(parts: Any) -> None:
    ended = _part(parts, "end-post", "end what a person is in a department; refused while it would stay empty", run_end)
    ended.add_argument("account", metavar="ACCOUNT")
    ended.add_argument("department", metavar="DEPARTMENT")
    ended.add_argument("--title", help="of several posts there the one with this title")
    ended.add_argument(
        "--kind", choices=["STAFF", "HEAD", "CONTACT"], help="of several posts there the one of this kind"
    )
    ended.add_argument("--on", dest="ends_on", type=date.fromisoformat, metavar="DAY", help="the first day without it")
    ended.add_argument("--preview", action="store_true", help="say what would go with it, and write nothing")


def _add_standing_in(parts: Any) -> None:
    deputy = _part(parts, "deputy", "name who stands in for a person", run_deputy)
    deputy.add_argument("account", metavar="ACCOUNT")
    deputy.add_argument("deputy", metavar="DEPUTY")
    deputy.add_argument("--kind", dest="kinds", action="append", default=[], help="for this only; may be repeated")
    deputy.add_argument(
        "--form", dest="forms", action="append", default=[], metavar="CODE", help="such as F04; may be repeated"
    )
    deputy.add_argument("--up-to", dest="amount_limit", type=Decimal, metavar="YUAN", help="that amount included")
    away = _part(parts, "away", "say when a person is away", run_away)
    away.add_argument("account", metavar="ACCOUNT")
    away.add_argument("--reason", default="")
    listed = _part(parts, "duty-list", "who of the project management office is on duty", run_duty_list)
    add_json(listed)
    turn = _part(parts, "on-duty", "put somebody of the project management office on duty", run_on_duty)
    turn.add_argument("account", metavar="ACCOUNT")
    for part in (deputy, away, turn):
        part.add_argument("--from", dest="starts_on", type=date.fromisoformat, metavar="DAY", help="today if left out")
        part.add_argument("--until", dest="ends_on", type=date.fromisoformat, metavar="DAY", help="the first day after")


def _add_departments(parts: Any) -> None:
    merged = _part(parts, "merge", "put a department into another one; its matters follow as work", run_merge)
    merged.add_argument("department", metavar="DEPARTMENT")
    merged.add_argument("into", metavar="INTO")
    split = _part(parts, "split", "make part of a department a new one beside it", run_split)
    split.add_argument("department", metavar="DEPARTMENT")
    split.add_argument("name", metavar="NAME")
    split.add_argument("--with", dest="people", metavar="ACCOUNT", nargs="+", required=True, help="who goes along")
    for part in (merged, split):
        part.add_argument("--from", dest="begins_on", type=date.fromisoformat, metavar="DAY", help="today if left out")
        part.add_argument("--preview", action="store_true", help="say who would answer to what, and write nothing")
    changed = _part(parts, "plan", "rename or move a department from a day to come", run_plan)
    changed.add_argument("department", metavar="DEPARTMENT")
    changed.add_argument("--from", dest="begins_on", type=date.fromisoformat, metavar="DAY", required=True)
    changed.add_argument("--name", help="its name from then on")
    place = changed.add_mutually_exclusive_group()
    place.add_argument("--below", metavar="DEPARTMENT", help="the department it stands below from then on")
    place.add_argument("--at-the-top", action="store_true", help="it stands below none from then on")
    add_json(_part(parts, "planned", "every change of departments that is ahead", run_planned))
    cancelled = _part(parts, "cancel-planned", "take back what was planned", run_cancel_planned)
    cancelled.add_argument("number", metavar="NUMBER", type=int)


def _part(parts: Any, name: str, said: str, act: Run) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parts.add_parser(name, help=said)
    parser.set_defaults(run=lambda arguments: _carried_out(act, arguments))
    return parser


def _carried_out(act: Run, arguments: argparse.Namespace) -> int:
    """Exit code 1 when it was refused; then nothing was written."""
    from django.db import transaction

    from bihuan.kernel.errors import DomainError
    from bihuan.kernel.sentences import explain

    try:
        with transaction.atomic():
            print(act(arguments))
    except DomainError as refusal:
        for finding in refusal.findings:
            said = explain(finding)
            print(f"{said.what} {said.mend}".strip(), file=sys.stderr)
        return 1
    return 0


def _who() -> dict[str, Any]:
    from bihuan.kernel.actor import SYSTEM
    from bihuan.worker.clock import database_now

    return {"actor": SYSTEM, "at": database_now()}


def _person(account: str) -> int:
    from bihuan.organisation import queries

    return queries.person_called(account).pk


def _department(named: str) -> int:
    from bihuan.organisation import queries

    return queries.department_called(named)


def run_duties(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import duties, queries

    person = queries.person_called(arguments.account)
    labels = {kind: str(holding.label) for kind, holding in duties.registered().items()}
    held = [
        {"key": duty.key, "kind": labels[duty.kind], "number": duty.number, "is_shared": duty.is_shared}
        for duty in duties.held_by(person.pk, _who()["at"])
    ]
    if arguments.json:
        return as_json({"account": arguments.account, "duties": held})
    return "\n".join(f"{duty['key']}  {duty['kind']} {duty['number']}" for duty in held) or "Nothing."


def run_hand_over(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import duties, operations

    person, successor, who = _person(arguments.account), _person(arguments.to), _who()
    chosen = [operations.Succession(duty.key, successor) for duty in duties.held_by(person, who["at"])]
    moved = operations.hand_over_duties(person, successions=chosen, reason=arguments.reason, **who)
    return f"{moved} handed over to {arguments.to}."


def run_leave(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import operations

    operations.deactivate_person(_person(arguments.account), **_who())
    return f"{arguments.account} has left."


def run_end(arguments: argparse.Namespace) -> str:
    from bihuan.collaborations import queries as collaborations
    from bihuan.organisation import operations, queries

    person, department, who = _person(arguments.account), _department(arguments.department), _who()
    wanted = {"title": arguments.title, "kind": arguments.kind}
    chosen = queries.post_called(person, department, who["at"], **wanted)
    post = queries.ending_post(chosen, who["at"], ends_on=arguments.ends_on)

    def ended() -> date | None:
        return operations.end_post(chosen, ends_on=arguments.ends_on, **who).ends_on

    if not arguments.preview:
        return f"{arguments.account} is no longer {post.kind} in {post.department} from {ended()}."
    before, after = operations.before_and_after(ended, lambda: collaborations.reach_of(post))
    waiting = ", ".join(f"{kind} {count}" for kind, count in sorted(collaborations.waiting_with(post).items()))
    return "\n".join(
        (
            f"in the same office besides: {', '.join(post.others) or 'nobody'}",
            f"open with the office: {waiting or 'nothing'}",
            f"decides for the department: {before.decides}, then {after.decides}",
            f"matters {post.person} reads: {before.matters}, then {after.matters}",
        )
    )


def run_deputy(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import operations

    row = operations.name_deputy(
        _person(arguments.account), deputy_id=_person(arguments.deputy), kinds=arguments.kinds,
        forms=arguments.forms, amount_limit=arguments.amount_limit,
        starts_on=arguments.starts_on, ends_on=arguments.ends_on, **_who(),
    )  # fmt: skip
    return f"{arguments.deputy} stands in for {arguments.account} from {row.starts_on}."


def run_away(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import operations

    row = operations.note_absence(
        _person(arguments.account), starts_on=arguments.starts_on, ends_on=arguments.ends_on,
        reason=arguments.reason, **_who(),
    )  # fmt: skip
    return f"{arguments.account} is away from {row.starts_on} and back on {row.ends_on}."


def run_duty_list(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import queries

    turns = queries.duty_turns(_who()["at"])
    if arguments.json:
        told = [
            {"name": row.person.name, "starts_on": row.starts_on, "ends_on": row.ends_on, "is_now": row.is_now}
            for row in turns
        ]
        return as_json({"turns": told})
    said = [f"{row.person.name}  {row.starts_on} – {row.ends_on or ''}{'  now' * row.is_now}" for row in turns]
    return "\n".join(said) or "Nobody."


def run_on_duty(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import operations

    row = operations.put_on_duty(
        _person(arguments.account), starts_on=arguments.starts_on, ends_on=arguments.ends_on, **_who()
    )
    return f"{arguments.account} is on duty from {row.starts_on}."


def run_merge(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import operations, queries

    gone, into, who = _department(arguments.department), _department(arguments.into), _who()
    seen = queries.department_page(gone, who["at"], staff=0).revision

    def merged() -> Any:
        return operations.merge_department(gone, into_id=into, seen_revision=seen, **who)

    if arguments.preview:
        return _foreseen(lambda: [merged().into_id], [gone, into], who["at"])
    if arguments.begins_on:
        planned = operations.plan_merger(gone, begins_on=arguments.begins_on, into_id=into, **who)
        return f"{planned.pk}: {arguments.department} goes into {arguments.into} on {planned.begins_on}."
    return f"{arguments.department} went into {arguments.into}; {merged().total} matters follow."


def _foreseen(act: Callable[[], list[int]], departments: list[int], at: Any) -> str:
    """Who would answer to what, in lines; nothing is written."""
    from bihuan.organisation import operations

    offices = {"HEAD": "head of", "EXECUTIVE": "in charge of", "STAFF": "belongs to"}
    shifts = operations.preview_change(act, department_ids=departments, at=at)
    lines = [f"{offices[one.office]} {one.department}: {_gone_and_come(one)}" for one in shifts]
    return "\n".join(lines) or "Nobody gains or loses an office or a department by it."


def _gone_and_come(one: Any) -> str:
    said = (("no longer", one.lost, one.lost_count), ("from then on", one.gained, one.gained_count))
    return "; ".join(
        f"{words} {', '.join(names)}{f' … ({count})' * (count > len(names))}" for words, names, count in said if count
    )


def run_split(arguments: argparse.Namespace) -> str:
    from bihuan.kernel.errors import Refused
    from bihuan.kernel.findings import error
    from bihuan.organisation import operations, queries

    parted, who = _department(arguments.department), _who()
    page, people = queries.department_page(parted, who["at"]), {_person(account) for account in arguments.people}
    if people - {holder.person_id for holder in page.holders}:
        raise Refused([error("organisation.post_not_here", "posts")])
    posts = [holder.post_id for holder in page.holders if holder.person_id in people]

    def split() -> Any:
        return operations.split_department(
            parted, name=arguments.name, post_ids=posts, seen_revision=page.revision, **who
        )

    if arguments.preview:
        return _foreseen(lambda: [split().into_id], [parted], who["at"])
    if arguments.begins_on:
        planned = operations.plan_split(
            parted, begins_on=arguments.begins_on, name=arguments.name, post_ids=posts, **who
        )
        return f"{planned.pk}: {arguments.name} is split off on {planned.begins_on}."
    return f"{arguments.name} is department {split().into_id}, with {len(posts)} posts."


def run_plan(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import operations, queries

    changed, who = _department(arguments.department), _who()
    card = queries.department_page(changed, who["at"], staff=0).card
    below = _department(arguments.below) if arguments.below else None if arguments.at_the_top else card.parent_id
    name = card.name if arguments.name is None else arguments.name
    row = operations.plan_change(changed, begins_on=arguments.begins_on, name=name, parent_id=below, **who)
    return f"{row.pk}: {arguments.department} changes on {row.begins_on}."


def run_planned(arguments: argparse.Namespace) -> str:
    from dataclasses import asdict

    from bihuan.organisation import queries

    ahead = queries.planned_ahead()
    if arguments.json:
        return as_json({"planned": [asdict(card) for card in ahead]})
    return "\n".join(f"{card.id}  {card.begins_on}  {card.department}  {card.kind}" for card in ahead) or "Nothing."


def run_cancel_planned(arguments: argparse.Namespace) -> str:
    from bihuan.organisation import operations

    row = operations.cancel_planned(arguments.number, **_who())
    return f"{row.pk} is cancelled."
