"""AS08, as far as minutes are signed as one paper: a head refuses with his reason, and nothing goes on without him.

Minutes signed decision by decision, and the executive's ruling, come with the room for meetings.
"""

from datetime import timedelta

import pytest

from bihuan.approvals.models import Slot
from bihuan.approvals.operations.placing import ESCALATE
from bihuan.collaborations.models import Loop
from bihuan.deadlines import operations as deadlines
from bihuan.deadlines.models import Deadline
from bihuan.kernel.errors import Refused
from bihuan.outbox.models import Delivery
from tests import forms_samples as samples
from tests.doors import Doors
from tests.seeds import Seed
from tests.witness import last_entry, refused

HEAD, REASON = "技术部负责人", "上线日期不可行"


@pytest.fixture
def matter(company, at) -> Seed:
    """The minutes of the kick-off wait for the four heads."""
    matter = Seed.on("SEED_A", company, at)
    matter.carry_to("KICKOFF")
    matter.promise_needs()
    matter.paper("F23")
    matter.minutes()
    return matter


@pytest.fixture
def doors(matter, monkeypatch) -> Doors:
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: matter.at)
    return Doors(matter)


def slot_of(matter: Seed, post: str) -> Slot:
    return matter.signoff("F07", "MINUTES").slots.get(principal__in=matter.actor(post).principals)


def test_a_refusal_without_a_reason_is_not_accepted(matter, doors):
    slot = slot_of(matter, HEAD)
    doors.program(HEAD)
    slots, before = list(slot.signoff.slots.values_list()), last_entry()
    assert doors.sign_on_page(slot, HEAD, decision="REFUSE", opinion=" ").status_code == 422
    answer = doors.sign_by_program(slot, HEAD, decision="REFUSE").json()
    assert [finding["code"] for finding in answer["findings"]] == ["approvals.reason_missing"]
    assert (list(slot.signoff.slots.values_list()), last_entry()) == (slots, before)


def test_silence_never_counts_as_a_signature(matter):
    for post in ("产品部负责人", "市场部负责人", "运营部负责人"):
        matter.decide("F07", "MINUTES", post, opinion="同意")
    matter.at += timedelta(days=30)
    with refused(Refused, "collaborations.open_signoff"):
        matter.go_on()
    assert (matter.step, matter.actions()) == ("KICKOFF", [])


def test_minutes_are_signed_or_objected_to_within_a_working_day_and_who_is_silent_is_asked_over_his_head(matter):
    """T30: a working day, not the two of any other decision; what is overdue goes to the next superior (T29)."""
    rows = Deadline.objects.filter(root_id=matter.collaboration.pk, subject_id=matter.signoff("F07", "MINUTES").pk)
    assert {(row.rule, row.limit, row.state) for row in rows} == {("T30", "1wd", "RUNNING")}
    assert rows.count() == 4
    assert {loop.due_at for loop in Loop.objects.filter(kind="SIGNOFF", closed_at=None)} == {rows[0].due_at}
    matter.decide("F07", "MINUTES", "产品部负责人", opinion="同意")
    assert sorted(row.state for row in rows.all()) == ["KEPT", "RUNNING", "RUNNING", "RUNNING"]
    deadlines.scan(at=rows[0].due_at)
    assert not Delivery.objects.filter(topic=ESCALATE).exists()
    deadlines.scan(at=rows[0].due_at + timedelta(minutes=1))
    assert Delivery.objects.filter(topic=ESCALATE).count() == 3


def test_the_refusal_stays_readable_when_the_next_version_is_signed_by_all(matter, doors):
    first = matter.signoff("F07", "MINUTES")
    assert doors.sign_on_page(slot_of(matter, HEAD), HEAD, decision="REFUSE", opinion=REASON).status_code == 302
    assert (matter.step, matter.actions(), matter.desk("产品经理")) == ("KICKOFF", [], [("FORM", "F07")])
    with refused(Refused, "collaborations.form_missing"):
        matter.go_on()
    version = matter.paper("F07", **samples.kickoff(matter.cast, matter.start + timedelta(days=3)))
    assert (version.version, matter.signoff("F07", "MINUTES").pk != first.pk) == (2, True)
    matter.sign_minutes()
    assert (matter.step, len(matter.actions())) == ("EXECUTE", 2)
    told = doors.program("产品经理").get(f"/signoffs/{first.pk}").json()
    assert [(one["state"], one["opinion"]) for one in told["slots"] if one["opinion"]] == [("REFUSED", REASON)]
    assert REASON in doors.page("产品经理").get(f"/records/{version.record_id}/versions/1").content.decode()
