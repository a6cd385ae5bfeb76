"""Which channels there are and who is with whom. Pure: each change says whom it touches."""

from collections.abc import Collection
from dataclasses import dataclass

from calls import facts
from calls.ids import AGENT_PREFIX, AgentId, BridgeId, CallId, ChannelId
from calls.talk import Member, Rooms

Gathering = (
    facts.BridgeEntered
    | facts.BridgeLeft
    | facts.RelayEntered
    | facts.RelayLeft
    | facts.ChannelHeld
    | facts.ChannelResumed
)


@dataclass(frozen=True, slots=True)
class _Leg:
    call: CallId
    endpoint: str


@dataclass(frozen=True, slots=True)
class Company:
    """Who is with a channel. is_held: there is somebody, and all of them pressed hold."""

    agents: tuple[AgentId, ...]
    is_there: bool
    is_held: bool


class Presence:
    """The live channels of all calls."""

    def __init__(self) -> None:
        self._legs: dict[ChannelId, _Leg] = {}
        self._channels_of: dict[str, dict[ChannelId, None]] = {}  # by endpoint, in their order
        self._rooms = Rooms()
        self._on_hold: set[ChannelId] = set()

    def __len__(self) -> int:
        """Count the live channels."""
        return len(self._legs)

    def __contains__(self, channel: ChannelId) -> bool:
        return channel in self._legs

    def start(self, channel: ChannelId, call: CallId, endpoint: str) -> None:
        """A channel exists."""
        known = self._legs.get(channel)
        if known is not None and known.endpoint != endpoint:
            self._forget(channel, known.endpoint)
        self._legs[channel] = _Leg(call, endpoint)
        self._channels_of.setdefault(endpoint, {})[channel] = None

    def call_of(self, channel: ChannelId) -> CallId:
        """Return the call that the channel began in; empty if the channel is not known."""
        leg = self._legs.get(channel)
        return leg.call if leg else CallId("")

    def agent_of(self, channel: ChannelId) -> AgentId:
        """Return the name of the channel's endpoint."""
        return AgentId(self._legs[channel].endpoint)

    def legs_of(self, agent: AgentId) -> list[ChannelId]:
        """Return the live channels of the agent's phone."""
        return list(self._channels_of.get(agent, ()))

    def is_agent(self, channel: ChannelId) -> bool:
        """Tell whether the channel is an agent's phone."""
        leg = self._legs.get(channel)
        return leg is not None and leg.endpoint.startswith(AGENT_PREFIX)

    def end(self, channel: ChannelId) -> set[ChannelId]:
        """The channel is gone."""
        touched = self._move(channel, None, None)
        if leg := self._legs.pop(channel, None):
            self._forget(channel, leg.endpoint)
        self._on_hold.discard(channel)
        return touched

    def _forget(self, channel: ChannelId, endpoint: str) -> None:
        self._channels_of[endpoint].pop(channel, None)
        if not self._channels_of[endpoint]:
            del self._channels_of[endpoint]

    def apply(self, fact: Gathering) -> set[ChannelId]:
        """Let a known channel, or half of a relay, enter or leave a bridge, or be on hold."""
        match fact:
            case facts.RelayEntered():
                return self._move(fact.half, fact.bridge, None)
            case facts.RelayLeft():
                return self._move(fact.half, None, fact.bridge)
            case _ if fact.channel not in self._legs:
                return set()
            case facts.BridgeEntered():
                return self._move(fact.channel, fact.bridge, None)
            case facts.BridgeLeft():
                return self._move(fact.channel, None, fact.bridge)
            case facts.ChannelHeld():
                self._on_hold.add(fact.channel)
            case facts.ChannelResumed():
                self._on_hold.discard(fact.channel)
        return set(self._rooms.company(fact.channel))

    def leave(self, channel: ChannelId) -> set[ChannelId]:
        """The channel is in no bridge."""
        return self._move(channel, None, None)

    def keep(self, alive: Collection[ChannelId], halves: Collection[str]) -> set[ChannelId]:
        """Forget what is neither among the live channels nor among the relays' halves."""
        touched: set[ChannelId] = set()
        for channel in [known for known in self._legs if known not in alive]:
            touched |= self.end(channel)
        for member in self._rooms.members():
            if member not in self._legs and member not in halves:
                touched |= self._move(member, None, None)
        return touched

    def others(self, channel: ChannelId) -> list[ChannelId]:
        """Return the channels in the channel's room but itself."""
        return list(self._rooms.company(channel))

    def rehome(self, channel: ChannelId, call: CallId) -> None:
        """The channel belongs to this call from now on."""
        self._legs[channel] = _Leg(call, self._legs[channel].endpoint)

    def company(self, channel: ChannelId) -> Company:
        """Return who else is in the channel's room."""
        others = self._rooms.company(channel)
        names = [leg.endpoint for other in others if (leg := self._legs.get(other))]
        return Company(
            agents=tuple(AgentId(name) for name in names if name.startswith(AGENT_PREFIX)),
            is_there=bool(others),
            is_held=bool(others) and self._on_hold.issuperset(others),
        )

    def _move(self, member: Member, to: BridgeId | None, out_of: BridgeId | None) -> set[ChannelId]:
        """Enter `to`, or leave; out_of: which bridge is left, None for whichever it is."""
        touched = self._rooms.people_at(self._rooms.bridge_of(member))
        if to is None:
            self._rooms.leave(member, out_of)
        else:
            self._rooms.enter(member, to)
        return {*touched, *self._rooms.people_at(to)}
