"""Opening the sign-off routes of a playbook on a frozen form, and publishing those that come with the product."""

import json
from datetime import datetime
from functools import partial
from importlib.resources import files
from typing import Any

from bihuan.approvals import operations as approvals
from bihuan.approvals import queries as approval_queries
from bihuan.approvals import routing
from bihuan.approvals.operations.routes import Question
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.policy.consensus import excused
from bihuan.collaborations.policy.playbook_thresholds import numbers_of
from bihuan.collaborations.policy.secondment import loan_of, months_of
from bihuan.collaborations.queries.routes import amount_asked, answerable_in, parties_to_ask, values_of
from bihuan.collaborations.queries.steps import plan_of
from bihuan.kernel.actor import SYSTEM, Actor
from bihuan.kernel.subjects import SubjectRef
from bihuan.records.models import Version

SHIPPED = (
    "head_review", "opinions", "consensus", "collab_manager", "initiating_head_cc", "executive_plan",
    "written_confirm", "acceptance", "emergency_anyone", "loan_four", "assessment", "early_end", "suspension",
    "minutes", "raci", "hand_over", "change", "letter", "lead_confirm", "confirm_after",
)  # fmt: skip


def open_route(collaboration: Collaboration, route: str, version: Version, *, actor: Actor, at: datetime) -> None:
    """Ask everybody on a route to decide on a frozen version. Unchanged lines keep the decisions they have.

    Raises `Refused` when the route could never be completed (playbooks.md §3.10).
    """
    subject = SubjectRef("record", version.record_id)
    loan = loan_of(version.data)
    parties = parties_to_ask(collaboration, loan, answerable_in(version.data))
    amount = amount_asked(collaboration, version)
    is_consensus = version.record.form_code == "F03"
    question = Question(
        subject=subject,
        root=SubjectRef("collaboration", collaboration.pk),
        scope_id=collaboration.scope_id,
        digest=version.digest,
        author_id=version.submitted_by_id,
        parties=parties,
        values=partial(
            values_of,
            collaboration,
            parties,
            amount=amount,
            conclusion=_conclusion(version),
            months=months_of(version.data) or 0 if loan is not None else 0,
            months_in_all=version.data.get("months_in_all") or 0,
        ),
        amount=amount,
        parts=version.parts,
        excused=excused(version.data, [pk for pk, _name in parties.groups["INVOLVED"]]) if is_consensus else {},
        numbers=numbers_of(plan_of(collaboration), route),
    )
    carried = approval_queries.latest_signoff(subject, route)
    approvals.open_on_route(route, question, carry_from=carried, actor=actor, at=at)


def _conclusion(version: Version) -> str:
    return str(version.data.get("conclusion") or "")


def publish_shipped_routes(*, at: datetime) -> None:
    """Publish the routes that come with the product, except those somebody made his own; again changes nothing."""
    bodies = shipped_routes()
    own = routing.routes_of_people({body["key"] for body in bodies})
    for body in bodies:
        if body["key"] not in own:
            approvals.publish_route(body, actor=SYSTEM, at=at)


def shipped_routes() -> list[dict[str, Any]]:
    folder = files("bihuan.collaborations") / "routes"
    return [json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in SHIPPED]
