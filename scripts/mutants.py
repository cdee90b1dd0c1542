"""`python -m scripts.mutants`: the code of sign-off with one thing changed at a time; the tests that meet it run.

A mutant that no test notices is printed with its difference. Takes the changes it makes from mutmut, which is no
dependency of ours:

    python -m pip install --target /tmp/mutmut mutmut
    PYTHONPATH=src python -m scripts.mutants --mutmut /tmp/mutmut [FILE …]

Without a file: all of `approvals/policy` and `approvals/operations`. The chosen tests run once with nothing changed,
which also loads what is only loaded once, and the functions each of them calls are noted. Then every mutant has a child
of its own, which runs those tests until one fails: first those that found another mutant of the function, then the
quick ones. All use one database: every test rolls back what it wrote. Functions with a decorator are changed too. What
was found is kept in `--kept` as it is found: run again it goes on where it stopped, and `--again` tries anew what
survived or met no test.
"""

import argparse
import contextlib
import difflib
import gc
import hashlib
import importlib
import inspect
import json
import mmap
import os
import select
import signal
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any, NoReturn

import pytest

SOURCE, ROOM = Path("src"), Path("src/bihuan/approvals")
TESTS = ["tests/approvals", "--ignore=tests/approvals/test_races.py"]
KILLED, SURVIVED, LATE, UNMET, BROKEN = "killed", "survived", "late", "met no test", "no program"
SLOWEST = 30.0  # seconds beyond what the tests take without a change
NEVER = frozenset({"len", "isinstance"})
Calls, Times = dict[str, dict[str, bool]], dict[str, float]  # function → tests; seconds of a test


@dataclass(frozen=True)
class Mutant:
    """One change in one function: its name there, the text of the function as it is and as it would be."""

    function: str
    before: str
    after: str

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.function}\n{self.before}\n{self.after}".encode()).hexdigest()[:16]

    @property
    def difference(self) -> str:
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), n=1, lineterm="")
        return "\n".join(["  " + line for line in lines][2:])


# Making them -----------------------------------------------------------------------------------------------------


def mutants_of(path: Path) -> list[Mutant]:
    """Every change mutmut knows, in the functions and methods of a file; each different text once."""
    import libcst

    operators = importlib.import_module("mutmut.mutation.mutators").mutation_operators
    module = libcst.parse_module(path.read_text())
    made = dict.fromkeys(
        Mutant(name, text_of(module, function), text_of(module, function.deep_replace(node, other)))
        for name, function in functions_in(module)
        for node in changeable(function, libcst)
        for other in changes(node, operators)
    )
    return list(made)


def some_of(mutants: list[Mutant], every: int) -> list[Mutant]:
    """The same ones in every run."""
    return [mutant for mutant in mutants if int(mutant.key, 16) % every == 0]


def functions_in(module: Any) -> Iterator[tuple[str, Any]]:
    import libcst

    for statement in module.body:
        if isinstance(statement, libcst.FunctionDef):
            yield statement.name.value, statement.with_changes(decorators=[])
        elif isinstance(statement, libcst.ClassDef) and isinstance(statement.body, libcst.IndentedBlock):
            for each in statement.body.body:
                if isinstance(each, libcst.FunctionDef):
                    yield f"{statement.name.value}.{each.name.value}", each.with_changes(decorators=[])


def changeable(node: Any, libcst: Any) -> Iterator[Any]:
    """Nodes that mutmut would change: no types, no counting or asking for a class, no default that is computed."""
    if isinstance(node, libcst.Annotation | libcst.Decorator):
        return
    if isinstance(node, libcst.Call) and isinstance(node.func, libcst.Name) and node.func.value in NEVER:
        return
    simple = libcst.Name | libcst.BaseNumber | libcst.BaseString
    if isinstance(node, libcst.Param) and node.default and not isinstance(node.default, simple):
        return
    yield node
    for child in node.children:
        yield from changeable(child, libcst)


def changes(node: Any, operators: Any) -> Iterator[Any]:
    for kind, operator in operators:
        if isinstance(node, kind):
            yield from operator(node)


def text_of(module: Any, function: Any) -> str:
    return textwrap.dedent(module.code_for_node(function.with_changes(leading_lines=[]))).strip() + "\n"


# Putting one in --------------------------------------------------------------------------------------------------


def put(mutant: Mutant, module: ModuleType) -> None:
    """From now on in this process the function does what the mutant says, whoever already holds it."""
    scope = dict(vars(module))
    exec(compile(mutant.after, str(module.__file__), "exec"), scope)  # our own code, changed
    new, live = scope[mutant.function.rpartition(".")[2]], live_function(mutant.function, module)
    live.__code__, live.__defaults__, live.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__


def live_function(name: str, module: ModuleType) -> FunctionType:
    owner, _dot, own = name.rpartition(".")
    found = vars(getattr(module, owner))[own] if owner else getattr(module, own)
    found = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
    return inspect.unwrap(found)


# Running ---------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """Stands in for the loop of pytest: the tests are collected once, each child runs its own of them."""

    files: list[Path]
    every: int
    kept: Path
    again: bool
    survivors: int = 0
    finders: dict[str, Counter[str]] = field(default_factory=dict)
    red: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 4))  # a child leaves there which test failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
        reporter._tw._file = Path(os.devnull).open("w")  # noqa: SIM115  as long as the process
        modules = {path: importlib.import_module(".".join(path.with_suffix("").parts[1:])) for path in self.files}
        noted = noted_calls(session, [str(module.__file__) for module in modules.values()])
        for path, module in modules.items():
            self.try_all(path, module, session, (noted.calls[str(module.__file__)], noted.times))
        return True

    def try_all(self, path: Path, module: ModuleType, session: pytest.Session, noted: tuple[Calls, Times]) -> None:
        kept = self.kept / f"{path.parent.name}-{path.stem}.jsonl"
        found = {key: how for key, how in read(kept).items() if not (self.again and how in {SURVIVED, UNMET})}
        mutants = some_of(mutants_of(path), self.every)
        left = [mutant for mutant in mutants if mutant.key not in found]
        unchanged = {mutant.function: replace(mutant, after=mutant.before) for mutant in left}
        for each in unchanged.values():
            if self.try_one(each, module, session, *noted) not in {SURVIVED, UNMET}:
                sys.exit(
                    f"{each.function}: its tests fail although nothing is changed; nothing found here would count."
                )
        for mutant in left:
            found[mutant.key] = self.try_one(mutant, module, session, *noted)
            with kept.open("a") as rows:
                rows.write(json.dumps({"key": mutant.key, "how": found[mutant.key]}) + "\n")
        self.survivors += show(path, mutants, found)

    def try_one(self, mutant: Mutant, module: ModuleType, session: pytest.Session, calls: Calls, times: Times) -> str:
        finders = self.finders.setdefault(mutant.function, Counter())
        meeting = sorted(calls.get(mutant.function, ()), key=lambda test: (-finders[test], times[test]))
        if not meeting:
            return UNMET

        def work() -> int:
            try:
                put(mutant, module)
            except (SyntaxError, NameError, TypeError, ValueError):
                return 2
            place = first_red(session, meeting)
            self.red[:] = (place or 0).to_bytes(4, "little")
            return 0 if place is None else 1

        code = in_child(work, SLOWEST + 5 * sum(times[test] for test in meeting))
        if code == 1:
            finders[meeting[int.from_bytes(self.red[:], "little")]] += 1
        return LATE if code is None else {0: SURVIVED, 1: KILLED}.get(code, BROKEN)


def in_child(work: Callable[[], int], seconds: float) -> int | None:
    """What it answers, or None when it took too long."""
    pid = os.fork()
    if not pid:
        leave_with(work)
    until = time.monotonic() + seconds
    handle = os.pidfd_open(pid)
    try:
        if not select.select([handle], [], [], max(0, until - time.monotonic()))[0]:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return None
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    finally:
        os.close(handle)


def leave_with(work: Callable[[], int]) -> NoReturn:
    """The child ends with what its work answers, with 3 when that is nothing."""
    code = 3
    with contextlib.suppress(BaseException):
        code = work()
    os._exit(code)


def first_red(session: pytest.Session, names: list[str]) -> int | None:
    """The place of the first of these tests that fails, if one does; those behind it do not run."""
    by_name = {item.nodeid: item for item in session.items}
    items = [by_name[name] for name in names]
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else other_than(item, session)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return place
    return None


def other_than(item: pytest.Item, session: pytest.Session) -> pytest.Item | None:
    """Said to come next, so that what stands for the whole run is not torn down."""
    return next((each for each in session.items if each is not item), None)


def noted_calls(session: pytest.Session, files: list[str]) -> "Noted":
    """File → function → the tests that call it, and how long each takes, with nothing changed."""
    from django.db import connections

    if lasting := [item.nodeid for item in session.items if {"transactional_db", "live_server"} & fixtures_of(item)]:
        sys.exit(f"These leave something in the database that all share: {', '.join(lasting)}")
    noted = Noted({file: {} for file in files})
    session.config.pluginmanager.register(noted)
    if first_red(session, [item.nodeid for item in session.items]) is not None:
        sys.exit("The tests fail before anything is changed.")
    session.config.pluginmanager.unregister(noted)
    connections.close_all()  # a child opens its own
    gc.freeze()
    return noted


def fixtures_of(item: pytest.Item) -> set[str]:
    marked = [mark for mark in item.iter_markers("django_db") if mark.kwargs.get("transaction")]
    return {*getattr(item, "fixturenames", ()), *(["transactional_db"] if marked else [])}


@dataclass
class Noted:
    """Which functions of these files each test calls, in whatever thread."""

    calls: dict[str, Calls]
    times: Times = field(default_factory=dict)
    now: str = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now, began = item.nodeid, time.perf_counter()
        sys.settrace(self.note)
        threading.settrace(self.note)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            self.times[item.nodeid] = time.perf_counter() - began

    def note(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename in self.calls:
            function = frame.f_code.co_qualname.split(".<locals>")[0]
            self.calls[frame.f_code.co_filename].setdefault(function, {})[self.now] = True


# What was found --------------------------------------------------------------------------------------------------


def read(kept: Path) -> dict[str, str]:
    lines = kept.read_text().splitlines() if kept.exists() else []
    return {each["key"]: each["how"] for each in map(json.loads, lines)}


def show(path: Path, mutants: list[Mutant], found: dict[str, str]) -> int:
    """How many no test noticed."""
    told = Counter(found[mutant.key] for mutant in mutants)
    for mutant in mutants:
        if found[mutant.key] in {SURVIVED, UNMET}:
            print(f"{path}: {mutant.function}, {found[mutant.key]}\n{mutant.difference}")
    print(f"{path}: {len(mutants)} mutants, {', '.join(f'{count} {how}' for how, count in sorted(told.items()))}")
    sys.stdout.flush()
    return told[SURVIVED] + told[UNMET]


def files(named: list[Path]) -> list[Path]:
    every = [*sorted((ROOM / "policy").glob("*.py")), *sorted((ROOM / "operations").glob("*.py"))]
    return named or [path for path in every if path.name != "__init__.py"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.mutants", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="of src/bihuan, as paths from here")
    parser.add_argument("--mutmut", type=Path, help="where pip put mutmut")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="narrow them by file: it is quicker")
    parser.add_argument("--kept", type=Path, default=Path("/tmp/bihuan-mutants"), help="what was found so far")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one in N, spread over the files")
    parser.add_argument("--again", action="store_true", help="try anew what survived or met no test")
    asked = parser.parse_args()
    if asked.mutmut:
        sys.path.append(str(asked.mutmut))  # behind our own: it brings a pytest along
    asked.kept.mkdir(parents=True, exist_ok=True)
    run = Run(files(asked.files), asked.every, asked.kept, asked.again)
    quick = ["-q", "-s", "--tb=no", "--assert=plain"]  # what a red test has to say is not read
    pytest.main([*quick, "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", *asked.tests], plugins=[run])
    return 1 if run.survivors else 0


if __name__ == "__main__":
    sys.exit(main())
