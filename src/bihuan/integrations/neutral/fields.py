"""Take the fields of one row out of JSON: what fits comes as it is, what does not is reported and stays raw."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bihuan.collaborations.imports import KEY_LENGTH, WORD_LENGTH, ImportedDate
from bihuan.integrations.neutral.problems import PREFIX, Problem, shown
from bihuan.kernel.canonical import canonical_json
from bihuan.kernel.findings import Severity

ORIGIN = "\x01from"
TOLD = "\x01told"
UNSAID = "\x01unsaid"
BESIDES = {ORIGIN, TOLD, UNSAID}
Told = tuple[str, str, str]  # code, what was written, what it means
TELLABLE = {"taken_for", "may_be"}
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
SURROGATE = re.compile("[\ud800-\udfff]")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII | re.DOTALL)


@dataclass(slots=True)
class Row:
    """One row being read, and what was odd about it. `home` is the file it was read from, `file` the one told."""

    body: dict[str, Any]
    file: str
    line: int
    key: str = ""
    inside: str = ""
    problems: list[Problem] = field(default_factory=list)
    home: str = ""

    def report(self, code: str, place: str, value: object = "", *, fatal: bool = False, **params: Any) -> None:
        severity = Severity.ERROR if fatal else Severity.WARNING
        told = {name: shown(each) if isinstance(each, str) else each for name, each in params.items()}
        problem = Problem(
            self.file, self.line, shown(self.key), shown(place), shown(value), PREFIX + code, told, severity
        )
        self.problems.append(problem)

    def take(self, body: dict[str, Any]) -> None:
        """The body; an object that was put together from a table says where it stood there."""
        self.body = body
        stood = body.get(ORIGIN)
        if isinstance(stood, list) and len(stood) == 2 and isinstance(stood[0], str) and isinstance(stood[1], int):
            self.file, self.line = stood
            for code, value, meant in told_of(body):
                self.report(code, "", value, meant=meant)

    def raw_of(self, text: str) -> str:
        """The words of the line, without the places that were noted in it."""
        return raw_text(without_origin(self.body)) if ORIGIN in self.body else text

    @property
    def unsaid(self) -> frozenset[str]:
        """The values of which the table that the row was put together from has no column."""
        named = self.body.get(UNSAID)
        return frozenset(each for each in named if isinstance(each, str)) if isinstance(named, list) else frozenset()

    @property
    def is_rejected(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def text(self, name: str, *, limit: int = 0) -> str:
        """A text; a number counts as one. Nothing when it is null or of another type."""
        return self.clean(self.body.get(name), self.place(name), limit)

    def word(self, name: str) -> str:
        return self.text(name, limit=WORD_LENGTH)

    def truth(self, name: str) -> bool | None:
        """Yes or no; None where nothing is said."""
        value = self.body.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.report("wrong_type", self.place(name), value, expected="true or false")
        return None

    def texts(self, name: str, *, limit: int = 0) -> tuple[str, ...]:
        return tuple(filter(None, (self.clean(value, place, limit) for place, value in self.elements(name))))

    def keys(self, name: str) -> tuple[str, ...]:
        """References, each once."""
        found = self.texts(name, limit=KEY_LENGTH)
        for twice in sorted({key for key in found if found.count(key) > 1}):
            self.report("listed_twice", self.place(name), twice)
        return tuple(dict.fromkeys(found))

    def rows(self, name: str) -> list["Row"]:
        """Objects in a list, each a row of its own that reports into this one."""
        nested = []
        for place, value in self.elements(name):
            if isinstance(value, dict):
                inner = Row({}, self.file, self.line, self.key, place, self.problems)
                inner.take(value)
                nested.append(inner)
            elif value is not None:
                self.report("wrong_type", place, value, expected="object")
        return nested

    def day(self, name: str, *, raw: str = "") -> ImportedDate:
        """A day of the calendar from `name`; what is none is kept from there, or from the field `raw`."""
        written, beside = self.word(name), self.word(raw) if raw else ""
        found = day_of(written)
        if not found and (written or beside):
            self.report("not_a_day", self.place(name if written else raw), written or beside)
        return ImportedDate(found, written or beside)

    def elements(self, name: str) -> Iterable[tuple[str, Any]]:
        value = self.body.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.report("wrong_type", self.place(name), value, expected="list")
            value = [value] if isinstance(value, str) else []
        return [(f"{self.place(name)}.{position}", element) for position, element in enumerate(value)]

    def place(self, name: str) -> str:
        return f"{self.inside}.{name}" if self.inside else name

    def clean(self, value: object, place: str, limit: int) -> str:
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.report("wrong_type", place, value, expected="text")
            return ""
        if not isinstance(value, str):
            self.report("wrong_type", place, value, expected="text")
        return self.fitting(str(value), place, limit)

    def fitting(self, text: str, place: str, limit: int) -> str:
        if UNSTORABLE.search(text):
            self.report("unstorable_character", place, text)
            text = UNSTORABLE.sub("\ufffd", text)
        if limit and len(text) > limit:
            self.report("too_long", place, text, limit=limit, length=len(text))
            text = text[:limit]
        return text.strip()


def told_of(body: dict[str, Any]) -> Iterable[Told]:
    """What was found about names when the row was put together; whatever else a file writes there is nothing."""
    said = body.get(TOLD)
    for each in said if isinstance(said, list) else ():
        if isinstance(each, list) and [type(part) for part in each] == [str, str, str] and each[0] in TELLABLE:
            yield each[0], each[1], each[2]


def raw_text(body: Any) -> str:
    """The words of an object as they are kept; half a surrogate pair, which no database takes, stays written out."""
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", canonical_json(body))


def without_origin(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_origin(each) for name, each in value.items() if name not in BESIDES}
    return [without_origin(each) for each in value] if isinstance(value, list) else value


def day_of(text: str) -> date | None:
    """A day written year-month-day, with or without a time behind it."""
    matched = DAY.fullmatch(text)
    try:
        return date(*map(int, matched.groups())) if matched else None
    except ValueError:
        return None


def unknown(keys: Sequence[str], known: frozenset[str]) -> list[str]:
    return [key for key in keys if key and key not in known]
