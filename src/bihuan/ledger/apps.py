from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "bihuan.ledger"
    label = "ledger"

    def ready(self) -> None:
        from bihuan.kernel import sentences
        from bihuan.kernel.facts import Fact
        from bihuan.ledger.handlers import owe_live_event
        from bihuan.ledger.sentences import SENTENCES
        from bihuan.ledger.subscriptions import LAST_OF_ALL, subscribe

        sentences.register(SENTENCES)
        subscribe(Fact, owe_live_event, room=LAST_OF_ALL)
