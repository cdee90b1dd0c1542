from datetime import date

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.commitments import errors, operations, queries
from bihuan.commitments.enums import CommitmentKind
from bihuan.commitments.models import Commitment
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotFound, Refused
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from tests.approvals.cast import AT, ROOT, facts_named, make_person

SOURCE = SubjectRef("slot", 11)
DAY = date(2026, 11, 27)


def promise(cast, **changes):
    arguments = {
        "kind": CommitmentKind.CONDITION, "text": "先定渠道优先级", "source": SOURCE, "root": ROOT,
        "scope_id": cast.scope_id, "verifier": cast.head_key, "asked_by": cast.head_key, "owner_id": cast.author.pk,
        "department_id": cast.technology.pk, "due_on": DAY, "gate": "enter:EXECUTE", "actor": cast.actor("head"),
        "at": AT,
    }  # fmt: skip
    return operations.promise(**{**arguments, **changes})


@pytest.fixture
def refuses():
    """Runs an act that must be refused, and checks that it wrote nothing."""

    def run(error, act):
        before = (list(Commitment.objects.order_by("pk").values()), Entry.objects.count())
        with pytest.raises(error) as caught:
            act()
        assert (list(Commitment.objects.order_by("pk").values()), Entry.objects.count()) == before
        return caught.value

    return run


def by(cast, part="author"):
    return {"actor": cast.actor(part), "at": AT}


def test_a_promise_is_one_row_and_one_fact(cast):
    made = promise(cast, text=" 先定渠道优先级\x00 ")
    row = Commitment.objects.get()
    assert (row.text, row.state, row.owner_id, row.due_on, row.gate, row.root, row.source, row.made_at) == (
        "先定渠道优先级", "OPEN", cast.author.pk, DAY, "enter:EXECUTE", ROOT, SOURCE, AT,
    )  # fmt: skip
    assert facts_named("commitments.commitment.made") == [
        {
            "commitment_id": made.pk, "kind": "CONDITION", "text": "先定渠道优先级", "owner_id": cast.author.pk,
            "department_id": cast.technology.pk, "due_on": "2026-11-27", "gate": "enter:EXECUTE", "source": "slot:11",
            "asked_by": cast.head_key, "verifier": cast.head_key,
        }
    ]  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.subject_kind, entry.subject_id, entry.scope_id) == ("commitment", made.pk, cast.scope_id)


@pytest.mark.parametrize("changes", [{"text": " "}, {"verifier": ""}])
def test_an_incomplete_promise_is_refused(cast, refuses, changes):
    refuses(Refused, lambda: promise(cast, **changes))


def test_the_owner_claims_with_evidence(cast, refuses):
    made = promise(cast)
    refuses(Refused, lambda: operations.claim(made, evidence=" ", **by(cast)))
    operations.claim(made, evidence="渠道表已发", **by(cast))
    made.refresh_from_db()
    assert (made.state, made.evidence, made.claimed_at) == ("CLAIMED", "渠道表已发", AT)
    assert facts_named("commitments.commitment.claimed") == [{"commitment_id": made.pk, "evidence": "渠道表已发"}]


@pytest.mark.parametrize("part", ["head", "other_head", "stranger"])
def test_only_the_owner_claims(cast, refuses, part):
    made = promise(cast)
    refuses(errors.NotTheOwner, lambda: operations.claim(made, evidence="好了", **by(cast, part)))


def test_without_an_owner_nobody_claims(cast, refuses):
    made = promise(cast, owner_id=None)
    refuses(errors.NotTheOwner, lambda: operations.claim(made, evidence="好了", **by(cast)))
    refuses(errors.NotTheOwner, lambda: operations.claim(made, evidence="好了", actor=SYSTEM, at=AT))


def test_what_is_claimed_is_not_claimed_again(cast, refuses):
    made = promise(cast)
    seen = Commitment.objects.get()
    operations.claim(made, evidence="好了", **by(cast))
    refuses(errors.StaleCommitment, lambda: operations.claim(seen, evidence="又好了", **by(cast)))


def test_somebody_else_confirms_and_that_ends_it(cast):
    made = operations.claim(promise(cast), evidence="渠道表已发", **by(cast))
    operations.verify(made, accepted=True, **by(cast, "head"))
    made.refresh_from_db()
    assert (made.state, made.ended_at, made.ended_by_id) == ("VERIFIED", AT, cast.head.pk)
    assert facts_named("commitments.commitment.verified") == [{"commitment_id": made.pk, "note": ""}]


def test_not_done_goes_back_to_the_owner_and_is_counted(cast, refuses):
    made = operations.claim(promise(cast), evidence="渠道表已发", **by(cast))
    refuses(Refused, lambda: operations.verify(made, accepted=False, **by(cast, "head")))
    operations.verify(made, accepted=False, note="缺预算列", **by(cast, "head"))
    made.refresh_from_db()
    assert (made.state, made.times_returned, made.note, made.claimed_at) == ("OPEN", 1, "缺预算列", None)
    assert facts_named("commitments.commitment.returned") == [
        {"commitment_id": made.pk, "note": "缺预算列", "times_returned": 1}
    ]


def test_the_owner_never_confirms_even_as_head_of_the_verifying_side(cast, refuses):
    made = promise(cast, owner_id=cast.head.pk)
    made = operations.claim(made, evidence="好了", **by(cast, "head"))
    refuses(errors.OwnerVerifies, lambda: operations.verify(made, accepted=True, **by(cast, "head")))


def test_only_the_verifying_side_confirms(cast, refuses):
    made = operations.claim(promise(cast), evidence="好了", **by(cast))
    refuses(errors.NotTheVerifier, lambda: operations.verify(made, accepted=True, **by(cast, "other_head")))
    refuses(errors.NotTheVerifier, lambda: operations.verify(made, accepted=True, actor=SYSTEM, at=AT))


def test_what_is_not_claimed_is_not_confirmed(cast, refuses):
    made = promise(cast)
    refuses(errors.StaleCommitment, lambda: operations.verify(made, accepted=True, **by(cast, "head")))


def test_the_asker_cancels_with_a_reason(cast, refuses):
    made = promise(cast)
    refuses(errors.NotTheAsker, lambda: operations.cancel(made, reason="不需要", **by(cast)))
    refuses(Refused, lambda: operations.cancel(made, reason="", **by(cast, "head")))
    operations.cancel(made, reason="渠道取消", **by(cast, "head"))
    made.refresh_from_db()
    assert (made.state, made.note, made.ended_by_id) == ("CANCELLED", "渠道取消", cast.head.pk)
    assert facts_named("commitments.commitment.cancelled") == [{"commitment_id": made.pk, "reason": "渠道取消"}]
    refuses(errors.StaleCommitment, lambda: operations.cancel(made, reason="再来", **by(cast, "head")))


def test_what_nobody_asked_for_nobody_cancels(cast, refuses):
    made = promise(cast, asked_by="")
    refuses(errors.NotTheAsker, lambda: operations.cancel(made, reason="不需要", **by(cast, "head")))


def assign(made, cast, part, *, owner=None, due_on=DAY, seen=None):
    owner_id = (owner or cast.other_head).pk
    revision = made.revision if seen is None else seen
    return operations.set_owner_and_due(
        made, owner_id=owner_id, due_on=due_on, seen_revision=revision, **by(cast, part)
    )


@pytest.mark.parametrize("part", ["head", "other_head"])
def test_asker_and_owing_head_name_owner_and_day(cast, part):
    made = promise(cast, owner_id=None, due_on=None)
    assign(made, cast, part)
    made.refresh_from_db()
    assert (made.owner_id, made.due_on, made.revision) == (cast.other_head.pk, DAY, 1)
    assert facts_named("commitments.commitment.assigned") == [
        {
            "commitment_id": made.pk, "owner_id": cast.other_head.pk, "due_on": "2026-11-27", "owner_before": None,
            "due_before": None,
        }
    ]  # fmt: skip


def test_people_at_work_for_the_owing_side_name_the_first_owner_only(cast, refuses):
    worker = make_person("陈静", cast.technology)
    cast.worker = worker
    made = promise(cast, owner_id=None, due_on=None)
    refuses(errors.MayNotAssign, lambda: assign(made, cast, "worker", owner=worker))
    access.admit(cast.scope_id, f"p:{worker.pk}", role=Role.CONTACT, level=Level.WRITE, via="contact", at=AT)
    assign(made, cast, "worker", owner=worker)
    made.refresh_from_db()
    assert made.owner_id == worker.pk
    refuses(errors.MayNotAssign, lambda: assign(made, cast, "worker"))


def test_others_name_nobody(cast, refuses):
    made = promise(cast, owner_id=None, due_on=None)
    refuses(errors.MayNotAssign, lambda: assign(made, cast, "author"))
    of_no_department = promise(cast, owner_id=None, department_id=None)
    refuses(errors.MayNotAssign, lambda: assign(of_no_department, cast, "other_head"))


def test_an_owner_has_a_day_and_works_here(cast, refuses):
    made = promise(cast, owner_id=None, due_on=None)
    refuses(Refused, lambda: assign(made, cast, "head", due_on=None))
    cast.stranger.is_active = False
    cast.stranger.save(update_fields=["is_active"])
    error = refuses(Refused, lambda: assign(made, cast, "head", owner=cast.stranger))
    assert [finding.code for finding in error.findings] == ["commitments.owner_unknown"]


def test_two_who_name_an_owner_at_once_do_not_overwrite_each_other(cast, refuses):
    made = promise(cast, owner_id=None, due_on=None)
    assign(Commitment.objects.get(), cast, "head")
    refuses(errors.StaleCommitment, lambda: assign(made, cast, "other_head", seen=0))


def hand_over(made, cast, part, to, reason="调岗", seen=None):
    revision = made.revision if seen is None else seen
    return operations.hand_over(made, owner_id=to.pk, reason=reason, seen_revision=revision, **by(cast, part))


@pytest.mark.parametrize("part", ["author", "head", "other_head"])
def test_owner_asker_and_owing_head_hand_over(cast, part):
    made = promise(cast)
    hand_over(made, cast, part, cast.other_head)
    made.refresh_from_db()
    assert (made.owner_id, made.due_on, made.state) == (cast.other_head.pk, DAY, "OPEN")
    assert facts_named("commitments.commitment.handed_over") == [
        {
            "commitment_id": made.pk, "owner_before": cast.author.pk, "owner_id": cast.other_head.pk, "reason": "调岗",
        }
    ]  # fmt: skip


def test_a_hand_over_is_refused_to_strangers_without_reason_or_from_nobody(cast, refuses):
    made = promise(cast)
    refuses(errors.MayNotAssign, lambda: hand_over(made, cast, "stranger", cast.other_head))
    refuses(Refused, lambda: hand_over(made, cast, "author", cast.other_head, reason=" "))
    refuses(Refused, lambda: hand_over(made, cast, "author", cast.author))
    refuses(errors.StaleCommitment, lambda: hand_over(made, cast, "author", cast.other_head, seen=9))
    nobodys = promise(cast, owner_id=None)
    refuses(errors.MayNotAssign, lambda: hand_over(nobodys, cast, "head", cast.other_head))


# Reads


def test_a_promise_is_found_by_who_reads_its_matter(cast):
    made = promise(cast)
    assert queries.commitment_for(cast.actor("other_head"), made.pk, AT) == made
    for pk in (made.pk, 10**9):
        with pytest.raises(NotFound):
            queries.commitment_for(cast.actor("stranger"), pk, AT)


def test_what_waits_for_whom(cast):
    owed = promise(cast, due_on=date(2026, 12, 1))
    unowned = promise(cast, owner_id=None, due_on=None)
    claimed = operations.claim(promise(cast), evidence="好了", **by(cast))
    assert list(queries.open_for(cast.actor("author"), AT)) == [owed]
    assert list(queries.open_for(cast.actor("head"), AT)) == [claimed]
    assert list(queries.open_for(cast.actor("other_head"), AT)) == [unowned]
    assert list(queries.open_for(cast.actor("stranger"), AT)) == []
    assert list(queries.open_for(SYSTEM, AT)) == []


def test_who_is_concerned_follows_the_state(cast):
    owner, owing, asker = f"p:{cast.author.pk}", cast.other_key, cast.head_key
    made = promise(cast)
    assert queries.principals_concerned(made) == (owner,)
    assert queries.principals_concerned(promise(cast, owner_id=None)) == (owing,)
    assert queries.principals_concerned(promise(cast, owner_id=None, department_id=None)) == (asker,)
    assert queries.principals_concerned(promise(cast, owner_id=None, department_id=None, asked_by="")) == ()
    operations.claim(made, evidence="好了", **by(cast))
    assert queries.principals_concerned(made) == (asker,)
    operations.verify(made, accepted=True, **by(cast, "head"))
    assert queries.principals_concerned(made) == ()


def test_a_gate_is_held_by_what_is_not_ended(cast):
    first = promise(cast)
    second = operations.claim(promise(cast, due_on=date(2026, 11, 1)), evidence="好了", **by(cast))
    promise(cast, gate="leave:KICKOFF")
    assert queries.blocking(ROOT, "enter:EXECUTE") == [second, first]
    assert len(queries.blocking(ROOT, ["enter:EXECUTE", "leave:KICKOFF"])) == 3
    operations.verify(second, accepted=True, **by(cast, "head"))
    operations.cancel(first, reason="免", **by(cast, "head"))
    assert queries.blocking(ROOT, "enter:EXECUTE") == []
    assert queries.blocking(SubjectRef("matter", 4), "leave:KICKOFF") == []


def test_the_promises_of_a_matter_are_seen_by_its_readers_only(cast):
    made = promise(cast)
    assert list(queries.of_root(ROOT, cast.actor("head"), AT)) == [made]
    assert list(queries.of_root(ROOT, cast.actor("stranger"), AT)) == []
    assert queries.of_source(SOURCE) == [made]
