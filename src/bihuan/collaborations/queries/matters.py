"""Getting at matters. One rule for the list and for the single one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.collaborations.enums import LoopKind
from bihuan.collaborations.models import Collaboration, Loop, Party, StepRun
from bihuan.collaborations.policy.playbook import ARCHIVED_IN, REVIEWED_IN
from bihuan.collaborations.policy.ring import CAME_ROUND, Ring, draw_ring
from bihuan.collaborations.queries.steps import current_run, plan_of
from bihuan.deadlines.queries import Place
from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound
from bihuan.organisation.queries import all_but_name


def visible_to(actor: Actor, *, at: datetime, level: Level = Level.READ) -> QuerySet[Collaboration]:
    """Every matter the actor may see at this level."""
    return Collaboration.objects.filter(access.visible(actor, at=at, level=level))


def listed_for(actor: Actor, *, at: datetime, level: Level = Level.READ) -> QuerySet[Collaboration]:
    """The same matters, said for lists of which a page is shown."""
    return Collaboration.objects.filter(access.visible_in_list(actor, at=at, level=level))


def collaboration_for(actor: Actor, pk: int, *, at: datetime, level: Level = Level.READ) -> Collaboration:
    """One matter; raises ``NotFound`` when it does not exist for this actor."""
    found = (
        visible_to(actor, at=at, level=level)
        .select_related("scope", "playbook_version__playbook", "lead_department", "initiator", "lead")
        .defer("playbook_version__body", *all_but_name("initiator", "lead"))
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def collaboration_numbered(number: str) -> Collaboration:
    """The matter of this number, whoever asks: for the command line. Raises ``NotFound``."""
    found = Collaboration.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def ring_of(
    collaboration: Collaboration, *, run: StepRun | None = None, open_gates: Sequence[str] | None = None
) -> Ring:
    """The ring of one matter. `run` and the gates of what is open are read unless the caller has them."""
    run = run or current_run(collaboration)
    if open_gates is None:
        waiting = Loop.objects.filter(collaboration=collaboration, closed_at__isnull=True)
        open_gates = list(waiting.values_list("gate", flat=True))
    step = run.step if run else None
    asked = [collaboration.pk] if _may_have_stopped(collaboration, step) else []
    return draw_ring(
        plan_of(collaboration),
        current=step,
        ending=collaboration.ending,
        outcomes=_left_last(asked).get(collaboration.pk, {}),
        open_gates=open_gates,
    )


def _may_have_stopped(matter: Collaboration, step: str | None) -> bool:
    """Whether its ring may stop before its end: it was given up, or is reviewed, perhaps after an early end."""
    return matter.ending not in CAME_ROUND or step in {REVIEWED_IN, ARCHIVED_IN}


def _left_last(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """How each step of these matters was left last. One query, none where there are none."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    if ids:
        runs = StepRun.objects.filter(collaboration__in=ids).order_by("entered_at", "pk")
        for pk, step, outcome in runs.values_list("collaboration_id", "step", "outcome"):
            found[pk][step] = outcome
    return found


def numbers_of(ids: Iterable[int]) -> dict[int, str]:
    """The numbers of matters, empty before the request; nothing else of them. One query."""
    rows = Collaboration.objects.filter(pk__in=set(ids)).values_list("pk", "number")
    return {pk: number or "" for pk, number in rows}


def ids_by_number(actor: Actor, numbers: Iterable[str], at: datetime) -> dict[str, int]:
    """Which of these numbers are those of matters that the actor may read. One query."""
    wanted = set(numbers)
    if not wanted:
        return {}
    rows = Collaboration.objects.filter(access.visible(actor, at=at), number__in=wanted)
    return {number: pk for number, pk in rows.values_list("number", "pk") if number}


def titles_of(ids: Iterable[int]) -> dict[int, str]:
    """The titles of matters whose parts the caller holds. One query."""
    return dict(Collaboration.objects.filter(pk__in=set(ids)).values_list("pk", "title"))


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter as a list shows it. Masked when the actor sees only its outline."""

    collaboration: Collaboration
    step: str
    ring: Ring
    departments: tuple[str, ...]
    next_due: datetime | None
    next_place: Place | None
    next_owner: str
    is_masked: bool
    is_resting: bool = False


def rows_of(collaborations: Iterable[Collaboration], *, actor: Actor, at: datetime) -> list[MatterRow]:
    """Lists' rows in a fixed number of queries, whatever their count."""
    matters = list(collaborations)
    levels = access.levels(actor, [matter.scope_id for matter in matters], at=at)
    around = _Around(matters)
    return [around.row(matter, levels.get(matter.scope_id, Level.OUTLINE)) for matter in matters]


class _Around:
    """What a list shows of some matters besides their own columns. Three queries, a fourth where some were given up."""

    def __init__(self, matters: list[Collaboration]) -> None:
        ids = [matter.pk for matter in matters]
        steps = StepRun.objects.filter(collaboration__in=ids, left_at__isnull=True)
        self.steps = dict(steps.values_list("collaboration_id", "step"))
        self.outcomes = _left_last([one.pk for one in matters if _may_have_stopped(one, self.steps.get(one.pk))])
        loops = Loop.objects.filter(collaboration__in=ids, closed_at__isnull=True)
        self.gates: dict[int, list[str]] = defaultdict(list)
        self.dues: dict[int, list[tuple[datetime, Place, str]]] = defaultdict(list)
        self.resting: set[int] = set()
        columns = ("collaboration_id", "gate", "due_at", "kind", "subject_kind", "subject_id", "part", "owner")
        for pk, gate, due_at, kind, *place in loops.values_list(*columns):
            self.gates[pk].append(gate)
            if due_at is not None:
                self.dues[pk].append((due_at, (place[0], place[1], place[2]), place[3]))
            if kind == LoopKind.RESUME:
                self.resting.add(pk)
        parties = Party.objects.filter(collaboration__in=ids).order_by("pk")
        self.departments: dict[int, list[str]] = defaultdict(list)
        for pk, name in parties.values_list("collaboration_id", "department__name"):
            self.departments[pk].append(name)

    def row(self, matter: Collaboration, level: Level) -> MatterRow:
        step = self.steps.get(matter.pk)
        next_due, next_place, next_owner = min(self.dues.get(matter.pk, ()), default=(None, None, ""))
        ring = draw_ring(
            plan_of(matter),
            current=step,
            ending=matter.ending,
            outcomes=self.outcomes.get(matter.pk, {}),
            open_gates=self.gates.get(matter.pk, ()),
        )
        return MatterRow(
            collaboration=matter,
            step=step or matter.ending,
            ring=ring,
            departments=tuple(self.departments.get(matter.pk, ())),
            next_due=next_due,
            next_place=next_place,
            next_owner=next_owner,
            is_masked=level < Level.READ,
            is_resting=matter.pk in self.resting,
        )


LISTED = (
    "scope_id", "number", "title", "short_name", "expected_finish", "created_at", "ended_at", "ending",
    "source_number", "lead__name", "lead_department__name", "playbook_version__digest",
    "playbook_version__playbook__key", "playbook_version__playbook__name", "playbook_version__playbook__name_en",
    "source_status", "parent_id",
)  # fmt: skip


def for_list(matters: QuerySet[Collaboration]) -> QuerySet[Collaboration]:
    """The columns that a list row shows, of the matter, its lead, its lead department and its playbook."""
    return matters.select_related("lead_department", "lead", "playbook_version__playbook").only(*LISTED)
