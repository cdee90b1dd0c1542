"""People: added, changed, deactivated."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from bihuan.kernel.actor import Actor
from bihuan.kernel.errors import NotFound, Stale
from bihuan.kernel.findings import Finding, error
from bihuan.organisation.facts import PersonAdded, PersonChanged, PersonDeactivated
from bihuan.organisation.models import Charge, Deputy, DutyTurn, NameKey, Person, Post, Token
from bihuan.organisation.operations.leaving import left_with_nobody
from bihuan.organisation.operations.recording import record, refuse
from bihuan.organisation.policy import USERNAME_LIMIT, clean, name_findings, name_keys, search_text
from bihuan.organisation.queries import day_of
from bihuan.organisation.queries.effective import not_ended
from bihuan.organisation.rules import require_administrator

Held = QuerySet[Post] | QuerySet[Charge] | QuerySet[Deputy] | QuerySet[DutyTurn]

INSERT_KEY = "INSERT INTO organisation_namekey (person_id, key, place) VALUES (%s, %s, %s)"
FIELDS = ("name", "name_en", "email", "phone", "is_administrator")


class PersonValues(TypedDict, total=False):
    name: str
    name_en: str
    email: str
    phone: str
    is_administrator: bool


@transaction.atomic
def add_person(
    *, username: str, password: str | None = None, actor: Actor, at: datetime, **values: Unpack[PersonValues]
) -> Person:
    """Add a person; without a password they cannot sign in until one is set. Fact PersonAdded.

    Raises NotAllowed; Refused when the account name is missing or in use or the name is missing.
    """
    require_administrator(actor)
    person = Person(username=clean(username), **cleaned(values))
    refuse([*_username_findings(person.username), *person_findings(person)])
    insert_person(person, password)
    said = {"username": person.username, **{name: getattr(person, name) for name in FIELDS}}
    record(PersonAdded(person_id=person.pk, values=said), "person", person.pk, actor=actor, at=at)
    return person


@transaction.atomic
def change_person(
    person_id: int, *, seen_revision: int, actor: Actor, at: datetime, **values: Unpack[PersonValues]
) -> Person:
    """Change name, addresses or the administrator's right; what is not passed stays. Fact PersonChanged.

    Raises NotAllowed; NotFound; Stale; Refused, also when the last administrator would lose the right.
    """
    require_administrator(actor)
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    wanted = cleaned(values)
    before = {name: getattr(person, name) for name in wanted}
    after = {name: value for name, value in wanted.items() if before[name] != value}
    for name, value in after.items():
        setattr(person, name, value)
    refuse(person_findings(person))
    if after.get("is_administrator") is False:
        refuse(_last_administrator(person))
    write_person(person, after, seen_revision)
    if after:
        fact = PersonChanged(person_id=person.pk, before={name: before[name] for name in after}, after=after)
        record(fact, "person", person.pk, actor=actor, at=at)
    return person


@transaction.atomic
def deactivate_person(person_id: int, *, actor: Actor, at: datetime) -> Person:
    """The person has left: no sign-in, no session, no token, no office from this moment on. Fact PersonDeactivated.

    Open posts and charges end with today, posts that have not begun never begin. Raises NotAllowed; NotFound when
    unknown or inactive already; Refused for the last administrator and, line by line, while anything the person holds
    would be left with nobody (`hand_over_duties`).
    """
    require_administrator(actor)
    person = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound
    found = _last_administrator(person) if person.is_administrator else []
    refuse([*found, *left_with_nobody(person.pk, at)])
    person.set_unusable_password()  # every session opened with the old one is over, even if the person comes back
    columns = {"is_active": False, "password": person.password, "revision": F("revision") + 1}
    if not Person.objects.filter(pk=person.pk, is_active=True).update(**columns):
        raise Stale
    fact = PersonDeactivated(
        person_id=person.pk,
        ended_post_ids=_end(Post.objects.filter(not_ended(at), person=person), at),
        ended_charge_ids=_end(Charge.objects.filter(not_ended(at), person=person), at),
        revoked_token_ids=_revoke(person, at),
        ended_turn_ids=_end(DutyTurn.objects.filter(not_ended(at), person=person), at),
        ended_deputy_ids=_end(Deputy.objects.filter(not_ended(at), Q(person=person) | Q(deputy=person)), at),
    )
    record(fact, "person", person.pk, actor=actor, at=at)
    person.refresh_from_db()
    return person


def _end(held: Held, at: datetime) -> list[int]:
    """End what is open today, or on its first day when that is yet to come; returns the ids."""
    ids = sorted(held.values_list("pk", flat=True))
    held.update(ends_on=Greatest("starts_on", Value(day_of(at))))
    return ids


def _revoke(person: Person, at: datetime) -> list[int]:
    tokens = Token.objects.filter(person=person, revoked_at__isnull=True)
    ids = sorted(tokens.values_list("pk", flat=True))
    tokens.update(revoked_at=at)
    return ids


def prepare_person(person: Person, password: str | None = None) -> Person:
    """What every new row needs besides its values. Without a password nobody can sign in as this person."""
    person.set_password(password)
    person.search_text = search_text(person.name, person.name_en, person.username)
    return person


def insert_person(person: Person, password: str | None = None) -> None:
    prepare_person(person, password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            write_name_keys([person])
    except IntegrityError:
        refuse([error("organisation.username_taken", "username")])


def write_person(person: Person, after: dict[str, Any], seen_revision: int) -> None:
    """Write what changed from exactly the revision seen. Raises Stale, also when nothing would change."""
    columns = {**after, "search_text": search_text(person.name, person.name_en, person.username)}
    if after:
        columns["revision"] = F("revision") + 1
    if not Person.objects.filter(pk=person.pk, revision=seen_revision).update(**columns):
        raise Stale
    if columns["search_text"] != person.search_text:
        person.search_text = columns["search_text"]
        NameKey.objects.filter(person=person).delete()
        write_name_keys([person])
    person.refresh_from_db()


def write_name_keys(people: Iterable[Person]) -> None:
    """What new people are found by while somebody types. One statement, however many there are."""
    rows = [(person.pk, key, place) for person in people for key, place in name_keys(person.search_text).items()]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT_KEY, rows)


def cleaned(values: PersonValues) -> dict[str, Any]:
    return {key: clean(value) if isinstance(value, str) else value for key, value in values.items()}


def person_findings(person: Person) -> list[Finding]:
    found = name_findings(person.name)
    if person.name_en:
        found += name_findings(person.name_en, place="name_en")
    if len(person.phone) > 40:
        found.append(error("organisation.name_too_long", "phone", limit=40))
    if person.email and not is_email(person.email):
        found.append(error("organisation.email_malformed", "email"))
    return found


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _username_findings(username: str) -> list[Finding]:
    if not username:
        return [error("organisation.username_missing", "username")]
    if len(username) > USERNAME_LIMIT:
        return [error("organisation.name_too_long", "username", limit=USERNAME_LIMIT)]
    if Person.objects.filter(username=username).exists():
        return [error("organisation.username_taken", "username")]
    return []


def _last_administrator(person: Person) -> list[Finding]:
    others = Person.objects.filter(is_administrator=True, is_active=True).exclude(pk=person.pk)
    return [] if others.exists() else [error("organisation.last_administrator", "is_administrator")]
