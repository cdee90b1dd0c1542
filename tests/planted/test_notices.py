"""Notices that reach the wrong people, at the wrong hour, or twice under two names: a test turns red."""

import pytest

from tests.planted.plant import Fault, assert_turns_red

SENDING, MAIL = "tests/notifications/test_sending.py", "tests/notifications/test_mail.py"
FAULTS = [
    Fault(
        "every attempt has a Message-ID of its own",
        "notifications/mail.py",
        '"Message-ID": _id(message.delivery_id)',
        '"Message-ID": __import__("email.utils").utils.make_msgid()',
        f"{MAIL}::test_a_server_that_turns_mail_away_gets_it_later_under_the_same_message_id",
    ),
    Fault(
        "a mail leaves without asking who may read the scope",
        "notifications/composing.py",
        "filter(queries.readable_by(actor, at), person=person_id",
        "filter(person=person_id",
        f"{SENDING}::test_who_may_not_read_it_any_more_is_not_told_when_it_leaves",
    ),
    Fault(
        "the inbox shows without asking who may read the scope",
        "notifications/queries.py",
        "filter(readable_by(actor, at), wanted, person",
        "filter(wanted, person",
        "tests/notifications/test_telling.py::test_who_lost_the_right_to_read_loses_the_notice_with_it",
    ),
    Fault(
        "quiet hours are ignored",
        "notifications/policy.py",
        "if urgency is Urgency.URGENT:",
        "if urgency is not Urgency.DIGEST:",
        f"{SENDING}::test_nobody_is_reached_at_night_except_urgently",
    ),
    Fault(
        "a mail that is refused for good is tried again and again",
        "outbox/operations.py",
        "isinstance(error, Hopeless) or ",
        "",
        f"{MAIL}::test_an_address_that_is_refused_for_good_is_given_up_at_once_and_told_to_the_administrators",
    ),
    Fault(
        "a warning waits until the day of rest is over, and what it warns of as well",
        "notifications/policy.py",
        "return told if by is None or told < by else",
        "return told if by is None or told else",
        f"{SENDING}::test_a_day_off_at_the_receivers_site_is_quiet_and_a_warning_comes_before_what_it_warns_of",
    ),
]


@pytest.mark.planted
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_fault_is_noticed(fault, tmp_path):
    assert_turns_red(fault, tmp_path)
