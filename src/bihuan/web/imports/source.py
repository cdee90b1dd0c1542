"""Everything the source said of an imported matter, in words: also what the product has no field for."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bihuan.collaborations import queries
from bihuan.collaborations.queries.sources import annexes_of, children_of, parent_of
from bihuan.integrations.tables.vocabulary import TITLE
from bihuan.web.http import Request
from bihuan.web.render import render

UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
CHILDREN = 200
OPEN_ROWS = 30
LABELS: dict[str, "str | Promise"] = {
    "id": _("Key"), "org": _("Organisation"), "kind": _("Kind"), "language": _("Language"),
    "number": _("Number in the source"),
    "number_raw": _("Number as written"), "title": TITLE, "title_en": _("English title"),
    "summary": _("Summary"),
    "background": _("Background"), "goals": _("Goals"), "non_goals": _("Not meant"), "name": _("Name"),
    "lead_department": _("Lead department"), "participating_departments": _("Departments taking part"),
    "dangling_departments": _("Departments nobody knows"), "responsibilities": _("Duties of departments"),
    "requester": _("Requested by"), "owners": _("Owners"), "editor": _("Editors"), "reviewers": _("Reviewers"),
    "approvers": _("Approvers"), "odd_people": _("People nobody knows"), "created": _("Created on"),
    "created_raw": _("Created on, as written"), "updated": _("Changed on"), "updated_raw": _("Changed on, as written"),
    "recorded_first": _("First recorded"), "recorded_last": _("Last recorded"), "status": _("Status"),
    "status_raw": _("Status as written"), "stage": _("Stage"), "stage_raw": _("Stage as written"),
    "programme": _("Programme"), "target_release_raw": _("Release aimed at, as written"), "milestones": _("Milestones"),
    "approval_gates": _("Approvals by stage"), "acceptance_criteria": _("Criteria"), "checklist": _("Checklist"),
    "risks": _("Risks"), "resource_asks": _("Resources asked for"),
    "extra_fields": _("Added fields"), "form": _("Form"), "record": _("Number of the form"), "key": _("Key"),
    "label": _("Name"), "value": _("Answer"), "updates": _("Updates"),
    "relations": _("Relations"), "tags": _("Tags"), "components": _("Components"), "packages": _("Packages"),
    "external_ref": _("Link"), "source": _("Where it stands"), "odd": _("Remarks of the source"),
    "release_method": _("Way of release"), "other_columns": _("Other columns"), "text": _("Text"), "date": _("Day"),
    "raw": _("As written"), "phase": _("Phase"), "heading": _("Heading"), "done": _("Done"), "release": _("Release"),
    "approver": _("Approver"), "gate": _("Gate"), "department": _("Department"), "level": _("Level"),
    "precision": _("Precision"), "type": _("Kind"), "collaboration": _("Matter"), "field": _("Field"), "why": _("Why"),
    "begin": _("Begins on"), "end": _("Ends on"), "release_date": _("Released on"), "team": _("Team"),
    "role": _("Role"), "leads": _("Leads"), "shadows": _("Deputies in training"), "owner_role": _("Role in charge"),
    "when_raw": _("Day as written"), "week": _("Week"), "days": _("Days"), "cutoff": _("Last day for changes"),
    "instant_utc": _("Instant (UTC)"), "note": _("Note"), "raised": _("Raised on"), "duty": _("Duty"),
    "owners_unresolved": _("Owners nobody knows"), "requested": _("Asked on"), "reviewed": _("Looked at on"),
    "decision": _("Decision"), "thread": _("Thread"), "pull_requests": _("Pull requests"), "link": _("Link"),
    "conclusion": _("Conclusion"), "report_dates": _("Day"), "runs": _("Runs"), "open_findings": _("Left open"),
    "remaining_text": _("What is left"), "release_raw": _("Release as written"), "repo": _("Repository"),
    "path": _("Path"), "commit": _("Commit"), "licence": _("Licence"), "old": _("Before"), "new": _("After"),
    "at": _("At"), "by": _("By"), "submitted_at": _("Sent at"), "change_request": _("Change request"),
    "changes": _("What changed"), "issue_raw": _("Issue as written"), "requested_raw": _("Asked on, as written"),
    "reviewed_raw": _("Looked at on, as written"), "decision_raw": _("Decision as written"),
    "recovered_from_broken_file": _("Read from a broken file"), "year_inferred": _("Year inferred"),
}  # fmt: skip
PLACES = {name: place for place, name in enumerate(LABELS)}
KINDS = {"CHANGE": _("Dated history"), "EXCEPTION": _("Exceptions"), "REPORT": _("Test reports")}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing the source said: a text, or rows of a small table."""

    label: "str | Promise"
    text: str = ""
    texts: tuple[str, ...] = ()
    columns: tuple[tuple["str | Promise", str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Group:
    label: "str | Promise"
    entries: list[list[Said]] = field(default_factory=list)


@require_safe
def source(request: Request, pk: int) -> HttpResponse:
    """Whoever reads the matter reads what it came from; 404 for a matter that was begun here."""
    matter = queries.collaboration_for(request.actor, pk, at=request.at)
    kept = queries.source_of(matter)
    if kept is None:
        raise Http404
    groups: dict[str, Group] = {}
    for annex in annexes_of(matter):
        group = groups.setdefault(annex.kind, Group(KINDS.get(annex.kind, annex.kind)))
        group.entries.append(list(words(annex.raw, besides=("collaboration", "id", "org", "source"))))
    context = {
        "matter": matter,
        "source": kept,
        "said": list(words(kept.raw)),
        "groups": list(groups.values()),
        "open_rows": OPEN_ROWS,
        "parent": parent_of(request.actor, matter, at=request.at),
        "children": children_of(request.actor, matter, at=request.at, limit=CHILDREN),
    }
    return render(request, "imports/source.html", context)


def words(raw: str, *, besides: tuple[str, ...] = ()) -> Iterator[Said]:
    """Everything that says something; a line that is no object is one text."""
    value = json.loads(raw)
    if not isinstance(value, dict):
        yield Said("", text=plain(raw))
        return
    for name in sorted(value, key=place_of):
        if name not in besides and value[name] not in (None, "", [], {}):
            yield said(label(name), value[name])


def place_of(name: str) -> int:
    """Fields stand as people read a matter, whatever order a file had; what is not known comes last, as it stood."""
    return PLACES.get(name, len(PLACES))


def label(name: str) -> "str | Promise":
    return LABELS.get(name, plain(name))


def said(name: "str | Promise", value: Any) -> Said:
    if isinstance(value, Mapping):
        return Said(
            name, texts=tuple(f"{label(key)}: {short(each)}" for key, each in value.items() if each is not None)
        )
    if not isinstance(value, list):
        return Said(name, text=short(value))
    if not all(isinstance(each, Mapping) for each in value):
        return Said(name, texts=tuple(short(each) for each in value))
    found = dict.fromkeys(key for each in value for key in each)
    columns = [key for key in sorted(found, key=place_of) if any(each.get(key) for each in value)]
    rows = tuple(tuple(cell(key, each.get(key)) for key in columns) for each in value)
    return Said(name, columns=tuple((label(key), "") for key in columns), rows=rows)


def cell(column: str, value: Any) -> str:
    """A change names the field it changed by its key; people read its name."""
    return str(label(value)) if column == "field" and isinstance(value, str) else short(value)


def short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "—"
    if isinstance(value, list):
        return "、".join(short(each) for each in value)
    if isinstance(value, Mapping):
        return "；".join(f"{label(key)}: {short(each)}" for key, each in value.items() if each is not None)
    return plain(str(value))


def plain(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)
