import os
from pathlib import Path

import pytest

from bihuan.integrations.neutral import files
from bihuan.integrations.neutral.files import LINE_LIMIT, Line, open_inside, read_document, read_lines
from bihuan.integrations.neutral.problems import Unreadable


def lines(folder: Path, content: bytes) -> list[Line]:
    (folder / "lines").write_bytes(content)
    with open_inside(folder, "lines", limit=2**40) as handle:
        return list(read_lines(handle))


def refusal(folder: Path, name: str, limit: int = 1000) -> str:
    with pytest.raises(Unreadable) as caught:
        open_inside(folder, name, limit=limit)
    assert caught.value.finding.params["file"] == name
    return caught.value.finding.code.removeprefix("integrations.")


def test_blank_lines_are_passed_over_and_the_others_keep_their_numbers(tmp_path):
    assert lines(tmp_path, b"\xef\xbb\xbfone\r\n\n  \nfour") == [Line(1, "one"), Line(4, "four")]


def test_a_line_that_is_no_text_says_why_and_the_next_one_is_read(tmp_path):
    assert lines(tmp_path, b"\xff{}\n{\x00}\nok\n") == [
        Line(1, "\\xff{}", "line_not_utf8"), Line(2, "{\x00}", "nul_in_line"), Line(3, "ok"),
    ]  # fmt: skip


def test_a_line_of_exactly_the_limit_is_read_and_a_longer_one_is_passed_over(tmp_path):
    content = b"a" * LINE_LIMIT + b"\n" + b"b" * (LINE_LIMIT + 1) + b"\nok"
    found = lines(tmp_path, content)
    assert [(line.number, len(line.text), line.code) for line in found] == [
        (1, LINE_LIMIT, ""), (2, 0, "line_too_long"), (3, 2, ""),
    ]  # fmt: skip


def test_a_missing_file_is_named(tmp_path):
    assert refusal(tmp_path, "org.json") == "file_missing"
    assert refusal(tmp_path / "nowhere", "org.json") == "file_missing"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    (folder / "org.json").symlink_to(tmp_path / "secret")
    assert refusal(folder, "org.json") == "file_outside"


def test_a_link_inside_the_folder_is_followed(tmp_path):
    (tmp_path / "there").write_text("here")
    (tmp_path / "org.json").symlink_to("there")
    assert read_document(tmp_path, "org.json") == "here"


def test_a_link_to_itself_is_not_readable(tmp_path):
    (tmp_path / "org.json").symlink_to("org.json")
    assert refusal(tmp_path, "org.json") == "file_not_readable"


def test_a_pipe_and_a_folder_are_no_ordinary_files(tmp_path):
    os.mkfifo(tmp_path / "org.json")
    (tmp_path / "sub").mkdir()
    assert refusal(tmp_path, "org.json") == "file_not_regular"
    assert refusal(tmp_path, "sub") == "file_not_regular"


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    with (tmp_path / "org.json").open("wb") as handle:
        handle.truncate(files.DOCUMENT_LIMIT + 1)
    with pytest.raises(Unreadable) as caught:
        read_document(tmp_path, "org.json")
    assert dict(caught.value.finding.params) == {"file": "org.json", "limit": 32}
