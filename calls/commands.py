"""What we want Asterisk to do, in our words; `ami_bridge.actions` turns each into an AMI action."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from calls.campaign import DialOrder
from calls.ids import AgentId, AttemptId, CampaignName, ChannelId, QueueName

JOINING = "join-"
"""How the channel ids of supervisors' own legs begin: they are no calls of the floor."""


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Dial the customer; the dialplan brings the answered call to the queue.

    number: E.164 with plus sign. ring_seconds: the Originate's Timeout. amd: off, label or hangup.
    """

    attempt: AttemptId
    campaign: CampaignName
    queue: QueueName
    number: str
    trunk: str
    caller_id: str
    ring_seconds: int
    amd: str = "off"
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndCall:
    """Hang up one channel. cause: Q.850, 16 = normal clearing."""

    channel: ChannelId
    cause: int = 16


@dataclass(frozen=True, slots=True)
class SignInAgent:
    """Make the agent a member of the queue (no effect if it is one already)."""

    agent: AgentId
    queue: QueueName
    name: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class SignOutAgent:
    """Take the agent out of the queue (no effect if it is not in it)."""

    agent: AgentId
    queue: QueueName


@dataclass(frozen=True, slots=True)
class PauseAgent:
    """Pause the agent in the queue with a reason, or resume it."""

    agent: AgentId
    queue: QueueName
    paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JoinCall:
    """Ring a supervisor's phone and let it join an agent's call.

    how: listen (unheard), whisper (the agent hears it) or barge (both hear it).
    channel: begins with JOINING, by which the floor tells it from a customer's call.
    """

    channel: ChannelId
    phone: AgentId
    agent: AgentId
    how: str


@dataclass(frozen=True, slots=True)
class PlaceAskedCall:
    """Join one agent and one customer because the agent asked for it; the order says who first.

    number: E.164 with plus sign. ring_seconds: how long the customer's phone rings.
    """

    attempt: AttemptId
    campaign: CampaignName
    queue: QueueName
    agent: AgentId
    number: str
    trunk: str
    caller_id: str
    ring_seconds: int
    order: DialOrder


Command = PlaceCall | PlaceAskedCall | EndCall | SignInAgent | SignOutAgent | PauseAgent | JoinCall
