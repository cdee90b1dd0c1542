"""Matters of another system."""

from datetime import date
from typing import Any

from bihuan.collaborations.imports import ImportedCriterion, ImportedDate, ImportedMatter, ImportedMilestone
from bihuan.kernel.findings import error


def matter(**changes: Any) -> ImportedMatter:
    given = {
        "source_key": "acme/1",
        "raw": '{"id": 1}',
        "digest": "1" * 64,
        "title": "Sell more",
        "summary": "In short.",
        "number": "RFC-7",
        "status": "approved",
        "status_raw": "Accepted",
        "milestones": (ImportedMilestone("alpha", ImportedDate(date(2023, 7, 1), "2023-07-01")),),
        "criteria": (ImportedCriterion("Twice as much", "beta"),),
        "findings": (error("integrations.date_unreadable", "created", value="soon"),),
    }
    return ImportedMatter(**given | changes)
