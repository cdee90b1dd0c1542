"""The sentences of this room's codes, and what each rule is called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "deadlines.stale": Sentence(
        _("This deadline has changed meanwhile."), _("Look at it again; what you typed is still here.")
    ),
    "deadlines.rule_stale": Sentence(
        _("Somebody chose for this rule meanwhile."), _("Look at what holds now, then choose again.")
    ),
    "deadlines.hours_not_open": Sentence(
        _("What an hour is cannot be chosen for {rule}: it counts days, or always day and night."),
        _("Choose for a rule that offers the choice."),
    ),
    "deadlines.not_yours_to_pause": Sentence(
        _("Only the owner or who waits for it can stop this clock, and they or the PMO let it go on."),
        _("Ask one of the people named on the page."),
    ),
    "deadlines.may_not_pause": Sentence(
        _("This clock is not stopped: it is urgent, over already, or its instant was typed by a person."),
        _("Agree on another day where it was set."),
    ),
    "deadlines.rests_with_matter": Sentence(
        _("The whole matter rests; its clocks go on together."), _("Ask whoever carries the matter to resume it.")
    ),
    "deadlines.reason_too_long": Sentence(_("This is longer than {limit} characters."), _("Say it shorter.")),
    "deadlines.reason_missing": Sentence(
        _("It is not said what is waited for."), _("Say which outside party is waited for, and for what.")
    ),
}

RULE_NAMES: Mapping[str, Promise] = {
    "T03": pgettext_lazy("time rule", "solution of an emergency"),
    "T04": pgettext_lazy("time rule", "sending the minutes"),
    "T05": pgettext_lazy("time rule", "sending the record of a communication meeting"),
    "T06": pgettext_lazy("time rule", "answer to an urgent problem"),
    "T07": pgettext_lazy("time rule", "solving an important problem"),
    "T08": pgettext_lazy("time rule", "solving a routine problem"),
    "T11": pgettext_lazy("time rule", "table of a problem"),
    "T13": pgettext_lazy("time rule", "weekly report"),
    "T18": pgettext_lazy("time rule", "filing a risk"),
    "T21": pgettext_lazy("time rule", "task"),
    "T22": pgettext_lazy("time rule", "joint answer to the customer"),
    "T23": pgettext_lazy("time rule", "answer to what was asked"),
    "T24": pgettext_lazy("time rule", "reaching the goal"),
    "T25": pgettext_lazy("time rule", "return from a loan"),
    "T28": pgettext_lazy("time rule", "response to a risk"),
    "T29": pgettext_lazy("time rule", "decision"),
    "T30": pgettext_lazy("time rule", "signature under minutes"),
    "T31": pgettext_lazy("time rule", "review after acceptance"),
    "T32": pgettext_lazy("time rule", "archiving after the review"),
    "T34": pgettext_lazy("time rule", "papers made up for"),
    "T35": pgettext_lazy("time rule", "telling of a delay"),
    "T37": pgettext_lazy("time rule", "acknowledging a problem"),
    "T38": pgettext_lazy("time rule", "promise"),
}
"""Every rule that is bound; a rule nobody binds is on no page."""
