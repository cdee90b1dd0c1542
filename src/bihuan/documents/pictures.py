"""Pictures of strangers: how large they are, and what they say besides. Bytes are walked over, nothing is decoded.

What a camera or a program writes beside a picture (place, device, author, thumbnail) is taken out before the file is
kept; colours and which side is up stay. The kinds of which that cannot be done by leaving parts out (TIFF, HEIC) are
refused when they say where they were taken (AT58).
"""

import re
import struct
from collections.abc import Callable, Iterator

from bihuan.documents import limits
from bihuan.documents.errors import Unsafe

PNG, WEBP = b"\x89PNG\r\n\x1a\n", (b"RIFF", b"WEBP")
PNG_KEPT = {
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT",
    b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH"}
WEBP_SAYS_MORE = 0x08 | 0x04  # Exif, XMP
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SCAN, END, EXIF, COMMENT = 0xDA, 0xD9, 0xE1, 0xFE
JPEG_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
EXIF_HEAD, LOCATION, ORIENTATION, WIDTH, HEIGHT = b"Exif\0\0", 0x8825, 0x0112, 0x0100, 0x0101
BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
EXIF_INSIDE = re.compile(rb"(?:Exif\0\0|\0\0\0\0)(?=II\*\0|MM\0\*)")
TAGS = 1_000


def without_metadata(content: bytes) -> bytes:
    """The picture with nothing beside it. Raises Unsafe for one that is too large, broken, of another kind, or that
    says where it was taken and cannot be made to forget it."""
    for begins, cleaned in KINDS:
        if begins(content):
            try:
                return cleaned(content)
            except (struct.error, IndexError):
                raise Unsafe("picture_broken") from None
    raise Unsafe("picture_broken")


def check_size(width: int, height: int) -> None:
    if abs(width) * abs(height) > limits.PIXELS:
        raise Unsafe("picture_large", width=abs(width), height=abs(height), limit=limits.PIXELS // 1_000_000)


def jpeg(content: bytes) -> bytes:
    kept, upright = [content[:2]], b""
    for marker, piece in segments(content):
        data = piece[4:]
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, 1)
            check_size(width, height)
        if marker == EXIF and data.startswith(EXIF_HEAD):
            upright = upright or which_side_is_up(data[len(EXIF_HEAD) :])
        elif is_kept(marker, data):
            kept.append(piece)
    if SCAN not in (piece[1] for piece in kept) or not FRAMES.intersection(piece[1] for piece in kept):
        raise Unsafe("picture_broken")
    place = 2 if kept[1:] and kept[1].startswith(b"\xff\xe0") else 1
    return b"".join([*kept[:place], upright, *kept[place:]])


def is_kept(marker: int, data: bytes) -> bool:
    """What paints, and of what programs add only what the colours need."""
    if marker in range(0xE0, 0xF0):
        return marker in JPEG_KEPT and data.startswith(JPEG_KEPT[marker])
    return marker != COMMENT


def segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers with their pieces, what is painted among them, to the end of the picture; what is behind it is none."""
    at = 2
    while at < len(content):
        found = NEXT_MARKER.match(content, at)
        if found is None:
            raise Unsafe("picture_broken")
        marker, at = content[found.end() - 1], found.end()
        if marker == END:
            yield marker, b"\xff\xd9"
            return
        (length,) = struct.unpack_from(">H", content, at)
        end = at + max(length, 2)
        if marker == SCAN:
            following = NEXT_MARKER.search(content, end)
            end = following.start() if following else len(content)
        yield marker, bytes((0xFF, marker)) + content[at:end]
        at = end


def which_side_is_up(tiff: bytes) -> bytes:
    """A segment that says this alone; nothing for a picture that stands upright."""
    side = tags_of(tiff).get(ORIENTATION, 1)
    if not 1 < side < 9:
        return b""
    said = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, side, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(EXIF_HEAD) + len(said)) + EXIF_HEAD + said


def tags_of(tiff: bytes) -> dict[int, int]:
    """The tags of the first directory with their numbers; those that hold more than a number with their place."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return {}
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return {}
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    found = {}
    for at in range(first + 2, first + 2 + 12 * min(count, TAGS), 12):
        if at + 12 > len(tiff):
            break
        tag, kind = struct.unpack_from(f"{order}HH", tiff, at)
        (found[tag],) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", tiff, at + 8)
    return found


def png(content: bytes) -> bytes:
    check_size(*struct.unpack_from(">II", content, 16))
    kept, at = [PNG], len(PNG)
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if len(kind) < 4 or end > len(content):
            raise Unsafe("picture_broken")
        if kind[:1].isupper() or kind in PNG_KEPT:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end


def webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        kind, (length,) = content[at : at + 4], struct.unpack_from("<I", content, at + 4)
        end = at + 8 + length + length % 2
        piece = content[at:end]
        if kind == b"VP8X":
            wide, high = (int.from_bytes(piece[each : each + 3], "little") + 1 for each in (12, 15))
            check_size(wide, high)
            piece = piece[:8] + bytes((piece[8] & ~WEBP_SAYS_MORE,)) + piece[9:]
        if kind in WEBP_KEPT:
            kept.append(piece)
        at = end
    if not kept:
        raise Unsafe("picture_broken")
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(content: bytes) -> bytes:
    check_size(*struct.unpack_from("<HH", content, 6))
    return content


def bmp(content: bytes) -> bytes:
    check_size(*struct.unpack_from("<ii", content, 18))
    return content


def tiff(content: bytes) -> bytes:
    tags = tags_of(content)
    check_size(tags.get(WIDTH, 0), tags.get(HEIGHT, 0))
    return unlocated(content, tags)


def heic(content: bytes) -> bytes:
    for found in EXIF_INSIDE.finditer(content):
        unlocated(content, tags_of(content[found.end() :]))
    return content


def unlocated(content: bytes, tags: dict[int, int]) -> bytes:
    if LOCATION in tags:
        raise Unsafe("picture_located")
    return content


def is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in BRANDS


KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], bytes]], ...] = (
    (lambda content: content.startswith(b"\xff\xd8\xff"), jpeg),
    (lambda content: content.startswith(PNG), png),
    (lambda content: (content[:4], content[8:12]) == WEBP, webp),
    (lambda content: content.startswith((b"GIF87a", b"GIF89a")), gif),
    (lambda content: content.startswith(b"BM"), bmp),
    (lambda content: content.startswith((b"II*\0", b"MM\0*")), tiff),
    (is_heic, heic),
)
