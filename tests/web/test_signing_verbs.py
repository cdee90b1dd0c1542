"""The sign page besides deciding: asking others, sending back, undoing, copies and words."""

import pytest

from bihuan.approvals.models import Copy, Remark, Slot
from tests.web.test_approvals import cast, client_of, slot, text_of  # noqa: F401  one open signature

pytestmark = pytest.mark.django_db


def test_the_decision_is_passed_on_from_the_page_and_a_refusal_keeps_what_was_typed(cast, slot) -> None:  # noqa: F811
    client, page = client_of(cast, "head"), f"/sign/{slot.pk}/"
    shown = text_of(client.get(page))
    assert (f"{page}ask" in shown, f"{page}return" in shown, f"{page}copy" in shown, f"{page}advise" in shown) == (
        True, True, True, False,
    )  # fmt: skip
    refused = client.post(f"{page}ask", {"act": "TRANSFER", "person": cast.stranger.pk, "person__text": "赵丽"})
    assert refused.status_code == 422
    assert 'value="赵丽"' in text_of(refused)
    unknown = client.post(f"{page}ask", {"act": "TRANSFER", "person__text": "查无此人", "reason": "出差"})
    assert (unknown.status_code, "出差" in text_of(unknown)) == (422, True)
    done = client.post(f"{page}ask", {"act": "TRANSFER", "person": cast.stranger.pk, "reason": "出差"})
    assert (done.status_code, done["Location"]) == (302, page)
    assert f"{page}ask" not in text_of(client.get(page))
    assert f"{page}decide" in text_of(client_of(cast, "stranger").get(page))


def test_advice_is_asked_and_given_on_the_page(cast, slot) -> None:  # noqa: F811
    client, page = client_of(cast, "head"), f"/sign/{slot.pk}/"
    client.post(f"{page}ask", {"act": "CONSULT", "person": cast.stranger.pk, "reason": "预算够吗"})
    adviser = client_of(cast, "stranger")
    assert f"{page}advise" in text_of(adviser.get(page))
    assert adviser.post(f"{page}advise", {"text": ""}).status_code == 422
    assert adviser.post(f"{page}advise", {"text": "够"}).status_code == 302
    shown = text_of(client.get(page))
    assert ("预算够吗" in shown, "够" in shown, f"{page}decide" in shown) == (True, True, True)


def test_a_decision_is_taken_back_and_a_paper_sent_back(cast, slot) -> None:  # noqa: F811
    client, page = client_of(cast, "head"), f"/sign/{slot.pk}/"
    assert client.post(f"{page}undo", {"act": "TAKE_BACK", "reason": "看错"}).status_code == 409
    client.post(f"{page}decide", {"decision": "APPROVE", "seen_digest": slot.digest})
    assert f"{page}undo" in text_of(client.get(page))
    assert client.post(f"{page}undo", {"act": "TAKE_BACK", "reason": "看错"}).status_code == 302
    assert Slot.objects.get(pk=slot.pk).state == "PENDING"
    assert client.post(f"{page}return", {"to_step": "9", "reason": "金额有误"}).status_code == 422
    assert client.post(f"{page}return", {"to_step": "0", "reason": "金额有误"}).status_code == 302
    assert Slot.objects.get(pk=slot.pk).signoff.state == "VOID"


def test_copies_show_when_they_were_read_and_questions_are_answered(cast, slot) -> None:  # noqa: F811
    client, page = client_of(cast, "head"), f"/sign/{slot.pk}/"
    assert client.post(f"{page}copy", {"person": cast.stranger.pk}).status_code == 302
    assert Copy.objects.get().read_at is None
    client_of(cast, "stranger").get(page)
    assert Copy.objects.get().read_at is not None
    assert client.post(f"{page}remark", {"kind": "QUESTION", "text": ""}).status_code == 422
    client.post(f"{page}remark", {"kind": "QUESTION", "text": "指标从何而来"})
    author, question = client_of(cast, "author"), Remark.objects.get()
    assert f'value="{question.pk}"' in text_of(author.get(page))
    author.post(f"{page}remark", {"kind": "ANSWER", "answers": question.pk, "text": "去年同期"})
    shown = text_of(author.get(page))
    assert ("去年同期" in shown, f'name="answers" value="{question.pk}"' in shown) == (True, False)
