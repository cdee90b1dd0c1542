"""`python -m bench.signing_races`: pairs of acts on one signature at the same moment; one outcome, one history.

Five kinds of pairs: approve against approve, withdraw, a newer version (edit), a transfer (reassign) and the step up
when nobody answered in time (escalate). In turn one of the two begins up to some milliseconds later, so that each
order comes up. After each pair the rows must be those that one of the two orders gives, and
the ledger must tell exactly the acts that went through, in an order that explains them. `--naive` reads first and
writes afterwards without looking: a fault that must show. Ends with 1 when a pair has no explanation. On PostgreSQL
through `scripts/with_postgresql.py`.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from bench.timers import begin

AT_ONCE, PAPERS = 500, count(1000)
LATE = 0.006  # seconds: about as long as either takes until it holds the lock
KINDS = ("approve", "withdraw", "edit", "reassign", "escalate")
Act = Callable[[], Any]
STALE = frozenset({"StaleSlot", "SignoffClosed", "NotTheSignatory", "OperationalError"})
# What each act adds to the ledger, and what the pair may come to: the facts in their order → the end of the signature.
DECIDED, VOIDED, OPENED = "approvals.slot.decided", "approvals.signoff.voided", "approvals.signoff.opened"
MOVED, PLACED = "approvals.slots.transferred", "approvals.slots.placed"
EXPLAINED: Mapping[str, Mapping[tuple[str, ...], tuple[str, str]]] = {
    "approve": {(DECIDED,): ("APPROVED", "APPROVED")},
    "withdraw": {(DECIDED,): ("APPROVED", "APPROVED"), (VOIDED,): ("VOID", "VOID")},
    "edit": {(DECIDED, OPENED): ("APPROVED", "APPROVED"), (OPENED,): ("VOID", "VOID")},
    "reassign": {(DECIDED,): ("APPROVED", "APPROVED"), (MOVED,): ("OPEN", "PENDING")},
    "escalate": {(DECIDED,): ("APPROVED", "APPROVED"), (PLACED, DECIDED): ("APPROVED", "APPROVED")},
}


@dataclass(frozen=True)
class Found:
    """What a pair came to, and whether one of the two orders explains it."""

    kind: str
    facts: tuple[str, ...]
    states: tuple[str, str]
    done: int

    @property
    def is_explained(self) -> bool:
        """As many facts as acts that went through, and the rows that these facts in this order leave."""
        return EXPLAINED[self.kind].get(self.facts) == self.states and self.done >= len(self.facts)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.signing_races", description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000, help="of all five kinds together")
    parser.add_argument("--naive", action="store_true", help="the planted fault")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="note each pair there, and show all that are noted")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as place:
        begin(Path(place))
        started, found = time.perf_counter(), Counter[Found]()
        for one in run(chosen.pairs, naive=chosen.naive):
            found[one] += 1
            if chosen.kept:
                note(one, chosen.kept)
        seconds = time.perf_counter() - started
    return show(noted(chosen.kept) if chosen.kept else found, seconds)


def run(pairs: int, *, naive: bool = False) -> Iterator[Found]:
    from tests.approvals.cast import make_cast

    if naive:
        plant()
    cast, chance = make_cast(), random.Random()  # another run, other moments
    cast.actor = cache(cast.actor)
    with ThreadPoolExecutor(2) as hands:
        for number, signoff in zip(range(pairs), asked(cast), strict=False):
            kind, turned = KINDS[number % len(KINDS)], number // len(KINDS) % 2
            yield race(cast, kind, hands, signoff=signoff, turned=turned, late=chance.uniform(0, LATE))


def asked(cast: Any) -> Iterator[Any]:
    """Sign-offs of one slot without end, many written at once: opening each would take as long as what is raced."""
    from bihuan.approvals.models import Signoff, Slot
    from tests.approvals.cast import AT, DIGEST, ROOT, SUBJECT

    of_all = {
        "route": "OPINIONS", "subject_kind": SUBJECT.kind, "root_kind": ROOT.kind, "root_id": ROOT.id,
        "scope_id": cast.scope_id, "digest": DIGEST, "author_id": cast.author.pk, "opened_at": AT,
    }  # fmt: skip
    while True:
        signoffs = Signoff.objects.bulk_create(Signoff(**of_all, subject_id=next(PAPERS)) for _ in range(AT_ONCE))
        Slot.objects.bulk_create(
            Slot(signoff=each, key="m", principal=cast.head_key, label="m", digest=DIGEST) for each in signoffs
        )
        yield from signoffs


def race(
    cast: Any, kind: str, hands: ThreadPoolExecutor, *, signoff: Any = None, turned: int = 0, late: float = 0
) -> Found:
    """One pair on a fresh sign-off; `turned`, the other act comes first; the second begins `late` seconds later."""
    from bihuan.approvals.models import Slot
    from bihuan.approvals.operations import SlotSpec
    from bihuan.kernel.subjects import SubjectRef
    from bihuan.ledger.models import Entry
    from tests.approvals.cast import DIGEST, open_for

    if signoff is None:
        spec = SlotSpec(key="m", principal=cast.head_key, label="m", digest=DIGEST)
        signoff = open_for(cast, spec, subject=SubjectRef("record", next(PAPERS)))
    slot = signoff.slots.select_related("signoff").get()
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    acts = [approval(cast, slot), against(cast, kind, signoff, slot)]
    done = at_once(hands, *reversed(acts) if turned else acts, late=late)
    facts = tuple(Entry.objects.filter(pk__gt=before).order_by("pk").values_list("name", flat=True))
    states = Slot.objects.values_list("signoff__state", "state").get(pk=slot.pk)
    return Found(kind, facts, states, done)


def approval(cast: Any, slot: Any) -> Act:
    from bihuan.approvals import operations
    from tests.approvals.cast import AT

    actor = cast.actor("head")
    return lambda: operations.decide(slot, decision="APPROVE", seen_digest=slot.digest, actor=actor, at=AT)


def against(cast: Any, kind: str, signoff: Any, slot: Any) -> Act:
    from bihuan.approvals import operations
    from bihuan.approvals.operations import SlotSpec
    from tests.approvals.cast import AT, open_for

    by = {"actor": cast.actor("author"), "at": AT}
    new = SlotSpec(key="m", principal=cast.head_key, label="m", digest="b" * 64)
    acts: dict[str, Act] = {
        "approve": approval(cast, slot),
        "withdraw": lambda: operations.void(signoff, reason="撤回", **by),
        "edit": lambda: open_for(cast, new, subject=signoff.subject, digest="b" * 64, carry_from=signoff),
        "reassign": lambda: operations.transfer(
            slot, person_id=cast.stranger.pk, reason="出差", actor=cast.actor("head"), at=AT
        ),
        "escalate": lambda: operations.escalate(signoff.pk, "m", to_pmo=True, at=AT),
    }
    return acts[kind]


def at_once(hands: ThreadPoolExecutor, *acts: Act, late: float = 0) -> int:
    """Both from the same moment on; how many went through. A refusal is an answer, anything else is not."""
    start = threading.Barrier(len(acts))

    def run_one(act: Act) -> bool:
        start.wait(timeout=60)
        if late and act is acts[-1]:
            time.sleep(late)
        try:
            act()
        except Exception as refusal:
            if type(refusal).__name__ not in STALE:
                raise
            return False
        return True

    return sum(hands.map(run_one, acts))


def plant(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Everybody reads before the lock, waits a moment, and writes without looking."""
    from bihuan.approvals.enums import SlotState
    from bihuan.approvals.models import Signoff, Slot
    from bihuan.approvals.operations import deciding, recording

    def read(signoff_id: int, _root: Any = None) -> tuple[Any, list[Any]]:
        rows = Signoff.objects.get(pk=signoff_id), list(Slot.objects.filter(signoff=signoff_id).order_by("step", "pk"))
        time.sleep(0.005)
        return rows

    def take(slot: Any, changes: Mapping[str, Any]) -> None:
        Slot.objects.filter(pk=slot.pk).update(**changes)

    def close(signoff: Any, state: Any, at: Any) -> None:
        Signoff.objects.filter(pk=signoff.pk).update(state=state, closed_at=at)
        Slot.objects.filter(signoff_id=signoff.pk, state=SlotState.PENDING).update(state=SlotState.VOID)
        signoff.state, signoff.closed_at = state, at

    for module, name, fault in ((recording, "locked", read), (deciding, "_take", take), (recording, "close", close)):
        put(module, name, fault)


def note(one: Found, kept: Path) -> None:
    """At once: a long run is made in several, and one that is killed loses nothing."""
    with kept.open("a") as rows:
        rows.write(json.dumps(astuple(one)) + "\n")


def noted(kept: Path) -> Counter[Found]:
    rows = map(json.loads, kept.read_text().splitlines())
    return Counter(Found(kind, tuple(facts), (states[0], states[1]), done) for kind, facts, states, done in rows)


def show(found: Counter[Found], seconds: float) -> int:
    for one, times in sorted(found.items(), key=lambda item: str(item[0])):
        mark = "explained" if one.is_explained else "NOT EXPLAINED"
        print(
            f"{times:6} × {one.kind:9} {' '.join(one.facts)} → {'/'.join(one.states)}, {one.done} went through: {mark}"
        )
    wrong = sum(times for one, times in found.items() if not one.is_explained)
    print(f"{found.total()} pairs, {wrong} without an explanation; this run took {seconds:.0f} s.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
