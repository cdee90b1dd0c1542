"""Look at an .xlsx as a package before anybody parses it: directory, names, true sizes, and what its XML declares."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from bihuan.documents import limits
from bihuan.documents.errors import Unsafe

END = struct.Struct("<4s4H2LH")
LOCAL = struct.Struct("<4s5H3L2H")
END_MARK, LOCAL_MARK = b"PK\x05\x06", b"PK\x03\x04"
BINARY = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".bin", ".ttf", ".odttf")
PICTURES = ("/image", "/printerSettings", "/hyperlink", "/thumbnail", "/font", "/customProperty")
ACTIVE = re.compile(
    r"vbaproject|macrosheets/|dialogsheets/|/activex/|/embeddings/|oleobject|\.(?:exe|dll|js|vbs|bat|cmd|ps1)$",
    re.IGNORECASE,
)
OUTSIDE = re.compile(r"externallinks/|/connections\.xml$|/querytables/|^xl/model/|/ddelinks?/", re.IGNORECASE)
DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
HYPERLINK = re.compile(r"/relationships/hyperlink$")
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
STEP = 64 * 1024
OVERLAP = 32


def check_package(path: Path) -> None:
    """Raise Unsafe unless the file is a whole, honest workbook that holds nothing but data. Reads every byte once."""
    with path.open("rb") as handle:
        directory_at = check_end(handle)
        try:
            with zipfile.ZipFile(handle) as package:
                parts = package.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as error:
            raise Unsafe("package_broken", where=type(error).__name__) from None
        check_directory(parts)
        spans = sorted(span(handle, part) for part in parts)
        check_spans(spans, directory_at)
        starts = {first: begin for first, begin, _end in spans}
        for part in parts:
            check_part(handle, part, starts[part.header_offset])


def check_end(handle: BinaryIO) -> int:
    """The end record must stand at the very end and speak of one small directory; returns where that begins."""
    size = handle.seek(0, 2)
    handle.seek(max(0, size - END.size - 65_535))
    tail = handle.read()
    at = tail.rfind(END_MARK)
    if at < 0 or len(tail) - at < END.size:
        raise Unsafe("package_broken", where="end")
    _mark, disks, disk, here, everywhere, length, begin, comment = END.unpack_from(tail, at)
    if 0xFFFF in (here, everywhere) or 0xFFFFFFFF in (length, begin):
        raise Unsafe("parts_many", limit=limits.PARTS)
    if everywhere > limits.PARTS or length > limits.DIRECTORY_BYTES:
        raise Unsafe("parts_many", limit=limits.PARTS)
    end_at = size - len(tail) + at
    if disks or disk or here != everywhere or begin + length != end_at or at + END.size + comment != len(tail):
        raise Unsafe("package_broken", where="directory")
    return int(begin)


def check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > limits.PARTS:
        raise Unsafe("parts_many", limit=limits.PARTS)
    seen: set[str] = set()
    for part in parts:
        check_name(part, seen)
        if part.flag_bits & 0x41:
            raise Unsafe("locked")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unsafe("package_broken", where=part.filename[:100])
        swells = part.file_size > limits.RATIO_FROM and part.file_size > limits.RATIO * max(part.compress_size, 1)
        if part.file_size > limits.PART_BYTES or swells:
            raise Unsafe("unpacks_too_large", limit=limits.UNPACKED_BYTES // limits.MEBIBYTE)
    if sum(part.file_size for part in parts) > limits.UNPACKED_BYTES:
        raise Unsafe("unpacks_too_large", limit=limits.UNPACKED_BYTES // limits.MEBIBYTE)
    check_kind(seen)


def check_name(part: zipfile.ZipInfo, seen: set[str]) -> None:
    name = part.orig_filename
    folded = name.casefold()
    steps = name.split("/")
    is_link = stat.S_ISLNK(part.external_attr >> 16)
    if (
        folded in seen
        or "\\" in name
        or "\0" in name
        or ":" in name
        or ".." in steps
        or name.startswith("/")
        or is_link
    ):
        raise Unsafe("part_name_bad", where=shown(name))
    seen.add(folded)
    if ACTIVE.search(name):
        raise Unsafe("macros", where=shown(name))
    if OUTSIDE.search(name):
        raise Unsafe("points_outside", where=shown(name))


def check_kind(names: set[str]) -> None:
    if "[content_types].xml" not in names:
        raise Unsafe("kind_differs", really="zip")
    for folder, really in (("word/", "docx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            raise Unsafe("kind_differs", really=really)


def span(handle: BinaryIO, part: zipfile.ZipInfo) -> tuple[int, int, int]:
    """Where a part's header, its bytes and the next thing begin, by its own header; the directory must agree."""
    handle.seek(part.header_offset)
    head = handle.read(LOCAL.size)
    if len(head) < LOCAL.size or not head.startswith(LOCAL_MARK):
        raise Unsafe("package_broken", where=shown(part.filename))
    _mark, _version, flags, method, _time, _day, _crc, packed, size, name, extra = LOCAL.unpack(head)
    if handle.read(name) != part.orig_filename.encode("utf-8" if flags & 0x800 else "cp437", "replace"):
        raise Unsafe("package_broken", where=shown(part.filename))
    told_later = bool(flags & 0x08)
    if method != part.compress_type or (not told_later and (packed, size) != (part.compress_size, part.file_size)):
        raise Unsafe("size_lies", where=shown(part.filename))
    begin = part.header_offset + LOCAL.size + name + extra
    return part.header_offset, begin, begin + part.compress_size


def check_spans(spans: list[tuple[int, int, int]], directory_at: int) -> None:
    """No byte belongs to two parts, and none to a part and the directory."""
    borders = [first for first, _begin, _end in spans[1:]] + [directory_at]
    for (_first, _begin, end), border in zip(spans, borders, strict=False):
        if end > border:
            raise Unsafe("parts_overlap")


def check_part(handle: BinaryIO, part: zipfile.ZipInfo, begin: int) -> None:
    """Unpack it without keeping it: the size and checksum must be as said, its XML plain."""
    is_scanned = not part.filename.lower().endswith(BINARY)
    kept = bytearray()
    keeps = part.filename.lower().endswith(".rels") or part.filename == "[Content_Types].xml"
    length = checksum = 0
    tail = b""
    for piece in unpacked(handle, part, begin):
        length += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if length > part.file_size:
            raise Unsafe("size_lies", where=shown(part.filename))
        if is_scanned:
            check_xml(tail + piece, part, is_first=length == len(piece))
            tail = (tail + piece)[-OVERLAP:]
        if keeps:
            kept += piece
    if length != part.file_size or checksum != part.CRC:
        raise Unsafe("size_lies", where=shown(part.filename))
    if keeps:
        check_links(bytes(kept), part.filename)


def unpacked(handle: BinaryIO, part: zipfile.ZipInfo, begin: int) -> Iterator[bytes]:
    handle.seek(begin)
    left = part.compress_size
    engine = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left:
        packed = handle.read(min(STEP, left))
        if not packed:
            raise Unsafe("package_broken", where=shown(part.filename))
        left -= len(packed)
        while packed:
            try:
                piece = engine.decompress(packed, STEP) if engine else packed
            except zlib.error:
                raise Unsafe("package_broken", where=shown(part.filename)) from None
            packed = engine.unconsumed_tail if engine else b""
            if piece:
                yield piece
            elif not packed:
                break
    if engine and (rest := engine.flush(STEP)):
        yield rest
    if engine and (not engine.eof or engine.unused_data):
        raise Unsafe("size_lies", where=shown(part.filename))


def check_xml(piece: bytes, part: zipfile.ZipInfo, *, is_first: bool) -> None:
    """Only UTF-8 without declarations: then a search for bytes finds every document type there can be."""
    if b"\0" in piece:
        raise Unsafe("encoding_odd", where=shown(part.filename))
    named = ENCODING.match(piece.removeprefix(b"\xef\xbb\xbf")) if is_first else None
    if named and named[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Unsafe("encoding_odd", where=shown(part.filename))
    if DECLARED.search(piece):
        raise Unsafe("declares_types", where=shown(part.filename))


def check_links(text: bytes, name: str) -> None:
    """It must say of itself: a workbook, no programs, all parts inside. Links to click are fine."""
    books = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal books
        kind = attributes.get("ContentType", "") + attributes.get("Type", "")
        if "macroEnabled" in kind or "vbaProject" in kind or "oleObject" in kind:
            raise Unsafe("macros", where=shown(name))
        if attributes.get("TargetMode", "").strip().lower() == "external" and not HYPERLINK.search(kind):
            raise Unsafe("points_outside", where=shown(attributes.get("Target", "")))
        if attributes.get("Target", "").lower().endswith(BINARY) and not kind.endswith(PICTURES):
            raise Unsafe("package_broken", where=shown(name))
        books += BOOK in kind

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    try:
        parser.Parse(text, True)  # noqa: FBT003  the library's own flag
    except (expat.ExpatError, ValueError):
        raise Unsafe("package_broken", where=shown(name)) from None
    if name == "[Content_Types].xml" and books != 1:
        raise Unsafe("kind_differs", really="office package")


def shown(name: str) -> str:
    return "".join(mark if mark.isprintable() else "?" for mark in name[:100])
