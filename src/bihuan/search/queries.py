"""Finding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bihuan.access import queries as access
from bihuan.access.enums import HIDDEN
from bihuan.kernel.actor import Actor
from bihuan.ledger.models import Chain
from bihuan.search.enums import Place
from bihuan.search.matching import HasWords, missing_grams, newest_first
from bihuan.search.models import Entry, Followed
from bihuan.search.policy import SPELLINGS, Piece, Word, excerpt, marked, words

PAGE = 20
FEW = 500
FEW_NUMBERED = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. Of what is secret only the title is told: reading it is written down, finding it is not."""

    kind: str
    id: int
    unit_kind: str
    unit_id: int
    number: str
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]

    @property
    def name(self) -> str:
        return "".join(piece.text for piece in self.title)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `next_after` is the key of the last one while there are more."""

    hits: list[Hit]
    next_after: str = ""


def search(
    actor: Actor, text: str, *, kinds: Sequence[str] = (), after: str = "", at: datetime, size: int = PAGE
) -> Found:
    """What the actor may read and what holds every word: what bears the whole number that was typed, then titles before
    texts, newest first. At most three queries, and one more for a number.

    `after` is the key of the last hit of the page before; one that is none is taken as no key.
    """
    asked = words(text)
    if not asked:
        return Found([])
    within = access.few_scopes(actor, at=at)
    if within == []:
        return Found([])
    entries = Entry.objects.filter(access.visible(actor, at=at)).select_related("scope")
    if kinds:
        entries = entries.filter(kind__in=kinds)
    numbered = _numbered(entries, text)
    rows = _rows(entries, asked, _key(after), size + 1, within)
    shown = rows[:size]
    others = _without(numbered, (row for _place, row in shown))
    return Found(
        [_hit(row, asked) for row in _each_once(others if _key(after) else [*numbered, *others])],
        next_after=f"{shown[-1][0].value}-{shown[-1][1].pk}" if len(rows) > size else "",
    )


def _numbered(entries: QuerySet[Entry], text: str) -> list[Entry]:
    """What bears exactly this number, as it was typed or in capitals; asks nothing when the text is no number."""
    typed = text.strip()
    if not any(map(str.isdigit, typed)) or len(typed.split()) != 1:
        return []
    return list(entries.filter(number__in={typed, typed.upper()}, part=0).order_by("-pk")[:FEW_NUMBERED])


def _without(taken: Sequence[Entry], rows: Iterable[Entry]) -> list[Entry]:
    keys = {(row.kind, row.subject_id) for row in taken}
    return [row for row in rows if (row.kind, row.subject_id) not in keys]


def _rows(
    entries: QuerySet[Entry],
    asked: Sequence[Word],
    after: tuple[Place, int] | None,
    size: int,
    within: Sequence[int] | None,
) -> list[tuple[Place, Entry]]:
    rows: list[tuple[Place, Entry]] = []
    for place in Place:
        if len(rows) == size or (after is not None and after[0] > place):
            continue
        below = after[1] if after is not None and after[0] is place else None
        found = newest_first(entries, asked, place, below=below, within=within)
        rows += [(place, row) for row in found[: size - len(rows)]]
    return rows


def _key(text: str) -> tuple[Place, int] | None:
    place, _dash, pk = text.partition("-")
    is_key = place in {"0", "1"} and pk.isascii() and pk.isdigit() and len(pk) < 19
    return (Place(int(place)), int(pk)) if is_key else None


def _each_once(rows: Iterable[Entry]) -> list[Entry]:
    """A long text has several entries; the first one found stands for it."""
    once: dict[tuple[str, int], Entry] = {}
    for row in rows:
        once.setdefault((row.kind, row.subject_id), row)
    return list(once.values())


def _hit(row: Entry, asked: Sequence[Word]) -> Hit:
    shown = "" if row.scope.secrecy in HIDDEN else row.text.partition(SPELLINGS)[0]
    return Hit(
        kind=row.kind,
        id=row.subject_id,
        unit_kind=row.unit_kind,
        unit_id=row.unit_id,
        number=row.number,
        title=marked(row.title, asked),
        excerpt=excerpt(shown, asked) if shown else (),
    )


def holds(text: str, kind: str, *, path: str = "pk") -> Q:
    """The rows whose entry holds every word, whoever may read it: the caller's list asks for rights.

    `path` is the row's id of that kind. Few go straight to their rows; among many a list walks until its page is full,
    where SQLite would otherwise collect and sort them all.
    """
    asked = words(text)
    if not asked:
        return Q(pk__in=[])
    entries = Entry.objects.filter(kind=kind)
    few = list(newest_first(entries, asked).values_list("subject_id", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return Q(**{f"{path}__in": few})
    return Q(Exists(entries.filter(HasWords(asked), subject_id=OuterRef(path))))


def grown() -> QuerySet[Chain]:
    """The chains of the ledger that hold facts the index has not seen."""
    mine = Followed.objects.filter(root_kind=OuterRef("root_kind"), root_id=OuterRef("root_id"))
    seen = Coalesce(Subquery(mine.values("length")[:1]), 0)
    return Chain.objects.annotate(seen=seen).filter(length__gt=F("seen"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How the index stands: its entries, those without grams, and how many chains it has still to read."""

    entries: int
    missing_grams: int
    behind: int


def standing() -> Standing:
    return Standing(Entry.objects.count(), missing_grams(), grown().count())
