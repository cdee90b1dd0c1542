"""The index itself: the two databases' ways to keep grams and to ask for them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

from bihuan.search.enums import Place
from bihuan.search.models import Entry
from bihuan.search.policy import Word, grams

LAST_POSITION = 16_383
SCOPE = "§{}"  # no word of a query: its sign is neither letter nor digit
MISSING = {
    "sqlite": "SELECT count(*) FROM search_entry WHERE id NOT IN (SELECT rowid FROM search_grams)",
    "postgresql": "SELECT count(*) FROM search_entry WHERE grams IS NULL",
}
IN_GRAMS = "IN (SELECT rowid FROM search_grams WHERE search_grams MATCH %s)"
JOINED = "search_grams.rowid = search_entry.id AND search_grams MATCH %s"
BELOW = " AND search_grams.rowid < %s"
REPLACE = "INSERT OR REPLACE INTO search_grams (rowid, title, body) VALUES (%s, %s, %s)"
UPDATE = "UPDATE search_entry SET grams = %s::tsvector WHERE id = %s"


class HasWords(Func):
    """The entry holds every word: in its title, in title and text together but not in the title alone, or anywhere."""

    conditional = True

    def __init__(self, asked: Sequence[Word], place: Place | None = None, within: Sequence[int] | None = None) -> None:
        super().__init__(F("pk"), output_field=BooleanField())
        self.asked, self.place, self.within = tuple(asked), place, within

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        column, _none = compiler.compile(self.get_source_expressions()[0])
        return f"{column} {IN_GRAMS}", (_fts_query(self.asked, self.place, self.within),)

    def as_postgresql(self, compiler: Any, _connection: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        table = self.get_source_expressions()[0].alias
        column = f"{compiler.quote_name_unless_alias(table)}.grams"
        scopes = _ts_scopes(self.within)
        in_title = " & ".join([*(f"({_ts_phrase(word, 'A')})" for word in self.asked), *scopes])
        if self.place is Place.TITLE:
            return f"{column} @@ %s::tsquery", (in_title,)
        anywhere = " & ".join([*(f"({_ts_phrase(word, '')})" for word in self.asked), *scopes])
        if self.place is None:
            return f"{column} @@ %s::tsquery", (anywhere,)
        return f"({column} @@ %s::tsquery AND NOT {column} @@ %s::tsquery)", (anywhere, in_title)


def newest_first(
    entries: QuerySet[Entry],
    asked: Sequence[Word],
    place: Place | None = None,
    *,
    below: int | None = None,
    within: Sequence[int] | None = None,
) -> QuerySet[Entry]:
    """The entries that hold the words at the place, or anywhere, newest first, from below a key; of a few scopes only
    where they are named.

    SQLite is asked to walk its grams from the newest and to stop when the page is full. Asked with a condition on the
    entries it first collects every hit of the word, among 100,000 matters sixty times the work.
    """
    if connection.vendor == "sqlite":
        bound, key = (BELOW, [below]) if below is not None else ("", [])
        return entries.extra(  # noqa: S610  every text is a constant of this file, what was asked is passed as parameters
            tables=["search_grams"],
            where=[JOINED + bound],
            params=[_fts_query(asked, place, within), *key],
            order_by=["-search_grams.rowid"],
        )
    found = entries.filter(HasWords(asked, place, within)).order_by("-pk")
    return found if below is None else found.filter(pk__lt=below)


def _fts_query(asked: Sequence[Word], place: Place | None, within: Sequence[int] | None = None) -> str:
    wanted = " AND ".join(map(_fts_phrase, asked))
    in_title = f"title : ({wanted})"
    said = {Place.TITLE: in_title, Place.TEXT: f"({wanted}) NOT ({in_title})", None: wanted}[place]
    scopes = " OR ".join(f'"{SCOPE.format(each)}"' for each in within or ())
    return f"({said}) AND ({scopes})" if scopes else said


def _ts_scopes(within: Sequence[int] | None) -> list[str]:
    return [f"({' | '.join(map(repr, map(SCOPE.format, within)))})"] if within else []


def _fts_phrase(word: Word) -> str:
    """Grams are letters and digits only, so nothing in them can end the quotes."""
    return f'"{" ".join(word.grams)}"{" *" if word.is_open else ""}'


def _ts_phrase(word: Word, weight: str) -> str:
    mark = f":{weight}" if weight else ""
    *before, last = word.grams
    ends = f"'{last}':*{weight}" if word.is_open else f"'{last}'{mark}"
    return " <-> ".join([*(f"'{gram}'{mark}" for gram in before), ends])


def write_grams(entries: Iterable[Entry]) -> None:
    """Index these entries as they stand now.

    Behind the text stands the scope: who sees only a few asks for these alone, and no frequent word is walked for him.
    """
    rows = [(entry.pk, *_columns(entry), SCOPE.format(entry.scope_id)) for entry in entries]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            said = [(pk, " ".join(title), " ".join([*body, scope])) for pk, title, body, scope in rows]
            cursor.executemany(REPLACE, said)
        else:
            vectors = [(f"{_vector(title, body)} '{scope}'", pk) for pk, title, body, scope in rows]
            cursor.executemany(UPDATE, vectors)


def _columns(entry: Entry) -> tuple[list[str], list[str]]:
    """Title and text; later chunks keep the title among their text, so that it is found with their words, but once."""
    title = grams(f"{entry.number} {entry.title}")
    return ([], title + grams(entry.text)) if entry.part else (title, grams(entry.text))


def _vector(title: Sequence[str], body: Sequence[str]) -> str:
    """A literal, because PostgreSQL's own parser would cut once more. A gap keeps phrases from crossing over."""
    places: dict[str, list[str]] = {}
    for at, gram in enumerate(title, start=1):
        places.setdefault(gram, []).append(f"{at}A")
    for at, gram in enumerate(body, start=len(title) + 2):
        if at <= LAST_POSITION:
            places.setdefault(gram, []).append(str(at))
    return " ".join(f"'{gram}':{','.join(found)}" for gram, found in places.items())


def missing_grams() -> int:
    """Entries that no word can find: none, unless somebody wrote past `write_grams`."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING[connection.vendor])
        return int(cursor.fetchone()[0])
