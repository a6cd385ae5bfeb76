"""The parties of a call: one leg for each channel, with the bridges it was in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.channel_names import is_inner
from calls.ids import AGENT_PREFIX, BridgeId, ChannelId
from cdr_ingest.intervals import Span
from cdr_ingest.rows import CelEvent, CelRow

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_UUID_LENGTH = 36
_ENDS = (CelEvent.HANGUP, CelEvent.CHAN_END)


def is_preset(channel: str) -> bool:
    """Whether we chose this channel's id (the attempt's UUID) when we originated it."""
    return len(channel) == _UUID_LENGTH and _UUID.fullmatch(channel) is not None


def endpoint_of(channel_name: str) -> str:
    """Return `agent-1001` of `PJSIP/agent-1001-00000003`; empty if the name has no such form."""
    return channel_name.partition("/")[2].rpartition("-")[0]


@dataclass(slots=True)
class Leg:
    """One channel; not changed once it is built. answered_at, ended_at: None if not told.

    endpoint: the channel's, e.g. `carrier` or `agent-1001`. bridges: where it was, by bridge; an
    exit that was not recorded is closed by the channel's end, and a channel without an end by the
    end of the call. is_party: somebody is at the other end (no channel of Asterisk's own).
    is_originated: the customer's leg of a call that we originated. first: the first row
    of each event. queued_at: when the leg first entered a queue.
    """

    channel: ChannelId
    name: str
    rows: Sequence[CelRow]
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    first: Mapping[CelEvent, CelRow]
    queued_at: datetime | None
    bridges: Sequence[tuple[BridgeId, Span]]
    endpoint: str
    is_party: bool
    is_agent: bool
    is_originated: bool

    @property
    def hangup(self) -> CelRow | None:
        """The row that says who hung up and why."""
        return self.first.get(CelEvent.HANGUP)


def legs_of(rows: Iterable[CelRow], *, call_end: datetime) -> tuple[Leg, ...]:
    """Build the legs from a call's rows in order of time; the leg that began first is first.

    call_end: closes what nothing else closes.
    """
    by_channel: dict[ChannelId, list[CelRow]] = {}
    for row in rows:
        by_channel.setdefault(row.channel, []).append(row)
    legs = [_leg(channel, found, call_end) for channel, found in by_channel.items()]
    return tuple(sorted(legs, key=lambda leg: (leg.started_at, leg.channel)))


def _leg(channel: ChannelId, rows: Sequence[CelRow], call_end: datetime) -> Leg:
    first: dict[CelEvent, CelRow] = {}
    for row in rows:
        first.setdefault(row.event, row)
    # The first name: a masquerade renames a channel on its way out.
    name = next((row.channel_name for row in rows if row.channel_name), "")
    ended_at = _end(first)
    endpoint = endpoint_of(name)
    is_party = not is_inner(name)
    is_agent = is_party and endpoint.startswith(AGENT_PREFIX)
    return Leg(
        channel=channel,
        name=name,
        rows=rows,
        started_at=first.get(CelEvent.CHAN_START, rows[0]).at,
        answered_at=first[CelEvent.ANSWER].at if CelEvent.ANSWER in first else None,
        ended_at=ended_at,
        first=first,
        queued_at=_queued_at(rows) if CelEvent.APP_START in first else None,
        bridges=_bridges(rows, ended_at or call_end) if CelEvent.BRIDGE_ENTER in first else (),
        endpoint=endpoint,
        is_party=is_party,
        is_agent=is_agent,
        is_originated=is_party and not is_agent and is_preset(channel),
    )


def _end(first: Mapping[CelEvent, CelRow]) -> datetime | None:
    """Return when the channel ended: Asterisk says it twice, and a gap may hide one of them."""
    ends = [first[event].at for event in _ENDS if event in first]
    return min(ends, default=None)


def _queued_at(rows: Iterable[CelRow]) -> datetime | None:
    starts = (row for row in rows if row.event is CelEvent.APP_START)
    return next((row.at for row in starts if row.application == "Queue"), None)


def _bridges(rows: Iterable[CelRow], leg_end: datetime) -> list[tuple[BridgeId, Span]]:
    """Pair enters with exits. A repeated enter or exit says nothing new."""
    found: list[tuple[BridgeId, Span]] = []
    inside: tuple[BridgeId, datetime] | None = None
    for row in rows:
        bridge = row.extra.bridge_id
        # A holding bridge keeps parked or waiting callers: nobody talks in it.
        if bridge is None or row.extra.bridge_technology == "holding_bridge":
            continue
        if row.event is CelEvent.BRIDGE_ENTER and (inside is None or inside[0] != bridge):
            if inside is not None:
                # A channel is in one bridge at a time: the exit in between is missing.
                found.append((inside[0], Span(inside[1], row.at)))
            inside = (bridge, row.at)
        elif row.event is CelEvent.BRIDGE_EXIT and inside is not None and inside[0] == bridge:
            found.append((bridge, Span(inside[1], row.at)))
            inside = None
    if inside is not None:
        found.append((inside[0], Span(inside[1], max(inside[1], leg_end))))
    return found
