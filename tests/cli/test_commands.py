import json
import os
import re
from datetime import datetime
from pathlib import Path

import pytest

from bihuan.cli.main import main
from bihuan.ledger.models import Entry
from bihuan.ledger.sealing import seal_all
from bihuan.outbox import operations as outbox
from bihuan.outbox.enums import State
from bihuan.outbox.models import Delivery
from tests.ledger.facts import FIRST, SECOND, harm, note, note_many

COMMITTED = pytest.mark.django_db(transaction=True)
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings) -> None:
    settings.DATA_DIR = tmp_path


def run(capsys: Output, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


@COMMITTED
def test_ledger_verify_is_green_on_what_was_written(capsys: Output, at: datetime) -> None:
    note_many(FIRST, at, 2)
    seal_all(at=at)
    assert run(capsys, "ledger", "verify") == (0, "2 entries in 1 chains, 1 seals: as written.\n", "")
    code, out, _ = run(capsys, "ledger", "verify", "--json")
    assert (code, json.loads(out)) == (0, {"ok": True, "entries": 2, "chains": 1, "seals": 1, "problems": []})


@COMMITTED
def test_ledger_verify_is_red_and_names_the_first_bad_entry(capsys: Output, at: datetime) -> None:
    note_many(FIRST, at, 3)
    harm(("UPDATE ledger_entry SET actor_name = 'x' WHERE seq = 2", []))
    assert run(capsys, "ledger", "verify") == (
        1,
        "3 entries in 1 chains, 0 seals: NOT as written.\nmatter:1 seq 2: ENTRY_CHANGED\n",
        "",
    )
    code, out, _ = run(capsys, "ledger", "verify", "--json")
    assert (code, json.loads(out)["problems"]) == (
        1,
        [{"chain": "matter:1", "seq": 2, "what": "ENTRY_CHANGED"}],
    )


@COMMITTED
def test_ledger_seal_prints_the_anchor_that_verify_takes(capsys: Output, at: datetime, tmp_path: Path) -> None:
    note(FIRST, at)
    code, out, _ = run(capsys, "ledger", "seal", "--json")
    (card,) = json.loads(out)
    assert (code, card["seq"], card["leaves"]) == (0, 1, 1)
    key = tmp_path / "ledger" / "seal.pub"
    assert run(capsys, "ledger", "verify", "--anchor", card["hash"], "--public-key", str(key))[0] == 0
    assert run(capsys, "ledger", "verify", "--anchor", "0" * 64)[0] == 1
    assert run(capsys, "ledger", "verify", "--public-key", str(tmp_path / "none"))[0] == 2
    assert run(capsys, "ledger", "seal") == (0, "Nothing new to seal.\n", "")


@COMMITTED
def test_ledger_export_prints_one_value_per_line(capsys: Output, at: datetime) -> None:
    note(FIRST, at, "一")
    note(SECOND, at)
    seal_all(at=at)
    code, out, _ = run(capsys, "ledger", "export")
    assert (code, [json.loads(line)["type"] for line in out.splitlines()]) == (0, ["entry", "entry", "seal"])
    code, out, _ = run(capsys, "ledger", "export", "--root", "matter:1")
    assert [json.loads(line)["body"] for line in out.splitlines()] == ['{"text":"一"}']
    assert run(capsys, "ledger", "export", "--root", "nonsense")[0] == 2


@COMMITTED
def test_outbox_lists_what_is_owed_and_what_was_given_up(capsys: Output, at: datetime) -> None:
    key = outbox.post("t", {"n": 1}, at=at).key
    code, out, _ = run(capsys, "outbox", "list", "--json")
    assert (code, [card["id"] for card in json.loads(out)]) == (0, [key])
    assert run(capsys, "outbox", "dead") == (0, "None.\n", "")
    Delivery.objects.update(state=State.DEAD, attempts=15, last_error="Traceback\nConnectionError: away\n")
    code, out, _ = run(capsys, "outbox", "dead")
    assert (code, out.startswith(key), out.rstrip().endswith("ConnectionError: away")) == (0, True, True)


@COMMITTED
def test_outbox_replay_owes_again_and_says_what_it_could_not(capsys: Output, at: datetime) -> None:
    dead, alive = outbox.post("t", {}, at=at).key, outbox.post("t", {}, at=at).key
    Delivery.objects.filter(key=dead).update(state=State.DEAD, attempts=15)
    code, out, _ = run(capsys, "outbox", "replay", dead, alive, "none", "--json")
    assert (code, json.loads(out)) == (
        1,
        {"replayed": [dead], "refused": {alive: "outbox.not_dead", "none": "kernel.not_found"}},
    )
    assert Entry.objects.get().name == "outbox.delivery_replayed"
    Delivery.objects.update(state=State.DEAD)
    assert run(capsys, "outbox", "replay", "--all") == (0, "2 replayed.\n", "")
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.PENDING}


@COMMITTED
def test_doctor_says_what_is_wrong(capsys: Output, at: datetime, settings, tmp_path: Path, monkeypatch) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "main.js").touch()
    code, out, _ = run(capsys, "doctor", "--json")
    assert (code, {check["name"]: check["ok"] for check in json.loads(out)["checks"]}) == (
        0,
        dict.fromkeys(
            [
                "configuration",
                "options",
                "front end",
                "database",
                "migrations",
                "outbox",
                "dead letters",
                "last seal",
                "seal key",
                "witness",
                "search",
                "administrator",
                "site",
                "departments",
                "people",
                "offices",
                "first playbook",
                "mail",
            ],
            True,
        ),
    )
    (tmp_path / "dist" / "main.js").unlink()
    old = datetime.fromisoformat("2020-01-01T00:00:00+08:00")
    outbox.post("t", {}, at=old)
    Delivery.objects.filter(pk=outbox.post("t", {}, at=old).pk).update(state=State.DEAD)
    note(FIRST, old)
    monkeypatch.setenv("BIHUAN_MIAL_HOST", "smtp.example.com")
    code, out, _ = run(capsys, "doctor", "--json")
    bad = {check["name"] for check in json.loads(out)["checks"] if not check["ok"]}
    assert (code, bad) == (1, {"options", "front end", "outbox", "dead letters", "last seal"})
    told = run(capsys, "doctor")[1]
    assert "BAD  dead letters: 1, see `bihuan outbox dead`" in told
    assert re.search(r"BAD  options: BIHUAN_MIAL_HOST .*BIHUAN_MAIL_HOST.*bihuan\.W001", told)


@COMMITTED
def test_worker_once_does_what_is_due(capsys: Output, at: datetime) -> None:
    note(FIRST, at)
    code, out, _ = run(capsys, "worker", "--once")
    assert (code, out.endswith("deliveries tried.\n")) == (0, True)
    assert not Delivery.objects.filter(state=State.PENDING).exists()
    assert run(capsys, "ledger", "seal") == (0, "Nothing new to seal.\n", "")


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["web", "worker"])
def test_on_sqlite_one_process_does_everything(capsys: Output, command: str) -> None:
    if os.environ.get("BIHUAN_TEST_DATABASE") == "postgresql":
        return
    code, _, err = run(capsys, command)
    assert (code, "use `bihuan serve`" in err) == (1, True)


def test_a_command_is_needed(capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


@COMMITTED
def test_the_key_of_the_seals_is_changed_and_its_loss_is_named(capsys: Output, at: datetime, tmp_path: Path) -> None:
    note(FIRST, at)
    seal_all(at=at)
    said = "The key is there and can vouch for the next one: leave --lost out.\n"
    assert run(capsys, "ledger", "rotate-key", "--lost", "gone") == (1, "", said)
    code, out, _ = run(capsys, "ledger", "rotate-key", "--json")
    card = json.loads(out)
    assert (code, card["is_vouched_for"], card["until"]) == (0, True, None)
    code, out, _ = run(capsys, "ledger", "keys", "--json")
    said = json.loads(out)
    assert (code, said["state"], said["keys"][0]) == (0, "GOOD", card)
    assert [each["until"] for each in said["keys"]] == [None, card["at"]]
    (tmp_path / "ledger" / "seal.key").unlink()
    assert run(capsys, "ledger", "keys")[::2] == (1, "The key in the data directory: LOST.\n")
    assert "seal key: gone, nothing is sealed" in run(capsys, "doctor")[1]
