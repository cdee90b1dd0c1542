"""Ways by which a notice leaves the process: what a channel is, and which there are."""

from dataclasses import dataclass
from typing import Protocol

from bihuan.notifications.registry import Text
from bihuan.outbox.errors import Hopeless


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is reached, in which language and by which clock."""

    id: int
    name: str
    email: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told by one channel at once, in words that are ready to be read.

    `delivery_id` is the same however often the sending is tried; `thread` is the same for everything a person is told
    about one matter, and empty when it is about several.
    """

    delivery_id: str
    receiver: Receiver
    subject: str
    text: str
    html: str
    thread: str = ""


class Channel(Protocol):
    """One way. `send` raises when it did not succeed, and is tried again later with the same delivery id; not after
    ``TurnedAway``, which says that the other side will never take it."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Text: ...

    def is_ready(self) -> bool:
        """Whether this installation is set up for it."""

    def reaches(self, receiver: Receiver) -> bool:
        """Whether this person has an address there."""

    def send(self, message: Message) -> None: ...


_CHANNELS: dict[str, Channel] = {}


class TurnedAway(Hopeless):
    """The other side refuses this message to this receiver for good, and says why."""


class NotReady(Exception):
    """The channel of a delivery is not set up here any more."""


class DuplicateChannel(Exception):
    """Two channels have one key."""


def register_channel(channel: Channel) -> None:
    """Called from an `apps.py`. The order is that of the settings page."""
    if channel.key in _CHANNELS:
        raise DuplicateChannel(channel.key)
    _CHANNELS[channel.key] = channel


def channels() -> tuple[Channel, ...]:
    """The channels this installation is set up for."""
    return tuple(channel for channel in _CHANNELS.values() if channel.is_ready())


def channel_called(key: str) -> Channel:
    """Raises NotReady for one that is not set up."""
    channel = _CHANNELS.get(key)
    if channel is None or not channel.is_ready():
        raise NotReady(key)
    return channel
