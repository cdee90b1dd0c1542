"""The ring: a collaboration's steps drawn as a ring that visibly closes; every open loop is a gap in it.

Every circle has the circumference 100 (the stylesheet gives centre and radius), so dashes are per cent of the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin, tau
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup

SLIT = 0.9
INSIDE, BARB = 12.4, 2.6
States = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RingStep:
    """One step: `state` is done, current, ahead or stopped; `gaps` counts the loops that stand open in it. One that
    comes round is gone through again for every period."""

    title: str
    state: str
    gaps: int = 0
    comes_round: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    start: float
    length: float


def ring(steps: Sequence[Any], *, gaps: int = 0, closed: bool = False, ended: str = "") -> Markup:
    """The thumbnail for lists. `steps` are RingSteps or their states; `gaps` are open loops of no particular step.

    `ended` says in words how a matter ended that was not closed.
    """
    states = tuple((str(getattr(step, "state", step)), int(getattr(step, "gaps", 0))) for step in steps)
    return thumbnail(with_gaps(states, gaps), closed, str(ended), _round_about(steps), get_language() or "")


@lru_cache(maxsize=1024)
def thumbnail(
    states: States,
    closed: bool,  # noqa: FBT001 - a cache key
    ended: str,
    again: tuple[int, ...],
    _language: str,
) -> Markup:
    """Small and light, for fifty rows: the way done, the step at hand with its gap, the number of open loops, and the
    way back of what comes round."""
    words = spoken(states, closed=closed, ended=ended)
    if closed or not states:
        tick = Markup('<circle/><path d="M14 20.5l4.5 4.5 8-9"/>')
        return Markup('<svg class="rg ok" viewBox="0 0 40 40" role="img" aria-label="{}">{}</svg>').format(words, tick)
    width = 100 / len(states)
    named = [state for state, _gaps in states]
    if "stopped" in named and "current" not in named:
        return _stopped(states, words)
    done = sum(1 for state, _gaps in states if state == "done") * width
    total = sum(gaps for _state, gaps in states)
    here = named.index("current") * width if "current" in named else done
    at_hand = circle("g", Arc(here + width / 2, 0.1)) if total else circle("c", Arc(here, width))
    body = circle("d", Arc(0, max(done - (SLIT if total else 0), 0))) + (at_hand if done < 100 else "")
    body += Markup().join(circle("s", Arc(at * width, width)) for at, state in enumerate(named) if state == "stopped")
    count = Markup("<text>{}</text>").format(min(total, 99)) if total else ""
    if again:
        words = _joined(words, gettext("comes round every period"))
        body += Markup('<path class="t" d="{}"/>').format(_back_over(again, len(states)))
    return Markup('<svg class="rg" viewBox="0 0 40 40" role="img" aria-label="{}"><circle/>{}{}</svg>').format(
        words, body, count
    )


def _stopped(states: States, words: str) -> Markup:
    """The way up to where it was given up, that place, and a cross."""
    width = 100 / len(states)
    at = next(index for index, (state, _gaps) in enumerate(states) if state == "stopped")
    cross = Markup('<path d="M15.5 15.5l9 9M24.5 15.5l-9 9"/>')
    drawn = Markup().join([*([circle("d", Arc(0, at * width))] if at else []), circle("s", Arc(at * width, width))])
    return Markup('<svg class="rg over" viewBox="0 0 40 40" role="img" aria-label="{}"><circle/>{}{}</svg>').format(
        words, drawn, cross
    )


def ring_large(
    steps: Sequence[Any],
    *,
    gaps: int = 0,
    closed: bool = False,
    ended: str = "",
    top: str = "",
    bottom: str = "",
    period: str = "",
) -> Markup:
    """The ring of a page header, each step its own arc, with two lines of text in its middle.

    An arrow inside leads from the end of what comes round to its beginning; under the text stands the `period`.
    """
    states = with_gaps(tuple((str(step.state), int(getattr(step, "gaps", 0))) for step in steps), gaps)
    names = [str(step.title) for step in steps]
    drawn = [circle("d", Arc(0, 100))] if closed or not states else arcs(states, names)
    text = Markup('<text y="{}">{}</text>').format(18.6 if bottom else 21.5, top)
    under = Markup('<text class="u" y="24.4">{}</text>').format(bottom) if bottom else ""
    again = _again(steps, period)
    return Markup('<svg class="rg large{}" viewBox="0 0 40 40" role="img" aria-label="{}">{}{}{}{}</svg>').format(
        " ok" if closed else "",
        _joined(spoken(states, closed=closed, names=names, ended=str(ended)), again[0]),
        Markup().join(drawn),
        again[1],
        text,
        under,
    )


def _joined(*words: str) -> str:
    return gettext(", ").join(filter(None, words))


def _again(steps: Sequence[Any], period: str) -> tuple[str, Markup]:
    """What comes round, in words and as an arrow back along the inside; nothing where everything is done once."""
    round_about = _round_about(steps)
    if not round_about:
        return "", Markup("")
    names = " → ".join(str(steps[index].title) for index in round_about)
    words = gettext("comes round every period: %(steps)s") % {"steps": names}
    if period:
        words = _joined(words, gettext("now %(period)s") % {"period": period})
    label = Markup('<text class="u t" y="28.6">{}</text>').format(period) if period else ""
    return words, Markup('<path class="t" d="{}"><title>{}</title></path>{}').format(
        _back_over(round_about, len(steps)), words, label
    )


def _round_about(steps: Sequence[Any]) -> tuple[int, ...]:
    return tuple(index for index, step in enumerate(steps) if getattr(step, "comes_round", False))


def _back_over(round_about: Sequence[int], count: int) -> str:
    """The arrow over these of so many steps."""
    width = 100 / count
    return _back(round_about[0] * width + SLIT, (round_about[-1] + 1) * width - SLIT)


def _back(begins: float, ends: float) -> str:
    """From the end to the beginning against the way, with a head."""
    (x, y), (to_x, to_y) = _on_inside(ends), _on_inside(begins)
    wings = [_on_inside(begins + BARB, INSIDE + side) for side in (BARB / 2, -BARB / 2)]
    (one_x, one_y), (two_x, two_y) = wings
    bow = f"M{x:.2f} {y:.2f}A{INSIDE} {INSIDE} 0 {int(ends - begins > 50)} 0 {to_x:.2f} {to_y:.2f}"
    return f"{bow}M{one_x:.2f} {one_y:.2f}L{to_x:.2f} {to_y:.2f}L{two_x:.2f} {two_y:.2f}"


def _on_inside(share: float, radius: float = 0) -> tuple[float, float]:
    angle = share / 100 * tau
    return 20 + (radius or INSIDE) * sin(angle), 20 - (radius or INSIDE) * cos(angle)


def arcs(states: States, names: Sequence[str]) -> list[Markup]:
    """Each step as its arc; an open loop cuts a bite out of it and marks the place."""
    width = 100 / len(states)
    drawn: list[Markup] = []
    for index, ((state, gaps), title) in enumerate(zip(states, names, strict=True)):
        whole = Arc(index * width + SLIT / 2, width - SLIT)
        drawn += [circle(state[0], arc, title) for arc in bitten(whole, gaps)]
        if gaps:
            drawn.append(circle("g", Arc(whole.start + whole.length / 2 - 0.05, 0.1), title))
    return drawn


def with_gaps(states: States, loose: int) -> States:
    """Loops of no particular step stand open where the matter stands now."""
    if not loose or not states:
        return states
    named = [state for state, _gaps in states]
    current = next((named.index(state) for state in ("current", "stopped") if state in named), len(states) - 1)
    return tuple((state, gaps + (loose if index == current else 0)) for index, (state, gaps) in enumerate(states))


def bitten(whole: Arc, gaps: int) -> list[Arc]:
    """The arc with its middle taken out when loops stand open; never more than six tenths of it."""
    if not gaps:
        return [whole]
    bite = min(3.6 + 0.6 * min(gaps, 6), whole.length * 0.6)
    half = (whole.length - bite) / 2
    return [Arc(whole.start, half), Arc(whole.start + half + bite, half)]


def circle(kind: str, arc: Arc, title: str = "") -> Markup:
    """Kinds: d done, c current, a ahead, s stopped, g gap."""
    hint = Markup("<title>{}</title>").format(title) if title else ""
    if arc.length >= 100:
        return Markup('<circle class="{}"/>').format(kind)
    drawn = Markup('<circle class="{}" stroke-dasharray="{:.3g} 100" stroke-dashoffset="{:.3g}"').format(
        kind, arc.length, -arc.start
    )
    return drawn + (Markup(">{}</circle>").format(hint) if hint else Markup("/>"))


def spoken(states: States, *, closed: bool, names: Sequence[str] = (), ended: str = "") -> str:
    """The ring in words, for those who do not see it."""
    if closed:
        return gettext("Closed: every step is done and nothing is open")
    done = sum(1 for state, _gaps in states if state == "done")
    total = sum(gaps for _state, gaps in states)
    words = [gettext("%(done)d of %(all)d steps done") % {"done": done, "all": len(states)}]
    if ended:
        words.insert(0, ended)
    stopped = next((index for index, (state, _gaps) in enumerate(states) if state == "stopped"), None)
    if names and stopped is not None:
        words.append(gettext("stopped at: %(step)s") % {"step": names[stopped]})
    current = next((index for index, (state, _gaps) in enumerate(states) if state == "current"), None)
    if names and current is not None:
        words.append(gettext("now: %(step)s") % {"step": names[current]})
    if total:
        words.append(ngettext("%(count)d open loop", "%(count)d open loops", total) % {"count": total})
    return gettext(", ").join(words)
