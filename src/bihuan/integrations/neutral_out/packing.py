"""The parts of an export put together into one file, or a folder."""

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from bihuan.integrations.neutral_out.gathering import FILES, Line
from bihuan.integrations.neutral_out.sheets import csv_lines, write_xlsx
from bihuan.integrations.neutral_out.tables import Table, Tables

ORGANISATION = "org.json"
FORMS = ("json", "csv", "xlsx")
SUFFIX = {"json": ".zip", "csv": ".zip", "xlsx": ".xlsx"}


def pack(folder: Path, form: str, target: Path) -> None:
    """One file of the form asked for. Raises ``TooLongForSheet`` where a workbook is too small for what is said."""
    if form == "json":
        pack_lines(folder, target)
        return
    tables = tables_in(folder)
    if form == "xlsx":
        write_xlsx(target, tables.items())
        return
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, rows in tables.items():
            with out.open(f"{name}.csv", "w") as member:
                member.writelines(csv_lines(rows))


def pack_lines(folder: Path, target: Path) -> None:
    """The files as they are; each part becomes lines of its file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        out.write(folder / ORGANISATION, ORGANISATION)
        for name in FILES:
            parts = parts_of(folder, name)
            if parts or name == FILES[0]:
                with out.open(name, "w") as member:
                    member.writelines(part.read_bytes() for part in parts)


def tables_in(folder: Path) -> dict[str, Table]:
    tables = Tables()
    tables.take_organisation(json.loads((folder / ORGANISATION).read_text(encoding="utf-8")))
    for name in FILES:
        for part in parts_of(folder, name):
            for text in part.read_text(encoding="utf-8").split("\n"):
                if text:
                    tables.take(Line(name, text))
    tables.add_rest()
    return tables.rows


def parts_of(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"*-{name}"))


def part_name(number: int, name: str) -> str:
    return f"{number:06d}-{name}"


def by_file(lines: Iterable[Line]) -> dict[str, bytes]:
    """The lines of a batch as the bytes that go into each file."""
    texts: dict[str, list[str]] = {}
    for line in lines:
        texts.setdefault(line.file, []).append(line.text.replace("\n", " ") + "\n")
    return {name: "".join(rows).encode("utf-8", "surrogatepass") for name, rows in texts.items()}
