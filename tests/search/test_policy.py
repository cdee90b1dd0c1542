"""Grams, words and excerpts, without a database."""

import pytest

from bihuan.search.policy import CHUNK, Piece, chunks, excerpt, grams, marked, words


def said(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


def test_chinese_is_cut_into_pairs_and_the_last_character_of_a_run_stands_alone() -> None:
    assert grams("协作申请") == ["协作", "作申", "申请", "请"]


def test_other_words_stay_whole_in_small_letters_and_narrow_form() -> None:
    assert grams("Q3 ＡＢ-12 用户") == ["q3", "ab", "12", "用户", "户"]


def test_rare_characters_are_characters_too() -> None:
    assert grams("𬭎㛃") == ["𬭎㛃", "㛃"]


@pytest.mark.parametrize(
    ("query", "cut", "is_open"),
    [
        ("审批", ("审批",), False),
        ("协作申请", ("协作", "作申", "申请"), False),
        ("审", ("审",), True),
        ("plan", ("plan",), True),
        ("XZ-2026-01", ("xz", "2026", "01"), True),
        ("营销Q3", ("营销", "销", "q3"), True),
        ("Q3营销", ("q3", "营销"), False),
    ],
)
def test_a_query_asks_for_grams_that_follow_each_other(query: str, cut: tuple[str, ...], is_open: bool) -> None:
    (word,) = words(query)
    assert (word.grams, word.is_open) == (cut, is_open)


def test_every_word_between_blanks_is_asked_for_once() -> None:
    assert [word.runs for word in words("  增长 用户 增长 ")] == [("增长",), ("用户",)]


def test_marks_alone_ask_for_nothing() -> None:
    assert words('"*() - ’') == ()


def test_a_hit_is_shown_in_its_sentence() -> None:
    text = "第一句没有。第二句写着预算超支的原因；第三句也没有。"
    assert said(excerpt(text, words("预算"))) == "…第二句写着[预算]超支的原因；…"


def test_every_hit_of_the_sentence_is_marked_and_overlaps_are_not_marked_twice() -> None:
    assert said(excerpt("增长再增长", words("增长 增 长"))) == "[增长]再[增长]"


def test_a_word_is_marked_where_it_begins_and_not_within_another() -> None:
    assert said(marked("Replan the Plan planning", words("plan"))) == "Replan the [Plan] [plan]ning"


def test_places_are_right_behind_characters_that_unfold() -> None:
    assert said(marked("……㎡ Ｑ３目标", words("q3"))) == "……㎡ [Ｑ３]目标"


def test_a_text_without_the_hit_shows_its_beginning() -> None:
    assert said(excerpt("短", words("长"))) == "短"


def test_long_texts_are_cut_into_chunks_that_overlap() -> None:
    parts = chunks("字" * (CHUNK + 10))
    assert [len(part) for part in parts] == [CHUNK, 70]
    assert chunks("") == [""]
