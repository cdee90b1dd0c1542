import io
import sys

import pytest

from bihuan.cli.main import main
from bihuan.ledger.models import Entry
from bihuan.organisation.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "battery staple horse"
Output = pytest.CaptureFixture[str]


def run(monkeypatch: pytest.MonkeyPatch, capsys: Output, *arguments: str, typed: str = PASSWORD) -> tuple[int, str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
    code = main(["administrator", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def facts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("name", flat=True))


def test_the_first_administrator_is_added_with_a_password(monkeypatch, capsys):
    assert run(monkeypatch, capsys, "gao", "--name", "高翔") == (0, "gao signs in as an administrator.\n")
    person = Person.objects.get()
    assert (person.username, person.name, person.is_administrator) == ("gao", "高翔", True)
    assert person.check_password(PASSWORD)
    assert facts() == ["organisation.person.added", "organisation.password.set"]


def test_an_account_that_is_there_gets_the_right_and_a_new_password(monkeypatch, capsys):
    run(monkeypatch, capsys, "gao")
    Person.objects.update(is_administrator=False)
    assert run(monkeypatch, capsys, "gao", "--name", "别人", typed="another long one")[0] == 0
    person = Person.objects.get()
    assert (person.name, person.is_administrator) == ("gao", True)
    assert person.check_password("another long one")
    assert facts()[2:] == ["organisation.person.changed", "organisation.password.set"]


@pytest.mark.parametrize(("account", "typed"), [("gao", "short"), ("gao", ""), ("  ", PASSWORD)])
def test_a_refusal_writes_nothing_and_says_why(monkeypatch, capsys, account, typed):
    code, said = run(monkeypatch, capsys, account, typed=typed)
    assert code == 1
    assert len(said) > 10
    assert (Person.objects.count(), Entry.objects.count()) == (0, 0)


def test_somebody_who_has_left_is_not_let_in_again(monkeypatch, capsys):
    run(monkeypatch, capsys, "gao")
    Person.objects.update(is_active=False)
    before = facts()
    assert run(monkeypatch, capsys, "gao")[0] == 1
    assert facts() == before
