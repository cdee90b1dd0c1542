"""The sentences of what only programs can get wrong."""

from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "api.not_signed_in": Sentence(
        _("The token is missing, wrong or no longer valid."), _("Send “Authorization: Bearer” with a valid token.")
    ),
    "api.out_of_reach": Sentence(
        _("This token lacks the right “{scope}”."), _("Make a token with this right in your settings.")
    ),
    "api.foreign_page": Sentence(
        _("The CSRF token is missing or wrong."), _("Send it in the header X-CSRFToken, or use an API token.")
    ),
    "api.key_missing": Sentence(
        _("The header Idempotency-Key is missing or cannot be used."),
        _("Send a new random text of 8 to 128 letters and digits for every new request."),
    ),
    "api.unreadable": Sentence(_("The body is not a usable JSON object."), _("Check it and send it again.")),
    "api.unknown_parameter": Sentence(_("This address has no parameter “{name}”."), _("Take it out of the address.")),
    "api.bad_parameter": Sentence(_("This parameter does not fit."), _("See the API description for what fits.")),
    "api.wrong_method": Sentence(
        _("This address does not know the method."), _("See the API description for the methods it knows.")
    ),
    "api.too_large": Sentence(_("The body is too large."), _("Send less at once.")),
    "api.not_json": Sentence(_("The body must be JSON."), _("Send “Content-Type: application/json”.")),
    "api.unknown_field": Sentence(_("The field “{field}” is unknown or cannot be set."), _("Leave it out.")),
    "api.field_missing": Sentence(_("The field “{field}” is missing."), _("Add it.")),
    "api.no_day": Sentence(
        _("“{field}” is no day the calendar knows."),
        _("Write year, month and day, 2026-11-30, between {first} and {last}."),
    ),
    "api.bad_value": Sentence(
        _("The value of “{field}” does not fit ({kind})."), _("See the API description for what fits.")
    ),
}
