"""What waits for one person's signature, each paper with its ground, so that several can be agreed to at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.access.enums import HIDDEN
from bihuan.approvals import queries as approvals
from bihuan.approvals.enums import Answer
from bihuan.kernel.actor import Actor
from bihuan.kernel.findings import Finding
from bihuan.kernel.sentences import registered
from bihuan.notifications.registry import RootCard, root_cards
from bihuan.records import queries as records
from bihuan.records import registry
from bihuan.records.policy import Change
from bihuan.records.policy.amending import amendable
from bihuan.records.queries import Step
from bihuan.records.schema import Field
from bihuan.web.approvals import facts
from bihuan.web.approvals.facts import KeyFact, Line
from bihuan.web.approvals.sheets import department_of

ROWS = 200
"""Slots read for a page; a paper signed line by line has many."""
SHOWN = 50
NAMELESS = RootCard("", "")
SECRET, ASKS = _("Secret: it is read and decided on its own page."), _("It asks questions: answer them on its page.")
UNREADABLE = _("It is read and decided on its own page.")


@dataclass(frozen=True, slots=True)
class Item:
    """What one party is asked in one sign-off. `alone` says why it cannot be agreed to from the list."""

    slot: Any
    slots: Sequence[Any]
    title: str | Promise
    matter: RootCard
    alone: str | Promise
    facts: Sequence[KeyFact]
    lines: Sequence[Line]
    changes: Sequence[Change]
    version: int
    doubts: Sequence[Finding]
    lists: Sequence[Field] = ()

    @property
    def signoff(self) -> Any:
        return self.slot.signoff

    @property
    def digest(self) -> str:
        """What a decision on the item is bound to."""
        digest: str = self.signoff.digest if self.slot.part else self.slot.digest
        return digest

    @property
    def may_amend(self) -> bool:
        """Whether its lines can be put otherwise, which is done on its own page."""
        return any(amendable(each) for each in self.lists)

    @property
    def declined(self) -> list[tuple[Line, str]]:
        """What this party wanted otherwise of a line and did not get, with the reason."""
        named = zip((slot for slot in self.slots if slot.part), self.lines, strict=True)
        said = ((line, slot.amendment) for slot, line in named)
        return [(line, str(each.get("reason", ""))) for line, each in said if each.get("state") == Answer.DECLINED]

    @property
    def line_ids(self) -> str:
        return ",".join(str(slot.pk) for slot in self.slots if slot.part)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of items; `after` goes on behind it, 0 at the end."""

    items: list[Item]
    after: int


def waiting_for(actor: Actor, at: datetime, *, after: int = 0) -> Waiting:
    """The oldest papers that wait for the actor. A fixed number of queries, however many there are."""
    slots = approvals.open_slots(actor, at, after=after, limit=ROWS + 1)
    shown = _page(slots)
    is_all = len(shown) == len(slots)
    return Waiting(items_of(shown, actor, at), 0 if is_all else shown[-1].signoff_id)


def _page(slots: Sequence[Any]) -> list[Any]:
    """Whole sign-offs, up to fifty; of one with more lines than are read, those."""
    signoffs = list(dict.fromkeys(slot.signoff_id for slot in slots))
    if len(slots) > ROWS and len(signoffs) > 1:
        signoffs.pop()
    kept = set(signoffs[:SHOWN])
    return [slot for slot in slots if slot.signoff_id in kept][:ROWS]


def items_of(slots: Iterable[Any], actor: Actor, at: datetime) -> list[Item]:
    """Slots by party and sign-off, with what the actor may read of them. Some four queries."""
    parties: dict[tuple[int, str], list[Any]] = {}
    for slot in slots:
        parties.setdefault((slot.signoff_id, slot.key), []).append(slot)
    signoffs = [mine[0].signoff for mine in parties.values()]
    cards = root_cards({signoff.root for signoff in signoffs})
    open_ones = [each for each in signoffs if each.subject_kind == "record" and each.scope.secrecy not in HIDDEN]
    papers = records.frozen(actor, {(each.subject_id, each.digest) for each in open_ones}, at=at) if open_ones else {}
    return [
        _item(mine, papers.get((mine[0].signoff.subject_id, mine[0].signoff.digest)), cards)
        for mine in parties.values()
    ]


def _item(slots: Sequence[Any], paper: Step | None, cards: Any) -> Item:
    slot = slots[0]
    matter = cards.get(slot.signoff.root, NAMELESS)
    if slot.signoff.scope.secrecy in HIDDEN:
        return Item(slot, slots, "", RootCard(matter.number, ""), SECRET, (), (), (), 0, ())
    if paper is None:
        return Item(slot, slots, slot.signoff.route, matter, UNREADABLE, (), (), (), 0, ())
    form, body = registry.form_of(paper.version.record), paper.version.data
    return Item(
        slot=slot, slots=slots, title=form.title, matter=matter, alone=ASKS if slot.tests else "",
        facts=facts.key_facts(form, body, department_of(slot)), changes=paper.changes, version=paper.version.version,
        lines=[facts.line_of(form, body, each.part) for each in slots if each.part], doubts=known(paper.version.doubts),
        lists=[field for field in form.fields() if any(each.part.startswith(f"{field.key}/") for each in slots)],
    )  # fmt: skip


def known(doubts: Iterable[Finding]) -> list[Finding]:
    """Those there is still a sentence for: an old version may keep one that is no longer made."""
    return [doubt for doubt in doubts if doubt.code in registered()]
