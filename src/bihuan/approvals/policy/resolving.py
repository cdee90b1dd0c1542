"""From a route and what is known of a matter to the slots that are asked, and who signs for whom cannot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bihuan.approvals.policy.routes import At, Empty, RoutePlan, Rules, Selector, SlotPlan, StepPlan, Value
from bihuan.kernel.findings import Finding, error


@dataclass(frozen=True, slots=True)
class Candidate:
    """A principal, and the people who answer to it now."""

    principal: str
    holders: frozenset[int] = frozenset()

    def is_able(self, author_id: int | None) -> bool:
        """Somebody holds it, and the author does not: who shares an office with the author is no other pair of eyes."""
        return bool(self.holders) and author_id not in self.holders


@dataclass(frozen=True, slots=True)
class Seat:
    """A party that is asked. Of the candidates the first is meant, those after it are its superiors, nearest first."""

    key: str
    label: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What a matter says: values to compare, the seats behind each selector, who wrote the text, and its lines.

    `excused` are by line the parties that it does not bind.
    """

    values: Mapping[str, Value]
    seats: Mapping[Selector, Sequence[Seat]]
    pmo: Candidate
    author_id: int | None
    digest: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    excused: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One signature that the route asks for. `waits`: nobody can give it now, and the route says to wait."""

    step: int
    group: str
    key: str
    principal: str
    label: str
    part: str
    digest: str
    tests: tuple[str, ...]
    need: int
    vetoes: bool
    holders: frozenset[int]
    waits: bool


@dataclass(frozen=True, slots=True)
class CopyDue:
    """Whoever holds the office then reads it from that moment on; `group` is the step."""

    group: str
    at: At
    principal: str
    label: str


@dataclass(frozen=True, slots=True)
class Resolved:
    asked: tuple[Asked, ...]
    findings: tuple[Finding, ...] = ()
    copies: tuple[CopyDue, ...] = ()


@dataclass(frozen=True, slots=True)
class _Taken:
    """A seat with the candidate that signs for it."""

    seat: Seat
    candidate: Candidate
    vetoes: bool
    waits: bool


def selectors_of(steps: Iterable[StepPlan]) -> frozenset[Selector]:
    """Whom the steps ask and show it to: what has to be looked up."""
    return frozenset(selector for step in steps for selector in step.selectors)


def resolve(route: RoutePlan, given: Given) -> Resolved:
    """The slots a route asks for, in its order, or why it could never be completed.

    A step whose conditions do not hold is left out. Nothing is ever approved for want of somebody to ask: a step that
    would ask nobody, or fewer than must sign, is a finding.
    """
    missing = sorted(route.fields - given.values.keys())
    if missing:
        return Resolved((), tuple(error("approvals.value_missing", name, field=name) for name in missing))
    asked: list[Asked] = []
    findings: list[Finding] = []
    parties: dict[str, str] = {}
    first, free = 1, 1
    for place, step in route.asked(given.values):
        first = first if step.beside and asked else free
        taken = _distinct(step, [_take(slot, seat, route.empty, given) for slot, seat in _seats(step, given)])
        findings += _lacks(step, taken, place, given)
        found = list(_slots(step, taken, first, given, parties))
        asked += found
        free = max([free, *(slot.step + 1 for slot in found)])
    if not asked and not findings:
        findings.append(error("approvals.no_slots", "slots"))
    return Resolved(tuple(asked), tuple(findings), tuple(_copies(route, given)))


def _copies(route: RoutePlan, given: Given) -> Iterator[CopyDue]:
    """Of the steps that are asked. Each office itself, whoever holds it: nobody has to stand in for reading."""
    return (
        CopyDue(step.key, copy.at, seat.candidates[0].principal, seat.label)
        for _place, step in route.asked(given.values)
        for copy in step.copies
        for seat in given.seats.get(copy.selector, ())
        if seat.candidates
    )


def _seats(step: StepPlan, given: Given) -> Iterator[tuple[SlotPlan, Seat]]:
    return ((slot, seat) for slot in step.slots for seat in given.seats.get(slot.selector, ()))


def _take(slot: SlotPlan, seat: Seat, empty: Empty, given: Given) -> _Taken:
    """Who signs for a seat: itself when somebody can, else what the route says. The author never does."""
    meant, *above = seat.candidates or (given.pmo,)
    if meant.is_able(given.author_id):
        return _Taken(seat, meant, slot.vetoes, waits=False)
    if empty is Empty.WAIT and given.author_id not in meant.holders:
        return _Taken(seat, meant, slot.vetoes, waits=True)
    others = [*(above if empty is not Empty.PMO else ()), given.pmo]
    able = next((candidate for candidate in others if candidate.is_able(given.author_id)), None)
    instead = able or Candidate(given.pmo.principal, given.pmo.holders - {given.author_id or 0})
    return _Taken(seat, instead, slot.vetoes, waits=False)


def _distinct(step: StepPlan, taken: Sequence[_Taken]) -> list[_Taken]:
    """A party is asked once in a step. Where not all must sign, and in a chain, an office too: it is one voice."""
    parties: dict[str, _Taken] = {}
    for each in taken:
        parties.setdefault(each.seat.key, each)
    if step.rule.kind is Rules.ALL:
        return list(parties.values())
    offices: dict[str, _Taken] = {}
    for each in parties.values():
        offices.setdefault(each.candidate.principal, each)
    return list(offices.values())


def _lacks(step: StepPlan, taken: Sequence[_Taken], place: int, given: Given) -> Iterator[Finding]:
    where = f"steps.{place}"
    if not taken:
        yield error("approvals.step_without_signers", where, step=step.name)
        return
    for each in taken:
        if not each.waits and not each.candidate.holders:
            yield error("approvals.nobody_can_sign", where, step=step.name, party=each.seat.label)
    able = counted([each.candidate.holders for each in taken])
    waiting = sum(each.waits for each in taken)
    need = step.rule.need(len(taken))
    if need > len(taken) or need > able + waiting:
        yield error("approvals.too_few_signers", where, step=step.name, need=need, able=able)
    for part, _digest in _parts(step, given):
        if not any(_is_bound(each, part, given) for each in taken):
            yield error("approvals.line_asks_nobody", where, step=step.name)


def counted(offices: Sequence[frozenset[int]]) -> int:
    """How many of the offices can sign when nobody counts twice (AT18): as many as find a person of their own."""
    signs: dict[int, int] = {}

    def finds(office: int, passed: set[int]) -> bool:
        for person in sorted(offices[office] - passed):
            passed.add(person)
            if person not in signs or finds(signs[person], passed):
                signs[person] = office
                return True
        return False

    return sum(finds(office, set()) for office in range(len(offices)))


def _slots(
    step: StepPlan, taken: Sequence[_Taken], first: int, given: Given, parties: dict[str, str]
) -> Iterator[Asked]:
    """One slot for each seat and part. 依次: each seat is a step of its own."""
    needs = {part: _need(step, taken, part, given) for part, _digest in _parts(step, given)}
    in_turn = step.rule.kind is Rules.IN_TURN
    for number, each in enumerate(taken):
        key = _key(each.seat.key, step.key, parties)
        for part, digest in _parts(step, given):
            if not _is_bound(each, part, given):
                continue
            yield Asked(
                step=first + number if in_turn else first, group=step.key, key=key, label=each.seat.label, part=part,
                principal=each.candidate.principal, digest=digest, tests=step.tests, need=needs[part],
                vetoes=each.vetoes,
                holders=each.candidate.holders, waits=each.waits,
            )  # fmt: skip


def _is_bound(taken: _Taken, part: str, given: Given) -> bool:
    return taken.seat.key not in given.excused.get(part, ())


def _need(step: StepPlan, taken: Sequence[_Taken], part: str, given: Given) -> int:
    """How many of those a line binds must sign; never more than it binds."""
    bound = sum(_is_bound(each, part, given) for each in taken)
    return min(step.rule.need(bound), bound)


def _key(key: str, step: str, parties: dict[str, str]) -> str:
    """A party asked in two steps has a second name, so that each of its decisions is followed by itself."""
    if parties.setdefault(key, step) == step:
        return key
    return f"{key}@{step}"


def _parts(step: StepPlan, given: Given) -> list[tuple[str, str]]:
    if not step.parts:
        return [("", given.digest)]
    return sorted((part, digest) for part, digest in given.parts.items() if part.partition("/")[0] in step.parts)
