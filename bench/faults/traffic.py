"""Calls at a steady pace, whatever the line does, and what became of each order to call."""

import asyncio
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from ami_bridge.switch import AsteriskSwitch
from calls.commands import PlaceCall, SignInAgent
from calls.facts import AttemptPlanned
from calls.ids import AgentId, AttemptId, CampaignName, QueueName
from calls.switch import ActionUncertain, LinkDown
from dialer.live_floor import LiveFloor
from lab.numbering_plan import number_for

QUEUE, CAMPAIGN = QueueName("callfloor"), CampaignName("bench")
_ANSWERED_SHARE = 0.3
_FAILING = ("busy", "rejected", "invalid")


class Order(StrEnum):
    """What the bridge said of one Originate."""

    QUEUED = "queued"
    NOT_SENT = "not sent"
    UNCERTAIN = "uncertain"


def numbers(seed: int) -> Iterator[str]:
    """Yield numbers for ever: three in ten answer and talk for 0.5 to 2.5 s, the rest fail."""
    dice = random.Random(seed)
    while True:
        serial = dice.randrange(100) * 10 + dice.randrange(2)  # the last digit: rings 0 or 0.2 s
        if dice.random() < _ANSWERED_SHARE:
            yield number_for("answered_customer_ends", dice.randrange(5, 25), serial)
        else:
            yield number_for(dice.choice(_FAILING), dice.randrange(3), serial)


def a_call(number: str, ring_seconds: int = 20) -> PlaceCall:
    """Return the order to call that number for the queue, with a fresh attempt."""
    return PlaceCall(
        attempt=AttemptId(str(uuid.uuid4())),
        campaign=CAMPAIGN,
        queue=QUEUE,
        number=number,
        trunk="carrier",
        caller_id="+861012345678",
        ring_seconds=ring_seconds,
    )


@dataclass(slots=True)
class Traffic:
    """Plans and places calls. orders: what the bridge answered to each."""

    switch: AsteriskSwitch
    live: LiveFloor
    calls_per_second: float
    orders: dict[AttemptId, Order] = field(default_factory=dict)
    _placing: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, source: Iterator[str], stop: asyncio.Event) -> None:
        """Place calls until told to stop, then wait for the last answer."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not stop.is_set():
            task = asyncio.create_task(self._place(next(source)))
            self._placing.add(task)
            task.add_done_callback(self._placing.discard)
            due += 1 / self.calls_per_second
            await asyncio.sleep(max(0.0, due - loop.time()))
        await asyncio.gather(*self._placing)

    async def _place(self, number: str) -> None:
        command = a_call(number)
        attempt = command.attempt
        self.live.apply(AttemptPlanned(datetime.now(UTC), attempt, CAMPAIGN, QUEUE, number))
        try:
            await self.switch.place(command)
            self.orders[attempt] = Order.QUEUED
        except LinkDown:
            self.orders[attempt] = Order.NOT_SENT
        except ActionUncertain:
            self.orders[attempt] = Order.UNCERTAIN

    async def sign_in(self, agents: int) -> None:
        """Let that many robot agents take calls."""
        for number in range(agents):
            agent = AgentId(f"agent-{1001 + number}")
            await self.switch.send(SignInAgent(agent, QUEUE, f"Robot {number}"))
