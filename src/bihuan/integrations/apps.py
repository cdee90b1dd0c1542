from django.apps import AppConfig

from bihuan.integrations.sentences import SENTENCES
from bihuan.kernel import sentences


class IntegrationsConfig(AppConfig):
    """What comes from elsewhere; its sentences are told on every page, its runs go on in the worker."""

    name = "bihuan.integrations"
    label = "integrations"

    def ready(self) -> None:
        from bihuan.integrations.handlers import carry_on
        from bihuan.integrations.neutral_out.registration import register_export
        from bihuan.outbox.jobs import job

        sentences.register(SENTENCES)
        register_export()
        job("integrations.import")(carry_on)
