"""The whole truth after a (re)connect: Asterisk's lists -> one SnapshotTaken fact."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from ami_bridge.actions import AmiAction
from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame
from ami_bridge.translate import (
    agent_of,
    endpoint_of,
    is_busy,
    is_local,
    is_reachable,
    need_int,
    number_of,
)
from calls.facts import AgentSeen, ChannelSeen, SnapshotTaken
from calls.ids import BridgeId, CallId, ChannelId, QueueName


class Asks(Protocol):
    """What a snapshot needs of a session."""

    async def ask(self, action: AmiAction, *, seconds: float | None = None) -> Frame:
        """Return the answer."""

    async def ask_list(
        self, action: AmiAction, *, seconds: float | None = None
    ) -> tuple[Frame, ...]:
        """Return the items of a complete list."""


async def take_snapshot(
    session: Asks, seconds: float, clock: Callable[[], datetime]
) -> SnapshotTaken:
    """Ask Asterisk for its channels and queue members; raise if any list is refused or short."""
    status = await session.ask(AmiAction("CoreStatus"), seconds=seconds)
    channels = await session.ask_list(AmiAction("CoreShowChannels"), seconds=seconds)
    queues = await session.ask_list(AmiAction("QueueStatus"), seconds=seconds)
    return build_snapshot(clock(), status, channels, queues)


def build_snapshot(
    at: datetime, status: Frame, channels: Iterable[Frame], queues: Iterable[Frame]
) -> SnapshotTaken:
    """Make the fact of the three answers. Pure."""
    queues = tuple(queues)
    waits_in = {
        item.need("Uniqueid"): QueueName(item.need("Queue"))
        for item in queues
        if item.name == "QueueEntry"
    }
    return SnapshotTaken(
        at=at,
        asterisk_started_at=_started_at(status),
        channels=tuple(
            _channel(item, waits_in) for item in channels if not is_local(item.need("Channel"))
        ),
        agents=tuple(_agent(item) for item in queues if item.name == "QueueMember"),
    )


def _started_at(status: Frame) -> datetime:
    """Return Asterisk's start on its own wall clock, labelled UTC: good for comparing only."""
    text = f"{status.need('CoreStartupDate')} {status.need('CoreStartupTime')}"
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise TranslationError("CoreStatus", "CoreStartupDate", f"is no date: {text!r}") from None


def _channel(item: Frame, waits_in: Mapping[str, QueueName]) -> ChannelSeen:
    bridge = item.get("BridgeId")
    return ChannelSeen(
        channel=ChannelId(item.need("Uniqueid")),
        call=CallId(item.need("Linkedid")),
        endpoint=endpoint_of(item.get("Channel")),
        number=number_of(item),
        state=need_int(item, "ChannelState"),
        bridge=BridgeId(bridge) if bridge else None,
        age_seconds=_age_seconds(item),
        queue=waits_in.get(item.need("Uniqueid")),
    )


def _age_seconds(item: Frame) -> float:
    text = item.get("Duration")
    try:
        hours, minutes, seconds = (int(part) for part in text.split(":"))
    except ValueError:
        raise TranslationError(item.name, "Duration", f"is no time: {text[:20]!r}") from None
    return float(hours * 3600 + minutes * 60 + seconds)


def _agent(item: Frame) -> AgentSeen:
    return AgentSeen(
        agent=agent_of(item.need("Location")),
        queue=QueueName(item.need("Queue")),
        name=item.get("Name"),
        paused=item.need("Paused") == "1",
        reason=item.get("PausedReason"),
        in_call=item.get("InCall") == "1",
        reachable=is_reachable(item.need("Status")),
        busy=is_busy(item.need("Status")),
    )
