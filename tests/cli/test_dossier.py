"""`bihuan dossier export`: the archive, and what it is refused for."""

import json
from pathlib import Path
from typing import Any

import pytest

from bihuan.cli.main import main
from bihuan.ledger import keys
from tests.evidence.dossiers import found_in
from tests.witness import facts_since, last_entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def test_a_matter_is_taken_out_by_its_number_and_checked(
    campaign: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign.carry_to("ALIGN")
    target, seen = tmp_path / "all.zip", last_entry()

    def run(*more: str) -> tuple[int, str, str]:
        code = main(["dossier", "export", *more])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, _ = run("XZ-2026-0001", "--to", str(target), "--json")
    told = json.loads(out)
    assert (code, told["path"], told["bytes"]) == (0, str(target), target.stat().st_size)
    assert found_in(target, key=told["fingerprint"]) == ""
    assert [fact["name"] for fact in facts_since(seen)] == ["evidence.dossier.made"]
    seen = last_entry()
    assert run("XZ-2026-0001", "--to", str(target)) == (
        1, "", f"{target} is there already; nothing is overwritten.\n",
    )  # fmt: skip
    other = ("--to", str(tmp_path / "other.zip"))
    assert run("XZ-1999-0001", *other) == (1, "", "There is no matter XZ-1999-0001.\n")
    for account in ("qian", "nobody"):
        assert run("XZ-2026-0001", *other, "--as", account) == (
            1, "", "There is no matter XZ-2026-0001 for that person.\n",
        )  # fmt: skip
    keys.key_path().unlink()
    assert run("XZ-2026-0001", *other)[::2] == (
        1, "The key that signs is not in the data directory: see `bihuan ledger keys`.\n",
    )  # fmt: skip
    assert (last_entry(), (tmp_path / "other.zip").exists()) == (seen, False)
