"""What witnesses are given, that it reaches them, and that nobody who rewrites everything gets past it."""

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.db.models import F

from bihuan.cli.main import main
from bihuan.evidence import witnesses
from bihuan.evidence.models import Handing, Statement
from bihuan.evidence.queries import unwitnessed_since, witness_cards
from bihuan.ledger import keys, witnessing
from bihuan.ledger.enums import Fault
from bihuan.ledger.models import Chain, Seal, SealedHead
from bihuan.ledger.sealing import seal_all
from bihuan.ledger.verification import Problem, verify
from bihuan.ledger.witnessing import read_given
from bihuan.outbox import operations as outbox
from bihuan.outbox.models import Delivery
from tests.evidence.dossiers import dossier_of, found_in
from tests.ledger.checks import rewriting
from tests.ledger.facts import FIRST, SECOND, harm, note, note_many

COMMITTED = pytest.mark.django_db(transaction=True)
MINUTES = timedelta(minutes=1)


def use(monkeypatch: pytest.MonkeyPatch, **options: object) -> None:
    monkeypatch.setattr(django_settings, "OPTIONS", django_settings.OPTIONS.model_copy(update=options))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of the witness."""
    use(monkeypatch, witness_file=str(tmp_path / "witness.jsonl"))
    return tmp_path / "witness.jsonl"


def work(at: datetime) -> None:
    while outbox.run_once(at=at, limit=10, outside=True):
        pass


def stated(at: datetime) -> Statement:
    seal_all(at=at)
    made = witnesses.state(at=at)
    assert made is not None
    work(at)
    return made


def rewrite_everything() -> None:
    """By somebody with the database and the key: the first chain is told anew, then all seals, heads and signatures."""
    seals = list(Seal.objects.order_by("seq"))
    harm(*rewriting(FIRST, start=1), ("DELETE FROM ledger_sealedhead", []), ("DELETE FROM ledger_seal", []))
    Chain.objects.update(sealed_length=0)
    for seal in seals:
        seal_all(at=seal.at)
    assert verify().problems == []


@COMMITTED
def test_a_whole_rewrite_with_the_stolen_key_is_caught_against_the_witness(at: datetime, kept: Path) -> None:
    note_many(FIRST, at, 3)
    note(SECOND, at)
    made = stated(at)
    given = read_given(kept.read_text())
    assert (verify(witnessed=given).problems, kept.read_text()) == ([], made.text + "\n")
    rewrite_everything()
    assert verify(witnessed=given).problems == [Problem("witness", 1, Fault.WITNESS_DIFFERS)]


@COMMITTED
def test_a_ledger_that_went_on_still_fits_what_the_witness_has(at: datetime, kept: Path) -> None:
    note(FIRST, at)
    stated(at)
    note(SECOND, at)
    note(FIRST, at)
    stated(at)
    first, second = read_given(kept.read_text())
    assert (first.content.chains, second.content.chains) == (1, 2)
    assert witnessing.root_as_of(first.content.seal) == first.content.merkle_root
    assert verify(witnessed=[second, first]).problems == []
    harm(("DELETE FROM ledger_sealedhead WHERE seal_id IN (SELECT id FROM ledger_seal WHERE seq = 2)", []))
    assert Problem("witness", 2, Fault.WITNESS_DIFFERS) in verify(witnessed=[first, second]).problems


@COMMITTED
def test_a_statement_changed_on_its_way_or_by_a_stranger_does_not_fit(at: datetime, kept: Path) -> None:
    note(FIRST, at)
    said = json.loads(stated(at).text)
    for name, value in {"merkle_root": "0" * 64, "chains": 7, "signature": "00" * 64, "seal_hash": "0" * 64}.items():
        (given,) = read_given(json.dumps({**said, name: value}))
        assert verify(witnessed=[given]).problems == [Problem("witness", 1, Fault.WITNESS_DIFFERS)], name
    stranger = keys.Ed25519PrivateKey.generate()
    (given,) = read_given(json.dumps({**said, "public_key": keys.public_half(stranger)}))
    assert verify(witnessed=[given]).problems != []


@COMMITTED
def test_it_is_stated_once_in_the_interval_and_only_what_is_new(
    at: datetime, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert witnesses.state_when_due(at=at) is None
    note(FIRST, at)
    seal_all(at=at)
    assert witnesses.state_when_due(at=at) is not None
    note(FIRST, at)
    seal_all(at=at)
    assert witnesses.state_when_due(at=at + 59 * MINUTES) is None
    assert witnesses.state_when_due(at=at + 60 * MINUTES) is not None
    assert witnesses.state_when_due(at=at + 180 * MINUTES) is None
    assert list(Statement.objects.order_by("seal").values_list("seal", flat=True)) == [1, 2]
    note(FIRST, at)
    seal_all(at=at)
    keys.key_path().unlink()
    assert witnesses.state_when_due(at=at + 300 * MINUTES) is None
    use(monkeypatch, witness_file="")
    assert (witnesses.state_when_due(at=at + 300 * MINUTES), Delivery.objects.count()) == (None, 2)


class Listener(BaseHTTPRequestHandler):
    """Answers as it is told to and keeps what it gets."""

    answers: list[int] = []
    got: list[bytes] = []

    def do_POST(self) -> None:
        self.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.answers.pop(0))
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing is printed in tests."""


@pytest.fixture
def listener() -> Iterator[tuple[str, type[Listener]]]:
    server = HTTPServer(("127.0.0.1", 0), Listener)
    Listener.answers, Listener.got = [], []
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/witness", Listener
    server.shutdown()
    thread.join()
    server.server_close()


@COMMITTED
def test_an_address_that_refuses_is_asked_again_and_a_redirection_is_not_followed(
    at: datetime, listener: tuple[str, type[Listener]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, heard = listener
    use(monkeypatch, witness_url=address)
    heard.answers = [500, 302, 204]
    note(FIRST, at)
    made = stated(at)
    assert [body.decode() for body in heard.got] == [made.text]
    (card,) = witness_cards(at)
    assert (card.handed_at, card.waiting_since, card.is_late) == (None, at, False)
    assert [each.is_late for each in witness_cards(at + 71 * MINUTES)] == [True]
    later = at + timedelta(hours=1)
    work(later)
    assert (len(heard.got), Handing.objects.get().handed_at) == (2, None)
    work(later + timedelta(hours=1))
    (card,) = witness_cards(later)
    assert (card.seal, card.handed_at, card.error, card.is_late) == (1, later + timedelta(hours=1), "", False)
    assert [body.decode() for body in heard.got] == [made.text] * 3


@COMMITTED
def test_what_is_given_up_stands_on_the_card_until_the_next_is_taken(
    at: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, witness_file=str(tmp_path / "none" / "witness.jsonl"))
    note(FIRST, at)
    stated(at)
    Delivery.objects.update(last_attempt=F("attempts") + 1)
    work(at + timedelta(days=1))
    (card,) = witness_cards(at)
    assert (card.is_late, card.error.split(":")[0]) == (True, "FileNotFoundError")
    (tmp_path / "none").mkdir()
    note(FIRST, at)
    stated(at + timedelta(days=1))
    (card,) = witness_cards(at)
    assert (card.seal, card.error, card.is_late, card.waiting_since) == (2, "", False, None)


class Box:
    """A mailbox on a server of its own."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        return "250 taken"


@COMMITTED
def test_a_mail_can_be_verified_against_as_it_was_saved(
    at: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    sender = {"mail_host": "127.0.0.1", "mail_port": port, "mail_security": "none", "mail_from": "b@example.com"}
    use(monkeypatch, witness_mail="auditor@example.com", **sender)
    note(FIRST, at)
    stated(at)
    server.stop()
    (mail,) = box.mails
    (tmp_path / "saved.eml").write_bytes(mail)
    given = read_given((tmp_path / "saved.eml").read_text())
    assert (b"To: auditor@example.com" in mail, verify(witnessed=given).problems) == (True, [])
    assert witness_cards(at)[0].handed_at == at


@COMMITTED
def test_that_nothing_was_stated_for_too_long_is_known(at: datetime, kept: Path) -> None:
    note(FIRST, at)
    stated(at)
    assert unwitnessed_since(at + timedelta(days=1)) is None
    note(FIRST, at)
    seal_all(at=at)
    assert (unwitnessed_since(at + 60 * MINUTES), unwitnessed_since(at + 71 * MINUTES)) == (None, at)


@COMMITTED
def test_the_command_states_now_and_verifies_against_the_file(
    at: datetime, kept: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    note(FIRST, at)

    def run(*more: str) -> tuple[int, str]:
        code = main(["ledger", *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    assert run("witness", "--now") == (0, f"file {kept}: seal None\n")
    work(at + timedelta(days=3650))
    code, said = run("witness", "--json")
    assert (code, json.loads(said)[0]["seal"]) == (0, 1)
    assert run("verify", "--witness", str(kept)) == (0, "1 entries in 1 chains, 1 seals: as written.\n")
    rewrite_everything()
    code, said = run("verify", "--witness", str(kept))
    assert (code, said.splitlines()[1:]) == (1, ["witness seq 1: WITNESS_DIFFERS"])
    for content in ("", '{"seal": 1}', "{"):
        (tmp_path / "bad").write_text(content)
        assert run("verify", "--witness", str(tmp_path / "bad"))[0] == 2
    keys.key_path().unlink()
    assert run("witness", "--now")[0] == 1


@pytest.mark.django_db
def test_a_dossier_leads_to_what_the_witness_has(campaign: Any, kept: Path, tmp_path: Path) -> None:
    """Two other matters are sealed behind it before anybody is told; the dossier holds the seals between."""
    _, content = dossier_of(campaign)
    path = tmp_path / "dossier.zip"
    path.write_bytes(content)
    kept.write_text(Statement.objects.get().text + "\n")
    assert found_in(path, witness=kept) == ""
    said = json.loads(Statement.objects.get().text)
    kept.write_text(json.dumps({**said, "seal_hash": "0" * 64}))
    assert found_in(path, witness=kept) == "seals.json: seal 1: is not the one the witness was given"
    kept.write_text(json.dumps({**said, "seal": 99}))
    assert found_in(path, witness=kept) == "witness: was given nothing yet since the last entry"


@pytest.mark.django_db
def test_a_dossier_is_linked_over_seals_of_other_matters(campaign: Any, kept: Path, tmp_path: Path) -> None:
    seal_all(at=campaign.at)
    for other in (SECOND, FIRST):
        note(type(other)("elsewhere", other.id), campaign.at)
        seal_all(at=campaign.at)
    _, content = dossier_of(campaign)
    path = tmp_path / "dossier.zip"
    path.write_bytes(content)
    made = Statement.objects.get()
    kept.write_text(made.text + "\n")
    assert (found_in(path, witness=kept), made.seal, SealedHead.objects.filter(seal__seq=3).count()) == ("", 3, 1)
