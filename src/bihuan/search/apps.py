from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "bihuan.search"
    label = "search"

    def ready(self) -> None:
        from bihuan.search import handlers, registration

        handlers.listen()
        registration.register_organisation()
