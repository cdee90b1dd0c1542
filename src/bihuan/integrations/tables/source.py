"""What a person points at: a neutral folder, a workbook, CSV files, JSON. All become one folder to import."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bihuan.documents.errors import Unsafe
from bihuan.documents.reading import SUFFIXES
from bihuan.integrations.neutral.beside import ACTIONS, ANNEXES, PROGRAMMES
from bihuan.integrations.neutral.document import NotJson, parse_line
from bihuan.integrations.neutral.matters import FILE as MATTERS
from bihuan.integrations.neutral.organisation import FILE as ORGANISATION
from bihuan.integrations.neutral.problems import Problem, Unreadable
from bihuan.integrations.tables.mapping import Sheet, SheetMapping, corrected, findings_of, from_json, recognise
from bihuan.integrations.tables.names import NOWHERE, Elsewhere
from bihuan.integrations.tables.naming import Unlisted, Wanted, none_of_them
from bihuan.integrations.tables.staging import complete, is_neutral, read_sheets, stage
from bihuan.kernel.errors import Refused
from bihuan.kernel.findings import Finding, error

KNOWN_FILES = (ORGANISATION, MATTERS, PROGRAMMES, ACTIONS, *ANNEXES)
Named = tuple[Path, str]


@dataclass(slots=True)
class Ready:
    """A folder to import, and what could not be put into it."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    unlisted: list[Unlisted] = field(default_factory=list)


def finding_of(error: Unsafe) -> Finding:
    return Finding(error.code, params=error.params)


def files_in(path: Path) -> list[Named]:
    """The tables of a folder, or the file itself; nothing for a folder of the neutral shape."""
    if not path.is_dir():
        return [(path, path.name)]
    if (path / ORGANISATION).exists() or (path / MATTERS).exists():
        return []
    return [
        (each, each.name) for each in sorted(path.iterdir()) if SUFFIXES.get(each.suffix.lower()) in ("xlsx", "csv")
    ]


def sheets_of(files: Iterable[Named]) -> list[Sheet]:
    """The sheets of all table files. Raise Unsafe when one is refused; JSON has none."""
    return [sheet for path, name in files if not is_neutral(path, name) for sheet in read_sheets(path, name)]


def read_mapping(path: Path) -> list[SheetMapping]:
    """A mapping file as a person wrote it. Raise Refused when it is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        raise Refused([error("integrations.mapping_not_readable", why=str(problem))]) from None
    listed = value.get("sheets") if isinstance(value, dict) else value
    sheets = [from_json(each) if isinstance(each, dict) else None for each in listed or ()]
    if not sheets or None in sheets:
        raise Refused([error("integrations.mapping_not_readable", why=path.name)])
    return [each for each in sheets if each]


def mapped(sheets: Sequence[Sheet], said: Sequence[SheetMapping] = ()) -> list[SheetMapping]:
    """Each sheet as it is recognised, or as somebody said. Raise Refused when that cannot be used."""
    found = [corrected(recognise(sheet), said) for sheet in sheets]
    if problems := findings_of(found):
        raise Refused(problems)
    return found


@contextmanager
def opened(
    path: Path, *, mapping: Path | None = None, elsewhere: Elsewhere = NOWHERE, wanted: Wanted = none_of_them
) -> Iterator[Ready]:
    """The folder to import for what a person points at. `elsewhere` is known by name besides what lies there;
    departments that are only named are founded where they are `wanted`.

    Raise Unsafe when a file is refused, Unreadable when it cannot be read, Refused when a mapping cannot be used.
    """
    files = files_in(path)
    if not files:
        yield Ready(path)
        return
    said = read_mapping(mapping) if mapping else []
    with tempfile.TemporaryDirectory(prefix="bihuan-import-") as folder:
        yield fill(Path(folder), present(files), said, elsewhere, wanted)


def present(files: list[Named]) -> list[Named]:
    for path, name in files:
        if not path.is_file():
            raise Unreadable("file_missing", name, folder=str(path.parent))
    return files


def fill(
    folder: Path, files: Sequence[Named], said: Sequence[SheetMapping], elsewhere: Elsewhere, wanted: Wanted
) -> Ready:
    """Write what the files hold into the folder, in the neutral shape."""
    ready = Ready(folder)
    sheets = sheets_of(files)
    if sheets:
        staged = stage(folder, sheets, mapped(sheets, said), elsewhere, wanted)
        ready.problems, ready.unlisted = staged.problems, staged.unlisted
    copy_neutral(files, folder)
    complete(folder)
    return ready


def copy_neutral(files: Iterable[Named], folder: Path) -> None:
    """JSON files are of the shape already. Raise Refused where one would stand in the place of another."""
    for target, path in neutral_files(files).items():
        shutil.copyfile(path, folder / target)


def neutral_files(files: Iterable[Named]) -> dict[str, Path]:
    """The JSON files by their name in the shape. Raise Refused when two are the same part of it, or when there are
    tables beside: nothing that is handed in may be covered by something else.
    """
    found: dict[str, Named] = {}
    tables = ""
    for path, name in files:
        if not is_neutral(path, name):
            tables = tables or name
            continue
        target = neutral_name(path, name)
        if target in found:
            raise Refused([error("integrations.files_same", "files", one=found[target][1], other=name)])
        found[target] = (path, name)
    if tables and found:
        one = next(iter(found.values()))[1]
        raise Refused([error("integrations.files_mixed", "files", one=one, other=tables)])
    return {target: path for target, (path, _name) in found.items()}


def neutral_name(path: Path, name: str) -> str:
    """A known name is kept; else one object is an organisation and lines of objects are matters."""
    if name in KNOWN_FILES:
        return name
    if not name.lower().endswith(".json"):
        return MATTERS
    try:
        value = parse_line(path.read_text(encoding="utf-8-sig"))
    except (NotJson, UnicodeDecodeError):
        return MATTERS
    return ORGANISATION if isinstance(value, dict) and "id" not in value else MATTERS
