"""Matters of the real data: all of them on the pages, two of them adopted, one carried to the archive."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse

from bihuan.collaborations import operations
from bihuan.collaborations.models import Collaboration, StepRun
from bihuan.integrations.neutral.run import run_import, taken_back
from bihuan.kernel.actor import SYSTEM
from bihuan.ledger.verification import verify
from bihuan.organisation import operations as organisation
from bihuan.organisation.enums import Function
from bihuan.organisation.models import Department, Person
from bihuan.organisation.queries import day_of
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.journeys.real_company import SINCE, company_of

pytestmark = [pytest.mark.shared, pytest.mark.django_db]
FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "open"


class RealMatter(Campaign):
    """The campaign's way, with the words of the source."""

    @classmethod
    def adopt(cls, matter: Collaboration, at) -> "RealMatter":
        company = company_of(matter, at)
        head, lead = company.actor("产品部负责人"), company["产品经理"].pk
        adopted = operations.adopt_collaboration(matter, playbook="SEED_B", lead_id=lead, actor=head, at=at)
        return cls(company, at, adopted)

    @property
    def start(self) -> date:
        """Here it begins when it is adopted, whenever it began at its source."""
        return day_of(self.collaboration.started_at)

    def request(self) -> None:
        source = self.collaboration.source.content
        told = {
            "title": source["title"][:60],
            "background": source["background"] or source["summary"] or source["title"],
            "initiator": self.company["产品部负责人"].pk,
        }
        self.submit("F01", {**samples.request(self.cast, self.start), **told})


@pytest.fixture(scope="module", autouse=True)
def imported(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The whole folder, once for all tests of this file; each of them is taken back on top of it."""
    if not FOLDER.is_dir():
        pytest.skip("The real data does not lie beside the checkout.")
    with django_db_blocker.unblock(), taken_back():
        run_import(FOLDER, at=datetime(2026, 11, 17, 2, tzinfo=UTC))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # a server does it by itself, but not inside a transaction
        yield


def widest(source: str) -> Collaboration:
    """The first of the matters of an organisation that name the most departments."""
    matters = Collaboration.objects.filter(source__content__organisation=source, lead_department__isnull=False)
    found = matters.annotate(width=Count("parties")).order_by("-width", "pk").first()
    assert found is not None
    return found


@pytest.fixture
def reader(at: datetime) -> Client:
    """Somebody of the PMO, who reads every matter."""
    office = organisation.add_department(name="PMO", function=Function.PMO, actor=SYSTEM, at=at)
    person = organisation.add_person(username="pmo", name="何静", actor=SYSTEM, at=at)
    organisation.appoint(person_id=person.pk, department_id=office.pk, actor=SYSTEM, at=at, starts_on=SINCE)
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, address: str, **query: Any) -> str:
    response = client.get(address, query or None)
    assert response.status_code == 200
    return response.content.decode()


def test_a_kubernetes_proposal_is_adopted_and_carried_to_the_archive(at):
    matter = widest("k8s")
    assert matter.parties.count() >= 3
    source = matter.source.raw
    campaign = RealMatter.adopt(matter, at)
    campaign.carry_to("ARCHIVE")
    campaign.release_needs()
    campaign.archive()
    matter = campaign.refreshed()
    assert (matter.ending, matter.source.raw, matter.source_number) == ("CLOSED", source, matter.source_number)
    assert list(StepRun.objects.filter(collaboration=matter).order_by("pk").values_list("step", flat=True)) == [
        "IMPORTED", "REQUEST", "ALIGN", "PLAN", "APPROVAL", "FILING", "RESOURCE", "EXECUTE", "ACCEPT", "RETRO",
        "ARCHIVE", "CLOSED",
    ]  # fmt: skip
    assert verify().problems == []
    assert run_import(FOLDER, at=at).counts["collaborations"]["updated"] == 0


def test_an_openeuler_request_is_adopted_and_agreed_to(at):
    campaign = RealMatter.adopt(widest("oe"), at)
    campaign.carry_to("ALIGN")
    assert campaign.step == "ALIGN"
    assert campaign.refreshed().number is not None


def test_the_portfolio_shows_every_matter_once_page_by_page(reader):
    seen: list[str] = []
    address: str | None = f"{reverse('collaborations:portfolio')}?state=all"
    while address is not None:
        html = page(reader, address)
        seen += re.findall(r'class="title[^"]*" href="/matters/(\d+)/"', html)
        found = re.search(r'href="([^"]+)" rel="next"', html)
        address = unescape(found[1]) if found else None
    assert len(seen) == len(set(seen)) == Collaboration.objects.count() == 1269 + 56 + 9


@pytest.mark.parametrize("source", ["k8s/", "oe/"])
def test_the_portfolio_of_the_busiest_department_shows_what_it_leads_or_takes_part_in(reader, source):
    departments = Department.objects.filter(source_key__startswith=source)
    department = departments.annotate(led=Count("led_collaborations")).order_by("-led", "pk")[0]
    html = page(reader, reverse("collaborations:portfolio"), state="all", department=department.pk)
    shown = re.findall(r'class="title[^"]*" href="/matters/(\d+)/"', html)
    its_own = Q(lead_department=department) | Q(parties__department=department)
    newest = Collaboration.objects.filter(its_own).distinct().order_by("-pk")[:50]
    assert shown == [str(matter.pk) for matter in newest] != []


def test_every_department_and_the_busiest_person_have_a_page(reader):
    for department in Department.objects.annotate(posts_held=Count("posts")).order_by("-posts_held")[:20]:
        assert escape(department.name) in page(reader, reverse("organisation:department", args=[department.pk]))
    person = Person.objects.annotate(held=Count("posts")).order_by("-held", "pk")[0]
    assert escape(person.name) in page(reader, reverse("organisation:person", args=[person.pk]))


def test_a_matter_with_odd_values_has_a_page(reader):
    matter = Collaboration.objects.exclude(source__findings=[]).filter(lead_department__isnull=True).earliest("pk")
    html = page(reader, reverse("collaborations:overview", args=[matter.pk]))
    assert escape(matter.title) in html
