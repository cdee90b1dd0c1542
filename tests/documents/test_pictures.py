"""Pictures are taken without what stands beside them, and not at all when they are a flood or no picture (AT58)."""

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.documents import limits
from bihuan.documents.errors import Unsafe
from bihuan.documents.pictures import tags_of, without_metadata

SECRET = b"N 31 14 E 121 28 wang.min"
PAINTED = b"\x12\xff\x00\x34\xff\xd0\x56"


def exif(side: int = 1, order: str = ">", *, placed: bool = True) -> bytes:
    """A directory that says which side is up and, behind a tag, where."""
    tags = [(0x0112, 3, side), *([(0x8825, 4, 60)] if placed else [])]
    body = struct.pack(f"{order}H", len(tags))
    for tag, kind, value in tags:
        number = struct.pack(f"{order}H2x" if kind == 3 else f"{order}I", value)
        body += struct.pack(f"{order}HHI", tag, kind, 1) + number
    head = b"MM\0*" if order == ">" else b"II*\0"
    return head + struct.pack(f"{order}I", 8) + body + bytes(4) + SECRET


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", 2 + len(data)) + data


def jpeg(*beside: bytes, width: int = 40, height: int = 30, behind: bytes = b"") -> bytes:
    plain = [segment(0xE0, b"JFIF\0\1\2"), segment(0xE2, b"ICC_PROFILE\0x"), *beside, segment(0xDB, b"table")]
    frame = segment(0xC2, struct.pack(">BHHB", 8, height, width, 3))
    scans = b"".join(segment(0xC4, b"codes") + segment(0xDA, b"scan") + PAINTED for _ in range(2))
    return b"\xff\xd8" + b"".join(plain) + frame + scans + b"\xff\xd9" + behind


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*beside: bytes, width: int = 2, height: int = 2, behind: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    painted = chunk(b"IDAT", zlib.compress(b"\0" * 14))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"iCCP", b"sRGB")
        + b"".join(beside)
        + painted
        + chunk(b"IEND", b"")
        + behind
    )


def riff(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp(*beside: bytes, flags: int = 0x10, width: int = 3) -> bytes:
    canvas = bytes((flags, 0, 0, 0)) + (width - 1).to_bytes(3, "little") + bytes(3)
    body = b"WEBP" + riff(b"VP8X", canvas) + riff(b"VP8 ", b"painted") + b"".join(beside)
    return b"RIFF" + struct.pack("<I", len(body)) + body


CLEANED = {
    "jpeg": (
        jpeg(
            segment(0xE1, b"Exif\0\0" + exif()), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
            segment(0xED, b"Photoshop 3.0\0" + SECRET), segment(0xFE, SECRET), segment(0xE2, b"MPF\0" + SECRET),
            behind=b"\xff\xd8" + segment(0xE1, b"Exif\0\0" + exif()),
        ),
        jpeg(),
    ),
    "png": (
        png(*(chunk(kind, SECRET) for kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"caBX")), behind=SECRET),
        png(),
    ),
    "webp": (webp(riff(b"EXIF", exif()), riff(b"XMP ", SECRET), flags=0x1C), webp()),
}  # fmt: skip


@pytest.mark.parametrize("kind", CLEANED)
def test_what_stands_beside_a_picture_goes_and_the_picture_stays_byte_by_byte(kind: str) -> None:
    handed, kept = CLEANED[kind]
    assert SECRET in handed
    assert without_metadata(handed) == kept
    assert without_metadata(kept) == kept


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("side", range(1, 9))
def test_which_side_is_up_stays_alone(side: int, order: str) -> None:
    kept = without_metadata(jpeg(segment(0xE1, b"Exif\0\0" + exif(side, order))))
    assert SECRET not in kept
    if side == 1:
        assert kept == jpeg()
    else:
        assert tags_of(kept[kept.index(b"Exif\0\0") + 6 :]) == {0x0112: side}
    assert without_metadata(kept) == kept


TIFF = struct.pack("<2sHIHHHII", b"II", 42, 8, 2, 0x0100, 4, 1, 50_000) + struct.pack("<HHIII", 0x0101, 4, 1, 50_000, 0)
HEIC = b"\0\0\0\x18ftypheic" + bytes(12)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (jpeg(width=50_000, height=50_000), "picture_large"),
        (png(width=50_000, height=50_000), "picture_large"),
        (webp(width=1 << 24), None),
        (b"GIF89a" + struct.pack("<HH", 50_000, 50_000), "picture_large"),
        (b"BM" + bytes(16) + struct.pack("<ii", 50_000, -50_000), "picture_large"),
        (TIFF, "picture_large"),
        (exif(), "picture_located"),
        (exif(order="<"), "picture_located"),
        (exif(placed=False), None),
        (HEIC + b"\0\0\0\x06Exif\0\0" + exif(), "picture_located"),
        (HEIC + bytes(4) + exif(), "picture_located"),
        (HEIC + b"\0\0\0\x06Exif\0\0" + exif(placed=False), None),
        (b"push graphic-context\nfill 'url(https://a.example/x.png)'\npop graphic-context", "picture_broken"),
        (b"%!PS-Adobe-3.0\n(%pipe%id) (w) file", "picture_broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "picture_broken"),
        (png()[:-20], "picture_broken"),
        (b"\xff\xd8\xffrest", "picture_broken"),
        (b"RIFF\0\0\0\0WEBP", "picture_broken"),
    ],
)
def test_floods_places_and_what_is_no_picture_are_refused(content: bytes, code: str | None) -> None:
    if code is None:
        assert len(without_metadata(content)) == len(content)
        return
    with pytest.raises(Unsafe) as caught:
        without_metadata(content)
    assert caught.value.code == f"documents.{code}"
    assert limits.PIXELS < 50_000 * 50_000


MAKERS: list[Callable[[], bytes]] = [jpeg, png, webp, lambda: TIFF, lambda: HEIC]


@given(maker=st.sampled_from(MAKERS), cut=st.integers(0, 400), noise=st.binary(max_size=40))
def test_whatever_is_broken_is_refused_by_name_or_taken(maker: Callable[[], bytes], cut: int, noise: bytes) -> None:
    """Nothing else is raised, and nothing is taken for longer than it was."""
    content = maker()
    with suppress(Unsafe):
        assert len(without_metadata(content[:cut] + noise + content[cut + len(noise) :])) <= len(content) + 80
