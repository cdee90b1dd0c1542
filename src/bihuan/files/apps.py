from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Bytes that were handed in, each under a key of its own in the data directory."""

    name = "bihuan.files"
    label = "files"
