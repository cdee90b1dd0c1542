"""Files handed in with a form: who may, which, and what the frozen text says of them."""

from hashlib import sha256

import pytest

from bihuan.files.models import StoredFile
from bihuan.files.queries import path_of
from bihuan.kernel.errors import NotFound, Refused
from bihuan.kernel.subjects import SubjectRef
from bihuan.records import operations, queries
from bihuan.records.errors import NotADraft, NotTheFiller
from bihuan.records.models import Attachment
from bihuan.records.policy import attached
from tests.documents.test_pictures import exif, jpeg, png, segment
from tests.witness import refused

PDF = b"%PDF-1.7 minutes"


@pytest.fixture
def paper(campaign):
    """A paper of the campaign, begun by its initiator."""
    campaign.carry_to("ALIGN")
    root = SubjectRef("collaboration", campaign.collaboration.pk)
    return operations.start_draft(
        "F23", root=root, scope_id=campaign.collaboration.scope_id, actor=campaign.actor("产品经理"), at=campaign.at
    )


def attach(campaign, record, name="频道.pdf", content=PDF, post="产品经理"):
    return operations.attach_file(record, name=name, pieces=[content], actor=campaign.actor(post), at=campaign.at)


def submit(campaign, record, **more):
    body = {"subject": "项目群", "made_on": campaign.today.isoformat(), "summary": "群与共享目录", **more}
    actor = campaign.actor("产品经理")
    kept = operations.save_draft(record, body=body, seen_revision=record.revision, actor=actor, at=campaign.at)
    return operations.submit(kept, seen_revision=kept.revision, actor=actor, at=campaign.at)


def test_the_frozen_text_names_the_file_and_its_digest(campaign, paper):
    one = attach(campaign, paper, name="C:\\群\\频道\u202e.pdf")
    version = submit(campaign, paper)
    digest = sha256(PDF).hexdigest()
    assert version.data["files"] == [{"id": f"a{one.pk}", "name": "频道.pdf", "size": len(PDF), "sha256": digest}]
    assert queries.content_of(one) == PDF
    reader = campaign.actor("技术部负责人")
    assert queries.file_for(reader, one.pk, at=campaign.at) == one
    with refused(NotFound):
        queries.file_for(campaign.actor("财务专员"), one.pk, at=campaign.at)
    with refused(NotADraft):
        attach(campaign, paper)


def test_a_paper_without_its_file_is_not_submitted(campaign, paper):
    with refused(Refused, "collaborations.paper_without_file"):
        submit(campaign, paper)


def test_a_file_taken_off_stays_with_the_version_that_names_it(campaign, paper):
    actor, first = campaign.actor("产品经理"), attach(campaign, paper)
    submit(campaign, paper)
    paper = operations.return_to_draft(paper, reason="换文件", actor=actor, at=campaign.at)
    operations.remove_file(paper, first.pk, actor=actor, at=campaign.at)
    second = attach(campaign, paper, name="新.pdf")
    reader = campaign.actor("技术部负责人")
    assert queries.files_to_read(reader, paper, at=campaign.at) == [first]
    assert queries.files_to_read(actor, paper, at=campaign.at) == [first, second]
    with refused(Refused, "records.file_gone"):
        operations.remove_file(paper, first.pk, actor=actor, at=campaign.at)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", PDF, "records.file_kind"), ("a.html", PDF, "records.file_kind"), ("noend", PDF, "records.file_kind"),
        ("a.pdf", b"MZ\x90", "records.file_kind"), ("a.pdf", b"#!/bin/sh", "records.file_kind"),
        ("a.pdf", b"", "records.file_empty"),
        ("a.png", png(width=50_000, height=50_000), "documents.picture_large"),
        ("a.jpg", b"push graphic-context", "documents.picture_broken"), ("a.tiff", exif(), "documents.picture_located"),
    ],
)  # fmt: skip
def test_what_is_no_paper_is_refused(campaign, paper, name, content, code):
    with refused(Refused, code):
        attach(campaign, paper, name=name, content=content)
    assert not StoredFile.objects.exists()


def test_of_a_picture_nobody_signs_where_it_was_taken(campaign, paper):
    one = attach(campaign, paper, name="现场.jpg", content=jpeg(segment(0xE1, b"Exif\0\0" + exif())))
    version = submit(campaign, paper)
    assert queries.content_of(one) == jpeg()
    assert [each["sha256"] for each in version.data["files"]] == [sha256(jpeg()).hexdigest()]


def test_too_large_and_too_many_are_refused(campaign, paper, monkeypatch):
    monkeypatch.setattr(attached, "LARGEST", 8)
    with refused(Refused, "records.file_large"):
        operations.attach_file(
            paper, name="a.pdf", pieces=(b"123456" for _ in range(9)), actor=campaign.actor("产品经理"), at=campaign.at
        )
    monkeypatch.setattr(attached, "MOST", 0)
    with refused(Refused, "records.files_many"):
        attach(campaign, paper, content=b"1")


def test_others_attach_nothing_and_a_request_takes_no_files(campaign, paper):
    with refused(NotTheFiller):
        attach(campaign, paper, post="技术部负责人")
    with refused(NotTheFiller):
        operations.remove_file(paper, 1, actor=campaign.actor("技术部负责人"), at=campaign.at)
    consensus = campaign.draft("F03", "产品经理")
    with refused(Refused, "records.takes_no_files"):
        attach(campaign, consensus)


def test_a_draft_thrown_away_leaves_no_bytes(campaign, paper, django_capture_on_commit_callbacks):
    kept = path_of(attach(campaign, paper).file.key)
    with django_capture_on_commit_callbacks(execute=True):
        operations.discard_draft(paper, seen_revision=paper.revision, actor=campaign.actor("产品经理"), at=campaign.at)
    assert not kept.exists()
    assert not Attachment.objects.exists()
    assert StoredFile.objects.get().thrown_away_at == campaign.at
