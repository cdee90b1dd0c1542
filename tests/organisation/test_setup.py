"""What is missing before people can work together, in the guide and in `bihuan doctor`; and who stands above whom."""

import pytest

from bihuan.cli import doctor
from bihuan.collaborations.operations import publish_shipped_playbooks
from bihuan.kernel.actor import SYSTEM
from bihuan.organisation import operations, queries
from tests.cast import Company

pytestmark = pytest.mark.django_db


def test_an_empty_installation_is_told_step_by_step_what_is_missing(client_for, at) -> None:
    first = operations.add_person(
        username="root", name="管理员", password="long enough 7 words", is_administrator=True, actor=SYSTEM, at=at
    )
    page = client_for(first).get("/guide").content.decode()
    assert "0/10" in page
    assert "/sites/add" in page
    assert 'href="/guide"' in client_for(first).get("/").content.decode()
    assert told()["departments"] == (True, "0; at least two, at /guide or by `bihuan import`")
    assert "none is published" in doctor.playbooks().said


def test_the_guide_goes_on_where_it_was_left(company: Company, client_for, at, settings) -> None:
    admin = client_for(company["管理员"])
    before = admin.get("/guide").content.decode()
    assert "4/10" in before
    operations.add_site(name="上海", time_zone="Asia/Shanghai", actor=SYSTEM, at=at)
    publish_shipped_playbooks(at=at)
    assert "6/10" in admin.get("/guide").content.decode()
    assert "BIHUAN_MAIL_HOST" in before
    mail = {"mail_host": "mail.example.com", "mail_from": "bihuan@example.com"}
    settings.OPTIONS = settings.OPTIONS.model_copy(update=mail)
    after = admin.get("/guide").content.decode()
    assert ("7/10" in after, "bihuan@example.com" in after) == (True, True)
    assert 'href="/imports/"' in after
    assert "/guide" in admin.get("/departments/").content.decode()
    assert "/guide" not in client_for(company.staff).get("/departments/").content.decode()


def told() -> dict[str, tuple[bool, str]]:
    """What the doctor says of each part of the organisation, none of which is broken."""
    found = list(doctor.organisation())
    assert all(check.ok for check in found)
    return {check.name: (check.is_missing, check.said) for check in found}


def test_the_doctor_names_what_is_missing_and_does_not_call_it_broken(company: Company, at) -> None:
    assert list(told()) == ["administrator", "site", "departments", "people", "offices"]
    assert told()["site"] == (True, "0; add one at /sites/add")
    assert told()["departments"][0] is False
    assert told()["offices"][0] is True
    type(company.staff).objects.update(is_administrator=False)
    assert told()["administrator"] == (True, "0; `bihuan administrator`")
    assert (doctor.playbooks().ok, doctor.playbooks().mark) == (True, "todo")


@pytest.mark.parametrize(
    ("person", "superior"), [("市场专员", "王敏"), ("市场部负责人", "徐国栋"), ("无岗位", None), ("分管副总", None)]
)
def test_the_superior_is_the_nearest_head_above_else_the_executive(company: Company, at, person, superior) -> None:
    found = queries.superior_of(company[person].pk, at)
    assert (found.name if found else None) == superior
