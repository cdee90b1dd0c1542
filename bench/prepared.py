"""The database the pages are measured on: what was imported, and one company at work in the middle of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.test import Client

from bihuan.approvals.models import Slot
from bihuan.collaborations.models import Collaboration
from bihuan.kernel import principals
from bihuan.organisation import operations as organisation
from bihuan.organisation.models import Department
from bihuan.records.models import Record
from tests import forms_samples as samples
from tests.campaign import Campaign
from tests.journeys.real_company import company_of

MATTERS = 20  # each asks a head for a signature and for resources: a desk of forty rows
HEAD, HEADS_OF = "市场部负责人", "市场部"  # who decides


@dataclass
class Bench:
    """The company, the objects the acts use up, and a browser for each part."""

    company: Any
    running: Campaign
    drafts: Iterator[Record]
    slots: Iterator[Slot]
    busiest: int
    middle: int
    token: str
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, post: str) -> Client:
        if post not in self.clients:
            self.clients[post] = Client()
            self.clients[post].force_login(self.company[post])
        return self.clients[post]

    @property
    def department(self) -> int:
        return int(self.company.departments[HEADS_OF].pk)


def prepare(at: datetime, *, acts: int) -> Bench:
    """One campaign in the middle of its work; forty things wait for a head; and as much besides as `acts` use up."""
    known = Collaboration.objects.filter(lead__isnull=False, lead_department__isnull=False)
    company = company_of(known.annotate(width=Count("parties")).order_by("-width", "pk")[0], at)
    running = Campaign.begin(company, at)
    running.carry_to("EXECUTE")
    for number in range(max(acts, MATTERS)):
        campaign = Campaign.begin(company, at)
        campaign.submit("F01", request(campaign, f"Matter {number}"))
    drafts = [drafted(Campaign.begin(company, at), f"Draft {number}") for number in range(acts)]
    asked = Slot.objects.filter(
        principal=principals.head(company.departments[HEADS_OF].pk), state="PENDING", signoff__route="OPINIONS"
    )
    busiest = Department.objects.annotate(led=Count("led_collaborations")).order_by("-led", "pk")[0]
    imported = Collaboration.objects.filter(source_key__isnull=False).order_by("pk").values_list("pk", flat=True)
    return Bench(
        company=company,
        running=running,
        drafts=iter(drafts),
        slots=iter(list(asked.order_by("pk")[:acts])),
        busiest=busiest.pk,
        middle=imported[len(imported) // 2],
        token=token_of(company, at),
    )


def drafted(campaign: Campaign, title: str) -> Record:
    return campaign.fill("F01", request(campaign, title))


def request(campaign: Campaign, title: str) -> dict[str, Any]:
    """The request of a campaign under a title that no other has."""
    return {**samples.request(campaign.cast, campaign.start), "title": title}


def token_of(company: Any, at: datetime) -> str:
    _token, secret = organisation.issue_token(name="bench", scopes=["read"], actor=company.actor("PMO专员", at), at=at)
    return secret
