from django.apps import AppConfig

from bihuan.kernel import sentences


class OrganisationConfig(AppConfig):
    """People, departments, posts, sign-in."""

    name = "bihuan.organisation"
    label = "organisation"

    def ready(self) -> None:
        from bihuan.organisation.registration import register_duties
        from bihuan.organisation.sentences import SENTENCES

        sentences.register(SENTENCES)
        register_duties()
