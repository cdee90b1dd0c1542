"""Archives made to harm whoever checks them: each is refused by name, nothing is written, nothing grows without end."""

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bihuan.evidence import verify
from tests.evidence.dossiers import Copy, Original, found_in

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
ODD = [
    "../../etc/passwd", "/etc/passwd", "..\\boot.ini", "C:evil", "records/../verify.py", "a/b/c/d/e", "x" * 200,
    "con\nsole", "\u202etxt.exe", "records/", ".hidden", "空 格",
]  # fmt: skip


def archive_of(add: Callable[[zipfile.ZipFile], object], folder: Path) -> Path:
    path = folder / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        add(archive)
    return path


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_a_name_that_leads_elsewhere_is_refused_before_anything_is_read(name: str, tmp_path: Path) -> None:
    path = archive_of(lambda archive: archive.writestr(zipfile.ZipInfo(name), b"x"), tmp_path)
    with zipfile.ZipFile(path) as archive:
        (kept,) = archive.namelist()
    assert found_in(path) == f"file {ascii(kept)[:90]}: is no plain file name"
    assert [each.name for each in tmp_path.iterdir()] == ["hostile.zip"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("dossier.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = archive_of(lambda archive: archive.writestr(link, "/etc/passwd"), tmp_path)
    assert found_in(path) == "file 'dossier.json': is no plain file name"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    def twice(archive: zipfile.ZipFile) -> None:
        archive.writestr("dossier.json", b"{}")
        archive.writestr("dossier.json", b"[]")

    assert found_in(archive_of(twice, tmp_path)) == "archive: holds two files of one name"


def test_an_archive_that_swells_is_refused_by_what_it_announces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MOST_BYTES", 1 << 20)
    path = archive_of(lambda archive: archive.writestr("dossier.json", bytes(2 << 20)), tmp_path)
    assert path.stat().st_size < 4000
    assert found_in(path) == "archive: is larger than a dossier may be"


def test_attached_files_have_no_limit_but_the_size_of_the_archive(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Much more than all texts may be is checked piece by piece; what would swell is refused unread."""
    path = Copy(original).written(tmp_path)
    monkeypatch.setattr(
        verify, "MOST_BYTES", sum(len(text) for name, text in original.members.items() if "files/" not in name)
    )
    assert found_in(path) == ""
    swelling = archive_of(lambda archive: archive.writestr("files/a.pdf", bytes(2 << 20)), tmp_path)
    assert found_in(swelling) == "archive: holds more than its own size"


def test_an_archive_that_announces_less_than_it_holds_cannot_be_read(tmp_path: Path) -> None:
    """The size in the directory is a lie: no more than that is unpacked, and the checksum does not fit."""
    path = archive_of(lambda archive: archive.writestr("dossier.sig", bytes(1 << 20)), tmp_path)
    size = (1 << 20).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (10).to_bytes(4, "little")))
    assert said_by_the_script(path) == "NOT AS WRITTEN  file 'dossier.sig': cannot be read (BadZipFile)"


def test_too_many_texts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_TEXTS", 3)
    path = archive_of(lambda archive: [archive.writestr(f"f{number}", b"") for number in range(4)], tmp_path)
    assert found_in(path) == "archive: holds more than 3 texts"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"[" * 200_000, "RecursionError"), (b"\xff\xfe", "UnicodeDecodeError"), (b"9" * 5000, "ValueError"),
        (b"[]", "TypeError"), (b"{}", "KeyError"), (b'{"public_key": 1}', "KeyError"),
        (b"", "JSONDecodeError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_signature_cannot_be_read(content: bytes, error: str, original: Original, tmp_path: Path) -> None:
    copy = Copy(original)
    copy.members["dossier.sig"] = content
    path = copy.written(tmp_path)
    assert said_by_the_script(path) == f"NOT AS WRITTEN  dossier.sig: cannot be read ({error})"


def test_what_is_no_archive_cannot_be_read(original: Original, tmp_path: Path) -> None:
    path = tmp_path / "dossier.zip"
    for content in (b"", b"PK", b"x" * 5000, original.content[:-30]):
        path.write_bytes(content)
        assert said_by_the_script(path) == "NOT AS WRITTEN  archive: cannot be read (BadZipFile)"
    assert said_by_the_script(tmp_path / "none") == "NOT AS WRITTEN  archive: cannot be read (FileNotFoundError)"


def said_by_the_script(path: Path) -> str:
    """The first line of its answer."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["verify.py", str(path)])
        patch.setattr("sys.stdout", out)
        assert verify.main() == 1
    return out.getvalue().splitlines()[0]
