"""What texts are checked for: control characters (removed), vague words (V6), blame words (V7)."""

import re

VAGUE_ZH = (
    "尽快", "尽早", "尽量", "尽可能", "大概", "大约", "左右", "适当", "适时", "争取", "择机", "差不多", "若干", "近期",
    "抓紧", "力争",
)  # fmt: skip
VAGUE_EN = (
    "as soon as possible", "asap", "roughly", "approximately", "more or less", "at some point", "some time soon",
    "if possible", "as appropriate", "try to", "in the near future",
)  # fmt: skip
BLAME_ZH = ("不配合", "的责任", "态度", "推诿", "扯皮", "不负责任", "甩锅", "拖后腿", "不作为", "不上心")
BLAME_EN = ("uncooperative", "refused to cooperate", "fault", "blame", "attitude", "lazy", "incompetent", "careless")

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def pattern(chinese: tuple[str, ...], english: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in english)
    return re.compile(rf"{'|'.join(chinese)}|(?<![a-z])(?:{words})(?![a-z])", re.IGNORECASE)


VAGUE = pattern(VAGUE_ZH, VAGUE_EN)
BLAME = pattern(BLAME_ZH, BLAME_EN)


def found(words: re.Pattern[str], text: str) -> str:
    """The words found, each once, in the order of the text; empty when there are none."""
    return "、".join(dict.fromkeys(match.group().lower() for match in words.finditer(text)))


def one_line(text: str) -> str:
    return re.sub(r"[\r\n\t\u0085\u2028\u2029]+", " ", CONTROL.sub("", text)).strip()


def lines(text: str) -> str:
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
