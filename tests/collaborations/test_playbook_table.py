"""The playbooks that come with the product ask in every step for what the handbooks ask, cell by cell."""

from typing import NamedTuple

import pytest

from scripts.playbook_table import NOT_THERE, PAGE, ROWS, cells_of, page, shipped
from tests.collaborations.agreed_table import SPECIFICATION, cells_in, named_by, named_in, print_of

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
KICKOFF            | F07 F23 MINUTES → G08 | – | F07 F06 F23 RACI → G08 G09 G10 G11 G12 | F07 MINUTES
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
PLAN               | F05 F06 F04 RACI → G06 G09 G10 G11 G12 | –
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
KICKOFF            | F07 | F07 F06 F23 RACI → G08 G09 G10 G11 G12
PLAN after KICKOFF | F15 LEAD_CONFIRM | –
EXECUTE            | F14 F32? → G23 | ·
ACCEPT             | F16←F02 ACCEPTANCE → G24 | ·
RETRO              | F17/F18 → G18 G25 | F17
ARCHIVE            | F20 → G26 | F20 → G26
made up for        | F13 F02 ASSESSMENT INITIATING_HEAD_CC MINUTES CONFIRM_AFTER → enter:RETRO | –
"""
"""What the tables of the handbooks say, told apart from the texts. A playbook that is shipped gets its column here.

One reading of ours: the paper of a secondment (F19) is written where its four consents are asked, not a step later;
the short assessment of an emergency stands on F25, and the whole one (F13) is made up for. The matrix (F06) is
signed by heads with R or A, as the table of records says. What a period of recurring operations waits for is no form:
its contributions and its acceptance."""


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


class Read(NamedTuple):
    """What the agreed cell names and the playbook does not (`without`), the other way round (`besides`), and why."""

    why: str
    without: str = ""
    besides: str = ""


LIVES = "a tracker stands in no cell: what is open of it holds the step"
SIGNED = "the cell says in words that minutes are signed, the playbook by which route"
GOAL = "the cell says against what acceptance is held, the playbook names the form"
LATER = "an emergency meets before it plans, and makes up for its papers beside the way"
LOAN = "the paper of the loan is written where its consents are asked; its agreement is the consensus (F03)"
READ = {
    ("SEED_A", "KICKOFF"): Read(SIGNED, besides="MINUTES"),
    ("SEED_A", "EXECUTE"): Read(LIVES, "F22"),
    ("SEED_B", "RESOURCE"): Read(LIVES, "F19"),
    ("SEED_B", "EXECUTE"): Read(LIVES, "F05 F09 F11"),
    ("SEED_C", "EXECUTE"): Read(LIVES, "F06"),
    ("SEED_C", "ACCEPT"): Read(GOAL, besides="F01"),
    ("SEED_D", "KICKOFF"): Read("G29 is held by G04 of the step before; " + SIGNED, "G29", "MINUTES"),
    ("SEED_D", "ACCEPT"): Read(GOAL, besides="F02"),
    ("PROJECT", "RESOURCE"): Read(LIVES, "F19"),
    ("PROJECT", "KICKOFF"): Read("the matrix is asked for with the plan; " + SIGNED, "F06 G09 G10 G11 G12", "MINUTES"),
    ("PROJECT", "EXECUTE"): Read(LIVES, "F08 F09 F11"),
    ("EMERGENCY", "ASSESS"): Read(LATER, "F13"),
    ("EMERGENCY", "PLAN"): Read(LATER, "F15"),
    ("EMERGENCY", "PLAN after KICKOFF"): Read(LATER, besides="F15 LEAD_CONFIRM"),
    ("EMERGENCY", "KICKOFF"): Read("what is agreed at once are the minutes", besides="F07"),
    ("EMERGENCY", "EXECUTE"): Read("the customer is answered by F32, tickets stand in F14", besides="F14 F32"),
    ("EMERGENCY", "ACCEPT"): Read(GOAL, besides="F02"),
    ("EMERGENCY", "RETRO"): Read(LATER, "F02 F13"),
    ("EMERGENCY", "made up for"): Read(LATER, besides="F02 F13 INITIATING_HEAD_CC MINUTES CONFIRM_AFTER"),
    ("RESOURCE", "APPROVAL request"): Read(LOAN, besides="F19"),
    ("RESOURCE", "ALIGN"): Read(LOAN, besides="F03"),
    ("RESOURCE", "RESOURCE"): Read(LOAN, "F19"),
    ("RESOURCE", "EXECUTE"): Read("that the term has ended is a part of G23", besides="G23"),
    ("RESOURCE", "ACCEPT"): Read("duties and appraisal are held against the loan in F16", besides="F16 F03 F19"),
}
"""Where a cell names something else than the playbook that was made of it, and why it is the same."""
WORDS = """
step | SEED_A | SEED_B | SEED_C | SEED_D | PROJECT | EMERGENCY | RESOURCE | RECURRING
ASSESS             | d4f85d | d4f85d | d4f85d | d01a22 | d4f85d | d72218 | d4f85d | d4f85d
REQUEST            | 9542a2 | 28b89b | 9542a2 | 5fede7 | 3be3c6 | d4f85d | 9542a2 | 1e9835
FIRST_REVIEW       | 45e949 | d4f85d | d4f85d | d4f85d | 760b89 | d4f85d | d4f85d | d4f85d
APPROVAL request   | d4f85d | d4f85d | 4a9cf6 | 3b4da2 | 4a9cf6 | d4f85d | 519247 | 4a9cf6
ALIGN              | ed797e | 754d20 | d4f85d | d4f85d | 8ddc1c | d4f85d | 3845f9 | d4f85d
PLAN               | d4f85d | 26ad97 | d4f85d | 91c0f5 | 7db5d2 | f2d828 | d4f85d | d4f85d
APPROVAL plan      | d4f85d | 9b71b6 | d4f85d | d4f85d | a343e4 | d4f85d | d4f85d | d4f85d
FILING             | d4f85d | 06ab2c | d4f85d | d4f85d | a343e4 | d4f85d | d4f85d | d4f85d
RESOURCE           | d4f85d | 588036 | d4f85d | d4f85d | a343e4 | d4f85d | 188be4 | d4f85d
KICKOFF            | aa1f67 | d4f85d | 71431d | 1ef8c4 | cca485 | f010a9 | d4f85d | bc4558
PLAN after KICKOFF | d4f85d | d4f85d | d4f85d | d19599 | – | – | – | –
EXECUTE            | d4542e | d75b3b | 3547af | e308a2 | 916436 | 29b9f0 | 39a9e2 | d884fb
ACCEPT             | 1aa157 | 152058 | 606f59 | 9d44fc | 980080 | e1184c | c1eaca | 98035a
RETRO              | e63584 | e63584 | d4f85d | 1131fa | e63584 | a6a1af | d4f85d | f7d081
ARCHIVE            | 66dd42 | 66dd42 | befe10 | 66dd42 | 66dd42 | 66dd42 | 66dd42 | f58ab0
"""
"""How each cell was worded when the column above was transcribed of it (`print_of`)."""


@pytest.mark.shared
@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside the checkout")
class TestAgreed:
    """The column above is transcribed by hand; here it is held against the table itself, cell by cell."""

    @pytest.mark.parametrize("key", sorted(expected()))
    def test_each_cell_names_what_the_agreed_one_names(self, key):
        agreed = cells_in(SPECIFICATION.read_text(encoding="utf-8"))
        differs = {}
        for row in ROWS:
            told, asked = named_in(expected()[key][row].replace("?", "")), named_by(agreed, (key, row))
            read = READ.get((key, row), Read(""))
            if (asked - told, told - asked) != (set(read.without.split()), set(read.besides.split())):
                differs[row] = (sorted(asked), sorted(told))
        assert differs == {}

    def test_no_cell_is_worded_otherwise_than_when_it_was_transcribed(self):
        agreed = cells_in(SPECIFICATION.read_text(encoding="utf-8"))
        header, *lines = [[cell.strip() for cell in line.split("|")] for line in WORDS.strip().split("\n")]
        known = {(key, row): cell for row, *cells in lines for key, cell in zip(header[1:], cells, strict=True)}
        assert {place: print_of(cell) for place, cell in agreed.items()} == {
            place: cell for place, cell in known.items() if cell != NOT_THERE
        }

    def test_a_cell_that_changes_is_noticed(self):
        agreed = cells_in(SPECIFICATION.read_text(encoding="utf-8").replace("EXECUTIVE_PLAN → G04", "HEAD_PLAN → G04"))
        assert named_by(agreed, ("SEED_B", "APPROVAL plan")) == {"HEAD_PLAN", "G04"}
        assert named_by(agreed, ("PROJECT", "APPROVAL plan")) == {"HEAD_PLAN", "G04"}, "taken over from another column"
        assert print_of("F26 → G07") != print_of("F26 → G08")


def test_a_span_of_guards_is_all_of_them_and_a_time_rule_no_form():
    assert named_in("F07 F06, T05 → G08, G09–G11; OPINIONS answered") == {
        "F07", "F06", "G08", "G09", "G10", "G11", "OPINIONS"
    }  # fmt: skip
