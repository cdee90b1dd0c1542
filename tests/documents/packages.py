"""Workbooks as somebody with bad intentions makes them, each written by the tests."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
Parts = dict[str, bytes]


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *texts: str) -> str:
    cells = (cell(f"{letter}{number}", text) for letter, text in zip("ABCDEFGH", texts, strict=False))
    return f'<row r="{number}">{"".join(cells)}</row>'


def sheet(rows: str, more: str = "", head: str = "") -> bytes:
    inside = f"<sheetData>{rows}</sheetData>{more}"
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{MAIN}">{inside}</worksheet>'.encode()


def parts(worksheet: bytes | None = None) -> Parts:
    """The parts of a small good workbook."""
    good = worksheet or sheet(row(1, "编号", "标题") + row(2, "1", "事项"))
    return {
        "[Content_Types].xml": (
            f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_KIND}.worksheet+xml"/></Types>'
        ).encode(),
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="事项" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": good,
    }  # fmt: skip


def relation(kind: str, target: str, mode: str = "Internal") -> bytes:
    return relations(f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>')


def relations(inside: str) -> bytes:
    return f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'.encode()


def write(path: Path, found: Parts, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in found.items():
            package.writestr(name, content)
    return path


def zeros(length: int) -> bytes:
    return b"<a>" + b"0" * length + b"</a>"


def bomb(path: Path, mebibytes: int = 300) -> Path:
    """Hundreds of mebibytes of the same letter, in a few hundred kilobytes."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b"0" * 1024 * 1024
    packed = b"".join(engine.compress(piece) for _ in range(mebibytes)) + engine.flush()
    checksum = 0
    for _ in range(mebibytes):
        checksum = zlib.crc32(piece, checksum)
    return raw_package(path, {"xl/worksheets/sheet2.xml": (packed, len(piece) * mebibytes, checksum)})


def raw_package(path: Path, extra: dict[str, tuple[bytes, int, int]]) -> Path:
    """A good workbook with parts whose size and checksum are as told here, not as they are."""
    buffer = BytesIO()
    directory = []
    plain = {name: (deflated(content), len(content), zlib.crc32(content)) for name, content in parts().items()}
    for name, (packed, size, checksum) in (plain | extra).items():
        encoded = name.encode()
        directory.append((encoded, packed, size, checksum, buffer.tell()))
        buffer.write(
            struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0x800, 8, 0, 33, checksum, len(packed), size, len(encoded), 0)
        )
        buffer.write(encoded + packed)
    begin = buffer.tell()
    for encoded, packed, size, checksum, at in directory:
        told = (checksum, len(packed), size, len(encoded))
        buffer.write(struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0x800, 8, 0, 33, *told, 0, 0, 0, 0, 0, at))
        buffer.write(encoded)
    length = buffer.tell() - begin
    buffer.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(directory), len(directory), length, begin, 0))
    path.write_bytes(buffer.getvalue())
    return path


def deflated(content: bytes) -> bytes:
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    return engine.compress(content) + engine.flush()


def overlapping(path: Path) -> Path:
    """The directory names the same bytes twice, as packed bombs do."""
    write(path, parts() | {"xl/a.xml": zeros(4000), "xl/b.xml": zeros(4000)})
    content = bytearray(path.read_bytes())
    first, second = content.find(b"PK\1\2"), 0
    places = []
    while first >= 0:
        places.append(first)
        first = content.find(b"PK\1\2", first + 4)
    first, second = places[-2], places[-1]
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(bytes(content))
    return path
