"""The template environment: what every template may call. See docs/developer/frontend.md for one example each."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from bihuan.kernel import sentences
from bihuan.records.policy import MOST_ROWS
from bihuan.web import filling, formats, marks, navigation, ring
from bihuan.web.approvals import standing
from bihuan.web.assets import asset
from bihuan.web.notifications.counting import unread
from bihuan.web.render import take_notice
from bihuan.web.words import said


def environment(**options: Any) -> Environment:
    """Called once by Django's Jinja2 backend. Autoescape is on; a name that does not exist is an error."""
    options.pop("autoescape", None)
    options["undefined"] = StrictUndefined  # Django has set its own by now
    env = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        **options,
    )
    install_texts(env)
    env.globals.update(
        static=static,
        asset=asset,
        url=url,
        url_if=url_if,
        icon=marks.icon,
        due=marks.due,
        level=marks.level,
        status=marks.status,
        ring=ring.ring,
        ring_large=ring.ring_large,
        places=navigation.places,
        take_notice=take_notice,
        unread=unread,
        language=get_language,
        languages=lambda: settings.LANGUAGES,
        demo=settings.DEMO,
        theme_of=theme_of,
        find_card=filling.find_card,
        joined=formats.joined_text,
        most_rows=MOST_ROWS,
    )
    env.filters.update(
        date=formats.date_text,
        instant=formats.instant_text,
        clock=formats.clock_text,
        money=formats.money_text,
        yuan=formats.yuan_text,
        listed=formats.listed_text,
        number=formats.number_text,
        bytes=formats.bytes_text,
        ago=formats.ago_text,
        left=formats.left_text,
        month=formats.month_text,
        typed=formats.typed_value,
        place=formats.place_id,
        digest=formats.digest_text,
        sentence=sentences.explain,
        jsonattr=formats.json_attribute,
        yes_no=formats.yes_no,
        card_detail=filling.card_detail,
        ticks=filling.ticks,
        filled=filling.filled_columns,
        stands_in=standing.stands_in_text,
        office=standing.office_text,
    )
    env.tests.update(is_day=formats.is_day, is_local=formats.is_local)
    return env


def install_texts(env: Environment) -> None:
    install: Any = getattr(env, "install_gettext_callables")  # noqa: B009 - added by the extension, unknown to mypy
    install(said, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, kwargs=kwargs) if kwargs else reversed_url(settings.ROOT_URLCONF, name, args)


@lru_cache(maxsize=8192)
def reversed_url(_urlconf: str, name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, args=args)


def url_if(name: str, *args: Any) -> str:
    return navigation.address_in(settings.ROOT_URLCONF, name, args)


def theme_of(request: HttpRequest) -> str:
    """The theme the reader chose; empty follows the system."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in ("light", "dark") else ""
