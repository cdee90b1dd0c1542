"""The page of one commitment."""

import pytest
from django.test import Client

from bihuan.commitments import operations
from bihuan.commitments.enums import CommitmentKind
from bihuan.commitments.models import Commitment
from bihuan.kernel.subjects import SubjectRef
from bihuan.ledger.models import Entry
from tests.approvals.cast import AT, ROOT, Cast, make_cast


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def made(cast) -> Commitment:
    return operations.promise(
        kind=CommitmentKind.CONDITION, text="先定渠道 <b>优先级</b>", source=SubjectRef("slot", 1), root=ROOT,
        scope_id=cast.scope_id, verifier=cast.head_key, asked_by=cast.head_key, owner_id=cast.author.pk,
        department_id=cast.technology.pk, actor=cast.actor("head"), at=AT,
    )  # fmt: skip


def client_of(cast: Cast, part: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, part))
    return client


@pytest.fixture
def refused():
    """Sends what must be refused with this status, and checks that nothing was written."""

    def send(status, client, address, data=None):
        before = (list(Commitment.objects.values()), Entry.objects.count())
        response = client.post(address, data or {})
        assert response.status_code == status, response.content.decode()[:500]
        assert (list(Commitment.objects.values()), Entry.objects.count()) == before
        return response.content.decode()

    return send


@pytest.mark.parametrize(
    ("part", "acts"),
    [("author", {"claim", "hand-over"}), ("head", {"assign", "cancel"}), ("other_head", {"assign"})],
)
def test_everybody_gets_exactly_the_acts_that_are_his(cast, made, part, acts):
    page = client_of(cast, part).get(f"/commitments/{made.pk}/").content.decode()
    offered = {act for act in ("claim", "verify", "assign", "hand-over", "cancel") if f'/{made.pk}/{act}"' in page}
    assert offered == acts
    assert "<b>优先级" not in page


def test_the_owner_reports_and_the_asker_confirms(cast, made):
    author, head = client_of(cast, "author"), client_of(cast, "head")
    assert author.post(f"/commitments/{made.pk}/claim", {"evidence": "渠道表已发"}).status_code == 302
    page = head.get(f"/commitments/{made.pk}/").content.decode()
    assert "渠道表已发" in page
    assert head.post(f"/commitments/{made.pk}/verify", {"accepted": "yes"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.ended_by_id) == ("VERIFIED", cast.head.pk)
    assert '<form method="post" class="stack"' not in head.get(f"/commitments/{made.pk}/").content.decode()


def test_no_evidence_no_answer_no_reason_are_answered_in_place(cast, made, refused):
    author, head = client_of(cast, "author"), client_of(cast, "head")
    assert "has-error" in refused(422, author, f"/commitments/{made.pk}/claim", {"evidence": " "})
    assert "has-error" in refused(422, head, f"/commitments/{made.pk}/cancel")
    operations.claim(made, evidence="好了", actor=cast.actor("author"), at=AT)
    refused(422, head, f"/commitments/{made.pk}/verify", {"note": "缺附件"})
    page = refused(422, head, f"/commitments/{made.pk}/verify", {"accepted": "no"})
    assert "has-error" in page


def test_what_is_not_mine_to_do_is_403_and_what_i_cannot_read_is_404(cast, made, refused):
    refused(403, client_of(cast, "other_head"), f"/commitments/{made.pk}/claim", {"evidence": "好了"})
    refused(403, client_of(cast, "author"), f"/commitments/{made.pk}/verify", {"accepted": "yes"})
    refused(403, client_of(cast, "author"), f"/commitments/{made.pk}/cancel", {"reason": "免"})
    refused(403, client_of(cast, "author"), f"/commitments/{made.pk}/assign", {"owner": cast.author.pk})
    stranger = client_of(cast, "stranger")
    mine, free = stranger.get(f"/commitments/{made.pk}/"), stranger.get(f"/commitments/{10**9}/")
    assert (mine.status_code, mine.content) == (404, free.content)
    for act in ("claim", "verify", "assign", "hand-over", "cancel"):
        refused(404, stranger, f"/commitments/{made.pk}/{act}", {"evidence": "好了", "accepted": "yes"})


def test_a_late_report_is_told_and_its_text_kept(cast, made, refused):
    operations.claim(made, evidence="先报的", actor=cast.actor("author"), at=AT)
    page = refused(409, client_of(cast, "author"), f"/commitments/{made.pk}/claim", {"evidence": "后报的长文字"})
    assert "后报的长文字" in page


def test_owner_and_day_are_set_by_pick_or_by_name(cast, made):
    head = client_of(cast, "head")
    data = {"owner": cast.other_head.pk, "due_on": "2026-11-27", "seen_revision": 0}
    assert head.post(f"/commitments/{made.pk}/assign", data).status_code == 302
    made.refresh_from_db()
    assert (made.owner_id, made.due_on.isoformat(), made.revision) == (cast.other_head.pk, "2026-11-27", 1)


@pytest.mark.parametrize(
    "data",
    [
        {"owner": "", "due_on": "2026-11-27"},
        {"owner": "999999999", "due_on": "2026-11-27"},
        {"owner": "", "owner__text": "查无此人", "due_on": "2026-11-27"},
        {"due_on": "2023-14-05"},
        {"due_on": ""},
    ],
)
def test_an_unknown_owner_or_day_is_answered_in_place(cast, made, refused, data):
    sent = {"owner": cast.other_head.pk, "seen_revision": 0, **data}
    assert "has-error" in refused(422, client_of(cast, "head"), f"/commitments/{made.pk}/assign", sent)


def test_a_page_seen_before_somebody_else_set_the_owner_is_stale(cast, made, refused):
    data = {"owner": cast.other_head.pk, "due_on": "2026-11-27", "seen_revision": 0}
    client_of(cast, "other_head").post(f"/commitments/{made.pk}/assign", data)
    refused(409, client_of(cast, "head"), f"/commitments/{made.pk}/assign", data)


def test_the_owner_hands_over_with_a_reason(cast, made, refused):
    author = client_of(cast, "author")
    data = {"owner": cast.other_head.pk, "seen_revision": 0}
    assert "has-error" in refused(422, author, f"/commitments/{made.pk}/hand-over", data)
    refused(422, author, f"/commitments/{made.pk}/hand-over", {"reason": "调岗", "seen_revision": 0})
    assert author.post(f"/commitments/{made.pk}/hand-over", {**data, "reason": "调岗"}).status_code == 302
    made.refresh_from_db()
    assert made.owner_id == cast.other_head.pk


def test_the_asker_cancels(cast, made):
    assert client_of(cast, "head").post(f"/commitments/{made.pk}/cancel", {"reason": "渠道取消"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "CANCELLED"


def test_reading_changes_nothing_and_acts_are_posts(cast, made):
    head = client_of(cast, "head")
    for act in ("claim", "verify", "assign", "hand-over", "cancel"):
        assert head.get(f"/commitments/{made.pk}/{act}?reason=x").status_code == 405
    assert Entry.objects.count() == 1
