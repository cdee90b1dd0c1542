"""Read collaborations.jsonl line by line into what `collaborations` takes in."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bihuan.collaborations.imports import (
    KEY_LENGTH,
    LINK_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    ImportedAnnex,
    ImportedAsk,
    ImportedCriterion,
    ImportedDate,
    ImportedMatter,
    ImportedMilestone,
)
from bihuan.integrations.neutral.beside import ACTIONS, PROGRAMMES, Beside, as_matter, lines_of
from bihuan.integrations.neutral.fields import Row, day_of, unknown
from bihuan.integrations.neutral.files import LINES_LIMIT, open_inside, read_lines
from bihuan.integrations.neutral.organisation import Known, take_key
from bihuan.integrations.neutral.problems import Problem, Unreadable
from bihuan.integrations.neutral.rows import row_of
from bihuan.kernel.canonical import canonical_json

FILE = "collaborations.jsonl"
LONG_TITLE = 60
OTHERS = (PROGRAMMES, ACTIONS)
PEOPLE = ("owners", "approvers", "reviewers", "editor")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line: the matter, or None when it could not come in; what was odd; how far the file is read, in bytes."""

    number: int
    matter: ImportedMatter | None
    problems: tuple[Problem, ...]
    position: int
    file: str = ""


@dataclass(slots=True)
class Seen:
    """What earlier lines used already, and what stands beside."""

    beside: Beside = field(default_factory=Beside)

    keys: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)


def read_matters(folder: Path, known: Known, seen: Seen | None = None) -> Iterator[ReadLine]:
    """Every line that is not blank, one at a time; raise Unreadable when the file is none."""
    seen = seen or Seen()
    with open_inside(folder, FILE, limit=LINES_LIMIT) as handle:
        for line in read_lines(handle):
            row = row_of(line, FILE)
            found = matter(row, row.raw_of(line.text), known, seen) if not row.is_rejected else None
            yield ReadLine(row.line, found, tuple(row.problems), handle.tell(), row.file)


def read_others(folder: Path, known: Known, seen: Seen, file: str) -> Iterator[ReadLine]:
    """Programmes or action items as matters; nothing when the file is not there."""
    for line in lines_of(folder, file):
        row = row_of(line, file)
        text = row.raw_of(line.text)
        if not row.is_rejected:
            as_matter(row, file)
        found = matter(row, text, known, seen) if not row.is_rejected else None
        yield ReadLine(row.line, found, tuple(row.problems), 0, row.file)


def matter(row: Row, text: str, known: Known, seen: Seen) -> ImportedMatter | None:
    if not take_key(row):
        return None
    if row.key in seen.keys:
        row.report("key_twice", "id", row.key, fatal=True, first=seen.keys[row.key])
        return None
    seen.keys[row.key] = row.line
    parts = {**plain(row), **departments(row, known), **people(row, known), **dates(row), **lists(row, known)}
    if row.home not in OTHERS:
        number(row, parts, seen)
        status(row, parts)
        programme(row, parts, seen)
        gaps(row, parts)
    remarks(row)
    findings = tuple(problem.as_finding() for problem in row.problems)
    annexes = seen.beside.take(row.key)
    return ImportedMatter(
        source_key=row.key,
        raw=text,
        digest=digest(text, row, annexes),
        findings=findings,
        annexes=annexes,
        **parts,
    )


def digest(text: str, row: Row, annexes: tuple[ImportedAnnex, ...] = ()) -> str:
    """Changes with the line, with what was found about it and what stands beside it, not with the line's number."""
    found = [[problem.code, problem.field, problem.value, dict(problem.params)] for problem in row.problems]
    whole = [text, canonical_json(found), *(f"{annex.kind} {annex.raw}" for annex in annexes)]
    return hashlib.sha256("\n".join(whole).encode("utf-8", "surrogatepass")).hexdigest()


def programme(row: Row, taken: dict[str, Any], seen: Seen) -> None:
    """The programme is the matter this one is part of, where the folder holds it."""
    key = row.text("programme", limit=KEY_LENGTH)
    if key in seen.beside.programmes:
        taken["parent_key"] = key
    elif key and seen.beside.programmes:
        row.report("programme_unknown", "programme", key)


def plain(row: Row) -> dict[str, Any]:
    title = row.text("title", limit=TITLE_LENGTH)
    if not title:
        row.report("title_missing", "title")
    elif len(title) > LONG_TITLE:
        row.report("title_long", "title", title, length=len(title), limit=LONG_TITLE)
    words = ("kind", "language", "number", "number_raw", "status", "status_raw", "stage", "programme")
    return {
        "title": title or row.key,
        "organisation": row.text("org", limit=KEY_LENGTH),
        "external_ref": row.text("external_ref", limit=LINK_LENGTH),
        **{name: row.word(name) for name in words},
        **{name: row.text(name) for name in ("summary", "background")},
        **{name: row.texts(name) for name in ("goals", "non_goals", "risks")},
    }


def departments(row: Row, known: Known) -> dict[str, Any]:
    lead = row.text("lead_department", limit=KEY_LENGTH)
    if not lead:
        row.report("lead_missing", "lead_department")
    others = row.keys("participating_departments")
    for name, keys in (("lead_department", (lead,)), ("participating_departments", others)):
        for key in unknown(keys, known.departments):
            row.report("department_unknown", name, key)
    return {"lead_department_key": lead, "participant_keys": others}


def people(row: Row, known: Known) -> dict[str, Any]:
    found = {name: row.keys(name) for name in PEOPLE}
    requester = row.text("requester", limit=KEY_LENGTH)
    for name, keys in {**found, "requester": (requester,)}.items():
        for key in unknown(keys, known.anybody):
            row.report("person_unknown", name, key)
    if row.home == PROGRAMMES:
        pass
    elif not found["owners"]:
        row.report("owner_missing", "owners")
    elif not requester:
        row.report("requester_missing", "requester")
    authors = {*found["owners"], requester}
    for key in found["approvers"]:
        if key in authors:
            row.report("approver_is_author", "approvers", key)
    names = {
        "owners": "owner_keys",
        "approvers": "approver_keys",
        "reviewers": "reviewer_keys",
        "editor": "editor_keys",
    }
    return {"requester_key": requester, **{names[name]: keys for name, keys in found.items()}}


def dates(row: Row) -> dict[str, Any]:
    created, updated = row.day("created", raw="created_raw"), row.day("updated", raw="updated_raw")
    if created.day and updated.day and updated.day < created.day:
        row.report("updated_before_created", "updated", updated.raw, created=created.raw)
    return {"created": created, "updated": updated}


def lists(row: Row, known: Known) -> dict[str, Any]:
    return {
        "milestones": tuple(milestone(part, known) for part in row.rows("milestones")),
        "criteria": tuple(
            ImportedCriterion(part.text("text"), part.word("phase")) for part in row.rows("acceptance_criteria")
        ),
        "asks": tuple(ask(part, known) for part in row.rows("resource_asks")),
    }


def milestone(part: Row, known: Known) -> ImportedMilestone:
    """The day may stand as a day, or only as words (`TBD`, a version) in `raw`."""
    written, beside = part.word("date"), part.word("raw")
    day = day_of(written)
    if written and not day:
        part.report("not_a_day", part.place("date"), written)
    elif beside and not day:
        part.report("milestone_without_day", part.place("date"), beside)
    approver = part.text("approver", limit=KEY_LENGTH)
    for key in unknown((approver,), known.anybody):
        part.report("person_unknown", part.place("approver"), key)
    for remark in part.texts("odd"):
        part.report("remark", part.place("odd"), remark)
    name = part.text("name", limit=NAME_LENGTH)
    return ImportedMilestone(name, ImportedDate(day, written if written and not day else beside or written), approver)


def ask(part: Row, known: Known) -> ImportedAsk:
    key = part.text("department", limit=KEY_LENGTH)
    for missing in unknown((key,), known.departments):
        part.report("department_unknown", part.place("department"), missing)
    return ImportedAsk(part.text("text"), key)


def number(row: Row, taken: dict[str, Any], seen: Seen) -> None:
    """Numbers are kept as they are; a missing one, one that was changed, one used twice are told."""
    given, raw = taken["number"], taken["number_raw"]
    if not given:
        row.report("number_missing" if raw else "number_absent", "number", raw)
        return
    if given.isdecimal() and raw.isdecimal() and int(given) != int(raw):
        row.report("number_differs", "number", given, raw=raw)
    place = (taken["organisation"], given)
    if place in seen.numbers:
        row.report("number_twice", "number", given, other=seen.numbers[place])
    seen.numbers.setdefault(place, row.key)


def status(row: Row, taken: dict[str, Any]) -> None:
    if not taken["status"]:
        row.report("status_unknown" if taken["status_raw"] else "status_missing", "status", taken["status_raw"])


def gaps(row: Row, taken: dict[str, Any]) -> None:
    """What a matter begun here could not be without."""
    if not taken["criteria"]:
        row.report("criteria_missing", "acceptance_criteria")
    departments_named = {taken["lead_department_key"], *taken["participant_keys"]} - {""}
    if len(departments_named) < 2:
        row.report("one_department" if departments_named else "no_department", "participating_departments")


def remarks(row: Row) -> None:
    """What the one who made the folder could not resolve: kept raw there, told here."""
    for part in row.rows("dangling_departments"):
        part.report("department_unknown", part.text("field") or part.place("raw"), part.text("raw"))
    for part in row.rows("odd_people"):
        if part.body.get("raw"):
            why = part.text("why")
            part.report("person_not_resolved", part.text("field") or part.place("raw"), part.text("raw"), why=why)
    for remark in row.texts("odd"):
        row.report("remark", "odd", remark)


def count_lines(folder: Path) -> int:
    """How many lines there are to read; raise Unreadable when not a single one of them is a row."""
    count, readable = 0, False
    with open_inside(folder, FILE, limit=LINES_LIMIT) as handle:
        for line in read_lines(handle):
            count += 1
            readable = readable or not row_of(line, FILE).is_rejected
    if count and not readable:
        raise Unreadable("file_without_rows", FILE)
    return count
