"""When a failed delivery is tried again, and when it is given up."""

from datetime import timedelta

LEASE = timedelta(seconds=60)
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
MOST_ATTEMPTS = 15


def delay_after(attempt: int, last_attempt: int) -> timedelta:
    """Doubles from five seconds up to an hour, counted from the posting or the replay."""
    tries = attempt - (last_attempt - MOST_ATTEMPTS)
    doublings = min(max(tries - 1, 0), 20)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
