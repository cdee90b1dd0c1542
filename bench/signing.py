"""`python -m bench.signing`: signing among very many papers, as ratios to the bare view of the same run.

Makes `--size` records in a tenth as many matters, each with a frozen version and a sign-off; a tenth of them is open
and asks two heads. Five thousand are made one by one, the others are these again under other keys. Then the busiest
head and a quiet one look at what waits for them, and the busiest decides on one paper and on a hundred. On PostgreSQL
through `scripts/with_postgresql.py`. Not part of CI.
"""

import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from bench.beginning import measured
from bench.finding import AT, CHUNK, SEED, make_departments, make_matters, make_people
from bench.generated import WORDS, skewed
from bench.multiplied import multiply

ROUNDS = 5
EACH = 10  # records of a matter
OPEN = 10  # every tenth is open
BATCH = 100
ONCE = 5_000  # records that are made; larger sizes are a whole number of times as many
FORM = "application/x-www-form-urlencoded"
Send = Callable[[], Any]


def main() -> int:
    return measured("bench.signing", __doc__, size=1_000_000, make=make, measure=measure)


def make(size: int) -> dict[str, Any]:
    """Departments with heads, matters, and what is signed in them. Ids of those who look, and how much there is."""
    from django.db.models import OuterRef, Subquery

    from bihuan.access.models import Member, Scope
    from bihuan.approvals.models import Signoff, Slot
    from bihuan.collaborations import operations
    from bihuan.collaborations.models import Collaboration, Criterion, Loop, Party, PlaybookVersion, StepRun
    from bihuan.deadlines.models import Deadline
    from bihuan.ledger.models import Chain
    from bihuan.records.models import Record, Version

    chance = random.Random(SEED)
    operations.publish_shipped_playbooks(at=AT)
    version = PlaybookVersion.objects.filter(playbook__key="SEED_B").latest("pk").pk
    departments = make_departments(max(size // 2000, 20))
    people = make_people(max(size // 100, 2 * len(departments)), departments, chance)
    heads = head_everywhere(departments, people)
    made = min(size, ONCE)
    for first in range(0, made // EACH, CHUNK):
        numbers = range(first, min(first + CHUNK, made // EACH))
        make_matters(numbers, departments, people, version, chance)
        make_papers(numbers, departments, people[-1], chance)
    Record.objects.update(current_version=Subquery(Version.objects.filter(record=OuterRef("pk")).values("pk")))
    Loop.objects.filter(kind="FORM").update(part="F01")
    await_answers()
    tables = [
        Scope, Collaboration, Party, StepRun, Loop, Criterion, Member, Chain, Record, Version, Signoff, Slot, Deadline,
    ]  # fmt: skip
    multiply(tables, size // made, named=frozenset({"number"}), inside={"params": "slot"})
    busiest = {"busiest": heads[departments[0]], "quiet": heads[departments[-1]]}
    waiting = Slot.objects.filter(state="PENDING", principal=f"h:{departments[0]}").count()
    return {
        **busiest, "department": departments[0], "records": Record.objects.count(), "waiting": waiting,
        "open": Slot.objects.filter(state="PENDING").count(),
    }  # fmt: skip


def head_everywhere(departments: list[int], people: list[int]) -> dict[int, int]:
    """One head for each department, besides what chance has made of the others."""
    from bihuan.organisation.models import Post

    Post.objects.filter(kind="HEAD").update(kind="STAFF")
    chosen = dict(zip(departments, people, strict=False))
    Post.objects.bulk_create(
        Post(person_id=person, department_id=pk, title="负责人", kind="HEAD", starts_on=AT.date())
        for pk, person in chosen.items()
    )
    return chosen


def make_papers(numbers: range, departments: list[int], author: int, chance: random.Random) -> None:
    """Ten requests in each matter, signed by two heads; of the tenth both are still to answer."""
    from bihuan.access.models import Member
    from bihuan.collaborations.models import Collaboration
    from bihuan.kernel.subjects import SubjectRef
    from bihuan.ledger.operations import begin_chains
    from bihuan.records.models import Record, Version

    matters = list(Collaboration.objects.filter(pk__in=[number + 1 for number in numbers]).order_by("pk"))
    begin_chains(SubjectRef("collaboration", matter.pk) for matter in matters)  # something has happened in them
    records = Record.objects.bulk_create(
        Record(
            form_code="F01", number=f"{matter.number}-F01-{each:02}", status="IN_REVIEW", root_kind="collaboration",
            root_id=matter.pk, scope_id=matter.scope_id, filler_id=author, saved_by_id=author, started_at=AT,
            saved_at=AT,
        )
        for matter in matters
        for each in range(EACH)
    )  # fmt: skip
    versions = Version.objects.bulk_create(version_of(record, author, chance) for record in records)
    asked = [(departments[skewed(len(departments), chance)], chance.choice(departments)) for _ in records]
    slots = ask(records, versions, asked, author)
    Member.objects.bulk_create(
        (
            Member(
                scope_id=slot.signoff.scope_id, principal=slot.principal, role="HEAD", level=2, from_at=AT, via="bench"
            )
            for slot in slots
        ),
        ignore_conflicts=True,
    )


def version_of(record: Any, author: int, chance: random.Random) -> Any:
    from bihuan.collaborations.forms.request import REQUEST
    from bihuan.records.models import Version
    from bihuan.records.policy import freeze

    said = {
        "title": record.number,
        "goal_text": "，".join(chance.choices(WORDS, k=20)),
        "expected_finish": "2027-02-28",
    }
    frozen = freeze(REQUEST, {field.key: said.get(field.key) for field in REQUEST.fields()})
    return Version(
        record=record, version=1, body=frozen.body, digest=frozen.digest, parts={}, submitted_at=AT,
        submitted_by_id=author,
    )  # fmt: skip


def ask(records: list[Any], versions: list[Any], asked: list[tuple[int, int]], author: int) -> list[Any]:
    """A sign-off for each record and two slots, of which those that are open are returned."""
    from bihuan.approvals.models import Signoff, Slot

    signoffs = Signoff.objects.bulk_create(
        Signoff(
            route="OPINIONS", subject_kind="record", subject_id=record.pk, root_kind="collaboration",
            root_id=record.root_id, scope_id=record.scope_id, digest=version.digest, author_id=author, opened_at=AT,
            state="OPEN" if number % OPEN == 0 else "APPROVED", closed_at=None if number % OPEN == 0 else AT,
        )
        for number, (record, version) in enumerate(zip(records, versions, strict=True))
    )  # fmt: skip
    slots = Slot.objects.bulk_create(
        Slot(
            signoff=signoff, key=str(pk), principal=f"h:{pk}", label="部门", digest=signoff.digest,
            **({} if signoff.state == "OPEN" else
               {"state": "APPROVED", "decided_by_id": author, "decided_by_name": "李", "decided_at": AT}),
        )
        for signoff, pair in zip(signoffs, asked, strict=True)
        for pk in dict.fromkeys(pair)
    )  # fmt: skip
    return [slot for slot in slots if slot.state == "PENDING"]


def await_answers() -> None:
    """What asking leaves behind beside the slots: a loop and a running clock for each party, by the product itself."""
    from bihuan.approvals.models import Signoff
    from bihuan.collaborations.enums import LoopKind
    from bihuan.collaborations.models import Collaboration
    from bihuan.collaborations.operations.signing import ask_signatories
    from bihuan.collaborations.timing import DECISION, follow_loops, open_loops_of, signoff_ref
    from bihuan.kernel.actor import SYSTEM
    from bihuan.ledger.subscriptions import Recorded

    matters = Collaboration.objects.select_related("playbook_version").in_bulk()
    for signoff in Signoff.objects.filter(state="OPEN"):
        ask_signatories(matters[signoff.root_id], signoff, at=AT)
        here = Recorded(SYSTEM, signoff.root, signoff.subject, signoff.scope_id, AT)
        follow_loops(DECISION, open_loops_of(signoff_ref(signoff.pk), LoopKind.SIGNOFF), here)


def measure(company: dict[str, Any]) -> None:
    from django.conf import settings

    from bihuan.web import middleware

    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "bench.bare", ["testserver"]
    middleware.now = lambda: AT
    plain = bare(company)
    print(f"{'':40}{'ms':>9}{'bare ms':>9}{'ratio':>7}{'queries':>9}")
    for who in ("busiest", "quiet"):
        client = browser(company[who])
        for name, address in (("desk", "/"), ("list to sign several", "/sign/")):
            show(f"{name}, {who} head", plain, [lambda c=client, a=address: c.get(a) for _ in range(ROUNDS + 1)])
    client = browser(company["busiest"])
    slots = iter(open_for(company, (ROUNDS + 1) * (BATCH + 1)))
    show("one decision", plain, [decision(client, next(slots)) for _ in range(ROUNDS + 1)])
    batches = [list(islice(slots, BATCH)) for _ in range(3)]
    show(f"a batch of {BATCH}", plain, [batch(client, each) for each in batches])


def browser(person_id: int) -> Any:
    from django.test import Client

    from bihuan.organisation.models import Person

    client = Client()
    client.force_login(Person.objects.get(pk=person_id))
    return client


def bare(company: dict[str, Any]) -> Send:
    from bench.measuring import few_middlewares

    client, address = browser(company["quiet"]), f"/bare/{company['department']}/"
    with few_middlewares():
        client.get(address)  # the client keeps the middlewares it was first used with
    return lambda: client.get(address)


def open_for(company: dict[str, Any], most: int) -> list[Any]:
    from bihuan.approvals.models import Slot

    mine = Slot.objects.filter(state="PENDING", principal=f"h:{company['department']}")
    return list(mine.order_by("-pk")[:most])


def decision(client: Any, slot: Any) -> Send:
    said = {"decision": "APPROVE", "seen_digest": slot.digest, "request_key": f"bench-{slot.pk}"}
    body = urlencode(said)
    return lambda: client.post(f"/sign/{slot.pk}/decide", body, content_type=FORM, headers={"HX-Request": "true"})


def batch(client: Any, slots: list[Any]) -> Send:
    said = [
        ("act", "APPROVE"),
        ("request_key", f"bench-{slots[0].pk}"),
        *((f"digest-{slot.pk}", slot.digest) for slot in slots),
    ]
    body = urlencode([*said, *(("chosen", slot.pk) for slot in slots)])

    def send() -> Any:
        answer = client.post("/sign/several", body, content_type=FORM)
        told = answer.content.decode()
        told = told[told.index('id="told"') : told.index("</section>")]
        assert len(re.findall(r"<li>", told)) == BATCH, "every paper is answered"
        assert "/sign/" in told
        return answer

    return send


def show(what: str, plain: Send, sends: list[Send]) -> None:
    """Medians; the first of more than three warms up, and each is followed by the bare view."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    taken = [(timed(send), timed(plain)) for send in sends[1:] or sends]
    with CaptureQueriesContext(connection) as captured:
        timed(sends[0])
    own, bare_ones = (statistics.median(side) for side in zip(*taken, strict=True))
    print(f"{what:40}{own:9.1f}{bare_ones:9.1f}{own / bare_ones:7.1f}{len(captured):9}")
    sys.stdout.flush()


def timed(send: Send) -> float:
    """Milliseconds. On SQLite the database works in this process: its processor time is taken."""
    from django.db import connection

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    began = clock()
    answer = send()
    taken = (clock() - began) * 1000
    assert answer.status_code < 400, answer.content.decode()[:2000]
    return taken


if __name__ == "__main__":
    sys.exit(main())
