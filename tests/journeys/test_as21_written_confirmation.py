"""AS21: work begins when every head has confirmed in writing; a mail counts once somebody else has countersigned it."""

import pytest

from bihuan.approvals import operations as approvals
from bihuan.approvals.enums import Decision
from bihuan.approvals.errors import AuthorSigns, NotTheSignatory, StaleSlot
from bihuan.collaborations.errors import NotTheLead
from bihuan.evidence.certificate import certificate_of
from bihuan.kernel.errors import Refused
from bihuan.notifications.models import Notice
from bihuan.organisation import operations as organisation
from bihuan.records import operations as records
from bihuan.records.models import Record
from tests.api.conftest import ALL, Program
from tests.journeys.test_as20_order_delay import planned
from tests.problem import HEAD, REPORTER, Trouble
from tests.web.test_approvals import fields_of
from tests.witness import facts_since, last_entry, refused

LAST = "财务部"
MAIL = b"From: finance\r\nSubject: =?utf-8?b?5YWz5LqO6K6i5Y2V?=\r\n\r\nI confirm.\r\n"


@pytest.fixture
def waiting(company, playbooks, at) -> Trouble:
    """A solution that all heads but one have confirmed in the system."""
    trouble = Trouble.begin(company, at, "SEED_D")
    planned(trouble)
    trouble.solution()
    for post in (HEAD, "技术部负责人", "市场部负责人"):
        trouble.decide("F15", "WRITTEN_CONFIRM", post, opinion="确认")
    return trouble


def letter(trouble: Trouble, post: str = REPORTER, **said):
    """Who leads registers the mail of the last head."""
    record = trouble.draft("F31", post)
    if said.pop("with_file", True):
        records.attach_file(record, name="确认.eml", pieces=[MAIL], actor=trouble.actor(post), at=trouble.at)
    body = {
        "department": trouble.department(LAST), "person": trouble.company["财务部负责人"].pk,
        "written_on": trouble.today.isoformat(), "words": "同意该方案，财务部按期完成赔付核对。", **said,
    }  # fmt: skip
    return trouble.submit("F31", body, post)


def test_work_does_not_begin_while_a_head_is_missing_and_the_refusal_names_him(waiting):
    with refused(Refused, "collaborations.open_signoff") as caught:
        waiting.lead_goes_on()
    assert [finding.params["who"] for finding in caught.value.findings] == ["财务部 负责人 胡慧兰"]
    assert waiting.step == "PLAN"


def test_registering_a_mail_is_offered_beside_the_solution_to_who_carries_it(waiting, client_for, monkeypatch):
    monkeypatch.setattr("bihuan.web.middleware.now", lambda: waiting.at)
    begins = f"/matters/{waiting.collaboration.pk}/forms/F31/start"
    for post, is_offered in ((REPORTER, True), ("技术部负责人", False)):
        page = client_for(waiting.company[post]).get(f"/matters/{waiting.collaboration.pk}/papers").content.decode()
        assert (begins in page) == is_offered


def test_a_mail_counts_only_when_the_office_has_countersigned_it(waiting):
    before = last_entry()
    version = letter(waiting)
    solution = waiting.latest("F15")
    assert (version.record.number, version.data["confirms"]["digest"]) == ("XZ-2026-0001-F31-01", solution.digest)
    assert [row["name"] for row in version.data["files"]] == ["确认.eml"]
    assert waiting.step == "PLAN"
    assert [code for code, _what in waiting.in_the_way()] == ["collaborations.open_signoff"] * 2
    assert "SIGNOFF" in [kind for kind, _part in waiting.desk("PMO专员")]
    mine = waiting.signoff("F31", "LETTER").slots.get()
    said = {"decision": Decision.APPROVE, "opinion": "我收到了", "seen_digest": mine.digest, "at": waiting.at}
    with refused(AuthorSigns):
        approvals.decide(mine, **said, actor=waiting.actor(REPORTER))
    with refused(NotTheSignatory):
        approvals.decide(mine, **said, actor=waiting.actor("财务部负责人"))
    waiting.decide("F31", "LETTER", "PMO专员", opinion="已核对邮件头")
    assert waiting.step == "EXECUTE"

    writer, office, lead = (waiting.company[post] for post in ("财务部负责人", "PMO专员", REPORTER))
    words = (
        f"邮件确认 by mail: {writer.name}; {version.record.number}; 登记 registered by {lead.name}; "
        f"会签 countersigned by {office.name}"
    )
    slot = waiting.signoff("F15", "WRITTEN_CONFIRM").slots.get(decided_by=writer)
    assert (slot.state, slot.opinion, slot.decided_by_name) == ("APPROVED", words, writer.name)
    (given, counted) = facts_since(before, "approvals.slot.decided")
    assert (given["route"], counted["route"]) == ("LETTER", "WRITTEN_CONFIRM")
    assert (counted["slot_id"], counted["opinion"], counted["digest"]) == (slot.pk, words, solution.digest)
    (signed,) = [one for one in certificate_of(solution).signed if one.signature.slot_id == slot.pk]
    assert (signed.signature.name, signed.signature.opinion) == (writer.name, words)
    told = (
        Notice.objects.filter(kind="approvals.answered", person=lead).order_by("-pk").values_list("params", flat=True)
    )
    assert writer.name in {params["who"] for params in told}


def test_a_mail_of_somebody_else_or_without_its_file_is_refused(waiting):
    trouble, head = waiting, waiting.company["技术部负责人"].pk
    with refused(Refused, "collaborations.letter_without_file"):
        letter(trouble, with_file=False)
    with refused(Refused, "collaborations.letter_not_the_head"):
        letter(trouble, person=head)
    with refused(Refused, "collaborations.letter_not_asked"):
        letter(trouble, department=trouble.department("技术部"), person=head)
    with refused(Refused, "collaborations.paper_not_yet"):
        letter(trouble, written_on="2027-01-04")
    with refused(NotTheLead):
        letter(trouble, "财务部负责人")


def test_a_mail_that_is_not_countersigned_or_comes_too_late_changes_nothing(waiting):
    trouble = waiting
    letter(trouble)
    with refused(Refused, "collaborations.proposal_open"):
        trouble.draft("F31", REPORTER)
    trouble.decide("F31", "LETTER", "PMO专员", decision=Decision.REFUSE, opinion="发件人不符")
    assert (trouble.step, Record.objects.get(form_code="F31").status) == ("PLAN", "REJECTED")
    second = letter(trouble)
    assert second.record.number == "XZ-2026-0001-F31-02"
    trouble.decide("F15", "WRITTEN_CONFIRM", "财务部负责人", opinion="确认")
    with refused(StaleSlot):
        trouble.decide("F31", "LETTER", "PMO专员", opinion="已核对")
    assert trouble.step == "PLAN"
    trouble.decide("F31", "LETTER", "PMO专员", decision=Decision.REFUSE, opinion="本人已确认")
    assert trouble.step == "EXECUTE"
    with refused(Refused, "collaborations.no_word_awaited"):
        trouble.draft("F31", REPORTER)


def test_it_is_registered_and_countersigned_on_the_pages_and_by_programs(waiting, client_for):
    trouble = waiting
    lead, office = client_for(trouble.company[REPORTER]), client_for(trouble.company["PMO专员"])
    matter = trouble.collaboration.pk
    assert "邮件书面确认" in lead.get(f"/matters/{matter}/changes").content.decode()
    _, secret = organisation.issue_token(name="t", scopes=ALL, actor=trouble.actor(REPORTER), at=trouble.at)
    caller = Program(secret)
    begun = caller.post(f"/collaborations/{matter}/records", {"form_code": "F31"}).json()
    page = lead.get(f"/records/{begun['id']}/edit").content.decode()
    assert 'name="department__text"' in page
    assert 'type="file"' in page
    letter(trouble)
    slot = trouble.signoff("F31", "LETTER").slots.get()
    assert "同意该方案" in office.get(f"/sign/{slot.pk}/").content.decode()
    sent = {**fields_of(office, slot), "decision": "APPROVE", "opinion": "已核对"}
    assert office.post(f"/sign/{slot.pk}/decide", sent).status_code == 302
    assert trouble.step == "EXECUTE"
    shown = lead.get(f"/records/{trouble.latest('F15').record_id}").content.decode()
    assert "会签 countersigned by" in shown
    assert "会签 countersigned by" in lead.get(f"/matters/{matter}/timeline").content.decode()
