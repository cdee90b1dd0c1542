from django.utils.translation import gettext_lazy as _

from bihuan.kernel.sentences import Sentence

SENTENCES = {
    "ledger.key_is_not_ours": Sentence(
        _("The key that signs seals is gone or is another one than before."),
        _("Bring `ledger/seal.key` back from its copy, or begin a new one: `bihuan ledger rotate-key --lost REASON`."),
    ),
    "ledger.key_is_there": Sentence(
        _("The key that signs seals is there and can vouch for the next one."),
        _("Change it without `--lost`."),
    ),
}
