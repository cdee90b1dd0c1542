"""What the rooms give to be found, of a campaign carried to its archive."""

from typing import Any

import pytest

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.knowledge.models import Archive
from bihuan.records.models import Record
from bihuan.search import operations
from bihuan.search.models import Entry
from bihuan.search.queries import search


@pytest.fixture
def closed(campaign: Any) -> Any:
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    operations.follow_all(at=campaign.at)
    return campaign


def kinds(campaign: Any, query: str, office: str = "产品经理") -> set[str]:
    actor = campaign.company.actor(office, campaign.at)
    return {hit.kind for hit in search(actor, query, at=campaign.at, size=200).hits}


def test_every_room_is_found_by_its_own_words_and_by_nobody_who_may_not_read_it(closed: Any) -> None:
    matter = closed.collaboration
    tasks = list(matter.tasks.all())
    needs = list(matter.needs.all())
    written = {
        "matter": closed.refreshed().number, "record": Record.objects.filter(form_code="F03").latest("pk").number,
        "task": tasks[0].duty, "need": needs[0].spec, "archive": Archive.objects.get().number,
    }  # fmt: skip
    assert [kind for kind, words in written.items() if kind not in kinds(closed, words)] == []
    hidden = {"matter", "record", "task", "need", "report", "commitment", "risk"}
    assert [kind for kind, words in written.items() if kinds(closed, words, "无岗位") & hidden] == []
    shown = set(Entry.objects.values_list("kind", flat=True))
    assert shown >= {"matter", "record", "task", "need", "report", "archive", "commitment", "person", "department"}


def test_a_case_open_to_all_staff_is_found_without_its_matter(closed: Any) -> None:
    archive = Archive.objects.get()
    assert kinds(closed, archive.number, "财务专员") == set()
    access.admit(archive.scope_id, "all", role=Role.READER, level=Level.READ, via="library", at=closed.at)
    assert kinds(closed, archive.number, "财务专员") == {"archive"}


def test_a_draft_is_found_by_nobody(campaign: Any) -> None:
    campaign.fill("F01", {"title": "未提交的目标"})
    operations.follow_all(at=campaign.at)
    assert "record" not in kinds(campaign, "未提交")


def test_the_index_says_the_same_after_it_is_made_anew(closed: Any) -> None:
    columns = ("kind", "subject_id", "part", "unit_id", "scope_id", "number", "title", "text", "digest")
    before = sorted(Entry.objects.values_list(*columns))
    operations.rebuild(at=closed.at)
    assert sorted(Entry.objects.values_list(*columns)) == before
