"""The portfolio as board and calendar, its columns, kept views, and what it gives to take along."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bihuan.collaborations import operations, queries
from bihuan.collaborations.models import Collaboration, Loop, Milestone, SavedView
from bihuan.integrations.neutral.run import run_import
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.integrations.folders import matter, write
from tests.witness import everything, facts_since, last_entry, refused

SECRET = {"secrecy": "SECRET", "goal_text": "并购前的客户数据核对，三十天内完成十万条。", "title": "密件甲"}


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def lines_of(client: Client, address: str) -> list[list[str]]:
    response: Any = client.get(address)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def titles_of(page: str) -> list[str]:
    return re.findall(r'class="title clamp-2" href="[^"]*">([^<]*)<', page)


@pytest.fixture
def requested(campaign: Any) -> Any:
    campaign.request()
    return campaign


@pytest.fixture
def lead(campaign: Any, client_for: Any) -> Client:
    return client_for(campaign.company["产品经理"])


@pytest.mark.parametrize(
    ("asked", "office", "found"),
    [
        ("mine=lead", "产品经理", 1),
        ("mine=initiator", "产品经理", 1),
        ("mine=contact", "推广经理", 1),
        ("mine=lead", "推广经理", 0),
        ("mine=head", "产品部负责人", 1),
        ("mine=head", "市场部负责人", 0),
        ("due=month", "产品经理", 1),
        ("due=overdue", "产品经理", 0),
        ("due=none", "产品经理", 0),
        ("due=nonsense&mine=nonsense&programme=x", "产品经理", 1),
        ("programme=999", "产品经理", 0),
    ],
)
def test_role_and_time_left_narrow(requested: Any, client_for: Any, asked: str, office: str, found: int) -> None:
    page = page_of(client_for(requested.company[office]), f"/matters/?{asked}")
    assert len(titles_of(page)) == found


def test_matters_of_no_department_of_one_and_of_several_are_told_apart(
    requested: Any, client_for: Any, tmp_path: Any
) -> None:
    """As files have them: a lead that takes part besides, one that takes part where nobody leads."""
    sales, tech = "acme/sales", "acme/tech"
    named: dict[str, tuple[str | None, list[str]]] = {
        "none": (None, []), "lead": (sales, []), "twice": (sales, [sales]), "joined": (None, [tech]),
        "both": (None, [sales, tech]), "several": (sales, [sales, tech]),
    }  # fmt: skip
    lines = [
        matter(id=key, number=None, title=key, lead_department=lead, participating_departments=others)
        for key, (lead, others) in named.items()
    ]
    report = run_import(write(tmp_path, lines), at=requested.at)
    told = {code: report.problem_counts[f"integrations.{code}"] for code in ("no_department", "one_department")}
    assert told == {"no_department": 1, "one_department": 3}
    pmo = client_for(requested.company["PMO专员"])
    found = {
        many: sorted(titles_of(page_of(pmo, f"/matters/?parties={many}&step=IMPORTED")))
        for many in ("none", "one", "several", "")
    }
    assert found == {
        "none": ["none"], "one": ["joined", "lead", "twice"], "several": ["both", "several"], "": sorted(named),
    }  # fmt: skip
    for many, titles in found.items():
        taken = lines_of(pmo, f"/matters/export.csv?parties={many}&step=IMPORTED")
        assert sorted(cell for line in taken[1:] for cell in line if cell in named) == titles


def test_what_is_overdue_is_found_as_soon_as_its_limit_is_over(requested: Any, lead: Client) -> None:
    Loop.objects.filter(closed_at=None).update(due_at=requested.at - timedelta(days=400))
    assert len(titles_of(page_of(lead, "/matters/?due=overdue"))) == 1


def test_a_programme_narrows_to_what_belongs_to_it_and_is_named_only_to_its_readers(
    requested: Any, lead: Client, client_for: Any
) -> None:
    parent = Campaign.begin(requested.company, requested.at).collaboration
    Collaboration.objects.filter(pk=parent.pk).update(title="上级项目群")
    Collaboration.objects.filter(pk=requested.collaboration.pk).update(parent=parent)
    page = page_of(lead, f"/matters/?programme={parent.pk}&columns=programme")
    assert titles_of(page) == [requested.refreshed().title]
    assert "<td>上级项目群</td>" in page
    other = page_of(client_for(requested.company["市场部负责人"]), "/matters/?columns=programme")
    assert (len(titles_of(other)), "上级项目群" in other) == (1, False)


def test_columns_are_chosen_in_the_address_and_unknown_ones_are_passed_over(requested: Any, lead: Client) -> None:
    page = page_of(lead, "/matters/?columns=playbook&columns=open&columns=nonsense")
    head = re.search(r"<thead>(.*?)</thead>", page, re.DOTALL)
    assert head is not None
    assert re.findall(r'<th scope="col">([^<]*)</th>', head[1]) == ["名称", "未闭环", "协作手册"]
    assert 'name="columns" value="open,playbook"' in page


def test_the_board_shows_each_step_with_its_count(requested: Any, lead: Client) -> None:
    Campaign.begin(requested.company, requested.at)
    page = page_of(lead, "/matters/?shape=board")
    assert len(titles_of(page)) == 2
    assert "shape=board" not in re.search(r'<h2 id="lane-REQUEST"><a href="([^"]*)"', page)[1]  # type: ignore[index]
    lanes = queries.board(requested.actor("产品经理"), queries.Filters(), ["REQUEST", "PLAN"], at=requested.at)
    assert [(lane.step, lane.count, len(lane.rows)) for lane in lanes] == [("REQUEST", 2, 2), ("PLAN", 0, 0)]


def test_the_board_goes_from_left_to_right_as_a_matter_goes(requested: Any, lead: Client) -> None:
    lanes = re.findall(r'<h2 id="lane-(\w+)"', page_of(lead, "/matters/?shape=board"))
    assert lanes == [
        "ASSESS", "REQUEST", "FIRST_REVIEW", "ALIGN", "APPROVAL", "PLAN", "APPROVAL_PLAN", "FILING", "RESOURCE",
        "KICKOFF", "EXECUTE", "ACCEPT", "RETRO", "ARCHIVE",
    ]  # fmt: skip


def test_the_calendar_shows_milestones_and_limits_on_their_days(campaign: Any, lead: Client) -> None:
    campaign.carry_to("PLAN")
    milestone = Milestone.objects.filter(collaboration=campaign.collaboration, due_on__isnull=False).first()
    assert milestone is not None
    month = f"{milestone.due_on:%Y-%m}"
    page = page_of(lead, f"/matters/?shape=calendar&month={month}")
    assert (milestone.name in page, f"/matters/{campaign.collaboration.pk}/" in page) == (True, True)
    assert milestone.name not in page_of(lead, "/matters/?shape=calendar&month=2020-01")
    present = f"<strong>{campaign.at.year}年{campaign.at.month}月</strong>"
    assert present in page_of(lead, "/matters/?shape=calendar&month=nonsense")


@pytest.mark.parametrize("shape", ["board", "calendar", "table"])
def test_outlines_tell_no_more_in_any_shape_or_file(campaign: Any, client_for: Any, shape: str) -> None:
    campaign.submit("F01", {**samples.request(campaign.cast, campaign.start), **SECRET})
    pmo = client_for(campaign.company["PMO专员"])
    columns = "&".join(f"columns={key}" for key in ("number", "lead", "departments", "playbook", "open", "begun"))
    page = page_of(pmo, f"/matters/?shape={shape}&{columns}&state=all")
    body = page[page.index('id="matters"') :]
    told = body + str(lines_of(pmo, f"/matters/export.csv?{columns}&state=all"))
    assert [word for word in ("密件甲", "林晓彤", "产品部", "市场部") if word in told] == []
    assert lines_of(pmo, "/matters/export.csv?columns=number")[1][0] == campaign.refreshed().number


@pytest.mark.parametrize("shape", ["board", "calendar", "table"])
def test_every_shape_asks_as_often_for_one_matter_as_for_three(campaign: Any, lead: Client, shape: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            page_of(lead, f"/matters/?shape={shape}&columns=programme,number")
        return len(caught)

    cost()
    one = cost()
    for _ in range(2):
        Campaign.begin(campaign.company, campaign.at)
    assert cost() == one


def test_the_count_is_that_of_the_filters(requested: Any, lead: Client) -> None:
    Campaign.begin(requested.company, requested.at)
    assert "2 项协作" in page_of(lead, "/matters/count")
    assert "1 项协作" in page_of(lead, "/matters/count?q=XZ-2026")


def test_a_view_is_kept_under_a_name_and_found_again(requested: Any, lead: Client) -> None:
    before = last_entry()
    response = lead.post("/matters/views?step=REQUEST&columns=open", {"name": " 在  需求 ", "shared_with": ""})
    assert (response.status_code, response["Location"]) == (302, "/matters/?step=REQUEST&columns=open")
    view = SavedView.objects.get()
    assert (view.name, view.asked, view.shared_with) == ("在 需求", "step=REQUEST&columns=open", "")
    fact = {"view_id": view.pk, "called": "在 需求", "asked": view.asked, "shared_with": ""}
    assert facts_since(before, "collaborations.view.saved") == [{"name": "collaborations.view.saved", **fact}]
    assert "/matters/?step=REQUEST&amp;columns=open" in page_of(lead, "/matters/")
    lead.post("/matters/views?step=PLAN", {"name": "在 需求", "shared_with": ""})
    assert SavedView.objects.get().asked == "step=PLAN"


def test_a_shared_view_is_seen_by_those_it_is_shared_with_and_removed_by_its_owner(
    requested: Any, lead: Client, client_for: Any
) -> None:
    product = requested.company.departments["产品部"].pk
    lead.post("/matters/views?step=PLAN", {"name": "部门看板", "shared_with": f"d:{product}"})
    view = SavedView.objects.get()
    colleague, stranger = (client_for(requested.company[each]) for each in ("产品部负责人", "财务专员"))
    assert "部门看板" in page_of(colleague, "/matters/")
    assert "部门看板" not in page_of(stranger, "/matters/")
    before = everything()
    assert colleague.post(f"/matters/views/{view.pk}/remove").status_code == 403
    assert stranger.post(f"/matters/views/{view.pk}/remove").status_code == 404
    assert everything() == before
    entry = last_entry()
    assert lead.post(f"/matters/views/{view.pk}/remove").status_code == 302
    assert not SavedView.objects.exists()
    assert [fact["name"] for fact in facts_since(entry)] == ["collaborations.view.removed"]


def test_what_a_leaver_shared_is_removed_by_the_head_it_is_shared_with(
    requested: Any, lead: Client, client_for: Any
) -> None:
    product = requested.company.departments["产品部"].pk
    lead.post("/matters/views?step=PLAN", {"name": "部门看板", "shared_with": f"d:{product}"})
    view = SavedView.objects.get()
    head = client_for(requested.company["产品部负责人"])
    assert f"/matters/views/{view.pk}/remove" not in page_of(head, "/matters/")
    type(requested.company.lead).objects.filter(pk=requested.company.lead.pk).update(is_active=False)
    assert "已离职" in page_of(head, "/matters/")
    assert f"/matters/views/{view.pk}/remove" in page_of(head, "/matters/")
    assert head.post(f"/matters/views/{view.pk}/remove").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_or_for_a_foreign_department_is_refused(requested: Any) -> None:
    actor, at = requested.actor("产品经理"), requested.at
    with refused(Refused, "collaborations.view_name"):
        operations.save_view(name="  ", asked="", shared_with="", actor=actor, at=at)
    with refused(Refused, "collaborations.view_name"):
        operations.save_view(name="名" * 61, asked="", shared_with="", actor=actor, at=at)
    foreign = f"d:{requested.company.departments['财务部'].pk}"
    with refused(NotAllowed):
        operations.save_view(name="看板", asked="", shared_with=foreign, actor=actor, at=at)
    with pytest.raises(NotFound):
        queries.view_for(actor, 999)


def test_a_file_holds_exactly_what_is_shown_and_formulas_stay_text(requested: Any, lead: Client) -> None:
    title = '=HYPERLINK("http://example.org")'
    Collaboration.objects.filter(pk=requested.collaboration.pk).update(title=title)
    asked = "columns=number,step&step=REQUEST"
    response = lead.get(f"/matters/export.csv?{asked}")
    text = response.content.decode("utf-8-sig")
    number = requested.refreshed().number
    assert list(csv.reader(io.StringIO(text))) == [["编号", "名称", "步骤"], [number, f"'{title}", "需求"]]
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    book = lead.get(f"/matters/export.xlsx?{asked}").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows == [["编号", "名称", "步骤"], [number, title, "需求"]]
    nothing = lead.get("/matters/export.csv?step=PLAN").content
    assert nothing.decode("utf-8-sig").count("\r\n") == 1


def test_a_file_goes_over_all_pages(campaign: Any, lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.collaborations.queries.boards.BATCH", 2)
    for _ in range(4):
        Campaign.begin(campaign.company, campaign.at)
    text = lead.get("/matters/export.csv").content.decode()
    assert text.count("\r\n") == 6
    monkeypatch.setattr("bihuan.web.collaborations.kept.MOST_ROWS", 4)
    refusal = lead.get("/matters/export.csv")
    assert (refusal.status_code, "超过 4 行" in refusal.content.decode()) == (422, True)
