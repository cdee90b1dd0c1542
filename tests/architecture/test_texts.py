"""Whatever the product says is said in both languages, and every code has its sentence."""

import re
from pathlib import Path

import polib
import pytest
from django.utils import translation

from bihuan.kernel import errors, sentences
from scripts import messages

PACKAGE = messages.PACKAGE
CODE = re.compile(r"""(?:\berror|\bwarning|\bFinding)\(\s*["']([a-z_]+\.[a-z0-9_.]+)["']""")


def codes_in(text: str) -> set[str]:
    return set(CODE.findall(text))


def codes_used() -> dict[str, str]:
    """Code → the file that reports it."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        found |= dict.fromkeys(codes_in(path.read_text(encoding="utf-8")), path.relative_to(PACKAGE).as_posix())
    return found


def all_errors(base: type[errors.DomainError] = errors.DomainError) -> set[type[errors.DomainError]]:
    return {base}.union(*(all_errors(kind) for kind in base.__subclasses__()))


def test_every_text_is_translated_once_and_said_somewhere():
    assert messages.problems() == []


def test_every_finding_has_its_sentence():
    missing = {code: place for code, place in codes_used().items() if code not in sentences.registered()}
    assert missing == {}


def test_every_error_has_its_sentence_and_a_code_of_its_own():
    ours = [kind for kind in all_errors() if kind.__module__.startswith("bihuan.")]
    assert [kind.__qualname__ for kind in ours if kind.code not in sentences.registered()] == []
    assert [kind.__qualname__ for kind in ours if "code" not in vars(kind)] == []


def test_every_sentence_speaks_chinese():
    with translation.override("zh-hans"):
        english = [
            code
            for code, sentence in sentences.registered().items()
            for text in (str(sentence.what), str(sentence.mend))
            if text and not re.search(r"[\u4e00-\u9fff]", text)
        ]
    assert english == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('error("plans.too_late", place)', {"plans.too_late"}),
        ('return [Finding(\n    "plans.too_late")]', {"plans.too_late"}),
        ("warning('plans.g05.late')", {"plans.g05.late"}),
        ('log_error("not a code")', set()),
    ],
)
def test_codes_are_recognised(line, expected):
    assert codes_in(line) == expected


def catalogue(**texts: str) -> dict[Path, polib.POFile]:
    made = polib.POFile()
    for text, translated in texts.items():
        made.append(polib.POEntry(msgid=text, msgstr=translated))
    return {messages.ROOT / "x.po": made}


def said(*texts: str) -> dict[messages.Key, list[messages.Message]]:
    return {(None, text): [messages.Message(None, text, "", "a.py:1")] for text in texts}


@pytest.mark.parametrize(
    ("texts", "translated", "expected"),
    [
        (["Yes"], {"Yes": "是"}, []),
        (["Yes"], {}, ["a.py:1: not translated: 'Yes'"]),
        (["Yes"], {"Yes": ""}, ["a.py:1: not translated: 'Yes'"]),
        ([], {"Yes": "是"}, ["x.po: nobody says: 'Yes'"]),
        (["{n} left"], {"{n} left": "剩余"}, ["x.po: the placeholders differ: '{n} left'"]),
    ],
)
def test_a_gap_in_the_translations_is_found(texts, translated, expected):
    assert list(messages.problems_in(said(*texts), catalogue(**translated))) == expected


def test_two_translations_of_one_text_are_found():
    first, second = catalogue(Yes="是"), catalogue(Yes="好")
    both = first | {messages.ROOT / "y.po": next(iter(second.values()))}
    assert list(messages.problems_in(said("Yes"), both)) == ["x.po: translated in two ways: 'Yes'"]


def test_texts_are_read_from_code_and_templates(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    (tmp_path / "a.py").write_text('x = _("One")\ny = ngettext("{n} day", "{n} days", n)\n', encoding="utf-8")
    (tmp_path / "b.html").write_text("{{ _('Two') }}{% trans %}Three{% endtrans %}", encoding="utf-8")
    texts = [message.text for name in ("a.py", "b.html") for message in messages.messages_in(tmp_path / name)]
    assert texts == ["One", "{n} day", "Two", "Three"]
