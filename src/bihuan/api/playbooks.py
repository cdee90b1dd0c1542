"""Playbooks: read by everybody, checked and published as texts by the PMO."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StrictStr

from bihuan.api.http import Request
from bihuan.api.routes import RouteProblemOut, SignerOut, SupposedIn, problems_of, signers_of, supposed_in
from bihuan.api.routing import Routes
from bihuan.api.schemas import Code, Id, In, Line, Out, Page, Receipt, Revision, page
from bihuan.collaborations import operations, queries
from bihuan.collaborations.policy.playbook_diff import changes
from bihuan.collaborations.policy.playbook_text import write_text
from bihuan.collaborations.queries.walking_through import Owed, Walked, walk_draft, walk_through
from bihuan.collaborations.rules import may_edit_playbooks
from bihuan.kernel.errors import NotAllowed
from bihuan.kernel.findings import Finding
from bihuan.kernel.sentences import explain

routes = Routes("playbooks")
What = Literal["", "NEED", "PROBLEM", "EMERGENCY", "ROUTINE", "LOAN"]
Agree = Literal["", "HEADS", "MANAGER", "EXECUTIVE"]
Size = Literal["", "SMALL", "LARGE"]


class PlaybookOut(Out):
    key: str
    name: str
    name_en: str
    version: int
    digest: str
    published_at: datetime


class PlaybookChangeOut(Out):
    """One difference to the version before: `what` is STEP_ADDED, STEP_REMOVED, STEP_MOVED, ADDED, REMOVED or SET."""

    what: str
    step: str
    word: str
    before: str
    after: str


class PlaybookVersionOut(PlaybookOut):
    """`text` is YAML; publishing it again changes nothing."""

    note: str
    text: str
    changes: list[PlaybookChangeOut]


class TextIn(In):
    text: StrictStr


class TriedDraftIn(SupposedIn):
    text: StrictStr


class ProblemOut(Out):
    code: str
    place: str
    line: int
    text: str


class LookedOut(Out):
    key: str
    problems: list[ProblemOut]


class BehindOut(Out):
    """A matter on an older version; `against` says why it cannot go on by the newest one, with the line of its text,
    empty when it can.

    `changes` are the clocks, cadences, thresholds and the flow of minutes that would be others for what begins from
    then on; `running` counts the deadlines that run by clocks that change, and keep their instants.
    """

    collaboration_id: int
    title: str
    version: int
    step: str
    against: list[ProblemOut]
    changes: list[PlaybookChangeOut]
    running: int


class MigrateIn(In):
    """`seen_version` is the version they are to go on by, the newest one."""

    collaboration_ids: Annotated[list[Id], Field(min_length=1, max_length=500)]
    seen_version: Revision
    reason: Line


class PublishIn(TextIn):
    """`seen_version` is the newest version the author knew, 0 for a new playbook."""

    note: Line
    seen_version: Revision


@routes.read("/playbooks", Page[PlaybookOut])
def playbooks(request: Request) -> dict[str, Any]:
    """The newest version of every playbook."""
    return page(map(_outline, queries.published()), None)


class ChoiceOut(Out):
    key: str
    name: str
    name_en: str
    version: int


@routes.read("/playbooks/suggested", Page[ChoiceOut])
def suggested_playbooks(request: Request, what: What = "", agree: Agree = "", size: Size = "") -> dict[str, Any]:
    """The playbooks that suit the answers, best first; without an answer none."""
    answers = {"what": what, "agree": agree, "size": size}
    return page(map(_outline, queries.suggested(answers, queries.startable())), None)


@routes.read("/playbooks/{slug:key}/versions/{int:number}", PlaybookVersionOut)
def playbook_version(request: Request, key: Code, number: int) -> dict[str, Any]:
    """One version with its text, and what it changed against the one before."""
    found = queries.version_of(key, number)
    before = queries.version_of(key, number - 1).body if number > 1 else None
    changed = changes(before, found.body) if before else []
    more = {"note": found.note, "text": write_text(found.body), "changes": changed}
    return {**_outline(found), **more}


@routes.check("/playbooks/check", LookedOut)
def check_playbook(request: Request, asked: TextIn) -> dict[str, Any]:
    """What stands in the way of publishing a text, each with its line; nothing is written. For the PMO."""
    if not may_edit_playbooks(request.actor):
        raise NotAllowed
    looked = operations.look_at_playbook(asked.text)
    problems = [_problem(finding) for finding in looked.findings]
    return {"key": looked.body.get("key", ""), "problems": problems}


def _problem(finding: Finding) -> dict[str, Any]:
    """A finding of a text, with its line."""
    said = {"code": finding.code, "place": finding.place, "line": finding.params["line"]}
    return {**said, "text": str(explain(finding).what)}


class WalkedFormOut(Out):
    form: str
    who: str


class OwedOut(Out):
    """What is made up for beside the way: forms and signatures due after its hours, without which `gate` stays shut."""

    key: str
    gate: str
    begins: datetime
    due_at: datetime
    forms: list[WalkedFormOut]
    signers: list[SignerOut]
    problems: list[RouteProblemOut]


class TickingOut(Out):
    """A clock that begins in a step: a time rule, its limit, and `said_by` the version of the playbook that sets it, or
    empty where the rule does."""

    rule: str
    limit: str
    due_at: datetime
    said_by: str


class FallsDueOut(Out):
    """A report that falls due in the work, and from which day to which it is."""

    form: str
    starts_on: date
    ends_on: date
    due_at: datetime
    is_provisional: bool


class WalkedOut(Out):
    """A step: when it begins at the latest, its forms, its signatures; `due_at` is when the last of them is due.

    `owed` is what begins with one of its forms, `clocks` what begins to run, `reports` the first
    ones that fall due. `sent_at` is when its minutes go out, null where it has none.
    """

    step: str
    begins: datetime
    due_at: datetime
    forms: list[WalkedFormOut]
    signers: list[SignerOut]
    problems: list[RouteProblemOut]
    owed: list[OwedOut]
    clocks: list[TickingOut]
    reports: list[FallsDueOut]
    sent_at: datetime | None


class WalkOut(Out):
    steps: list[WalkedOut]


@routes.check("/playbooks/{slug:key}/try", WalkOut)
def try_playbook(request: Request, key: Code, asked: SupposedIn) -> dict[str, Any]:
    """Step by step who would fill in what, who would sign, and by when; nothing is asked of anybody."""
    way = walk_through(queries.newest(key), supposed_in(asked, playbook=key), request.at)
    return {"steps": [_walked(each) for each in way]}


@routes.check("/playbooks/try", WalkOut)
def try_draft(request: Request, asked: TriedDraftIn) -> dict[str, Any]:
    """The same of a text that is not published; refused with the line of everything that is wrong. For the PMO."""
    body = operations.draft_to_try(asked.text, actor=request.actor)
    way = walk_draft(body, supposed_in(asked, playbook=body["key"]), request.at)
    return {"steps": [_walked(each) for each in way]}


def _walked(walked: Walked) -> dict[str, Any]:
    owed = [
        {"key": each.obligation.key, "gate": each.obligation.gate, "due_at": each.due_at, **_acted(each)}
        for each in walked.owed
    ]
    clocks = [asdict(each) for each in walked.clocks]
    reports = [{"form": form, **asdict(turn)} for form, turns in walked.turns for turn in turns]
    running = {"owed": owed, "clocks": clocks, "reports": reports, "sent_at": walked.sent_at}
    return {"step": walked.step.key, "due_at": walked.due_at, **running, **_acted(walked)}


def _acted(walked: Walked | Owed) -> dict[str, Any]:
    tried = [each for _code, each in walked.routes]
    return {
        "begins": walked.begins,
        "forms": [{"form": code, "who": who} for code, who in walked.fillers],
        "signers": [signer for each in tried for signer in signers_of(each)],
        "problems": [problem for each in tried for problem in problems_of(each.findings)],
    }


@routes.act("/playbooks")
def publish_playbook(request: Request, asked: PublishIn) -> Receipt:
    """Publish a text as the next version of the playbook it names; matters under way stay on theirs."""
    made = operations.write_playbook(
        asked.text, note=asked.note, seen_version=asked.seen_version, actor=request.actor, at=request.at
    )
    href = f"/api/v1/playbooks/{made.playbook.key}/versions/{made.version}"
    return Receipt(kind="playbook", id=made.pk, href=href, state=str(made.version))


@routes.read("/playbooks/{slug:key}/matters", Page[BehindOut])
def playbook_matters(request: Request, key: Code) -> dict[str, Any]:
    """The matters under way on older versions, at most five hundred. For the PMO."""
    if not may_edit_playbooks(request.actor):
        raise NotAllowed
    found = queries.behind(key, actor=request.actor, at=request.at)
    rows = [
        {
            "collaboration_id": one.matter.pk, "title": one.matter.title, "step": one.step,
            "version": one.matter.playbook_version.version,
            "against": [_problem(finding) for finding in one.findings],
            "changes": one.changed, "running": one.running,
        }
        for one in found
    ]  # fmt: skip
    return page(rows, None)


@routes.act("/playbooks/{slug:key}/migrate")
def migrate_matters(request: Request, key: Code, asked: MigrateIn) -> Receipt:
    """Let matters go on by the newest version, all of them or none; refused where their way so far differs."""
    moved = operations.migrate_collaborations(
        key, asked.collaboration_ids, seen_version=asked.seen_version, reason=asked.reason,
        actor=request.actor, at=request.at,
    )  # fmt: skip
    href = f"/api/v1/playbooks/{key}/matters"
    return Receipt(kind="playbook", id=queries.newest(key).pk, href=href, state=str(moved))


def _outline(version: Any) -> dict[str, Any]:
    return {
        "key": version.playbook.key, "name": version.body["name"], "name_en": version.body["name_en"],
        "version": version.version, "digest": version.digest, "published_at": version.published_at,
    }  # fmt: skip
