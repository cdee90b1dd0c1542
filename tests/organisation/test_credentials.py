from datetime import date, timedelta
from typing import Any

import pytest

from bihuan.kernel.actor import SYSTEM
from bihuan.kernel.errors import NotAllowed, NotFound, Refused
from bihuan.ledger.models import Entry, EntryBody
from bihuan.organisation import operations, queries
from bihuan.organisation.models import Person, Token
from tests.cast import Company

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def state() -> list[Any]:
    return [list(Person.objects.order_by("pk").values()), list(Token.objects.values()), Entry.objects.count()]


def last() -> tuple[str, int]:
    entry = Entry.objects.order_by("pk").last()
    return entry.name, entry.subject_id


def test_an_administrator_sets_a_password_that_stands_in_no_fact(company: Company, at) -> None:
    operations.set_password(company.staff.pk, password=PASSWORD, actor=company.administrator, at=at)
    assert Person.objects.get(pk=company.staff.pk).check_password(PASSWORD)
    assert last() == ("organisation.password.set", company.staff.pk)
    assert not EntryBody.objects.filter(body__contains=PASSWORD).exists()


@pytest.mark.parametrize("present", [None, "", "wrong"])
def test_ones_own_password_changes_only_with_the_present_one(company: Company, at, present: str | None) -> None:
    operations.set_password(company.staff.pk, password=PASSWORD, actor=SYSTEM, at=at)
    before, actor = state(), company.actor("市场专员")
    with pytest.raises(Refused) as caught:
        operations.set_password(company.staff.pk, password="another horse", present=present, actor=actor, at=at)
    assert [finding.code for finding in caught.value.findings] == ["organisation.password_wrong"]
    assert state() == before
    operations.set_password(company.staff.pk, password="another horse", present=PASSWORD, actor=actor, at=at)
    assert Person.objects.get(pk=company.staff.pk).check_password("another horse")


@pytest.mark.parametrize("weak", ["", "short", "password123"])
def test_a_weak_password_is_refused_with_its_reason(company: Company, at, weak: str) -> None:
    before = state()
    with pytest.raises(Refused) as caught:
        operations.set_password(company.staff.pk, password=weak, actor=company.administrator, at=at)
    assert {finding.code for finding in caught.value.findings} == {"organisation.password_weak"}
    assert state() == before


def test_nobody_sets_somebody_elses_password(company: Company, at) -> None:
    before = state()
    with pytest.raises(NotAllowed):
        operations.set_password(company.lead.pk, password=PASSWORD, actor=company.actor("市场部负责人"), at=at)
    with pytest.raises(NotFound):
        operations.set_password(999999, password=PASSWORD, actor=company.administrator, at=at)
    assert state() == before


def test_own_settings_are_saved_once_and_recorded_once(company: Company, at) -> None:
    actor = company.actor("市场专员")
    for _ in range(2):
        operations.change_own_settings(language="en", time_zone="Europe/Berlin", theme="dark", actor=actor, at=at)
    person = Person.objects.get(pk=company.staff.pk)
    assert (person.language, person.time_zone, person.theme) == ("en", "Europe/Berlin", "dark")
    assert Entry.objects.filter(name="organisation.person.changed").count() == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"language": "xx"}, "organisation.value_unknown"),
        ({"theme": "neon"}, "organisation.value_unknown"),
        ({"time_zone": "../../etc/passwd"}, "organisation.value_unknown"),
        ({"email": "nobody"}, "organisation.email_malformed"),
        ({"phone": "1" * 41}, "organisation.name_too_long"),
    ],
)
def test_impossible_settings_are_refused(company: Company, at, values: dict[str, str], code: str) -> None:
    before = state()
    with pytest.raises(Refused) as caught:
        operations.change_own_settings(**values, actor=company.actor("市场专员"), at=at)
    assert [finding.code for finding in caught.value.findings] == [code]
    assert state() == before


def test_the_machine_has_no_settings_and_no_tokens(at) -> None:
    with pytest.raises(NotAllowed):
        operations.change_own_settings(theme="dark", actor=SYSTEM, at=at)
    with pytest.raises(NotAllowed):
        operations.issue_token(name="x", scopes=["read"], actor=SYSTEM, at=at)


def test_a_token_opens_with_its_secret_which_is_kept_nowhere(company: Company, at) -> None:
    token, secret = operations.issue_token(
        name="报表", scopes=["write", "read", "read"], actor=company.actor("市场专员"), at=at
    )
    found = queries.token_for(secret, at)
    assert found == token
    assert found.person == company.staff
    assert token.scopes == ["read", "write"]
    assert secret not in str(list(Token.objects.values())) + str(list(EntryBody.objects.values()))
    assert last() == ("organisation.token.issued", token.pk)


def test_a_token_ends_by_expiry_revocation_or_leaving(company: Company, at) -> None:
    actor, end = company.actor("市场专员"), at + timedelta(days=1)
    expiring, first = operations.issue_token(name="a", scopes=["read"], expires_at=end, actor=actor, at=at)
    revoked, second = operations.issue_token(name="b", scopes=["read"], actor=actor, at=at)
    assert queries.token_for(first, end - timedelta(seconds=1)) == expiring
    assert queries.token_for(first, end) is None
    operations.revoke_token(revoked.pk, actor=actor, at=at)
    assert last() == ("organisation.token.revoked", revoked.pk)
    assert queries.token_for(second, at) is None
    operations.deactivate_person(company.staff.pk, actor=SYSTEM, at=at)
    assert queries.token_for(first, at) is None
    assert queries.token_for("", at) is None
    assert queries.token_for("bh_\ud800", at) is None


def test_only_the_owner_or_an_administrator_revokes_a_token_and_only_once(company: Company, at) -> None:
    token, _ = operations.issue_token(name="a", scopes=["read"], actor=company.actor("市场专员"), at=at)
    before = state()
    with pytest.raises(NotFound):
        operations.revoke_token(token.pk, actor=company.actor("市场部负责人"), at=at)
    assert state() == before
    operations.revoke_token(token.pk, actor=company.administrator, at=at)
    with pytest.raises(NotFound):
        operations.revoke_token(token.pk, actor=company.administrator, at=at)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "", "scopes": ["read"]}, "organisation.name_missing"),
        ({"name": "x", "scopes": []}, "organisation.token_scope_unknown"),
        ({"name": "x", "scopes": ["read", "admin"]}, "organisation.token_scope_unknown"),
    ],
)
def test_an_impossible_token_is_refused(company: Company, at, values: dict[str, Any], code: str) -> None:
    before = state()
    with pytest.raises(Refused) as caught:
        operations.issue_token(**values, actor=company.actor("市场专员"), at=at)
    assert [finding.code for finding in caught.value.findings] == [code]
    with pytest.raises(Refused):
        operations.issue_token(name="x", scopes=["read"], expires_at=at, actor=company.actor("市场专员"), at=at)
    assert state() == before


def test_the_day_of_last_use_is_remembered(company: Company, at) -> None:
    token, _ = operations.issue_token(name="a", scopes=["read"], actor=company.actor("市场专员"), at=at)
    operations.note_token_use(token, at=at)
    token.refresh_from_db()
    assert token.last_used_on == date(2026, 11, 17)
