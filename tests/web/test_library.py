"""The case library and the page of an archive."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.access import operations as access
from bihuan.access.enums import Level, Role
from bihuan.knowledge.models import Archive, Lesson
from bihuan.records.models import Version
from tests.witness import last_entry

BIG = 999999999


@pytest.fixture
def closed(campaign):
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    return campaign


@pytest.fixture
def archive(closed) -> Archive:
    return Archive.objects.get(collaboration=closed.collaboration)


def another(archive: Archive, number: str, **columns: object) -> Archive:
    """A further archive in the library of whoever reads the first; the matter behind it does not matter here."""
    (scope,) = access.reserve_scopes("archive", at=archive.archived_at)
    matter = archive.collaboration
    matter.pk, matter.number, matter.source_key = None, None, None
    (matter.scope,) = access.reserve_scopes("collaboration", at=archive.archived_at)
    matter.save()
    kept = Archive.objects.get(pk=archive.pk)
    kept.pk, kept.scope, kept.number, kept.collaboration = None, scope, number, matter
    for name, value in columns.items():
        setattr(kept, name, value)
    kept.save()
    return kept


def test_an_archive_says_what_was_kept_what_was_learnt_and_that_nothing_changed(closed, archive, client_for):
    page = client_for(closed.company.lead).get(f"/library/{archive.pk}").content.decode()
    for form in ("F01", "F03", "F04", "F05", "F26", "F09", "F16", "F17"):
        assert form in page
    for lesson in archive.lessons.all():
        assert lesson.text in page
    assert (archive.frozen_hash in page, "以来内容未变" in page, "不一致" in page) == (True, True, False)
    assert f"/matters/{closed.collaboration.pk}/" in page
    assert ("10年" in page or "30年" in page or "永久" in page, archive.number in page) == (True, True)


def test_a_changed_content_is_told(closed, archive, client_for):
    version = Version.objects.filter(record__root_id=closed.collaboration.pk).first()
    Version.objects.filter(pk=version.pk).update(digest="0" * 64)
    page = client_for(closed.company.lead).get(f"/library/{archive.pk}").content.decode()
    assert ("以来内容未变" in page, "不一致" in page) == (False, True)


def test_an_archive_open_to_all_staff_is_read_without_its_matter(closed, archive, client_for):
    stranger = client_for(closed.company.outsider)
    hidden, free = stranger.get(f"/library/{archive.pk}"), stranger.get(f"/library/{BIG}")
    assert (hidden.status_code, hidden.content) == (404, free.content)
    assert archive.title not in stranger.get("/library/").content.decode()
    access.admit(archive.scope_id, "all", role=Role.READER, level=Level.READ, via="library", at=closed.at)
    page = stranger.get(f"/library/{archive.pk}").content.decode()
    assert (archive.title in page, f"/matters/{closed.collaboration.pk}/" in page) == (True, False)
    assert archive.title in stranger.get("/library/").content.decode()


def test_titles_tags_and_lessons_are_searched(closed, archive, client_for):
    Archive.objects.filter(pk=archive.pk).update(tags=["拉新"])
    Lesson.objects.create(archive=archive, kind="PROBLEM", text="素材晚到", cause="排期没有留余量", position=99)
    client = client_for(closed.company.lead)

    def finds(text: str, **more: str) -> bool:
        return f'href="/library/{archive.pk}"' in client.get("/library/", {"q": text, **more}).content.decode()

    found = [finds(text) for text in ("", "用户增长", "拉新", "素材", "留余量", archive.number)]
    assert found == [True] * 6
    assert [finds("不存在的词"), finds("", library="KNOWLEDGE_BASE"), finds("", library=archive.library)] == [
        False, False, True,
    ]  # fmt: skip
    assert "没有找到" in client.get("/library/?q=不存在的词").content.decode()
    for odd in ("?before=x", f"?before={'9' * 40}", "?q=%00", "?q=%25_", "?library=NONE"):
        assert client.get(f"/library/{odd}").status_code == 200


def test_the_library_asks_the_same_few_questions_for_one_archive_and_for_three(closed, archive, client_for):
    client = client_for(closed.company.lead)

    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/library/").status_code == 200
        return len(queries)

    questions()
    few = questions()
    for number in ("AL-2026-0801", "AL-2026-0802"):
        kept = another(Archive.objects.get(pk=archive.pk), number)
        access.admit(kept.scope_id, "all", role=Role.READER, level=Level.READ, via="library", at=closed.at)
        Lesson.objects.create(archive=kept, kind="GOOD", text="早对齐")
    assert questions() == few <= 12
    page = client.get("/library/").content.decode()
    assert page.index("AL-2026-0802") < page.index("AL-2026-0801") < page.index(archive.number)


def test_reading_changes_nothing_and_there_is_nothing_to_post(closed, archive, client_for):
    before, client = last_entry(), client_for(closed.company.lead)
    assert client.get(f"/library/{archive.pk}").status_code == 200
    assert [client.post(address).status_code for address in ("/library/", f"/library/{archive.pk}")] == [405, 405]
    assert last_entry() == before


def test_an_empty_library_says_what_will_stand_there(campaign, client_for):
    assert "案例库还是空的" in client_for(campaign.company.lead).get("/library/").content.decode()
