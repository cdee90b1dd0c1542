"""Which files a form takes."""

from collections.abc import Iterable
from pathlib import PurePath

from bihuan.documents.errors import Unsafe
from bihuan.documents.pictures import without_metadata
from bihuan.kernel.findings import Finding, error

LARGEST = 32 * 1024 * 1024
MOST = 20
TAKEN = frozenset({
    "pdf", "ofd", "doc", "docx", "wps", "rtf", "odt", "xls", "xlsx", "et", "ods", "csv", "tsv", "ppt", "pptx", "dps",
    "odp", "txt", "md", "eml", "msg", "mpp", "vsdx", "xmind", "zip", "jpg", "jpeg", "png", "gif", "webp", "bmp", "tif",
    "tiff", "heic", "mp3", "m4a", "wav", "mp4",
})  # fmt: skip
PICTURES = frozenset({"jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "heic"})
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How programs begin, whatever they are called."""


def file_findings(name: str, *, size: int, begins: bytes, held: int) -> list[Finding]:
    """What speaks against one more file beside those a form has. `name` is the name as it is told."""
    if held >= MOST:
        return [error("records.files_many", "files", limit=MOST)]
    if not size:
        return [error("records.file_empty", "files", name=name)]
    if size > LARGEST:
        return [error("records.file_large", "files", name=name, limit=LARGEST // 1024 // 1024)]
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    if suffix not in TAKEN or begins.startswith(PROGRAMS):
        return [error("records.file_kind", "files", name=name)]
    return []


def gathered(pieces: Iterable[bytes]) -> bytes:
    """One piece more than is taken at most, however much is sent."""
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > LARGEST:
            break
    return bytes(content)


def as_kept(name: str, content: bytes, *, held: int) -> tuple[bytes, list[Finding]]:
    """The bytes that are kept of a file, before anybody signs them, or what speaks against it.

    Of a picture goes what stands beside it: where, when, with what and by whom it was taken. Others stay as they are.
    """
    findings = file_findings(name, size=len(content), begins=content[:8], held=held)
    if findings or PurePath(name).suffix.lower().removeprefix(".") not in PICTURES:
        return content, findings
    try:
        return without_metadata(content), []
    except Unsafe as unsafe:
        return content, [error(unsafe.code, "files", **{"file": name, **unsafe.params})]
