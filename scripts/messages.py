"""Texts: extract message ids into the nearest catalogue, compile, and say what is not translated.

`python scripts/messages.py` writes; `--check` only reports and exits 1 when a catalogue is behind the source.
"""

import argparse
import sys
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


class Message(NamedTuple):
    context: str | None
    text: str
    plural: str
    place: str


def catalogue_of(path: Path, language: str) -> Path:
    """The catalogue of the folder nearest to the code; a template belongs to the web folder of its name."""
    templates = PACKAGE / "web" / "templates"
    if path.is_relative_to(templates):
        folder = PACKAGE / "web" / path.relative_to(templates).parts[0]
        folder = folder if folder.is_dir() else PACKAGE / "web"
    else:
        parts = path.relative_to(PACKAGE).parts[:-1]
        depth = 2 if parts[:1] in {("web",), ("integrations",)} else 1
        folder = PACKAGE.joinpath(*parts[:depth])
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


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


def wanted(language: str) -> dict[Path, dict[tuple[str | None, str], list[Message]]]:
    """Catalogue path → key → every place where the source speaks the message."""
    found: dict[Path, dict[tuple[str | None, str], list[Message]]] = {}
    for path in sources():
        for message in messages_in(path):
            catalogue = found.setdefault(catalogue_of(path, language), {})
            catalogue.setdefault((message.context, message.text), []).append(message)
    return found


def catalogues(language: str) -> list[Path]:
    return sorted(PACKAGE.rglob(f"locale/{language}/LC_MESSAGES/django.po"))


def opened(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = dict(HEADER)
    return fresh


def is_translated(entry: polib.POEntry) -> bool:
    filled = all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)
    return filled and "fuzzy" not in entry.flags


def update(path: Path, messages: dict[tuple[str | None, str], list[Message]]) -> None:
    """Add what is new, drop what nobody says any more, keep every translation."""
    catalogue = opened(path)
    for entry in [entry for entry in catalogue if (entry.msgctxt, entry.msgid) not in messages]:
        catalogue.remove(entry)
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    for key, places in messages.items():
        if key not in known:
            catalogue.append(new_entry(places[0]))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def new_entry(message: Message) -> polib.POEntry:
    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: ""}} if message.plural else {}
    return polib.POEntry(msgctxt=message.context, msgid=message.text, **plural)


def problems() -> list[str]:
    """Every message the source speaks that has no translation, and every translation nobody speaks."""
    found: list[str] = []
    for language in LANGUAGES:
        spoken = wanted(language)
        for path in sorted({*spoken, *catalogues(language)}):
            entries = {(entry.msgctxt, entry.msgid): entry for entry in opened(path) if not entry.obsolete}
            found += [
                f"{places[0].place}: not translated: {key[1]!r}"
                for key, places in spoken.get(path, {}).items()
                if key not in entries or not is_translated(entries[key])
            ]
            name = path.relative_to(ROOT).as_posix()
            found += [f"{name}: nobody says: {key[1]!r}" for key in entries if key not in spoken.get(path, {})]
    return found


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
            for path, messages in wanted(language).items():
                update(path, messages)
        compile_stale()
    found = problems()
    print("\n".join(found) or "Every text is translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
