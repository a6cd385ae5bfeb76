"""The parties of a call: one leg for each channel, with the bridges it was in."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.channel_names import is_inner
from calls.ids import AGENT_PREFIX, BridgeId, ChannelId
from cdr_ingest.intervals import Span
from cdr_ingest.rows import CelEvent, CelRow

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_ENDS = frozenset({CelEvent.HANGUP, CelEvent.CHAN_END})


def is_preset(channel: str) -> bool:
    """Whether we chose this channel's id (the attempt's UUID) when we originated it."""
    return _UUID.fullmatch(channel) is not None


def endpoint_of(channel_name: str) -> str:
    """Return `agent-1001` of `PJSIP/agent-1001-00000003`; empty if the name has no such form."""
    return channel_name.partition("/")[2].rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Leg:
    """One channel. answered_at, ended_at: None if Asterisk did not say.

    bridges: where it was, by bridge; an exit that was not recorded is closed by the channel's end,
    and a channel without an end by the end of the call.
    """

    channel: ChannelId
    name: str
    rows: tuple[CelRow, ...]
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    bridges: tuple[tuple[BridgeId, Span], ...]

    @property
    def endpoint(self) -> str:
        """The channel's endpoint, e.g. `carrier` or `agent-1001`."""
        return endpoint_of(self.name)

    @property
    def is_party(self) -> bool:
        """Whether somebody is at the other end (not a channel of Asterisk's own)."""
        return not is_inner(self.name)

    @property
    def is_agent(self) -> bool:
        """Whether this is an agent's phone."""
        return self.is_party and self.endpoint.startswith(AGENT_PREFIX)

    @property
    def is_originated(self) -> bool:
        """Whether this is the customer's leg of a call that we originated."""
        return self.is_party and not self.is_agent and is_preset(self.channel)

    @property
    def queued_at(self) -> datetime | None:
        """When the leg first entered a queue; None if it did not."""
        rows = (row for row in self.rows if row.event is CelEvent.APP_START)
        return next((row.at for row in rows if row.application == "Queue"), None)

    @property
    def hangup(self) -> CelRow | None:
        """The row that says who hung up and why."""
        return next((row for row in self.rows if row.event is CelEvent.HANGUP), None)


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
    ended_at = _first(rows, _ENDS)
    return Leg(
        channel=channel,
        # The first name: a masquerade renames a channel on its way out.
        name=next((row.channel_name for row in rows if row.channel_name), ""),
        rows=tuple(rows),
        started_at=_first(rows, {CelEvent.CHAN_START}) or rows[0].at,
        answered_at=_first(rows, {CelEvent.ANSWER}),
        ended_at=ended_at,
        bridges=tuple(_bridges(rows, ended_at or call_end)),
    )


def _first(rows: Iterable[CelRow], events: Iterable[CelEvent]) -> datetime | None:
    return next((row.at for row in rows if row.event in events), None)


def _bridges(rows: Iterable[CelRow], leg_end: datetime) -> Iterator[tuple[BridgeId, Span]]:
    """Pair enters with exits. A repeated enter or exit says nothing new."""
    inside: tuple[BridgeId, datetime] | None = None
    for row in rows:
        bridge = row.extra.bridge_id
        # A holding bridge keeps parked or waiting callers: nobody talks in it.
        if bridge is None or row.extra.bridge_technology == "holding_bridge":
            continue
        if row.event is CelEvent.BRIDGE_ENTER and (inside is None or inside[0] != bridge):
            if inside is not None:
                # A channel is in one bridge at a time: the exit in between is missing.
                yield inside[0], Span(inside[1], row.at)
            inside = (bridge, row.at)
        elif row.event is CelEvent.BRIDGE_EXIT and inside is not None and inside[0] == bridge:
            yield bridge, Span(inside[1], row.at)
            inside = None
    if inside is not None:
        yield inside[0], Span(inside[1], max(inside[1], leg_end))
