"""`python -m bench.templates`: fifty rows, eight columns, four components a row, warm caches, engines in turn."""

import statistics
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment

HERE = Path(__file__).resolve().parent
ROUNDS = 300


def page(_request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(pk)


urlpatterns = [path("matters/<int:pk>/", page, name="matter")]


def environment(**options: Any) -> Any:
    env = Environment(autoescape=True, trim_blocks=True, extensions=["jinja2.ext.i18n"], loader=options["loader"])
    env.install_gettext_callables(gettext, ngettext, newstyle=True)
    env.globals["url"] = lambda name, *args: reverse(name, args=args)
    return env


def configure() -> None:
    django_loaders = [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])]
    settings.configure(
        ROOT_URLCONF="bench.templates.__main__",
        USE_I18N=True,
        LANGUAGE_CODE="zh-hans",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "django"],
                "OPTIONS": {"loaders": django_loaders},
            },
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [HERE / "jinja"],
                "OPTIONS": {"environment": "bench.templates.__main__.environment"},
            },
        ],
    )
    django.setup()


def rows() -> list[dict[str, Any]]:
    looks = (
        ("lv-green", "circle-check"),
        ("lv-yellow", "clock"),
        ("lv-orange", "clock-alert"),
        ("lv-red", "octagon-alert"),
    )
    return [row(index, *looks[index % 4]) for index in range(50)]


def row(index: int, look: str, icon: str) -> dict[str, Any]:
    return {
        "id": index,
        "number": f"XQ202611{index:03d}",
        "title": f"Spring launch <{index}> & market entry in nine departments",
        "step": "执行",
        "level": {"look": look, "icon": icon, "text": "正常"},
        "due": {
            "look": look,
            "icon": icon,
            "hint": "11月20日 周五 18:00",
            "span": "2 天 3 小时",
            "late": index % 4 == 3,
        },
        "next_step": "确认会议纪要第 2 项",
        "person": {"name": "王敏", "department": "市场部"},
        "ring": {"words": "5/10", "done": 10 * (index % 10), "at": 10 * (index % 10) + 5, "gaps": index % 3},
    }


def seconds(render: Any, context: dict[str, Any]) -> float:
    begun = time.perf_counter()
    render(context)
    return time.perf_counter() - begun


def main() -> None:
    configure()
    columns = [(name, "") for name in ("ring", "number", "title", "step", "level", "due", "next", "owner")]
    context = {"lines": rows(), "columns": columns}
    templates = {name: engines[name].get_template("list.html") for name in ("django", "jinja2")}
    taken: dict[str, list[float]] = {name: [] for name in templates}
    for _round in range(ROUNDS):
        for name, template in templates.items():
            taken[name].append(seconds(template.render, dict(context)))
    for name, template in templates.items():
        times = sorted(taken[name][20:])
        size = len(template.render(dict(context)).encode())
        middle, slow = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
        print(f"{name:8} median {middle:6.2f} ms   p95 {slow:6.2f} ms   {size} bytes")
    ratio = statistics.median(taken["django"]) / statistics.median(taken["jinja2"])
    print(f"Django's language takes {ratio:.1f} times as long")


if __name__ == "__main__":
    main()
