"""`python -m bench.finding`: searching and filtering a large organisation, as ratios to bare queries of the same run.

Makes a company of `--size` people and matters, the same one every time, then asks as somebody who sees everything, as a
head, and as somebody who sees next to nothing. On PostgreSQL through `scripts/with_postgresql.py`. Not part of CI.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.beginning import measured
from bench.generated import DOES, SEED, WORDS, skewed

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CHUNK = 2000
ROUNDS = 3
RARE = "鲲鹏"  # in one matter of a thousand
FREQUENT = "预算"
Ask = Callable[[], Any]


def main() -> int:
    return measured("bench.finding", __doc__, size=100_000, make=make, measure=measure)


def make(size: int) -> dict[str, int]:
    """Departments, people, matters with parties, steps, limits, scopes and members; then the index. Returns ids."""
    from bihuan.collaborations import operations
    from bihuan.collaborations.models import PlaybookVersion

    chance = random.Random(SEED)
    operations.publish_shipped_playbooks(at=AT)
    version = PlaybookVersion.objects.get(playbook__key="SEED_B").pk
    departments = make_departments(max(size // 50, 20))
    people = make_people(size, departments, chance)
    for first in range(0, size, CHUNK):
        make_matters(range(first, min(first + CHUNK, size)), departments, people, version, chance)
    index()
    return {"head": people[0], "blind": people[-1], "department": departments[0], "rare": departments[-1]}


def make_departments(count: int) -> list[int]:
    from bihuan.organisation.models import Department

    rows = Department.objects.bulk_create(
        Department(name=f"{WORDS[number % len(WORDS)]}{number}部", path=f"/{number + 1}/") for number in range(count)
    )
    return [row.pk for row in rows]


def make_people(size: int, departments: list[int], chance: random.Random) -> list[int]:
    from bihuan.organisation.models import Person, Post
    from bihuan.organisation.operations.people import write_name_keys

    ids: list[int] = []
    for first in range(0, size, CHUNK):
        numbers = range(first, min(first + CHUNK, size))
        rows = Person.objects.bulk_create(
            Person(username=f"p{number}", name=f"李{number}", search_text=f"李{number}|li{number}")
            for number in numbers
        )
        write_name_keys(rows)
        ids += [row.pk for row in rows]
        Post.objects.bulk_create(
            Post(
                person=row, department_id=departments[skewed(len(departments), chance)], title="专员",
                kind="HEAD" if number < len(departments) else "STAFF", starts_on=AT.date(),
            )
            for number, row in zip(numbers, rows, strict=True)
        )  # fmt: skip
    return ids


def make_matters(
    numbers: range, departments: list[int], people: list[int], version: int, chance: random.Random
) -> None:
    from bihuan.access.models import Member, Scope
    from bihuan.collaborations.models import Collaboration, Criterion, Loop, Party, StepRun

    scopes = Scope.objects.bulk_create(
        Scope(subject_kind="collaboration", subject_id=number + 1, opened_at=AT) for number in numbers
    )
    leads = [departments[skewed(len(departments), chance)] for _ in numbers]
    rows = Collaboration.objects.bulk_create(
        Collaboration(
            pk=number + 1, scope=scope, number=f"XZ-2026-{number:06}", title=title(number, chance), created_at=AT,
            playbook_version_id=version, lead_department_id=lead, lead_id=people[skewed(len(people), chance)],
        )
        for number, scope, lead in zip(numbers, scopes, leads, strict=True)
    )  # fmt: skip
    others = [departments[skewed(len(departments), chance)] for _ in numbers]
    pairs = list(zip(rows, leads, others, strict=True))
    Party.objects.bulk_create(Party(collaboration=row, department_id=other, role="SUPPORT") for row, _, other in pairs)
    StepRun.objects.bulk_create(
        StepRun(collaboration=row, step=chance.choice(("REQUEST", "ALIGN", "PLAN", "EXECUTE")), entered_at=AT)
        for row in rows
    )
    Loop.objects.bulk_create(
        Loop(
            collaboration=row, kind="FORM", subject_kind="collaboration", subject_id=row.pk, owner=f"h:{lead}",
            opened_at=AT, due_at=AT + timedelta(days=chance.randrange(-20, 60)),
        )
        for row, lead, _ in pairs
    )  # fmt: skip
    Criterion.objects.bulk_create(
        Criterion(collaboration=row, form_code="F01", line_id="1", text="，".join(chance.choices(WORDS, k=30)))
        for row in rows
    )
    Member.objects.bulk_create(
        Member(scope_id=row.scope_id, principal=principal, role="STAFF", level=2, from_at=AT, via="bench")
        for row, lead, other in pairs
        for principal in dict.fromkeys((f"d:{lead}", f"h:{lead}", f"d:{other}", "g:pmo", f"p:{row.lead_id}"))
    )


def title(number: int, chance: random.Random) -> str:
    rare = RARE if number % 1000 == 7 else ""
    frequent = FREQUENT if number % 10 < 3 else chance.choice([word for word in WORDS if word != FREQUENT])
    return f"{frequent}{chance.choice(DOES)}{rare}第{number}号"


def index() -> None:
    from bihuan.search import operations

    operations.rebuild(at=AT)


def measure(company: dict[str, int]) -> None:
    from bihuan.collaborations.queries import Filters, count_of, portfolio
    from bihuan.search.queries import search

    print(f"{'':44}{'who':>8}{'ms':>9}{'bare ms':>9}{'ratio':>7}")
    measure_organisation(company)
    for name, actor in actors(company):
        for word in (FREQUENT, RARE, "预", "李777", f"{FREQUENT}专项"):
            show(f"search {word}", name, lambda w=word, a=actor: search(a, w, at=AT), lambda w=word: bare_search(w))
        filters = {
            "everything": Filters(),
            "busiest department": Filters(department_id=company["department"]),
            "quiet department": Filters(department_id=company["rare"]),
            "step": Filters(step="PLAN"),
            "mine": Filters(role="lead"),
            "overdue": Filters(due="overdue"),
            "red": Filters(health="red"),
            "green": Filters(health="green"),
            "of none": Filters(parties="none"),
            "of one": Filters(parties="one"),
            "of several": Filters(parties="several"),
            "frequent word": Filters(text=FREQUENT),
            "rare word": Filters(text=RARE),
        }
        for about, each in filters.items():
            ask = lambda f=each, a=actor: portfolio(a, f, before=None, at=AT)  # noqa: E731
            show(f"portfolio, {about}", name, ask, bare_list)
        led = Filters(led_by_id=company["department"])
        show(
            "department page, its matters", name, lambda a=actor, f=led: portfolio(a, f, before=None, at=AT), bare_list
        )
        show("count, everything", name, lambda a=actor: count_of(a, Filters(), at=AT), bare_list)


def measure_organisation(company: dict[str, int]) -> None:
    """The picker by a common and a rare beginning, and the page of the busiest department; nobody's right matters."""
    from bihuan.organisation import queries

    for typed in ("李", "李77", "li99999"):
        show(f"people picker {typed}", "", lambda t=typed: queries.search_people(t, AT, limit=10), bare_people)
    busiest = company["department"]
    show("department picker", "", lambda: queries.search_departments("预算", 10), bare_people)
    show(
        "department page, its people", "", lambda: queries.department_page(busiest, AT, staff=queries.PAGE), bare_people
    )


def bare_people() -> list[Any]:
    """Fifty people by key, with their names."""
    from bihuan.organisation.models import Person

    return list(Person.objects.filter(pk__gt=1000).order_by("pk")[:50])


def actors(company: dict[str, int]) -> Iterator[tuple[str, Any]]:
    from bihuan.kernel.actor import Actor, ActorKind

    def actor(person: int, *keys: str) -> Actor:
        return Actor(ActorKind.PERSON, person, "", frozenset({"all", f"p:{person}", *keys}))

    yield "pmo", actor(company["blind"], "g:pmo")
    yield "head", actor(company["head"], f"h:{company['department']}", f"d:{company['department']}")
    yield "blind", actor(company["blind"])


def show(what: str, who: str, ask: Ask, bare: Ask) -> None:
    taken, plain = timed(ask), timed(bare)
    print(f"{what:44}{who:>8}{taken:9.1f}{plain:9.1f}{taken / plain:7.1f}")
    sys.stdout.flush()


def timed(ask: Ask) -> float:
    """Milliseconds, median of the rounds, the first one not counted.

    On SQLite the database works in this process: its processor time is taken, and what else runs weighs less.
    """
    from django.db import connection

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    taken = []
    for _ in range(ROUNDS + 1):
        began = clock()
        ask()
        taken.append((clock() - began) * 1000)
    return statistics.median(taken[1:])


def bare_search(word: str) -> list[Any]:
    """The newest twenty hits of the index, whoever may read them, in one statement."""
    from django.db import connection

    from bihuan.search import matching, policy

    asked = policy.words(word)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            query = " AND ".join(map(matching._fts_phrase, asked))
            cursor.execute(
                "SELECT e.id, e.title, e.text FROM search_grams g JOIN search_entry e ON e.id = g.rowid "
                "WHERE search_grams MATCH %s ORDER BY g.rowid DESC LIMIT 20", [query],
            )  # fmt: skip
        else:
            query = " & ".join(f"({matching._ts_phrase(each, '')})" for each in asked)
            cursor.execute(
                "SELECT id, title, text FROM search_entry WHERE grams @@ %s::tsquery ORDER BY id DESC LIMIT 20", [query]
            )
        return cursor.fetchall()


def bare_list() -> list[Any]:
    """Fifty rows of a department by an index, as the bare view reads them."""
    from bihuan.collaborations.models import Collaboration

    rows = Collaboration.objects.filter(lead_department=1).order_by("-pk").select_related("lead_department", "lead")
    return list(rows[:50])


if __name__ == "__main__":
    sys.exit(main())
