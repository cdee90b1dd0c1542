"""The search page, its suggestions, the same by API and command line."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cli.main import main
from bihuan.outbox import operations as outbox
from bihuan.search import operations
from bihuan.search.models import Entry


@pytest.fixture
def asked(campaign: Any) -> Any:
    campaign.request()
    operations.follow_all(at=campaign.at)
    return campaign


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_word_of_a_form_leads_to_the_form_with_the_word_marked(asked: Any, client_for: Any) -> None:
    page = text(client_for(asked.company.lead).get("/search/?q=转化率"))
    record = asked.latest("F01").record
    assert f'href="/records/{record.pk}"' in page
    assert "<mark>转化率</mark>" in page
    assert asked.refreshed().title in page


def test_another_kind_narrows_and_is_an_address(asked: Any, client_for: Any) -> None:
    client = client_for(asked.company.lead)
    assert "/records/" in text(client.get("/search/?q=增长&kind=record", headers={"hx-request": "true"}))
    people = text(client.get("/search/?q=林晓彤&kind=person", headers={"hx-request": "true"}))
    assert f'href="/people/{asked.company.lead.pk}/"' in people
    assert "/records/" not in people


def test_what_is_typed_is_shown_as_text_and_never_as_markup(asked: Any, client_for: Any) -> None:
    page = client_for(asked.company.lead).get("/search/", {"q": "<script>\x00 转化率&kind"}).content.decode()
    assert "<script>\x00" not in page
    assert "&lt;script&gt;" in page


def test_markup_in_what_is_found_stays_text(asked: Any, client_for: Any) -> None:
    Entry.objects.filter(kind="matter").update(text="转化率 <img src=x onerror=alert(1)>")
    page = client_for(asked.company.lead).get("/search/?q=转化率&kind=matter").content.decode()
    assert "<img src=x" not in page


def test_the_bar_suggests_while_somebody_types(asked: Any, client_for: Any) -> None:
    page = text(client_for(asked.company.lead).get("/search/suggest?q=林晓"))
    assert f'role="option" tabindex="-1" aria-selected="false" href="/people/{asked.company.lead.pk}/"' in page
    assert "/search/?q=" in page


def test_a_stranger_learns_nothing_from_page_suggestions_and_api(asked: Any, client_for: Any) -> None:
    client = client_for(asked.company.outsider)
    for address in ("/search/?q=转化率", "/search/suggest?q=转化率", "/api/v1/search?text=转化率"):
        page = client.get(address).content.decode()
        assert ("/records/" in page, asked.refreshed().title in page, "转化率不低" in page) == (False, False, False)


def test_the_page_asks_the_same_number_of_queries_for_one_hit_and_for_many(asked: Any, client_for: Any) -> None:
    client = client_for(asked.company.lead)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        return len(caught)

    def hits(address: str) -> int:
        return client.get(address).content.decode().count("<li data-row>")

    paper, matter = asked.latest("F01").record.number, asked.collaboration.number
    for one, many in ((f"/search/?q={paper}", f"/search/?q={matter}"), ("/search/?q=转化率不低", "/search/?q=部")):
        assert (hits(one), hits(many) > 1) == (1, True)
        assert queries(one) == queries(many)


def test_the_api_tells_hits_in_pieces_and_pages_by_key(asked: Any, client_for: Any) -> None:
    client = client_for(asked.company.lead)
    answer = client.get("/api/v1/search?text=转化率&kind=record").json()
    (hit,) = answer["items"]
    record = asked.latest("F01").record
    assert (hit["kind"], hit["id"], hit["collaboration_id"]) == ("record", record.pk, asked.collaboration.pk)
    assert {"text": "转化率", "is_hit": True} in hit["excerpt"]
    assert answer["next"] is None
    assert client.get("/api/v1/search?text=转化率&kind=nothing").json()["items"] == []


def test_a_change_is_found_once_the_worker_has_been_there(campaign: Any, client_for: Any) -> None:
    campaign.request()
    while outbox.run_once(at=campaign.at):
        pass
    assert "/records/" in text(client_for(campaign.company.lead).get("/search/?q=转化率"))


@pytest.mark.django_db
def test_the_command_line_shows_the_index_and_makes_it_anew(asked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    entries = Entry.objects.count()
    assert main(["search", "rebuild", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"entries": entries}
    assert main(["search", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"entries": entries, "missing_grams": 0, "behind": 0}
    assert main(["search", "show"]) == 0
    assert capsys.readouterr().out == f"{entries} entries; 0 chains hold facts the index has not read.\n"
