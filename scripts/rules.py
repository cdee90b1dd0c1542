"""Our own rules, read from the syntax tree: `python scripts/rules.py`. Each one names the page that asks for it.

A rule is a function from a parsed file to findings; `tests/architecture/test_rules.py` shows each one red and green.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "bihuan"
FACES = ("web", "api", "cli", "worker")
EDGES = (*FACES, "config", "integrations")
LONGEST_FILE, LONGEST_FUNCTION = 600, 60
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time"}
SIGNALS = {"receiver", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "Signal"}
ROOM_FILES = {
    "enums", "facts", "errors", "sentences", "policy", "forms", "models", "rules", "queries", "operations", "handlers",
    "notices", "apps", "migrations", "locale",
}  # fmt: skip
# how a room plugs itself into others
PLUGS = {"registration", "contexts", "prefill", "watching", "duties", "searching", "timing"}
EXTRA_FILES = {
    "access": {"seeing"},
    "ledger": {"subscriptions", "verification", "keys", "sealing", "rotation", "witnessing"},
    "outbox": {"jobs", "waking"},
    "evidence": {"attached", "certificate", "gathering", "packing", "reading", "verify", "witnesses"},
    "search": {"registry", "matching"},
    "notifications": {"registry", "channels", "mail", "composing", "sending"},
    "agenda": {"registry"},
    "deadlines": {"registry"},
    "documents": {"limits", "packages", "cells", "texts", "child", "reading", "writing"},
    "integrations": {"neutral", "neutral_out", "tables", "foreseeing", "recording", "reporting"},
    "records": {"schema", "registry", "fields", "extra", "saying"},
    "approvals": {"registry", "routing", "seating"},
    "collaborations": {"problems", "loans", "recurring", "guards", "playbooks", "routes", "imports", "statistics"},
}
BARE_IGNORE = re.compile(r"type:\s*ignore")
REASONED_IGNORE = re.compile(r"type:\s*ignore\[[\w, -]+\]\s+#\s*\w+\s+\w+")
FORBIDDEN_WORDS = {"case": "Collaboration", "variant": "Playbook", "delegate": "Deputy"}
CASE_MEANING_LIBRARY = re.compile(r"case_?(library|studies|study)", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    path: Path
    tree: ast.Module
    text: str

    @property
    def room(self) -> str:
        return self.path.parts[0]


Rule = Callable[[File], Iterator[tuple[int, str]]]


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute or name, else empty."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


def faces_ask_queries(file: File) -> Iterator[tuple[int, str]]:
    """style.md 17: objects come from access functions."""
    if file.room in FACES:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
                yield node.lineno, f"{node.attr}: a face asks queries and operations, never a model"


def saves_name_their_fields(file: File) -> Iterator[tuple[int, str]]:
    """style.md 12: update_fields on every save of an existing row."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
            named = {keyword.arg for keyword in node.keywords}
            if not named & {"update_fields", "force_insert"}:
                yield node.lineno, ".save() without update_fields (or force_insert for a new row)"


def clock_is_read_at_the_edge(file: File) -> Iterator[tuple[int, str]]:
    """architecture.md 3.6: `now()` is called at the edge and handed down as `at`."""
    if file.path.as_posix() == "kernel/now.py":
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and any(
            dotted(node.func) == clock or dotted(node.func).endswith(f".{clock}") for clock in CLOCKS
        ):
            yield node.lineno, f"{dotted(node.func)}(): only kernel/now.py reads the clock"
        if isinstance(node, ast.ImportFrom) and node.module == "bihuan.kernel.now" and file.room not in EDGES:
            yield node.lineno, "kernel.now: a room is told the time as `at`"


def no_signals(file: File) -> Iterator[tuple[int, str]]:
    """style.md 8: a reaction is a recorded fact and a registered handler."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
            for alias in node.names:
                if alias.name in SIGNALS or (node.module or "").endswith("signals"):
                    yield node.lineno, f"{alias.name}: no signals"


def ignores_give_a_reason(file: File) -> Iterator[tuple[int, str]]:
    """style.md 31: every `type: ignore[code]` says why."""
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        comment = token.string if token.type == tokenize.COMMENT else ""
        if BARE_IGNORE.search(comment) and not REASONED_IGNORE.search(comment):
            yield token.start[0], "type: ignore needs [code] and, behind it, the reason"


def sizes(file: File) -> Iterator[tuple[int, str]]:
    """style.md 2.6."""
    lines = file.text.count("\n")
    if lines > LONGEST_FILE:
        yield 1, f"{lines} lines: more than {LONGEST_FILE}"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield node.lineno, f"{node.name} has {length} lines: more than {LONGEST_FUNCTION}"


def words_of(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def names_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def glossary(file: File) -> Iterator[tuple[int, str]]:
    """style.md 28: a term has one word. `Case` the database expression and the case library keep theirs."""
    for line, name in names_in(file.tree):
        if CASE_MEANING_LIBRARY.search(name):
            continue
        for word in words_of(name):
            singular = word if word in FORBIDDEN_WORDS else word.removesuffix("s")
            if singular in FORBIDDEN_WORDS:
                yield line, f"{name}: the glossary says {FORBIDDEN_WORDS[singular]}"


RULES: tuple[Rule, ...] = (
    faces_ask_queries,
    saves_name_their_fields,
    clock_is_read_at_the_edge,
    no_signals,
    ignores_give_a_reason,
    sizes,
    glossary,
)


def check_text(text: str, path: str) -> list[str]:
    """Findings of every rule for one file; `path` is relative to the package."""
    file = File(Path(path), ast.parse(text), text)
    return sorted({f"src/bihuan/{path}:{line}: {what}" for rule in RULES for line, what in rule(file)})


def strange_files(rooms: list[str], package: Path = PACKAGE) -> list[str]:
    """design.md: the same few files in every room. Registries that other rooms import are named in the design."""
    return [
        f"src/bihuan/{room}/{path.name}: not one of the files of a room"
        for room in rooms
        for path in sorted((package / room).iterdir())
        if path.stem not in ROOM_FILES | PLUGS | EXTRA_FILES.get(room, set()) and not path.name.startswith("__")
    ]


def check() -> list[str]:
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
    found = [
        finding
        for path in paths
        for finding in check_text(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
    ]
    rooms = sorted(path.parent.name for path in PACKAGE.glob("*/migrations"))
    return found + strange_files(rooms)


if __name__ == "__main__":
    problems = check()
    print("\n".join(problems) or "Our own rules hold.")
    sys.exit(bool(problems))
