"""What a form is: pure data. One definition drives page, print, API, validation, digest, history and export."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(StrEnum):
    TEXT = "TEXT"
    LONGTEXT = "LONGTEXT"
    INTEGER = "INTEGER"
    NUMBER = "NUMBER"  # exact decimal, kept as a string in frozen bodies
    MONEY = "MONEY"  # CNY, two decimals; input takes 万
    DATE = "DATE"
    INSTANT = "INSTANT"  # aware datetime, kept in UTC with offset
    BOOL = "BOOL"  # three states while drafting: yes, no, not answered
    CHOICE = "CHOICE"
    PERSON = "PERSON"
    DEPARTMENT = "DEPARTMENT"
    DEPARTMENTS = "DEPARTMENTS"  # several of those that take part; none chosen means what `unsaid` says
    SITE = "SITE"
    VERSION = "VERSION"  # a frozen record version: {"id", "number", "version", "digest"}; always computed
    ROWS = "ROWS"  # a list of rows with columns; every row carries a stable "id"
    GROUP = "GROUP"  # one object with fields


class Vague(StrEnum):
    """What a vague word (尽快, 大概 …) in the field amounts to (rule V6)."""

    IGNORED = "IGNORED"
    WARNING = "WARNING"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `required` counts at submit, never while drafting. `computed` fields are filled by the product,
    shown, printed and frozen, and never taken from what a page or a program sends.
    """

    key: str
    kind: Kind
    label: Text
    help: Text = ""
    required: bool = False
    computed: bool = False
    choices: tuple[Choice, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    columns: tuple["Field", ...] = ()
    min_rows: int = 0
    vague: Vague = Vague.WARNING
    facts_not_blame: bool = False
    origin: str = ""
    suffix: Text = ""  # shown behind the value: %, 天 …
    fixed_rows: bool = False  # rows are given by the product (prefill); people fill them, add none, remove none
    unsaid: Text = ""  # what it means that nothing was answered, where that means something
    is_beside: bool = False  # a column that says who is asked about the line, not what is agreed: no part of its digest

    def column(self, key: str) -> "Field | None":
        return next((column for column in self.columns if column.key == key), None)

    @property
    def is_text(self) -> bool:
        return self.kind in {Kind.TEXT, Kind.LONGTEXT}


FILES = Field(
    "files",
    Kind.ROWS,
    _("Attached files"),
    computed=True,
    columns=(
        Field("name", Kind.TEXT, _("File"), computed=True),
        Field("size", Kind.INTEGER, _("Bytes"), computed=True),
        Field("sha256", Kind.TEXT, _("SHA-256"), computed=True),
    ),
)
"""A form that has this field takes files (`records.attaching`); their digests are frozen with its text."""


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: Text
    fields: tuple[Field, ...]
    help: Text = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the register (F01 …). `signed_lists` are lists whose every row is signed for itself."""

    code: str
    key: str
    title: Text
    purpose: Text
    sections: tuple[Section, ...]
    signed_lists: tuple[str, ...] = ()

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields() if field.key == key), None)

    @property
    def takes_files(self) -> bool:
        return any(field is FILES for field in self.fields())

    def trail(self, place: str) -> list[tuple[Field, int | None]]:
        """The fields a place (`metrics.0.target`) leads through, each with its row index; empty if it leads nowhere."""
        steps: list[tuple[Field, int | None]] = []
        look_up = self.field
        for part in place.split("."):
            if part.isdecimal() and steps and steps[-1][0].kind is Kind.ROWS:
                steps[-1] = (steps[-1][0], int(part))
                continue
            field = look_up(part)
            if field is None:
                return []
            steps.append((field, None))
            look_up = field.column
        return steps

    def label_of(self, place: str) -> str:
        """The place in words: `Metrics 1 · Target`. A place the form does not know is given as it is."""
        words = [str(field.label) + ("" if index is None else f" {index + 1}") for field, index in self.trail(place)]
        return " · ".join(words) or place
