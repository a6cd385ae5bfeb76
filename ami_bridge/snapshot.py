"""The whole truth after a (re)connect: Asterisk's lists -> one SnapshotTaken fact."""

import asyncio
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ami_bridge.actions import AmiAction
from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame
from ami_bridge.translate import (
    HOLDING_BRIDGE,
    agent_of,
    endpoint_of,
    is_busy,
    is_reachable,
    need_int,
    number_of,
)
from calls.channel_names import is_inner, is_local
from calls.facts import AgentSeen, ChannelSeen, RelaySeen, SnapshotTaken
from calls.ids import BridgeId, CallId, ChannelId, QueueName, RelayHalf

_RINGING_PHONE = frozenset({"6", "7"})  # AST_DEVICE_RINGING, AST_DEVICE_RINGINUSE


class Asks(Protocol):
    """What a snapshot needs of a session."""

    async def ask(self, action: AmiAction, *, seconds: float | None = None) -> Frame:
        """Return the answer."""

    async def ask_list(
        self, action: AmiAction, *, seconds: float | None = None
    ) -> tuple[Frame, ...]:
        """Return the items of a complete list."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Asterisk's answers, as they came. queues holds members, with their phones' states, too."""

    status: Frame
    bridges: tuple[Frame, ...]
    channels: tuple[Frame, ...]
    queues: tuple[Frame, ...]


async def take_snapshot(
    session: Asks, seconds: float, clock: Callable[[], datetime]
) -> SnapshotTaken:
    """Ask Asterisk for its channels and queue members; raise if any list is refused or short."""
    return build_snapshot(clock(), await ask_lists(session, seconds))


async def ask_lists(session: Asks, seconds: float) -> Lists:
    """Ask Asterisk for what a snapshot is made of; raise if any list is refused or short.

    All questions go out at once: Asterisk answers them in order, without waiting for us between.
    """
    status, *lists = await asyncio.gather(
        session.ask(AmiAction("CoreStatus"), seconds=seconds),
        # Bridges before channels: whoever is in a bridge that is younger is in no holding bridge.
        session.ask_list(AmiAction("BridgeList"), seconds=seconds),
        session.ask_list(AmiAction("CoreShowChannels"), seconds=seconds),
        session.ask_list(AmiAction("QueueStatus"), seconds=seconds),
    )
    return Lists(status, *lists)


def build_snapshot(at: datetime, lists: Lists) -> SnapshotTaken:
    """Make the fact of the answers. Pure."""
    seen = lists.channels
    holding = {
        BridgeId(item.need("BridgeUniqueid"))
        for item in lists.bridges
        if item.get("BridgeTechnology") == HOLDING_BRIDGE
    }
    waits_in = {
        item.need("Uniqueid"): QueueName(item.need("Queue"))
        for item in lists.queues
        if item.name == "QueueEntry"
    }
    return SnapshotTaken(
        at=at,
        asterisk_started_at=_started_at(lists.status),
        channels=tuple(
            _channel(item, holding, waits_in) for item in seen if not is_inner(item.need("Channel"))
        ),
        agents=tuple(_agent(item) for item in lists.queues if item.name == "QueueMember"),
        relays=tuple(_relay(item) for item in seen if _is_relay(item, holding)),
    )


def _started_at(status: Frame) -> datetime:
    """Return Asterisk's start on its own wall clock, labelled UTC: good for comparing only."""
    text = f"{status.need('CoreStartupDate')} {status.need('CoreStartupTime')}"
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise TranslationError("CoreStatus", "CoreStartupDate", f"is no date: {text!r}") from None


def _channel(item: Frame, holding: Set[BridgeId], waits_in: Mapping[str, QueueName]) -> ChannelSeen:
    bridge = BridgeId(item.get("BridgeId"))
    return ChannelSeen(
        channel=ChannelId(item.need("Uniqueid")),
        call=CallId(item.need("Linkedid")),
        endpoint=endpoint_of(item.get("Channel")),
        number=number_of(item),
        state=need_int(item, "ChannelState"),
        bridge=bridge if bridge and bridge not in holding else None,
        age_seconds=_age_seconds(item),
        queue=waits_in.get(item.need("Uniqueid")),
    )


def _is_relay(item: Frame, holding: Set[BridgeId]) -> bool:
    bridge = item.get("BridgeId")
    return is_local(item.need("Channel")) and bool(bridge) and bridge not in holding


def _relay(item: Frame) -> RelaySeen:
    return RelaySeen(RelayHalf(item.need("Channel")), BridgeId(item.need("BridgeId")))


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
        rings=item.get("Status") in _RINGING_PHONE,
    )
