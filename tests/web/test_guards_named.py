"""Guards stand on pages with what they ask."""

from bihuan.collaborations import guards
from bihuan.web.playbooks.guarding import ASKED


def test_every_guard_says_what_it_asks():
    assert set(ASKED) == guards.known()


def test_a_playbook_says_in_words_what_must_hold(playbooks, company, client_for):
    page = client_for(company.people["市场专员"]).get("/playbooks/SEED_A/").content.decode()
    assert "每个部门都已表态，每一条都得到它所约束部门的同意" in page
    page = client_for(company.people["PMO专员"]).get("/playbooks/write?from=SEED_A").content.decode()
    assert "复盘写明原因与改进" in page
