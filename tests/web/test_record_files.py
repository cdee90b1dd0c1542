"""Files on the page of a form."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.kernel.subjects import SubjectRef
from bihuan.records import operations
from bihuan.records.models import Attachment, Record

PDF = b"%PDF-1.7 minutes"


@pytest.fixture
def sign_in(campaign, client_for):
    return lambda post: client_for(campaign.company[post])


@pytest.fixture
def paper(campaign) -> Record:
    campaign.request()
    root = SubjectRef("collaboration", campaign.collaboration.pk)
    return operations.start_draft(
        "F23", root=root, scope_id=campaign.collaboration.scope_id, actor=campaign.actor("产品经理"), at=campaign.at
    )


def test_what_is_typed_stays_when_a_file_is_attached_refused_or_removed(campaign, paper, sign_in):
    client, typed = sign_in("产品经理"), {"typed": "1", "subject": "项目群"}
    handed = SimpleUploadedFile("频道.pdf", PDF)
    sent = client.post(f"/records/{paper.pk}/attach", {**typed, "revision": paper.revision, "file": handed})
    assert (sent.status_code, sent["Location"]) == (303, f"/records/{paper.pk}/edit#files")
    (kept,) = Attachment.objects.all()
    page = client.get(f"/records/{paper.pk}/edit").content.decode()
    assert f'href="/files/{kept.pk}"' in page
    assert 'enctype="multipart/form-data" hx-params="not file"' in page
    bad = SimpleUploadedFile("a.exe", b"MZ")
    words = {"typed": "1", "subject": "新项目群", "revision": paper.revision + 1}
    refused = client.post(f"/records/{paper.pk}/attach", {**words, "file": bad})
    assert refused.status_code == 422
    assert "“a.exe”" in refused.content.decode()
    assert "新项目群" in refused.content.decode()
    nothing = client.post(f"/records/{paper.pk}/attach", {**words, "revision": paper.revision + 2})
    assert nothing.status_code == 422
    stale = client.post(f"/records/{paper.pk}/remove-file", {**words, "file": kept.pk})
    assert stale.status_code == 409
    assert "新项目群" in stale.content.decode()
    words["revision"] = Record.objects.get(pk=paper.pk).revision
    assert client.post(f"/records/{paper.pk}/remove-file", {**words, "file": kept.pk}).status_code == 303
    assert client.get(f"/files/{kept.pk}").status_code == 404


def test_a_file_is_only_ever_a_download_and_leads_from_the_form_it_came_with(campaign, paper, sign_in):
    client = sign_in("产品经理")
    client.post(
        f"/records/{paper.pk}/attach", {"revision": paper.revision, "file": SimpleUploadedFile("频道.txt", b"<b>1</b>")}
    )
    body = {"typed": "1", "subject": "项目群", "made_on": campaign.today.isoformat(), "summary": "群", "revision": 1}
    assert client.post(f"/records/{paper.pk}/submit", body).status_code == 302
    (kept,) = Attachment.objects.all()
    reader = sign_in("技术部负责人")
    assert f'href="/files/{kept.pk}"' in reader.get(f"/records/{paper.pk}").content.decode()
    assert kept.file.sha256 in reader.get(f"/records/{paper.pk}/print").content.decode()
    fetched = reader.get(f"/files/{kept.pk}")
    assert (fetched.content, fetched["Content-Type"]) == (b"<b>1</b>", "application/octet-stream")
    assert fetched["Content-Disposition"].startswith("attachment;")
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert sign_in("财务专员").get(f"/files/{kept.pk}").status_code == 404
