"""How this room says no."""

from bihuan.kernel.errors import DomainError


class LinkOver(DomainError):
    """The link of a message was followed already, or is too old."""

    code = "notifications.link_over"
    status = 410
