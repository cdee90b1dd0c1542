"""From what was typed to clean values, with everything that is wrong about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.kernel.findings import Finding, error, warning
from bihuan.records.policy import rows, words
from bihuan.records.policy.rows import TEXT_OF, Body
from bihuan.records.policy.shape import REFERENCES, misshapen
from bihuan.records.policy.values import Unreadable, read_id, readers
from bihuan.records.schema import Field, Form, Kind, Vague

MOST_ROWS = 500
LONGEST_LINE = 2_000
LONGEST_TEXT = 50_000
UNKNOWN = {
    Kind.PERSON: "records.unknown_person",
    Kind.DEPARTMENT: "records.unknown_department",
    Kind.SITE: "records.unknown_site",
}


@dataclass(frozen=True, slots=True)
class Known:
    """Names of the active people, departments and sites that a draft mentions, by id."""

    people: Mapping[int, str] = default(default_factory=dict)
    departments: Mapping[int, str] = default(default_factory=dict)
    sites: Mapping[int, str] = default(default_factory=dict)

    def names(self, kind: Kind) -> Mapping[int, str]:
        return {Kind.PERSON: self.people, Kind.DEPARTMENT: self.departments, Kind.SITE: self.sites}[kind]


def normalise(form: Form, draft: Body, known: Known, zone: ZoneInfo) -> tuple[Body, list[Finding]]:
    """The clean body with every key of the form, and the generic findings about the draft.

    Unanswered: text and choice are "", lists are [], groups carry their keys, all others are None.
    Blank rows fall away, and those of which nothing could be read; places of findings count the rows as they stand in
    the draft, where people see them.
    Computed fields stay unanswered here. What cannot be read is unanswered and has a finding.
    """
    fields = tuple(form.fields())
    reader = Reader(known, zone)
    reader.findings.extend(misshapen(form, draft))
    clean = reader.fields(fields, rows.with_ids(fields, draft, rows.derived_id), "")
    return clean, reader.findings


class Reader:
    """Collects findings while walking a draft."""

    def __init__(self, known: Known, zone: ZoneInfo) -> None:
        self.known = known
        self.readers = readers(zone)
        self.findings: list[Finding] = []

    def fields(self, fields: tuple[Field, ...], draft: Body, prefix: str) -> Body:
        return {field.key: self.field(field, draft, f"{prefix}{field.key}") for field in fields}

    def field(self, field: Field, draft: Body, place: str) -> Any:
        raw = None if field.computed else draft.get(field.key)
        if field.kind is Kind.GROUP:
            return self.fields(field.columns, raw if isinstance(raw, dict) else {}, f"{place}.")
        if field.kind is Kind.ROWS:
            return self.rows(field, rows.as_rows(raw), place)
        if field.kind in REFERENCES:
            return self.reference(field, raw, draft.get(field.key + TEXT_OF), place)
        if field.kind is Kind.DEPARTMENTS:
            return self.departments(field, raw if isinstance(raw, list) else [], place)
        if field.is_text:
            return self.text(field, raw, place)
        return self.choice(field, raw, place) if field.kind is Kind.CHOICE else self.value(field, raw, place)

    def rows(self, field: Field, typed: list[Body], place: str) -> list[Body]:
        kept = [(index, row) for index, row in enumerate(typed) if not rows.is_blank_row(field, row)]
        if len(kept) > MOST_ROWS:
            self.findings.append(error("records.too_many_rows", place, limit=MOST_ROWS, typed=len(kept)))
        needed = max(field.min_rows, int(field.required))
        if len(kept) < needed and not field.computed:
            self.findings.append(error("records.too_few_rows", place, limit=needed, typed=len(kept)))
        read = (
            {"id": row["id"], **self.fields(field.columns, row, f"{place}.{index}.")} for index, row in kept[:MOST_ROWS]
        )
        return [row for row in read if not rows.is_blank_row(field, row)]

    def missing(self, field: Field, place: str) -> None:
        if field.required and not field.computed:
            self.findings.append(error("records.required", place))

    def text(self, field: Field, raw: Any, place: str) -> str:
        typed = "" if raw is None or isinstance(raw, bool | list | dict) else str(raw)
        text = words.one_line(typed) if field.kind is Kind.TEXT else words.lines(typed)
        if words.CONTROL.search(typed):
            self.findings.append(warning("records.control_characters", place))
        if not text:
            self.missing(field, place)
            return ""
        self.lengths(field, text, place)
        self.wording(field, text, place)
        return text

    def lengths(self, field: Field, text: str, place: str) -> None:
        longest = field.max_length or (LONGEST_LINE if field.kind is Kind.TEXT else LONGEST_TEXT)
        if len(text) > longest:
            self.findings.append(error("records.too_long", place, limit=longest, typed=len(text)))
        if field.min_length and len(text) < field.min_length:
            self.findings.append(error("records.too_short", place, limit=field.min_length, typed=len(text)))

    def wording(self, field: Field, text: str, place: str) -> None:
        vague = "" if field.vague is Vague.IGNORED else words.found(words.VAGUE, text)
        if vague:
            say = error if field.vague is Vague.ERROR else warning
            self.findings.append(say("records.vague", place, words=vague))
        blame = words.found(words.BLAME, text) if field.facts_not_blame else ""
        if blame:
            self.findings.append(warning("records.blame", place, words=blame))

    def choice(self, field: Field, raw: Any, place: str) -> str:
        if rows.is_blank(raw):
            self.missing(field, place)
            return ""
        value = raw.strip() if isinstance(raw, str) else raw
        if isinstance(value, str) and value in {choice.value for choice in field.choices}:
            return value
        self.findings.append(error("records.not_a_choice", place, typed=shown(raw)))
        return ""

    def reference(self, field: Field, raw: Any, text: Any, place: str) -> Body | None:
        if rows.is_blank(raw):
            if rows.is_blank(text):
                self.missing(field, place)
            else:
                self.findings.append(error(UNKNOWN[field.kind], place, typed=shown(text)))
            return None
        try:
            number = read_id(raw)
        except Unreadable:
            number = -1
        name = self.known.names(field.kind).get(number)
        if name is None:
            self.findings.append(error(UNKNOWN[field.kind], place, typed=shown(text or raw)))
            return None
        return {"id": number, "name": name}

    def departments(self, field: Field, typed: list[Any], place: str) -> list[Body]:
        """Each once, in the order of their ids, so that the order of ticking changes nothing."""
        if not typed:
            self.missing(field, place)
        one = replace(field, kind=Kind.DEPARTMENT, required=False)
        found = (self.reference(one, raw, None, place) for raw in typed)
        return sorted({each["id"]: each for each in found if each}.values(), key=lambda each: each["id"])

    def value(self, field: Field, raw: Any, place: str) -> Any:
        if field.computed or rows.is_blank(raw):
            self.missing(field, place)
            return None
        try:
            value = self.readers[field.kind](raw)
        except KeyError:  # a VERSION is only ever computed
            return None
        except Unreadable as unreadable:
            self.findings.append(unread(field, unreadable, raw, place))
            return None
        self.limits(field, value, place)
        return value

    def limits(self, field: Field, value: Any, place: str) -> None:
        if field.kind not in {Kind.INTEGER, Kind.NUMBER, Kind.MONEY}:
            return
        if field.minimum is not None and Decimal(value) < field.minimum:
            self.findings.append(error("records.too_small", place, limit=field.minimum, typed=str(value)))
        if field.maximum is not None and Decimal(value) > field.maximum:
            self.findings.append(error("records.too_large", place, limit=field.maximum, typed=str(value)))


def unread(field: Field, unreadable: Unreadable, raw: Any, place: str) -> Finding:
    vague = words.found(words.VAGUE, shown(raw)) if field.kind in {Kind.DATE, Kind.INSTANT} else ""
    if vague:
        return error("records.vague", place, words=vague)
    return error(unreadable.code, place, typed=shown(raw), **unreadable.params)


def shown(raw: Any) -> str:
    """What was typed, short enough for a sentence."""
    value = raw.get("name") or raw.get("id", "") if isinstance(raw, dict) else raw
    text = words.one_line("" if isinstance(value, list | dict) else str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"
