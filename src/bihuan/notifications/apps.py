from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Inbox, preferences, quiet hours, digests, channels."""

    name = "bihuan.notifications"
    label = "notifications"

    def ready(self) -> None:
        from bihuan.kernel import sentences
        from bihuan.notifications import handlers
        from bihuan.notifications.channels import register_channel
        from bihuan.notifications.mail import MailChannel
        from bihuan.notifications.notices import register_notices
        from bihuan.notifications.sentences import SENTENCES

        sentences.register(SENTENCES)
        register_channel(MailChannel())
        register_notices()
        handlers.listen()
