"""Every verb of signing, one after the other on one matter: on the pages and by a program, each in the history."""

from typing import Any

import pytest

from bihuan.approvals.models import Copy, Remark, Slot
from bihuan.approvals.operations import SlotSpec, open_signoff
from bihuan.collaborations.models import Loop
from bihuan.commitments.models import Commitment
from bihuan.notifications.models import Notice
from tests.witness import facts_since, last_entry

MARKET, TECHNOLOGY, OPERATIONS, AUTHOR = "市场部负责人", "技术部负责人", "运营部负责人", "产品经理"
READER, ADVISER, SECOND, TAKER = "财务部负责人", "推广经理", "市场专员", "开发组长"


class Pages:
    """What is typed on the sign page."""

    def __init__(self, doors: Any) -> None:
        self.doors = doors

    def act(self, post: str, address: str, **said: Any) -> None:
        response = self.doors.page(post).post(address, said)
        assert response.status_code == 302, response.content.decode()[-2000:]

    def decide(self, slot: Slot, post: str, decision: str, opinion: str = "", condition: str = "") -> None:
        said = {"decision": decision, "opinion": opinion, "condition": [condition], "seen_digest": slot.digest}
        self.act(post, f"/sign/{slot.pk}/decide", **said)

    def ask(self, slot: Slot, post: str, act: str, person_id: int, reason: str) -> None:
        self.act(post, f"/sign/{slot.pk}/ask", act=act, person=person_id, reason=reason)

    def undo(self, slot: Slot, post: str, act: str, reason: str = "") -> None:
        self.act(post, f"/sign/{slot.pk}/undo", act=act, reason=reason)

    def advise(self, slot: Slot, post: str, text: str) -> None:
        self.act(post, f"/sign/{slot.pk}/advise", text=text)

    def send_back(self, slot: Slot, post: str, to_step: int, reason: str) -> None:
        self.act(post, f"/sign/{slot.pk}/return", to_step=to_step, reason=reason)

    def copy(self, slot: Slot, post: str, person_id: int) -> None:
        self.act(post, f"/sign/{slot.pk}/copy", person=person_id)

    def read(self, slot: Slot, post: str) -> None:
        assert self.doors.page(post).get(f"/sign/{slot.pk}/").status_code == 200

    def remark(self, slot: Slot, post: str, kind: str, text: str, **more: Any) -> None:
        named = {"person": more.pop("to")} if "to" in more else {}
        self.act(post, f"/sign/{slot.pk}/remark", kind=kind, text=text, **named, **more)

    def urge(self, loop: Loop, post: str) -> int:
        return int(self.doors.page(post).post(f"/loops/{loop.pk}/urge").status_code)

    def several(self, slots: list[Slot], post: str) -> None:
        said = {"act": "APPROVE", "chosen": [slot.pk for slot in slots], "request_key": "several"}
        said |= {f"digest-{slot.pk}": slot.digest for slot in slots}
        assert self.doors.page(post).post("/sign/several", said).status_code == 200

    def withdraw(self, matter: Any, post: str, reason: str) -> None:
        self.act(post, f"/matters/{matter.pk}/withdraw", reason=reason)

    def history(self, matter: Any, post: str) -> str:
        return str(self.doors.page(post).get(f"/matters/{matter.pk}/timeline").content.decode())


class Programs(Pages):
    """The same by a token."""

    def send(self, post: str, path: str, body: dict[str, Any]) -> None:
        response = self.doors.program(post).post(path, body)
        assert response.status_code == 200, response.content.decode()

    def decide(self, slot: Slot, post: str, decision: str, opinion: str = "", condition: str = "") -> None:
        said = {"decision": decision, "opinion": opinion, "seen_digest": slot.digest}
        self.send(post, f"/slots/{slot.pk}/decide", said | {"conditions": [condition] if condition else []})

    def ask(self, slot: Slot, post: str, act: str, person_id: int, reason: str) -> None:
        self.send(post, f"/slots/{slot.pk}/ask", {"act": act, "person_id": person_id, "reason": reason})

    def undo(self, slot: Slot, post: str, act: str, reason: str = "") -> None:
        self.send(post, f"/slots/{slot.pk}/undo", {"act": act, "reason": reason})

    def advise(self, slot: Slot, post: str, text: str) -> None:
        self.send(post, f"/slots/{slot.pk}/advise", {"text": text})

    def send_back(self, slot: Slot, post: str, to_step: int, reason: str) -> None:
        self.send(post, f"/slots/{slot.pk}/return", {"to_step": to_step, "reason": reason})

    def copy(self, slot: Slot, post: str, person_id: int) -> None:
        self.send(post, f"/signoffs/{slot.signoff_id}/copies", {"person_ids": [person_id]})

    def read(self, slot: Slot, post: str) -> None:
        assert self.doors.program(post).get(f"/signoffs/{slot.signoff_id}").status_code == 200

    def remark(self, slot: Slot, post: str, kind: str, text: str, **more: Any) -> None:
        named = {"addressed": [more.pop("to")]} if "to" in more else {}
        self.send(post, f"/signoffs/{slot.signoff_id}/remarks", {"kind": kind, "text": text, **named, **more})

    def urge(self, loop: Loop, post: str) -> int:
        return int(self.doors.program(post).post(f"/loops/{loop.pk}/urge").status_code)

    def several(self, slots: list[Slot], post: str) -> None:
        said = [{"slot_id": slot.pk, "decision": "APPROVE", "seen_digest": slot.digest} for slot in slots]
        self.send(post, "/decisions", {"decisions": said})

    def withdraw(self, matter: Any, post: str, reason: str) -> None:
        self.send(post, f"/collaborations/{matter.pk}/withdraw", {"reason": reason})

    def history(self, matter: Any, post: str) -> str:
        return str(self.doors.program(post).get(f"/collaborations/{matter.pk}/timeline").json()["items"])


@pytest.fixture(params=[Pages, Programs], ids=["page", "program"])
def door(request: pytest.FixtureRequest, doors: Any) -> Pages:
    return request.param(doors)


@pytest.fixture
def matter(campaign: Any) -> Any:
    """Three heads are asked for their opinion on a request."""
    campaign.request()
    return campaign


def slot_of(matter: Any, post: str) -> Slot:
    return Slot.objects.get(principal__in=matter.actor(post).principals, state="PENDING", signoff__state="OPEN")


class Told:
    """The fact of the act that was just done; what was told before stays out."""

    def __init__(self) -> None:
        self.seen = last_entry()

    def __call__(self, name: str) -> dict[str, Any]:
        (fact,) = facts_since(self.seen, name)
        self.seen = last_entry()
        return fact


def test_besides_deciding_each_verb_goes_through_either_door(matter, door):
    id_of, told = (lambda post: matter.company[post].pk), Told()
    market = slot_of(matter, MARKET)
    door.copy(market, MARKET, id_of(READER))
    assert told("approvals.copies.sent")["person_ids"] == [id_of(READER)]
    door.read(market, READER)
    assert Copy.objects.get().read_at == matter.at
    door.remark(market, MARKET, "COMMENT", "请看预算", to=id_of(TECHNOLOGY))
    assert told("approvals.remark.made")["addressed"] == [id_of(TECHNOLOGY)]
    assert Notice.objects.filter(kind="approvals.remarked", person=id_of(TECHNOLOGY)).exists()
    door.remark(market, MARKET, "QUESTION", "指标从何而来")
    question = Remark.objects.get(kind="QUESTION")
    assert told("approvals.remark.made")["addressed"] == [id_of(AUTHOR)]
    door.remark(market, AUTHOR, "ANSWER", "去年同期", answers=question.pk)
    assert told("approvals.remark.made")["addressed"] == [id_of(MARKET)]
    loop = Loop.objects.get(kind="SIGNOFF", part=market.key, closed_at=None)
    assert (door.urge(loop, AUTHOR) < 400, door.urge(loop, AUTHOR)) == (True, 429)
    assert told("collaborations.loop.urged")["times"] == 1
    for advice in ("", "够"):
        door.ask(market, MARKET, "CONSULT", id_of(ADVISER), "人手够吗")
        assert told("approvals.slots.consulted")["after"] == matter.company.principal(ADVISER)
        door.advise(market, ADVISER, advice) if advice else door.undo(market, MARKET, "GET_BACK")
        assert told("approvals.slots.given_back")["reason"] == advice
    for where in ("BEFORE", "AFTER"):
        door.ask(market, MARKET, where, id_of(SECOND), "也请看")
        assert told("approvals.signer.added")["where"] == where
        if where == "BEFORE":
            door.undo(slot_of(matter, SECOND), MARKET, "REMOVE", "不必")
            assert told("approvals.signer.removed")["reason"] == "不必"
    technology = slot_of(matter, TECHNOLOGY)
    door.ask(technology, TECHNOLOGY, "TRANSFER", id_of(TAKER), "出差")
    assert told("approvals.slots.transferred")["after"] == matter.company.principal(TAKER)
    door.withdraw(matter.collaboration, AUTHOR, "不再需要")
    assert told("approvals.signoff.voided")["reason"]
    assert market.signoff.__class__.objects.get(pk=market.signoff_id).state == "VOID"
    shown = door.history(matter.collaboration, AUTHOR)
    for words in ("请看预算", "去年同期", "人手够吗", "够", "也请看", "不必", "出差", "不再需要"):
        assert words in shown


def test_each_decision_goes_through_either_door(matter, door):
    told = Told()
    market, technology, operations = (slot_of(matter, post) for post in (MARKET, TECHNOLOGY, OPERATIONS))
    door.decide(market, MARKET, "APPROVE_WITH_CONDITION", condition="先定渠道")
    assert told("approvals.slot.decided")["decision"] == "APPROVE_WITH_CONDITION"
    promise = Commitment.objects.get(text="先定渠道")
    assert promise.gate, "it stands in the way of a gate that is named"
    door.undo(market, MARKET, "TAKE_BACK", "看错")
    assert told("approvals.decision.taken_back")["reason"] == "看错"
    door.decide(market, MARKET, "RESERVE", "保留意见，不反对")
    door.several([technology], TECHNOLOGY)
    assert list(Slot.objects.filter(signoff=market.signoff_id).order_by("pk").values_list("state", flat=True)) == [
        "RESERVED", "APPROVED", "PENDING",
    ]  # fmt: skip
    door.send_back(operations, OPERATIONS, 0, "金额有误")
    assert [fact["to_step"] for fact in facts_since(told.seen, "approvals.signoff.returned")] == [0]
    shown = door.history(matter.collaboration, AUTHOR)
    for words in ("先定渠道", "看错", "保留意见，不反对", "金额有误"):
        assert words in shown


def test_a_refusal_with_its_reason_ends_it_at_either_door(matter, door):
    market = slot_of(matter, MARKET)
    door.decide(market, MARKET, "REFUSE", "与年度计划冲突")
    assert Slot.objects.get(pk=market.pk).state == "REFUSED"
    assert "与年度计划冲突" in door.history(matter.collaboration, AUTHOR)


def test_it_goes_back_to_an_earlier_step_at_either_door(matter, door):
    first = slot_of(matter, MARKET).signoff
    specs = [
        SlotSpec(key=str(step), principal=matter.company.head(name), label=name, digest=first.digest, step=step)
        for step, name in enumerate(("市场部", "技术部"), 1)
    ]
    signoff = open_signoff(
        "OPINIONS", subject=first.subject, root=first.root, scope_id=first.scope_id, digest=first.digest,
        author_id=first.author_id, slots=specs, carry_from=first, actor=matter.actor(AUTHOR), at=matter.at,
    )  # fmt: skip
    market, technology = signoff.slots.order_by("step")
    door.decide(market, MARKET, "APPROVE")
    told = Told()
    door.send_back(technology, TECHNOLOGY, 1, "请先核对渠道")
    assert told("approvals.signoff.returned")["to_step"] == 1
    assert slot_of(matter, MARKET) == market
    assert "请先核对渠道" in door.history(matter.collaboration, AUTHOR)
