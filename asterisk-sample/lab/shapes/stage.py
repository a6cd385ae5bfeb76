"""What a play can do: sign agents in, dial, press keys on robots' phones, wait, hang up."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from typing import Final

from lab.ami import AmiSession
from lab.instance import LOOPBACK, InstanceError
from lab.shapes.overlay import ShapesLab
from lab.shapes.tap import Event, Tap

QUEUE: Final = "callfloor"
CALLER_ID: Final = "+861062220001"
INBOUND_NUMBER: Final = "+861055550000"
AGENTS: Final = ("1001", "1002", "1003", "1004")
_WAIT_SECONDS: Final = 12.0
_SETTLE_SECONDS: Final = 0.4


class Stage:
    """One play's view of the lab. Agents are named by their extension, `1001`."""

    def __init__(self, lab: ShapesLab) -> None:
        self.lab = lab
        self._placed: list[str] = []
        self.actor = AmiSession(lab.pbx, "callfloor-actor", events=False)
        self.phones = AmiSession(lab.phones, "lab", events=False)
        self.carrier = AmiSession(lab.carrier, "lab", events=False)
        for agent in AGENTS:
            self.plan(agent, "")
        self.tap = Tap(lab.pbx, "callfloor-reader")

    def close(self) -> None:
        """Leave an empty floor behind."""
        for session in (self.actor, self.phones, self.carrier):
            session.close()
        self.tap.close()

    def reconnect(self) -> None:
        """Log in again after the PBX was killed; the phones, too, must find it again."""
        self.actor.close()
        self.actor = AmiSession(self.lab.pbx, "callfloor-actor", events=False)
        self.lab.wait_registered()
        self.tap.resume()

    # --- agents ---

    def sign_in(self, *agents: str, queue: str = QUEUE) -> None:
        """Seat agents in the queue."""
        for agent in agents:
            self._do("QueueAdd", Queue=queue, Interface=f"PJSIP/agent-{agent}")
            self.heard("QueueMemberAdded", Interface=f"PJSIP/agent-{agent}")

    def sign_in_at(self, interface: str, name: str, state: str) -> None:
        """Seat a member who is reached in another way than by a phone of ours."""
        self._do(
            "QueueAdd", Queue=QUEUE, Interface=interface, MemberName=name, StateInterface=state
        )
        self.heard("QueueMemberAdded", Interface=interface)

    def sign_out_everybody(self) -> None:
        """Empty the queues."""
        members = [i for i in self.listing("QueueStatus") if i.get("Event") == "QueueMember"]
        for item in members:
            self._do("QueueRemove", Queue=item["Queue"], Interface=item["Location"])
        self.tap.wait(
            lambda: self._count("QueueMemberRemoved") >= len(members), _WAIT_SECONDS, "removals"
        )

    def plan(self, agent: str, plan: str, *, ring: float = 0, target: str = "") -> None:
        """Tell a robot what to do with its next calls: answer, ring, busy, forward, or nothing."""
        for name, value in (("PLAN", plan), ("RING", f"{ring:g}"), ("TARGET", target)):
            self._ask(self.phones, "Setvar", None, Variable=f"GLOBAL({name}_{agent})", Value=value)

    # --- calls ---

    def dial(
        self, number: str, *, amd: str = "off", queue: str = QUEUE, seconds: int = 20, at: str = ""
    ) -> str:
        """Place a call as Callfloor does; its attempt. at: another far end than the carrier."""
        return self.originate(
            f"PJSIP/carrier/sip:{number}@{at}" if at else f"PJSIP/{number}@carrier",
            {
                "CALLFLOOR_CAMPAIGN": "autumn",
                "CALLFLOOR_QUEUE": queue,
                "CALLFLOOR_AMD": amd,
            },
            Context="callfloor-answered",
            Exten="s",
            Timeout=str(seconds * 1000),
        )

    def originate(
        self, channel: str, variables: dict[str, str] | None = None, **headers: str
    ) -> str:
        """Place a call from the PBX; its attempt, which is the channel's id."""
        attempt = str(uuid.uuid4())
        given = {"CALLFLOOR_ATTEMPT": attempt, **(variables or {})}
        headers = {
            "Priority": "1",
            "Timeout": "20000",
            "CallerID": CALLER_ID,
            "Account": "autumn",
            "Async": "true",
            "ActionID": attempt,
            "ChannelId": attempt,
            "OtherChannelId": f"{attempt}-2",
            **headers,
        }
        self._ask(self.actor, "Originate", given, Channel=channel, **headers)
        self._placed.append(attempt)
        return attempt

    def call_in(self, caller: str = "+8613800138000") -> str:
        """A customer calls us; the carrier's id of the channel."""
        mine = str(uuid.uuid4())
        self._ask(
            self.carrier,
            "Originate",
            None,
            Channel=f"PJSIP/{INBOUND_NUMBER}@pbx",
            CallerID=f"<{caller}>",
            Context="scenarios",
            Exten="talk",
            Priority="1",
            Async="true",
            ChannelId=mine,
        )
        return mine

    def agent_dials(self, agent: str, number: str, caller: str = "") -> str:
        """A robot dials by itself; the id of the channel on its side."""
        mine = str(uuid.uuid4())
        self._ask(
            self.phones,
            "Originate",
            None,
            Channel=f"PJSIP/{number}@out-{agent}",
            CallerID=caller or f"<{agent}>",
            Context="talking",
            Exten="s",
            Priority="1",
            Async="true",
            ChannelId=mine,
            Timeout="20000",
        )
        return mine

    def hang_up(self, channel: str, cause: str = "16") -> None:
        """We end a channel of the PBX, as Callfloor's operator does."""
        self._do("Hangup", Channel=channel, Cause=cause)

    def customer_hangs_up(self) -> None:
        """Every channel of the carrier ends: there is one customer in a play."""
        for item in self._list(self.carrier, "CoreShowChannels"):
            self._ask(self.carrier, "Hangup", None, Channel=item["Channel"], Cause="16")

    # --- what a robot's hand does ---

    def phone_of(self, agent: str) -> str:
        """The channel on which the robot was called last."""
        answer = self._ask(self.phones, "Getvar", None, Variable=f"CHANNEL_{agent}")
        if not (channel := answer.get("Value", "")):
            raise InstanceError(f"robot {agent} was never called")
        return channel

    def press(self, channel: str, keys: str) -> None:
        """Press keys on a robot's phone, as fast as a practised agent."""
        for key in keys:
            self._ask(self.phones, "PlayDTMF", None, Channel=channel, Digit=key, Duration="100")
            time.sleep(0.2)

    def hold(self, channel: str, seconds: float) -> None:
        """Press hold, and press it again after so many seconds. Does not wait."""
        self._ask(
            self.phones, "Setvar", None, Channel=channel, Variable="HOLD_SECONDS",
            Value=f"{seconds:g}",
        )  # fmt: skip
        self._redirect(channel, "holding")

    def refer(self, channel: str, target: str, replaces: str = "") -> None:
        """Press transfer on the phone: to an extension, or to the other call of the phone."""
        self._ask(
            self.phones, "Setvar", None, Channel=channel, Variable="REFER_TO",
            Value=self._refer_to(target, replaces),
        )  # fmt: skip
        self._redirect(channel, "referring")

    def put_down(self, channel: str) -> None:
        """The robot hangs up."""
        self._ask(self.phones, "Hangup", None, Channel=channel, Cause="16")

    # --- waiting ---

    def talk(self, seconds: float) -> None:
        """Let the people talk."""
        time.sleep(seconds)

    def heard(self, event: str, seconds: float = _WAIT_SECONDS, **headers: str) -> None:
        """Wait until the PBX has said this since the play began."""
        self.tap.wait(lambda: self._count(event, **headers) > 0, seconds, f"{event} {headers}")

    def until_together(self, *names: str) -> None:
        """Wait until channels whose names hold these words can all hear each other."""
        self.tap.wait(lambda: self._are_together(names), _WAIT_SECONDS, f"{names} in one bridge")

    def until_gone(self, name: str) -> None:
        """Wait until every channel whose name holds the word has ended."""
        self.tap.wait(
            lambda: 0 < self._count_name("Newchannel", name) <= self._count_name("Hangup", name),
            _WAIT_SECONDS,
            f"the end of {name}",
        )

    def until_empty(self, seconds: float = 30.0) -> None:
        """Wait until the PBX has no channel left."""
        for attempt in self._placed:
            self.heard("OriginateResponse", ActionID=attempt)
        deadline = time.monotonic() + seconds
        while self._list(self.actor, "CoreShowChannels"):
            if time.monotonic() > deadline:
                raise InstanceError("channels are left over")
            time.sleep(0.1)
        time.sleep(_SETTLE_SECONDS)

    # --- looking ---

    def listing(self, name: str) -> list[Event]:
        """The items of a list of the PBX."""
        return self._list(self.actor, name)

    def channel(self, name: str) -> str:
        """The live channel of the PBX whose name holds the word."""
        names = [item["Channel"] for item in self.listing("CoreShowChannels")]
        return next(found for found in names if name in found)

    def dialog(self, channel: str) -> tuple[str, str, str]:
        """Call id, our tag and the far tag of a robot's SIP dialog."""
        names = ("call-id", "local_tag", "remote_tag")
        answers = (
            self._ask(self.phones, "Getvar", None, Channel=channel, Variable=f"CHANNEL(pjsip,{n})")
            for n in names
        )
        call_id, local, remote = (answer["Value"] for answer in answers)
        return call_id, local, remote

    def _refer_to(self, target: str, replaces: str) -> str:
        address = f"sip:{target}@{LOOPBACK}:{self.lab.pbx.ports.sip}"
        if not replaces:
            return address
        call_id, local, remote = self.dialog(replaces)
        # The PBX looks from its own end: its to-tag is the phone's remote tag.
        return f"<{address}?Replaces={call_id}%3Bto-tag%3D{remote}%3Bfrom-tag%3D{local}>"

    def _redirect(self, channel: str, context: str) -> None:
        self._ask(
            self.phones, "Redirect", None, Channel=channel, Context=context, Exten="s", Priority="1"
        )

    def _count(self, event: str, **headers: str) -> int:
        return sum(_is(found, event, headers) for found in self.tap.events)

    def _count_name(self, event: str, name: str) -> int:
        named = (found for found in self.tap.events if found["Event"] == event)
        return sum(name in found["Channel"] for found in named)

    def _are_together(self, names: Iterable[str]) -> bool:
        rooms = _joined(self._bridges())
        where = [{room for channel, room in rooms.items() if name in channel} for name in names]
        return bool(set.intersection(*where))

    def _bridges(self) -> dict[str, str]:
        inside: dict[str, str] = {}
        for event in self.tap.events:
            if event["Event"] == "BridgeEnter":
                inside[event["Channel"]] = event["BridgeUniqueid"]
            elif event["Event"] in ("BridgeLeave", "Hangup"):
                inside.pop(event["Channel"], None)
        return inside

    def _do(self, action: str, **headers: str) -> None:
        self._ask(self.actor, action, None, **headers)

    @staticmethod
    def _ask(
        session: AmiSession, name: str, variables: dict[str, str] | None, **headers: str
    ) -> Event:
        answer = session.action(name, variables, **headers)
        if answer.get("Response") != "Success":
            raise InstanceError(f"{name} {headers}: {answer.get('Message')}")
        return answer

    @staticmethod
    def _list(session: AmiSession, name: str) -> list[Event]:
        return session.listing(name)


def _joined(bridges: dict[str, str]) -> dict[str, str]:
    """The bridges of channels, where two that a Local pair joins are one."""
    rooms = dict(bridges)
    for channel, bridge in bridges.items():
        other = bridges.get(f"{channel[:-2]};2") if channel.endswith(";1") else None
        if other is not None and other != bridge:
            kept, gone = rooms[channel], rooms[f"{channel[:-2]};2"]
            rooms = {c: kept if room == gone else room for c, room in rooms.items()}
    return rooms


def _is(found: Event, event: str, headers: dict[str, str]) -> bool:
    return found["Event"] == event and all(found.get(k) == v for k, v in headers.items())


Play = Callable[[Stage], None]
