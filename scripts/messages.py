"""Texts: extract message ids into the nearest catalogue, compile, and say what is not translated.

`python scripts/messages.py` writes; `--check` only reports and exits 1 when a catalogue is behind the source.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "bihuan"
LANGUAGES = ("zh_Hans",)
PYTHON_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATE_OPTIONS = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
HEADER = {"Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "Language": "zh_Hans"}
HEADER |= {"Plural-Forms": "nplurals=1; plural=0;"}


Key = tuple[str | None, str]


class Message(NamedTuple):
    context: str | None
    text: str
    plural: str
    place: str

    @property
    def key(self) -> Key:
        return self.context, self.text


def catalogue_of(path: Path, language: str) -> Path:
    """The nearest catalogue above the code; a template belongs to the web folder of its name."""
    templates = PACKAGE / "web" / "templates"
    home = PACKAGE / "web" / path.relative_to(templates).parts[0] / "-" if path.is_relative_to(templates) else path
    inside = [folder for folder in home.parents if folder.is_relative_to(PACKAGE) and folder != PACKAGE]
    nearest = next((folder for folder in inside if (folder / "locale").is_dir()), inside[-1] if inside else PACKAGE)
    return nearest / "locale" / language / "LC_MESSAGES" / "django.po"


def messages_in(path: Path) -> Iterator[Message]:
    method, options = ("python", {}) if path.suffix == ".py" else ("jinja2.ext:babel_extract", TEMPLATE_OPTIONS)
    with path.open("rb") as source:
        for line, ids, _comments, context in extract(method, source, PYTHON_KEYWORDS, ["i18n:"], options):
            text, plural = (ids[0], ids[1]) if isinstance(ids, tuple) else (ids, "")
            if text:
                yield Message(context, text, plural, f"{path.relative_to(ROOT).as_posix()}:{line}")


def sources() -> list[Path]:
    python = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    return sorted([*python, *(PACKAGE / "web" / "templates").rglob("*.html")])


def spoken() -> dict[Key, list[Message]]:
    """Every message with every place where the source speaks it."""
    found: dict[Key, list[Message]] = {}
    for path in sources():
        for message in messages_in(path):
            found.setdefault(message.key, []).append(message)
    return found


def catalogues(language: str) -> dict[Path, polib.POFile]:
    return {path: opened(path) for path in sorted(PACKAGE.rglob(f"locale/{language}/LC_MESSAGES/django.po"))}


def translations(opened_catalogues: dict[Path, polib.POFile]) -> dict[Key, dict[Path, polib.POEntry]]:
    """Key → catalogue → entry. Django reads all catalogues as one, so a text needs only one of them."""
    found: dict[Key, dict[Path, polib.POEntry]] = {}
    for path, catalogue in opened_catalogues.items():
        for entry in catalogue:
            if not entry.obsolete:
                found.setdefault((entry.msgctxt, entry.msgid), {})[path] = entry
    return found


def opened(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = dict(HEADER)
    return fresh


def is_translated(entry: polib.POEntry) -> bool:
    filled = all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)
    return filled and "fuzzy" not in entry.flags


def new_entry(message: Message) -> polib.POEntry:
    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: ""}} if message.plural else {}
    return polib.POEntry(msgctxt=message.context, msgid=message.text, **plural)


def update(language: str) -> None:
    """Add what no catalogue has to the nearest one, drop what nobody says any more, keep every translation."""
    said, files = spoken(), catalogues(language)
    known = translations(files)
    for key, places in said.items():
        if key not in known:
            nearest = catalogue_of(ROOT / places[0].place.rpartition(":")[0], language)
            files.setdefault(nearest, opened(nearest)).append(new_entry(places[0]))
    for path, catalogue in files.items():
        for entry in [entry for entry in catalogue if (entry.msgctxt, entry.msgid) not in said]:
            catalogue.remove(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))


def placeholders(text: str) -> Counter[str]:
    return Counter(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*[^{}]*\}", text))


def loses_a_placeholder(entry: polib.POEntry) -> bool:
    """A number may be said in words; a name in braces or percent may neither vanish nor appear."""
    if entry.msgid_plural:
        return any(
            not set(placeholders(text)) <= set(placeholders(entry.msgid_plural))
            for text in entry.msgstr_plural.values()
        )
    return bool(entry.msgstr) and set(placeholders(entry.msgid)) != set(placeholders(entry.msgstr))


def problems() -> list[str]:
    """What is not translated, translated in two ways, or translated though nobody says it."""
    return [problem for language in LANGUAGES for problem in problems_in(spoken(), catalogues(language))]


def problems_in(said: dict[Key, list[Message]], files: dict[Path, polib.POFile]) -> Iterator[str]:
    known = translations(files)
    for key, places in said.items():
        if not any(is_translated(entry) for entry in known.get(key, {}).values()):
            yield f"{places[0].place}: not translated: {key[1]!r}"
    for key, entries in known.items():
        name = next(iter(entries)).relative_to(ROOT).as_posix()
        if key not in said:
            yield f"{name}: nobody says: {key[1]!r}"
        if len({entry.msgstr for entry in entries.values() if entry.msgstr}) > 1:
            yield f"{name}: translated in two ways: {key[1]!r}"
        if any(loses_a_placeholder(entry) for entry in entries.values()):
            yield f"{name}: the placeholders differ: {key[1]!r}"


def compile_stale() -> None:
    """Write every .mo that is missing or older than its .po."""
    for language in LANGUAGES:
        for path in catalogues(language):
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
                polib.pofile(str(path)).save_as_mofile(str(compiled))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when something is missing")
    if not parser.parse_args().check:
        for language in LANGUAGES:
            update(language)
        compile_stale()
    found = problems()
    print("\n".join(found) or "Every text is translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
