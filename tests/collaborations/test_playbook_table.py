"""The playbooks that come with the product ask in every step for what the handbooks ask, cell by cell."""

import pytest

from scripts.playbook_table import NOT_THERE, PAGE, ROWS, cells_of, page, shipped

EXPECTED = """
step               | SEED_A | SEED_B | SEED_C | SEED_D
ASSESS             | – | – | – | F13 ASSESSMENT
REQUEST            | F01 → G01 | F01 OPINIONS → G01 G05 | F01 → G01 | F02 → G01
FIRST_REVIEW       | HEAD_REVIEW → G02 | – | – | –
APPROVAL request   | – | – | COLLAB_MANAGER → G04 | INITIATING_HEAD_CC → G04
ALIGN              | F03 CONSENSUS → G03 | F03 CONSENSUS → G03 | – | –
PLAN               | – | F05 F04 → G06 | – | –
APPROVAL plan      | – | EXECUTIVE_PLAN → G04 | – | –
FILING             | – | F26 → G07 | – | –
RESOURCE           | – | · | – | –
KICKOFF            | F07 F23 MINUTES → G08 | – | F07 F06 F23 → G08 G09 G10 G11 G12 | F07 MINUTES
PLAN after KICKOFF | – | – | – | F15 WRITTEN_CONFIRM → G30
EXECUTE            | F08 F12 → G23 | → G23 | F08 F14 → G23 | F10 → G23
ACCEPT|F16←F03 ACCEPTANCE → G24|F16←F03,F04 ACCEPTANCE → G24|F16←F01 ACCEPTANCE → G24|F16←F02 ACCEPTANCE → G24
RETRO              | F17 → G25 | F17 → G25 | – | F18 → G25
ARCHIVE            | F20 → G26 | F20 → G26 | F20 → G26 | F20 → G26
made up for        | – | – | – | –

step               | PROJECT | RESOURCE
ASSESS             | – | –
REQUEST            | F01 OPINIONS → G01 G05 | F01 → G01
FIRST_REVIEW       | HEAD_REVIEW → G02 | –
APPROVAL request   | COLLAB_MANAGER → G04 | F19 LOAN_FOUR → G22
ALIGN              | F03 CONSENSUS → G03 | F03 CONSENSUS → G03
PLAN               | F05 F06 F04 → G06 G09 G10 G11 G12 | –
APPROVAL plan      | EXECUTIVE_PLAN → G04 | –
FILING             | F26 → G07 | –
RESOURCE           | · | → G21
KICKOFF            | F07 F23 MINUTES → G08 | –
PLAN after KICKOFF | – | –
EXECUTE            | F12 F14 → G23 | → G23
ACCEPT             | F16←F03,F04 ACCEPTANCE → G24 | F16←F03,F19 ACCEPTANCE → G24
RETRO              | F17 → G25 | –
ARCHIVE            | F20 → G26 | F20 → G26
made up for        | – | –

step               | EMERGENCY | RECURRING
ASSESS             | F25 → G17 | –
REQUEST            | – | F01 F27 → G01
FIRST_REVIEW       | – | –
APPROVAL request   | – | COLLAB_MANAGER → G04
ALIGN              | – | –
PLAN               | – | –
APPROVAL plan      | – | –
FILING             | – | –
RESOURCE           | – | –
KICKOFF            | F07 | F07 F06 F23 → G08 G09 G10 G11 G12
PLAN after KICKOFF | F15 LEAD_CONFIRM | –
EXECUTE            | F14 F32? → G23 | ·
ACCEPT             | F16←F02 ACCEPTANCE → G24 | ·
RETRO              | F17/F18 → G18 G25 | F17
ARCHIVE            | F20 → G26 | F20 → G26
made up for        | F13 F02 ASSESSMENT INITIATING_HEAD_CC MINUTES CONFIRM_AFTER → enter:RETRO | –
"""
"""What the tables of the handbooks say, told apart from the texts. A playbook that is shipped gets its column here.

One reading of ours: the paper of a secondment (F19) is written where its four consents are asked, not a step later;
the short assessment of an emergency stands on F25, and the whole one (F13) is made up for. What a period of recurring
operations waits for is no form: its contributions and its acceptance."""


def expected() -> dict[str, dict[str, str]]:
    """Playbook → row → cell."""
    told: dict[str, dict[str, str]] = {}
    for block in EXPECTED.strip().split("\n\n"):
        lines = [[cell.strip() for cell in line.split("|")] for line in block.split("\n")]
        for column, key in enumerate(lines[0][1:], 1):
            told[key] = {line[0]: line[column] for line in lines[1:]}
    return told


def test_every_shipped_playbook_has_its_column_and_no_other():
    assert set(expected()) == set(shipped())
    assert all(tuple(cells) == ROWS for cells in expected().values())


@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_playbook_asks_in_every_step_for_what_its_handbook_asks(key):
    cells = cells_of(shipped()[key])
    assert set(cells) <= set(ROWS)
    assert {row: cells.get(row, NOT_THERE) for row in ROWS} == expected()[key]


def test_the_page_says_what_the_texts_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/playbook_table.py"
