"""Who sees a matter, by how open and how secret it is."""

import pytest

from bihuan.access import queries as access
from bihuan.access.enums import Level
from bihuan.collaborations import queries
from bihuan.collaborations.models import Collaboration
from bihuan.collaborations.operations.importing import import_collaborations
from bihuan.collaborations.operations.members import sync_members
from bihuan.collaborations.policy.members import MatterView, PartyView, memberships
from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotFound
from bihuan.organisation.models import Department
from bihuan.search import operations as search
from tests import forms_samples as samples
from tests.collaborations.sources import matter

LEAD, MARKETING, TECHNOLOGY = 1, 2, 3
EVERYBODY = {"产品经理", "产品部负责人", "市场部负责人", "技术部负责人", "推广经理", "市场专员", "PMO专员", "分管副总"}


def view(**changes):
    given = {
        "lead_department_id": LEAD,
        "initiator_id": 10,
        "lead_id": 11,
        "parties": (PartyView(MARKETING, 20), PartyView(TECHNOLOGY, None)),
        "visibility": "RELATED_DEPTS",
        "secrecy": "INTERNAL",
        "is_submitted": True,
    }
    return MatterView(**given | changes)


def who(level=2, **changes):
    return {member.principal for member in memberships(view(**changes)) if member.level >= level}


OFFICES = {"p:10", "p:11", "h:1", "h:2", "h:3", "p:20", "x:1"}
STAFF = {"d:1", "d:2", "d:3"}


class TestPolicy:
    def test_a_draft_is_its_writers_alone(self):
        assert who(is_submitted=False) == {"p:10", "p:11"}
        assert who(level=3) == {"p:10", "p:11"}

    @pytest.mark.parametrize(
        ("visibility", "readers"),
        [
            ("RELATED_DEPTS", OFFICES | STAFF | {"g:pmo"}),
            ("OWN_DEPT", OFFICES | {"d:1", "g:pmo"}),
            ("MANAGEMENT", OFFICES | {"g:pmo"}),
            ("NAMED", OFFICES | {"g:pmo"}),
            ("ALL_STAFF", OFFICES | STAFF | {"all", "g:pmo"}),
        ],
    )
    def test_each_class_lets_in_exactly_these(self, visibility, readers):
        assert who(visibility=visibility) == readers

    @pytest.mark.parametrize("secrecy", ["SECRET", "CONFIDENTIAL"])
    @pytest.mark.parametrize("visibility", ["RELATED_DEPTS", "ALL_STAFF"])
    def test_a_secret_keeps_staff_out_and_shows_the_pmo_its_outline(self, secrecy, visibility):
        assert who(secrecy=secrecy, visibility=visibility) == OFFICES
        assert who(level=1, secrecy=secrecy, visibility=visibility) == OFFICES | {"g:pmo"}

    def test_an_imported_matter_is_open_to_all_until_it_is_secret(self):
        assert "all" in who(is_imported=True)
        assert "all" not in who(is_imported=True, secrecy="SECRET")

    def test_who_is_to_be_lent_reads_it_however_closed_it_is(self):
        assert who(lent_id=30) == who() | {"p:30"}
        assert who(lent_id=30, visibility="NAMED", secrecy="SECRET") == OFFICES | {"p:30"}
        assert who(lent_id=30, is_submitted=False) == {"p:10", "p:11"}

    def test_the_office_that_files_reads_it_from_then_on(self):
        assert who(is_to_file=True) == who() | {"g:filing"}
        assert who(is_to_file=True, secrecy="SECRET") == OFFICES

    def test_without_department_and_people_only_the_pmo_sees_it(self):
        assert who(lead_department_id=None, initiator_id=None, lead_id=None, parties=()) == {"g:pmo"}


class TestScope:
    def submit(self, campaign, **changes):
        campaign.submit("F01", samples.request(campaign.cast, campaign.start) | changes)

    def readers(self, campaign, level=Level.READ):
        company, scope = campaign.company, campaign.collaboration.scope_id
        offices = [office for office in company.people if office != "管理员"]
        return {
            office
            for office in offices
            if access.levels(campaign.actor(office), [scope], at=campaign.at).get(scope, 0) >= level
        }

    def test_a_draft_is_read_by_its_initiator_alone(self, campaign):
        assert self.readers(campaign, Level.OUTLINE) == {"产品经理"}

    def test_submitted_it_is_read_by_the_departments_concerned(self, campaign):
        self.submit(campaign)
        assert self.readers(campaign) >= EVERYBODY
        assert self.readers(campaign, Level.OUTLINE).isdisjoint({"财务专员", "财务部负责人", "行政专员", "无岗位"})

    def test_a_secret_one_by_its_named_people_and_offices(self, campaign):
        self.submit(campaign, secrecy="SECRET")
        assert self.readers(campaign) == {
            "产品经理", "产品部负责人", "市场部负责人", "技术部负责人", "运营部负责人",
            "推广经理", "开发组长", "运营经理", "分管副总",
        }  # fmt: skip
        assert self.readers(campaign, Level.OUTLINE) - self.readers(campaign) == {"PMO专员"}
        with pytest.raises(NotFound):
            queries.collaboration_for(campaign.actor("PMO专员"), campaign.collaboration.pk, at=campaign.at)
        with pytest.raises(NotFound):
            queries.collaboration_for(
                campaign.actor("市场专员"), campaign.collaboration.pk, at=campaign.at, level=Level.OUTLINE
            )

    def test_in_a_list_the_pmo_sees_a_secret_masked_and_cannot_find_it_by_its_title(self, campaign):
        self.submit(campaign, secrecy="SECRET")
        search.follow_all(at=campaign.at)
        pmo, filters = campaign.actor("PMO专员"), queries.Filters
        (row,) = queries.portfolio(pmo, filters(), before=None, at=campaign.at).rows
        assert row.is_masked
        assert queries.portfolio(pmo, filters(text="用户增长"), before=None, at=campaign.at).rows == []
        assert len(queries.portfolio(pmo, filters(text="XZ-2026"), before=None, at=campaign.at).rows) == 1

    def test_whoever_leaves_the_matter_no_longer_reads_it(self, campaign):
        self.submit(campaign)
        matter = campaign.refreshed()
        matter.parties.filter(department_id=campaign.cast.marketing).delete()
        sync_members(matter, at=campaign.at)
        assert self.readers(campaign).isdisjoint({"市场部负责人", "推广经理", "市场专员"})

    def test_syncing_twice_changes_nothing(self, campaign):
        self.submit(campaign)
        before = [(member.pk, member.level) for member in access.open_members(campaign.collaboration.scope_id)]
        sync_members(campaign.refreshed(), at=campaign.at)
        after = [(member.pk, member.level) for member in access.open_members(campaign.collaboration.scope_id)]
        assert after == before

    def test_an_adopted_matter_follows_its_own_class_once_its_request_is_in(self, campaign):
        Department.objects.filter(name="产品部").update(source_key="acme/product")
        import_collaborations([matter(lead_department_key="acme/product")], actor=SYSTEM, at=campaign.at)
        row = Collaboration.objects.get(source_key="acme/1")
        assert queries.collaboration_for(campaign.actor("财务专员"), row.pk, at=campaign.at) == row
        Collaboration.objects.filter(pk=row.pk).update(number="XZ-2026-0009")
        row.refresh_from_db()
        sync_members(row, at=campaign.at)
        with pytest.raises(NotFound):
            queries.collaboration_for(campaign.actor("财务专员"), row.pk, at=campaign.at)
