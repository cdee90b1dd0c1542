"""Small folders of the neutral shape, made for one test."""

import json
from pathlib import Path
from typing import Any

DEPARTMENTS = [
    {"id": "acme/sales", "org": "acme", "name": "Sales", "name_zh": "市场部", "kind": "department", "parent": None,
     "status": "active", "mission": "Sell.", "time_zones": ["Asia/Shanghai"], "heads": ["mail:wang"]},
    {"id": "acme/sales/east", "org": "acme", "name": "East", "parent": "acme/sales", "status": "archived", "heads": []},
    {"id": "acme/tech", "org": "acme", "name": "Technology", "parent": None, "status": "active", "heads": ["mail:li"]},
]  # fmt: skip
PEOPLE: list[dict[str, Any]] = [
    {"id": "mail:wang", "handle": "wang", "platform": "mail", "roles": [{"department": "acme/sales", "role": "chair"}]},
    {"id": "mail:li", "handle": "li", "platform": "mail", "roles": []},
    {"id": "mail:zhao", "handle": "zhao", "platform": "mail", "roles": [
        {"department": "acme/tech", "role": "engineer"}, {"department": "acme/sales/east", "role": "adviser"}]},
]  # fmt: skip
GROUPS = [{"id": "group:acme/board", "org": "acme", "name": "board", "members": ["mail:wang"]}]


def org(**changes: Any) -> dict[str, Any]:
    return {
        "organisations": [{"id": "acme", "name": "Acme"}],
        "departments": DEPARTMENTS,
        "people": PEOPLE,
        "groups": GROUPS,
        **changes,
    }


def matter(**changes: Any) -> dict[str, Any]:
    """A matter about which there is nothing odd."""
    return {
        "id": "acme/1", "org": "acme", "kind": "proposal", "language": "en", "number": "1", "number_raw": "1",
        "title": "Sell more", "summary": "In short.", "background": "Why.", "goals": ["Twice as much"],
        "non_goals": ["Abroad"], "lead_department": "acme/sales", "participating_departments": ["acme/tech"],
        "requester": "mail:wang", "owners": ["mail:wang"], "approvers": ["mail:li"], "reviewers": ["mail:zhao"],
        "created": "2023-05-14", "updated": "2023-06-01", "status": "approved", "status_raw": "Accepted",
        "milestones": [{"name": "alpha", "raw": "v1", "date": "2023-07-01", "approver": "mail:li"}],
        "acceptance_criteria": [{"phase": "alpha", "text": "It sells."}], "risks": ["Rain"],
        "resource_asks": [{"department": "acme/tech", "text": "Two people"}], "tags": ["kept in the raw text"],
        **changes,
    }  # fmt: skip


def matters(count: int) -> list[dict[str, Any]]:
    return [matter(id=f"acme/{n}", number=str(n), number_raw=str(n), title=f"Matter {n}") for n in range(1, count + 1)]


def write(folder: Path, lines: list[Any], **sections: Any) -> Path:
    """Write both files; a line that is bytes stands in the file as it is."""
    folder.mkdir(exist_ok=True)
    (folder / "org.json").write_text(json.dumps(org(**sections), indent=1), encoding="ascii")
    content = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    (folder / "collaborations.jsonl").write_bytes(b"".join(line + b"\n" for line in content))
    return folder
