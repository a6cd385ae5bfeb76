"""A busy floor: 500 live calls, 200 agents, and facts at the rate of such a floor."""

import random
from datetime import UTC, datetime

from calls import facts
from calls.ids import AgentId, BridgeId, CallId, ChannelId
from tests.fakes.web_services import QUEUE, ScriptedFloor

AGENTS = 200
CALLS = 500
TALKING = 120
"""As many agents talk; the other calls ring, so the floor changes all the time."""


def _now() -> datetime:
    return datetime.now(UTC)


class Crowd:
    """Feeds a floor; every number and choice comes from one seed."""

    def __init__(self, floor: ScriptedFloor, seed: int = 6) -> None:
        self._floor = floor
        self._random = random.Random(seed)
        self._serial = 0
        self._ringing: list[str] = []
        self.idle = [AgentId(f"agent-{1000 + n}") for n in range(AGENTS - TALKING)]

    def gather(self) -> None:
        """Fill the floor."""
        self._floor.know()
        for n in range(AGENTS):
            self._floor.sign_in(f"agent-{1000 + n}", f"Agent {n}")
        for n in range(AGENTS - TALKING, AGENTS):
            self._talk(AgentId(f"agent-{1000 + n}"))
        while len(self._ringing) < CALLS - TALKING:
            self._ring()

    def stir(self) -> int:
        """Let one ringing call end and a new one ring; return how many facts that took."""
        call = self._ringing.pop(self._random.randrange(len(self._ringing)))
        self._floor.apply(facts.ChannelEnded(_now(), ChannelId(call), 19))
        self._ring()
        return 4

    def mark(self, agent: AgentId, reason: str) -> None:
        """Pause an idle agent for a reason that can be found again on the page."""
        self._floor.apply(facts.AgentPaused(_now(), agent, QUEUE, True, reason))

    def _plan(self) -> str:
        self._serial += 1
        call = f"call-{self._serial}"
        number = f"+86139{self._random.randrange(10**8):08d}"
        self._floor.plan(call, number, "spring")
        return call

    def _ring(self) -> None:
        call = self._plan()
        self._floor.apply(facts.ChannelRang(_now(), ChannelId(call)))
        self._ringing.append(call)

    def _talk(self, agent: AgentId) -> None:
        call = self._plan()
        channel, leg, bridge = ChannelId(call), ChannelId(f"{call}-leg"), BridgeId(f"b-{call}")
        self._floor.apply(
            facts.ChannelRang(_now(), channel),
            facts.ChannelAnswered(_now(), channel),
            facts.AgentOffered(_now(), agent, channel, QUEUE),
            facts.ChannelStarted(_now(), leg, CallId(call), agent, ""),
            facts.AgentConnected(_now(), agent, channel, QUEUE),
            facts.BridgeEntered(_now(), channel, bridge),
            facts.BridgeEntered(_now(), leg, bridge),
        )
