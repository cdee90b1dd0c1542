"""What is under way already and sounds alike, looked up while a request or an assessment is filled in."""

import json
from datetime import datetime

from django.db.models import F

from bihuan.access.queries import visible_in_list
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.alike import OpenRequest, problems_alike, requests_alike
from bihuan.collaborations.policy.body import text
from bihuan.collaborations.queries.problems import open_problems
from bihuan.kernel.findings import Finding
from bihuan.organisation import queries as organisation
from bihuan.records.models import Record, Version
from bihuan.records.policy import Body

TITLES, GOALS = 300, 50
"""How many of the newest matters are compared by their titles, and how many by their goals."""


def hints_of_request(record: Record, body: Body, at: datetime) -> list[Finding]:
    """Matters under way that sound like this request, of those its filler may read, until it is submitted first."""
    if record.current_version_id is not None:
        return []
    has_goal = bool(text(body, "goal_text"))
    return requests_alike(body, open_requests(record.filler_id, besides=record.root_id, at=at, with_goals=has_goal))


def open_requests(reader_id: int, *, besides: int, at: datetime, with_goals: bool = True) -> list[OpenRequest]:
    """The newest matters that still run and that the person may read, without `besides`. A fixed number of queries.

    Goals stand in frozen forms, which are only read where there is a goal to compare them with.
    """
    actor = organisation.actor_now(reader_id, at)
    if actor is None:
        return []
    running = Collaboration.objects.filter(visible_in_list(actor, at=at), ended_at__isnull=True).exclude(pk=besides)
    rows = list(running.order_by("-pk").values_list("pk", "number", "source_number", "title")[:TITLES])
    said = _goals([pk for pk, _number, _source, _title in rows[:GOALS]]) if with_goals else {}
    return [OpenRequest(pk, number or source, title, said.get(pk, "")) for pk, number, source, title in rows]


def _goals(ids: list[int]) -> dict[int, str]:
    """The goals of requests and applications as they were submitted last. One query."""
    told = Version.objects.filter(
        record__root_kind="collaboration", record__root_id__in=ids, record__form_code__in=("F01", "F02"),
        record__current_version=F("pk"),
    )  # fmt: skip
    bodies = told.values_list("record__root_id", "body")
    return {root_id: str(json.loads(body).get("goal_text") or "") for root_id, body in bodies}


def hints_of_assessment(record: Record, body: Body, at: datetime) -> list[Finding]:
    """Problems not solved yet that are described like this one, of those its filler may read."""
    return problems_alike(body, open_problems(record.filler_id, besides=record.root_id, at=at))
