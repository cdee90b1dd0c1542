"""Files of a form, handed in and fetched by a program."""

from base64 import b64encode

import pytest

from bihuan.kernel.subjects import SubjectRef
from bihuan.records import operations
from bihuan.records.models import Record

PDF = b"%PDF-1.7 minutes"


@pytest.fixture
def paper(campaign) -> Record:
    root = SubjectRef("collaboration", campaign.collaboration.pk)
    return operations.start_draft(
        "F23", root=root, scope_id=campaign.collaboration.scope_id, actor=campaign.actor("产品经理"), at=campaign.at
    )


def test_a_program_does_the_same(campaign, paper, program):
    caller = program("产品经理")
    path = f"/records/{paper.pk}/files"
    sent = caller.post(path, {"name": "频道.pdf", "content": b64encode(PDF).decode()})
    assert sent.status_code == 201
    (row,) = caller.get(path).json()["items"]
    assert (row["name"], row["size"]) == ("频道.pdf", len(PDF))
    assert caller.get(f"/files/{row['id']}").content == PDF
    wrong = caller.post(path, {"name": "频道.pdf", "content": "§"})
    assert (wrong.status_code, wrong.json()["findings"][0]["code"]) == (422, "records.file_not_base64")
    assert caller.post(f"{path}/remove", {"file_id": row["id"]}).json()["state"] == "REMOVED"
    assert caller.get(path).json()["items"] == []
