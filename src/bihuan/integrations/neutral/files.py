"""Open the files of a folder and hand out their lines, whatever is in them, in bounded memory."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bihuan.integrations.neutral.problems import Unreadable

MEBIBYTE = 1024 * 1024
LINE_LIMIT = 8 * MEBIBYTE
DOCUMENT_LIMIT = 32 * MEBIBYTE
LINES_LIMIT = 4096 * MEBIBYTE
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its text, or the reason why there is none."""

    number: int
    text: str
    code: str = ""


def open_inside(folder: Path, name: str, *, limit: int) -> BinaryIO:
    """Open a regular file that really lies in the folder; raise Unreadable otherwise."""
    try:
        home = folder.resolve(strict=True)
        path = (home / name).resolve(strict=True)
        if not path.is_relative_to(home):
            raise Unreadable("file_outside", name)
        return regular(path, name, limit)
    except FileNotFoundError:
        raise Unreadable("file_missing", name, folder=str(folder)) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise Unreadable("file_not_readable", name, why=getattr(error, "strerror", None) or str(error)) from None


def regular(path: Path, name: str, limit: int) -> BinaryIO:
    """The opened file. Non-blocking, so that a pipe put in its place cannot hold the import up."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    about = os.fstat(number)
    if stat.S_ISREG(about.st_mode) and about.st_size <= limit:
        return os.fdopen(number, "rb")
    os.close(number)
    code = "file_too_large" if stat.S_ISREG(about.st_mode) else "file_not_regular"
    raise Unreadable(code, name, limit=limit // MEBIBYTE)


def read_document(folder: Path, name: str) -> str:
    """A whole file as text; raise Unreadable when it is too large or no UTF-8."""
    with open_inside(folder, name, limit=DOCUMENT_LIMIT) as handle:
        content = handle.read(DOCUMENT_LIMIT + 1)
    if len(content) > DOCUMENT_LIMIT:
        raise Unreadable("file_too_large", name, limit=DOCUMENT_LIMIT // MEBIBYTE)
    try:
        return content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("file_not_utf8", name, position=error.start) from None


def read_lines(handle: BinaryIO) -> Iterator[Line]:
    """Every line that is not blank, numbered from 1. A line that cannot be text says why instead."""
    number = 0
    while content := handle.readline(LINE_LIMIT + 1):
        number += 1
        if len(content) > LINE_LIMIT and not content.endswith(b"\n"):
            skip_line(handle)
            yield Line(number, "", "line_too_long")
        elif (line := decoded(number, content)) is not None:
            yield line


def skip_line(handle: BinaryIO) -> None:
    while (content := handle.readline(MEBIBYTE)) and not content.endswith(b"\n"):
        pass


def decoded(number: int, content: bytes) -> Line | None:
    body = content.removeprefix(BOM) if number == 1 else content
    body = body.strip()
    if not body:
        return None
    if b"\x00" in body:
        return Line(number, body[:200].decode("utf-8", "replace"), "nul_in_line")
    try:
        return Line(number, body.decode("utf-8"))
    except UnicodeDecodeError:
        return Line(number, body[:200].decode("utf-8", "backslashreplace"), "line_not_utf8")
