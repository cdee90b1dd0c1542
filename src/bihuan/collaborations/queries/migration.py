"""Which matters run on an older version of their playbook, and what stands against the newest one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from bihuan.collaborations.models import Collaboration, Loop, PlaybookVersion, StepRun
from bihuan.collaborations.policy.migration import migration_findings
from bihuan.collaborations.queries.matters import listed_for
from bihuan.collaborations.queries.playbooks import newest
from bihuan.collaborations.queries.steps import plan_in
from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding

MOST = 500


@dataclass(frozen=True, slots=True)
class Behind:
    """A matter on an older version. `findings` say why it cannot go on by `target`, empty when it can."""

    matter: Collaboration
    step: str
    target: PlaybookVersion
    findings: list[Finding]


def behind(key: str, *, actor: Actor, at: datetime) -> list[Behind]:
    """The matters under way that the actor reads on older versions of a playbook, oldest first, at most five hundred.

    A fixed number of queries. Raises ``NotFound`` for a key nobody published.
    """
    target = newest(key)
    rows = listed_for(actor, at=at).filter(playbook_version__playbook=target.playbook, ended_at__isnull=True)
    others = rows.exclude(playbook_version=target).select_related("playbook_version__playbook").order_by("pk")
    matters = list(others[:MOST])
    ids = [matter.pk for matter in matters]
    steps = dict(
        StepRun.objects.filter(collaboration__in=ids, left_at__isnull=True).values_list("collaboration", "step")
    )
    gates: dict[int, list[str]] = defaultdict(list)
    for pk, gate in Loop.objects.filter(collaboration__in=ids, closed_at__isnull=True).values_list(
        "collaboration", "gate"
    ):
        gates[pk].append(gate)
    return [
        Behind(
            matter, steps[matter.pk], target,
            migration_findings(plan_in(matter.playbook_version), plan_in(target), steps[matter.pk], gates[matter.pk]),
        )
        for matter in matters
        if matter.pk in steps
    ]  # fmt: skip
