"""What differs between two texts, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from bihuan.records.policy.wording import Stays, differences


def told(before, after):
    marks = {Stays.SAME: "{}", Stays.GONE: "[-{}-]", Stays.NEW: "[+{}+]"}
    return "".join(marks[piece.stays].format(piece.text) for piece in differences(before, after))


def test_chinese_differs_by_characters_and_other_words_and_numbers_as_a_whole():
    assert told("上线当日通过", "上线前一周通过") == "上线[-当日-][+前一周+]通过"
    assert told("at least 1200 users", "at least 1500 users") == "at least [-1200-][+1500+] users"
    assert (told("", "人"), told("人", ""), told("", "")) == ("[+人+]", "[-人-]", "")


@given(st.text(max_size=30), st.text(max_size=30))
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.stays is not Stays.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.stays is not Stays.GONE) == after
