"""What happened, in our words: the only thing that parts of Callfloor tell each other.

Every fact carries `at`, UTC. Facts about Asterisk come from `ami_bridge.translate` in the order
in which Asterisk sent them; facts about our own intent come from the dialer. Applying the same
fact twice must equal applying it once.
"""

from dataclasses import dataclass
from datetime import datetime

from calls.ids import (
    AgentId,
    AttemptId,
    BridgeId,
    CallId,
    CampaignName,
    ChannelId,
    QueueName,
    RelayHalf,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened; at: when, UTC."""

    at: datetime


# --- our own intent ---


@dataclass(frozen=True, slots=True)
class AttemptPlanned(Fact):
    """An attempt is saved in Postgres and will be dialled next. asked_by: the agent it is for."""

    attempt: AttemptId
    campaign: CampaignName
    queue: QueueName
    number: str
    asked_by: AgentId | None = None


@dataclass(frozen=True, slots=True)
class AttemptRefused(Fact):
    """Asterisk did not take the Originate (or never got it): no call came of the attempt."""

    attempt: AttemptId
    reason: str


@dataclass(frozen=True, slots=True)
class ClockTicked(Fact):
    """Time passed; ends wrap-ups."""


# --- channels and bridges ---


@dataclass(frozen=True, slots=True)
class ChannelStarted(Fact):
    """A channel exists. endpoint: the name after the technology, e.g. `carrier`, `agent-1001`."""

    channel: ChannelId
    call: CallId
    endpoint: str
    number: str


@dataclass(frozen=True, slots=True)
class ChannelRang(Fact):
    """The far end of this channel rings (or sent early media)."""

    channel: ChannelId


@dataclass(frozen=True, slots=True)
class ChannelAnswered(Fact):
    """The channel is up."""

    channel: ChannelId


@dataclass(frozen=True, slots=True)
class ChannelEnded(Fact):
    """The channel is gone. cause: Q.850 hangup cause, 0 if none was given."""

    channel: ChannelId
    cause: int


@dataclass(frozen=True, slots=True)
class BridgeEntered(Fact):
    """The channel joined a bridge."""

    channel: ChannelId
    bridge: BridgeId


@dataclass(frozen=True, slots=True)
class BridgeLeft(Fact):
    """The channel left a bridge."""

    channel: ChannelId
    bridge: BridgeId


@dataclass(frozen=True, slots=True)
class RelayEntered(Fact):
    """Half of a relay joined a bridge: with its other half it makes two bridges one room."""

    half: RelayHalf
    bridge: BridgeId


@dataclass(frozen=True, slots=True)
class RelayLeft(Fact):
    """Half of a relay left a bridge."""

    half: RelayHalf
    bridge: BridgeId


@dataclass(frozen=True, slots=True)
class ChannelHeld(Fact):
    """Whoever is at this channel pressed hold: the others hear music."""

    channel: ChannelId


@dataclass(frozen=True, slots=True)
class ChannelResumed(Fact):
    """The hold of this channel is over."""

    channel: ChannelId


@dataclass(frozen=True, slots=True)
class OriginateResolved(Fact):
    """Asterisk's last word on an Originate. reason: AMI's code (4 answered, 3 no answer)."""

    attempt: AttemptId
    succeeded: bool
    reason: int


@dataclass(frozen=True, slots=True)
class CallMarked(Fact):
    """The dialplan said something about a call.

    mark: `amd` (value human|machine|notsure), `abandoned` or `forwarded` (value: detail).
    """

    channel: ChannelId
    mark: str
    value: str


# --- queues and agents ---


@dataclass(frozen=True, slots=True)
class CallQueued(Fact):
    """The caller on `channel` waits in this queue (a call of ours, or one from outside)."""

    channel: ChannelId
    queue: QueueName


@dataclass(frozen=True, slots=True)
class AgentOffered(Fact):
    """The queue rings this agent for the caller on `channel`."""

    agent: AgentId
    channel: ChannelId
    queue: QueueName


@dataclass(frozen=True, slots=True)
class AgentMissed(Fact):
    """The agent did not take the call that rang. channel: empty if it was gone by then."""

    agent: AgentId
    channel: ChannelId
    queue: QueueName


@dataclass(frozen=True, slots=True)
class AgentConnected(Fact):
    """The queue joined agent and caller."""

    agent: AgentId
    channel: ChannelId
    queue: QueueName


@dataclass(frozen=True, slots=True)
class AgentCompleted(Fact):
    """The queue call of this agent is over. channel: empty if it was gone by then."""

    agent: AgentId
    channel: ChannelId
    queue: QueueName


@dataclass(frozen=True, slots=True)
class AgentSignedIn(Fact):
    """The agent is a member of the queue. name: for people to read."""

    agent: AgentId
    queue: QueueName
    name: str
    paused: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AgentSignedOut(Fact):
    """The agent is no longer a member of the queue."""

    agent: AgentId
    queue: QueueName


@dataclass(frozen=True, slots=True)
class AgentPaused(Fact):
    """The agent was paused (with a reason) or resumed in the queue."""

    agent: AgentId
    queue: QueueName
    paused: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AgentPhoneChanged(Fact):
    """Whether the agent's phone can be reached at all (registered, not invalid).

    busy: it rings or is in use, also for a call that no queue gave it.
    """

    agent: AgentId
    queue: QueueName
    reachable: bool
    busy: bool = False


# --- the link ---


@dataclass(frozen=True, slots=True)
class LinkLost(Fact):
    """Events may have been missed from here on: nothing is known until a snapshot."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """One live channel of a snapshot. state: Asterisk's ChannelState number (4/5 ring, 6 up).

    queue: the one that its caller waits in, None if it waits in none.
    """

    channel: ChannelId
    call: CallId
    endpoint: str
    number: str
    state: int
    bridge: BridgeId | None
    age_seconds: float
    queue: QueueName | None = None


@dataclass(frozen=True, slots=True)
class RelaySeen:
    """One half of a relay in a snapshot that is in a bridge."""

    half: RelayHalf
    bridge: BridgeId


@dataclass(frozen=True, slots=True)
class AgentSeen:
    """One queue member of a snapshot. rings: its phone does, for whatever call."""

    agent: AgentId
    queue: QueueName
    name: str
    paused: bool
    reason: str
    in_call: bool
    reachable: bool
    busy: bool = False
    rings: bool = False


@dataclass(frozen=True, slots=True)
class SnapshotTaken(Fact):
    """The whole truth as Asterisk told it; asterisk_started_at changes when Asterisk restarts."""

    asterisk_started_at: datetime
    channels: tuple[ChannelSeen, ...]
    agents: tuple[AgentSeen, ...]
    relays: tuple[RelaySeen, ...] = ()
