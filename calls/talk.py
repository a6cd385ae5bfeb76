"""Who hears whom, and for how long: pure, for the live floor and for the records alike."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calls.ids import BridgeId, ChannelId, RelayHalf

Member = ChannelId | RelayHalf


class Rooms:
    """Channels in bridges. Bridges that a relay (a Local pair) joins are one room.

    A relay half is named as Asterisk names it, `Local/1002@floor-00000001;1`; what one half hears
    its other half says, so a relay is a door between two bridges and nobody in a room.
    """

    def __init__(self) -> None:
        self._bridge_of: dict[Member, BridgeId] = {}
        self._members: dict[BridgeId, dict[Member, None]] = {}

    def enter(self, member: Member, bridge: BridgeId) -> None:
        """A channel joined a bridge, and so left any other."""
        self.leave(member)
        self._bridge_of[member] = bridge
        self._members.setdefault(bridge, {})[member] = None

    def leave(self, member: Member, bridge: BridgeId | None = None) -> None:
        """A channel left its bridge; nothing happens if it is in another one by now."""
        inside = self._bridge_of.get(member)
        if inside is None or bridge not in (None, inside):
            return
        del self._bridge_of[member]
        members = self._members[inside]
        del members[member]
        if not members:
            del self._members[inside]

    def bridge_of(self, member: Member) -> BridgeId | None:
        """Return where the channel is."""
        return self._bridge_of.get(member)

    def members(self) -> tuple[Member, ...]:
        """Return everything that is in any bridge."""
        return tuple(self._bridge_of)

    def people_at(self, bridge: BridgeId | None) -> list[ChannelId]:
        """Return who is in the room that this bridge is part of, in the order of arrival."""
        if bridge is None:
            return []
        found: list[ChannelId] = []
        for inside in self._room(bridge):
            found += (ChannelId(m) for m in self._members.get(inside, ()) if not is_half(m))
        return found

    def company(self, channel: ChannelId) -> list[ChannelId]:
        """Return who else is in the channel's room."""
        return [c for c in self.people_at(self._bridge_of.get(channel)) if c != channel]

    def _room(self, bridge: BridgeId) -> Iterator[BridgeId]:
        seen, waiting = {bridge}, [bridge]
        while waiting:
            inside = waiting.pop()
            yield inside
            for member in self._members.get(inside, ()):
                beyond = self._bridge_of.get(other_half(member)) if is_half(member) else None
                if beyond is not None and beyond not in seen:
                    seen.add(beyond)
                    waiting.append(beyond)


def is_half(member: str) -> bool:
    """Tell a relay's half from a channel."""
    return member.startswith("Local/")


def other_half(half: str) -> RelayHalf:
    """Return the name of a relay half's other half."""
    return RelayHalf(half[:-1] + ("2" if half.endswith("1") else "1"))


@dataclass(slots=True)
class Stopwatch:
    """Adds up the time in which something was so."""

    since: datetime | None = None
    total: timedelta = timedelta(0)

    def show(self, is_so: bool, at: datetime) -> None:
        """Say whether it is so now; saying it again changes nothing."""
        if is_so and self.since is None:
            self.since = at
        elif not is_so and self.since is not None:
            # Asterisk's clock may be stepped back; time is never negative.
            self.total += max(at - self.since, timedelta(0))
            self.since = None


@dataclass(slots=True)
class CallClock:
    """The times of one call.

    talk: the customer has company. hold: had company before, and has none now.
    phone_hold: part of talk, all company pressed hold.
    """

    customer: ChannelId
    talk: Stopwatch = field(default_factory=Stopwatch)
    hold: Stopwatch = field(default_factory=Stopwatch)
    phone_hold: Stopwatch = field(default_factory=Stopwatch)

    @property
    def is_talking(self) -> bool:
        """Whether the customer is in company now."""
        return self.talk.since is not None

    def show(self, *, together: bool, held: bool, at: datetime) -> None:
        """Say who is with the customer now."""
        was_met = self.is_talking or self.hold.since is not None
        self.talk.show(together, at)
        self.hold.show(was_met and not together, at)
        self.phone_hold.show(together and held, at)

    def stop(self, at: datetime) -> None:
        """The call is over."""
        for watch in (self.talk, self.hold, self.phone_hold):
            watch.show(False, at)
