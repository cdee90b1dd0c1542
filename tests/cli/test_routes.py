"""`bihuan routes`."""

import pytest
from django.utils import translation

from bihuan.approvals import routing
from bihuan.cli.main import main
from bihuan.organisation.models import Deputy
from tests.witness import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys, playbooks):
    def ran(*words: str) -> tuple[int, str, str]:
        with translation.override("en"):
            code = main(["routes", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def test_a_route_is_listed_shown_exported_and_imported(run, tmp_path):
    assert "COLLAB_MANAGER  v1  Approval by the collaboration manager" in run("show")[1].split("\n")
    assert run("show", "EXECUTIVE_PLAN")[1].startswith("1. Executive in charge  all must sign  executive in charge of")
    file = tmp_path / "ours.yaml"
    file.write_text(run("export", "COLLAB_MANAGER")[1].replace("100000", "200000"), encoding="utf-8")
    assert run("import", str(file), "--note", "more") == (0, "COLLAB_MANAGER  v2\n", "")
    assert (routing.newest_version("COLLAB_MANAGER").note, run("lint", "COLLAB_MANAGER")) == ("more", (0, "", ""))


def test_what_cannot_be_completed_is_refused_with_its_line(run, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(run("export", "COLLAB_MANAGER")[1].replace("role: PMO", "role: KING"), encoding="utf-8")
    before = everything()
    code, _out, told = run("import", str(file), "--note", "x")
    assert code == 1
    assert told.startswith(f"{file}:")
    assert "This cannot be chosen here. Choose one of: EXECUTIVE, FILING" in told
    assert run("export", "NOWHERE") == (1, "", "NOWHERE: there is no such route.\n")
    assert run("lint", "NOWHERE")[0] == 1
    assert everything() == before


def test_deputies_in_a_circle_are_found(run, company, at):
    pair = [company["市场部负责人"], company["技术部负责人"]]
    for person, deputy in (pair, pair[::-1]):
        Deputy.objects.create(person=person, deputy=deputy, position=1, starts_on=at.date())
    code, _out, told = run("lint", "OPINIONS")
    assert code == 0
    assert "Deputies lead in a circle" in told
