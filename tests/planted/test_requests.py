"""Faults planted where requests, rights and the start come in; the tests of each must turn red."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

KILLED = "tests/journeys/test_killed.py::test_a_matter_is_begun_whole_or_not_at_all"
SCOPES = "tests/access/test_scopes.py"
PRODUCTION = "tests/config/test_production.py"

FAULTS = [
    Fault(
        "the answer to a key is committed apart from the effect",
        "outbox/operations.py",
        "with _in_hand(caller, key), transaction.atomic():\n        row",
        "with _in_hand(caller, key):\n        row",
        KILLED,
    ),
    Fault(
        "a matter is begun in several transactions",
        "collaborations/operations/matters.py",
        "    access.name_subjects({scope.pk: collaboration.pk})\n    sync_members(collaboration, at=at)\n",
        "    access.name_subjects({scope.pk: collaboration.pk})\n    from django.db import connection\n"
        "    connection.connection.commit()\n    sync_members(collaboration, at=at)\n",
        KILLED,
    ),
    Fault(
        "a request sent again acts again",
        "outbox/operations.py",
        "return Promised.objects.create(caller=caller, key=key, asked=asked, promised_at=at)",
        "return Promised.objects.create(caller=caller, key=new_key(), asked=asked, promised_at=at)",
        "tests/api/test_bodies.py::test_the_same_key_is_the_same_act",
    ),
    Fault(
        "an answer leaves out what the description promises",
        "api/collaborations.py",
        '"owner_name": names[loop.owner], ',
        "",
        "tests/api/test_fuzz.py",
    ),
    Fault(
        "another request under the same key is taken for the first",
        "outbox/operations.py",
        "if row.asked != asked:",
        "if False:",
        "tests/outbox/test_once.py::test_another_request_under_the_key_is_refused_and_writes_nothing",
    ),
    Fault(
        "a signature counts for whatever text stands there now",
        "approvals/operations/deciding.py",
        "if any(slot.state != SlotState.PENDING for slot in mine) or any(now != seen for now, seen in digests):",
        "if any(slot.state != SlotState.PENDING for slot in mine):",
        "tests/approvals/test_operations.py::test_a_signature_on_another_text_is_stale",
    ),
    Fault(
        "a token that has run out still lets in",
        "organisation/queries/tokens.py",
        "(Q(expires_at__isnull=True) | Q(expires_at__gt=at))",
        "Q(pk__isnull=False)",
        "tests/api/test_callers.py::test_a_revoked_an_expired_and_a_leavers_token_are_401",
    ),
    Fault(
        "the token of a reader may write",
        "api/callers.py",
        "if self.scope not in found.scopes:",
        "if not found.scopes:",
        "tests/api/test_callers.py::test_a_token_reaches_only_the_routes_of_its_right",
    ),
    Fault(
        "who was dismissed goes on seeing",
        "access/queries.py",
        "Member.objects.filter(principal__in=sorted(actor.principals), until_at__isnull=True, from_at__lte=at)",
        "Member.objects.filter(principal__in=sorted(actor.principals), from_at__lte=at)",
        f"{SCOPES}::test_who_is_dismissed_sees_nothing_from_then_on_and_the_row_remains",
    ),
    Fault(
        "a list shows what is seen in outline only",
        "access/seeing.py",
        "at, self.level.value, *secret",
        "at, 1, *secret",
        f"{SCOPES}::test_an_outline_is_not_enough_to_read_and_reading_is_not_enough_to_write",
    ),
    Fault(
        "who was dismissed still finds it in lists",
        "access/seeing.py",
        '"seen"."until_at" IS NULL AND ',
        "",
        f"{SCOPES}::test_who_is_dismissed_sees_nothing_from_then_on_and_the_row_remains",
    ),
    Fault(
        "who stands in for a head finds what is secret",
        "access/seeing.py",
        "[*self.acting_for, *HIDDEN]",
        "[*self.acting_for, *['NONE'] * len(HIDDEN)]",
        f"{SCOPES}::test_who_stands_in_for_a_head_sees_all_but_what_is_secret",
    ),
    Fault(
        "a group reads what is secret",
        "access/operations.py",
        "if is_hidden and kind not in NAMED_KINDS else int(level)",
        "if False else int(level)",
        f"{SCOPES}::test_in_a_secret_scope_only_persons_and_offices_read",
    ),
    Fault(
        "live events go to everybody",
        "web/live/sight.py",
        "if event.scope_id in seen or event.person_id == person.pk})",
        "})",
        "tests/web/test_live.py::test_a_person_hears_only_of_what_he_may_see",
    ),
    Fault(
        "passwords may be tried for ever",
        "organisation/operations/credentials.py",
        "MOST_FAILURES = 10",
        "MOST_FAILURES = 10**9",
        "tests/web/test_signin.py::test_ten_failures_close_the_account_for_five_minutes_from_any_address",
    ),
    Fault(
        "one thing that makes a production unsafe is not looked at",
        "config/checks.py",
        "    if options.debug:\n",
        "    if not options.is_production:\n",
        f"{PRODUCTION}::test_everything_unsafe_is_named_at_once_before_anything_is_served",
    ),
    Fault(
        "the session travels in clear",
        "config/settings.py",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OPTIONS.is_production",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False",
        f"{PRODUCTION}::test_its_cookies_are_secure_and_forms_from_elsewhere_are_refused",
    ),
    Fault(
        "the clock of a production can be moved",
        "config/options.py",
        "return timedelta(0) if self.is_production else timedelta(seconds=self.clock_offset)",
        "return timedelta(seconds=self.clock_offset)",
        f"{PRODUCTION}::test_in_production_the_clock_is_the_machines_whatever_the_option_says",
    ),
]  # fmt: skip


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
