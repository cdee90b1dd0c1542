from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "bihuan.ledger"
    label = "ledger"

    def ready(self) -> None:
        from bihuan.kernel.facts import Fact  # noqa: PLC0415
        from bihuan.ledger.handlers import owe_live_event  # noqa: PLC0415  needs the models
        from bihuan.ledger.subscriptions import subscribe  # noqa: PLC0415

        subscribe(Fact, owe_live_event, room="ledger")
