"""Talk time as it runs: how long customer and another leg have been in one bridge."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calls.ids import BridgeId, ChannelId


@dataclass(slots=True)
class TalkClock:
    """Bridges of one call's legs. Entering or leaving twice equals once."""

    customer: ChannelId
    talking_since: datetime | None = None
    _talk: timedelta = timedelta(0)
    _bridges: dict[ChannelId, BridgeId] = field(default_factory=dict)

    @property
    def is_talking(self) -> bool:
        """Whether the customer shares a bridge with another leg now."""
        return self.talking_since is not None

    @property
    def talk(self) -> timedelta:
        """Talk of the finished intervals."""
        return self._talk

    def enter(self, channel: ChannelId, bridge: BridgeId, at: datetime) -> None:
        """A leg joined a bridge (and so left any other)."""
        if self._bridges.get(channel) == bridge:
            return
        self._bridges[channel] = bridge
        self._look(at)

    def leave(self, channel: ChannelId, at: datetime) -> None:
        """A leg left its bridge, or ended."""
        if self._bridges.pop(channel, None) is not None:
            self._look(at)

    def stop(self, at: datetime) -> None:
        """The call is over."""
        self._bridges.clear()
        self._look(at)

    def _look(self, at: datetime) -> None:
        ours = self._bridges.get(self.customer)
        others = [b for c, b in self._bridges.items() if c != self.customer]
        together = ours is not None and ours in others
        if together and self.talking_since is None:
            self.talking_since = at
        elif not together and self.talking_since is not None:
            # Asterisk's clock may be stepped back; talk is never negative.
            self._talk += max(at - self.talking_since, timedelta(0))
            self.talking_since = None
