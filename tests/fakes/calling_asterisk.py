"""A scripted Asterisk that plays whole calls and writes their CEL, whoever listens or dies.

The last digit of the number decides: 0 to 3 is busy, anything else is answered, brought to a free
agent of the queue and talks for a moment. Nobody free: abandoned, as the dialplan does.
"""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from store.database import Database
from tests.fakes.scripted_asterisk import (
    Connection,
    Received,
    ScriptedAsterisk,
    answer,
    channel,
    event,
)

QUEUE = "callfloor"
RING_SECONDS, TALK_SECONDS = 0.05, 0.3
CEL_COLUMNS = (
    "eventtype", "eventtime", "userdeftype", "cid_num", "cid_ani", "exten", "channame", "appname",
    "accountcode", "uniqueid", "linkedid", "extra",
)  # fmt: skip
_serials = count(1)


@dataclass
class PlayedCall:
    """One Originate as it went. was_answered: the customer picked up."""

    attempt: str
    number: str
    campaign: str
    was_answered: bool = False


@dataclass
class CallingAsterisk(ScriptedAsterisk):
    """Give it agents and a database; it needs no service to finish what it began."""

    database: Database | None = None
    agents: tuple[str, ...] = ()
    played: list[PlayedCall] = field(default_factory=list)
    _busy: set[str] = field(default_factory=set)
    _calls: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.members = [
            {
                "Queue": QUEUE, "Name": agent, "Location": f"PJSIP/{agent}", "Status": 1,
                "Paused": 0, "PausedReason": "", "InCall": 0,
            }
            for agent in self.agents
        ]  # fmt: skip

    async def finish(self) -> None:
        """Return when every call is over and written down."""
        while self._calls:
            await asyncio.gather(*self._calls)

    def _on_originate(self, connection: Connection, received: Received) -> None:
        connection.send(answer(received, text="Originate successfully queued"))
        number = received.get("Channel").removeprefix("PJSIP/").partition("@")[0]
        call = PlayedCall(received.get("ChannelId"), number, received.get("Account"))
        self.played.append(call)
        task = asyncio.create_task(self._play(call))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    # --- one call ---

    async def _play(self, call: PlayedCall) -> None:
        leg = _Leg(f"PJSIP/carrier-{next(_serials):08x}", call.attempt, call.attempt, call.campaign)
        await self._start(leg, call.number)
        self._say("Newstate", leg, ChannelState=5)
        self._show(leg, ChannelState=5)
        await asyncio.sleep(RING_SECONDS)
        if call.number[-1] in "0123":
            await self._end(leg, 17, "BUSY")
        else:
            call.was_answered = True
            await self._answer(leg)
            agent = next((a for a in self.agents if a not in self._busy), None)
            await (self._abandon(leg) if agent is None else self._talk(leg, agent))
        self._say_resolved(call)
        await self._cel(leg, "LINKEDID_END")

    async def _answer(self, leg: "_Leg") -> None:
        self._say("Newstate", leg, ChannelState=6)
        self._show(leg, ChannelState=6)
        await self._cel(leg, "ANSWER", appname="AppDial2")

    async def _abandon(self, leg: "_Leg") -> None:
        self._broadcast(event("UserEvent", UserEvent="CallfloorAbandoned", Uniqueid=leg.uniqueid))
        await self._cel(leg, "USER_DEFINED", userdeftype="CALLFLOOR_ABANDONED")
        await self._end(leg, 16, "ANSWER")

    async def _talk(self, leg: "_Leg", agent: str) -> None:
        self._busy.add(agent)
        phone = _Leg(
            f"PJSIP/{agent}-{next(_serials):08x}",
            f"pbx-{next(_serials)}",
            leg.linkedid,
            leg.account,
        )
        self._say_agent("AgentCalled", leg, agent)
        await self._start(phone, agent)
        await self._answer(phone)
        self._say_agent("AgentConnect", leg, agent)
        bridge = f"bridge-{phone.uniqueid}"
        for one in (phone, leg):
            self._say("BridgeEnter", one, BridgeUniqueid=bridge, BridgeTechnology="simple_bridge")
            self._show(one, BridgeId=bridge)
            await self._cel(one, "BRIDGE_ENTER", extra={"bridge_id": bridge})
        await asyncio.sleep(TALK_SECONDS)
        for one in (leg, phone):
            self._say("BridgeLeave", one, BridgeUniqueid=bridge, BridgeTechnology="simple_bridge")
            await self._cel(one, "BRIDGE_EXIT", extra={"bridge_id": bridge})
        self._say_agent("AgentComplete", leg, agent)
        await self._end(phone, 16, "")
        await self._end(leg, 16, "ANSWER")
        self._busy.discard(agent)

    # --- events, channels and CEL of one leg ---

    async def _start(self, leg: "_Leg", number: str) -> None:
        self.channels.append(channel(leg.name, leg.uniqueid, Linkedid=leg.linkedid))
        self._broadcast(
            event("Newchannel", **channel(leg.name, leg.uniqueid, Linkedid=leg.linkedid))
        )
        await self._cel(leg, "CHAN_START")

    async def _end(self, leg: "_Leg", cause: int, dialstatus: str) -> None:
        self.channels = [one for one in self.channels if one["Uniqueid"] != leg.uniqueid]
        self._say("Hangup", leg, Cause=cause)
        extra = {"hangupcause": cause, "hangupsource": leg.name, "dialstatus": dialstatus}
        await self._cel(leg, "HANGUP", extra=extra)
        await self._cel(leg, "CHAN_END")

    def _show(self, leg: "_Leg", **headers: object) -> None:
        for one in self.channels:
            if one["Uniqueid"] == leg.uniqueid:
                one.update(headers)

    def _say(self, name: str, leg: "_Leg", **headers: object) -> None:
        self._broadcast(
            event(name, Channel=leg.name, Uniqueid=leg.uniqueid, Linkedid=leg.linkedid, **headers)
        )

    def _say_agent(self, name: str, leg: "_Leg", agent: str) -> None:
        self._broadcast(
            event(
                name, Channel=leg.name, Uniqueid=leg.uniqueid, Linkedid=leg.linkedid, Queue=QUEUE,
                Interface=f"PJSIP/{agent}", MemberName=agent,
            )
        )  # fmt: skip

    def _say_resolved(self, call: PlayedCall) -> None:
        self._broadcast(
            event(
                "OriginateResponse", ActionID=call.attempt, Uniqueid=call.attempt,
                Response="Success" if call.was_answered else "Failure",
                Reason=4 if call.was_answered else 5,
            )
        )  # fmt: skip

    def _broadcast(self, data: bytes) -> None:
        for connection in self.connections:
            if "system" in connection.events:
                connection.send(data)

    async def _cel(self, leg: "_Leg", kind: str, **more: object) -> None:
        assert self.database is not None
        extra = more.pop("extra", None)
        values: dict[str, object] = {
            **dict.fromkeys(CEL_COLUMNS, ""),
            "eventtype": kind,
            "eventtime": datetime.now(UTC).replace(tzinfo=None),
            "channame": leg.name,
            "uniqueid": leg.uniqueid,
            "linkedid": leg.linkedid,
            "accountcode": leg.account,
            "extra": "" if extra is None else json.dumps(extra),
            **more,
        }
        row = tuple(values[name] for name in CEL_COLUMNS)
        await self.database.copy_rows("cel", CEL_COLUMNS, [row])


@dataclass(frozen=True)
class _Leg:
    """One channel."""

    name: str
    uniqueid: str
    linkedid: str
    account: str
