"""Which matters run on an older version of their playbook, and what stands against the newest one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from bihuan.clock import Limit, Profile
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop, PlaybookVersion, StepRun
from bihuan.collaborations.policy.migration import Standing, migration_findings
from bihuan.collaborations.policy.playbook_diff import Change, changes
from bihuan.collaborations.policy.playbook_text import read_text, write_text
from bihuan.collaborations.queries.matters import listed_for
from bihuan.collaborations.queries.playbooks import newest
from bihuan.collaborations.queries.steps import plan_in, terms_for
from bihuan.deadlines.enums import OPEN
from bihuan.deadlines.models import Deadline
from bihuan.deadlines.policy.table import RULES
from bihuan.deadlines.policy.terms import Place, Terms
from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding
from bihuan.records.enums import STANDING
from bihuan.records.models import Record

MOST = 500
RULED = ("clocks", "cadences", "thresholds", "minutes_flow")


@dataclass(frozen=True, slots=True)
class Behind:
    """A matter on an older version. `findings` say why it cannot go on by `target`, each with the line of its text,
    empty when it can.

    `changed` are the clocks, cadences, thresholds and the flow of minutes that would be others for what begins from
    then on; so many deadlines are `running` by clocks that change, and keep their instants (domain §4.1).
    """

    matter: Collaboration
    step: str
    target: PlaybookVersion
    findings: list[Finding]
    changed: list[Change]
    running: int


def behind(key: str, *, actor: Actor, at: datetime) -> list[Behind]:
    """The matters under way that the actor reads on older versions of a playbook, oldest first, at most five hundred.

    A fixed number of queries. Raises ``NotFound`` for a key nobody published.
    """
    target = newest(key)
    rows = listed_for(actor, at=at).filter(playbook_version__playbook=target.playbook, ended_at__isnull=True)
    others = rows.exclude(playbook_version=target).select_related("playbook_version__playbook").order_by("pk")
    matters = list(others[:MOST])
    ids = [matter.pk for matter in matters]
    standing = _standing(ids)
    others_said = {matter.playbook_version_id: matter.playbook_version for matter in matters}
    changed = {
        pk: [one for one in changes(each.body, target.body) if one.word in RULED] for pk, each in others_said.items()
    }
    reset = {pk: _reset(each, target) for pk, each in others_said.items()}
    running = _running(ids, {rule for places in reset.values() for rule, _kind in places})
    found = {
        matter.pk: migration_findings(plan_in(matter.playbook_version), plan_in(target), standing[matter.pk])
        for matter in matters
        if matter.pk in standing
    }
    return [
        Behind(
            matter, standing[matter.pk].step, target, against, changed[matter.playbook_version_id],
            sum(running[matter.pk, *place] for place in reset[matter.playbook_version_id]),
        )
        for matter, against in _with_lines(target, [(one, found[one.pk]) for one in matters if one.pk in found])
    ]  # fmt: skip


def _with_lines(
    target: PlaybookVersion, found: list[tuple[Collaboration, list[Finding]]]
) -> Iterator[tuple[Collaboration, list[Finding]]]:
    """Each finding with its line in the text of the version; the text is written and read only where there are any."""
    text = read_text(write_text(target.body)) if any(findings for _matter, findings in found) else None
    for matter, findings in found:
        yield matter, [text.with_line(finding) for finding in findings] if text is not None else []


def _standing(ids: Collection[int]) -> dict[int, Standing]:
    """Where the matters stand; one that has ended meanwhile is left out. Four queries."""
    gates: dict[int, set[str]] = defaultdict(set)
    handed_in: dict[int, set[str]] = defaultdict(set)
    owed: dict[int, dict[str, bool]] = defaultdict(dict)
    loops = Loop.objects.filter(collaboration__in=ids)
    for pk, gate in loops.filter(closed_at__isnull=True).values_list("collaboration", "gate"):
        gates[pk].add(gate)
    begun = loops.filter(kind=LoopKind.OBLIGATION).order_by("opened_at", "pk")
    for pk, key, closed_at in begun.values_list("collaboration", "part", "closed_at"):
        owed[pk][key] = closed_at is None
    standing = Record.objects.filter(root_kind="collaboration", root_id__in=ids, status__in=STANDING)
    for pk, code in standing.values_list("root_id", "form_code"):
        handed_in[pk].add(code)
    runs = StepRun.objects.filter(collaboration__in=ids, left_at__isnull=True)
    return {
        pk: Standing(step, gates[pk], handed_in[pk], owed[pk]) for pk, step in runs.values_list("collaboration", "step")
    }


def _reset(version: PlaybookVersion, target: PlaybookVersion) -> set[Place]:
    """The rules and kinds that run by another limit, or by other hours, in the other version."""
    said = {(each.rule, each.kind) for one in (version, target) for each in plan_in(one).clocks}
    before, after = terms_for(version), terms_for(target)
    return {place for place in said if _counted(before, place) != _counted(after, place)}


def _counted(terms: Terms, place: Place) -> tuple[Limit, Profile | None]:
    rule, kind = RULES[place[0]], place[1]
    return terms.limit_of(rule, kind), terms.profile_of(rule, kind, None)


def _running(ids: Collection[int], rules: Collection[str]) -> Counter[tuple[int, str, str]]:
    """How many deadlines run by matter, rule and kind. One query."""
    rows = Deadline.objects.filter(root_kind="collaboration", root_id__in=ids, rule__in=rules, state__in=OPEN)
    return Counter(rows.exclude(limit="").values_list("root_id", "rule", "kind"))
