"""Which posts and charges are in force on a day."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from bihuan.organisation.models import Post


def day_of(at: datetime) -> date:
    """The day that `at` is in the head office; posts begin and end with that day."""
    return timezone.localdate(at, timezone.get_default_timezone())


def not_ended(at: datetime) -> Q:
    """In force on the day of `at`, or to come."""
    return Q(ends_on__isnull=True) | Q(ends_on__gt=day_of(at))


def in_force(at: datetime, path: str = "") -> Q:
    """Started, and not ended, on the day of `at`. `path` leads to the post or charge (`posts__`)."""
    day = day_of(at)
    not_ended = Q(**{f"{path}ends_on__isnull": True}) | Q(**{f"{path}ends_on__gt": day})
    return Q(**{f"{path}starts_on__lte": day}) & not_ended


def main_post_on(posts: Iterable[Post], day: date) -> Post | None:
    """The main one of somebody's posts on a day; `posts` in the order of `Post.MAIN_LAST`."""
    held = [post for post in posts if post.starts_on <= day and (post.ends_on is None or day < post.ends_on)]
    return held[-1] if held else None
