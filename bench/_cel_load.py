"""Made-up CEL of a call floor, in the shape and order in which Asterisk 22 writes it."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

COLUMNS = (
    "eventtype", "eventtime", "channame", "uniqueid", "linkedid", "accountcode", "cid_num",
    "cid_ani", "exten", "context", "appname", "extra",
)  # fmt: skip
CelTuple = tuple[str, datetime, str, str, str, str, str, str, str, str, str, str]
ANSWERED_SHARE = 0.4
CAMPAIGNS = tuple(f"campaign-{number}" for number in range(20))
AGENTS = 300
_OURS = "+861062220001"


@dataclass(frozen=True, slots=True)
class Load:
    """calls made evenly from `start` on for `span`; the same seed makes the same rows.

    40 % are answered and reach an agent (14 rows, like the lab's), the rest fail (4 rows).
    """

    calls: int
    start: datetime
    span: timedelta
    seed: int = 1

    def rows(self) -> Iterator[CelTuple]:
        """Yield rows in order of time: calls that overlap are interleaved."""
        random = Random(self.seed)
        step = self.span / self.calls
        waiting: list[tuple[datetime, int, CelTuple]] = []
        number = 0
        for index in range(self.calls):
            begin = self.start + step * index
            while waiting and waiting[0][0] < begin:
                yield heapq.heappop(waiting)[2]
            for row in _call(random, index, begin):
                number += 1
                heapq.heappush(waiting, (row[1], number, row))
        while waiting:
            yield heapq.heappop(waiting)[2]


def _call(random: Random, index: int, begin: datetime) -> list[CelTuple]:
    call = str(UUID(int=random.getrandbits(128), version=4))
    campaign = CAMPAIGNS[index % len(CAMPAIGNS)]
    customer = _Leg(call, call, f"PJSIP/carrier-{index:08x}", campaign, f"+8613{index:09}")
    if random.random() >= ANSWERED_SHARE:
        return _failed(random, begin, customer)
    agent = f"agent-{1001 + random.randrange(AGENTS)}"
    seat = _Leg(f"{int(begin.timestamp())}.{index}", call, f"PJSIP/{agent}-{index:08x}", campaign,
                agent)  # fmt: skip
    return _answered(random, begin, customer, seat, str(UUID(int=random.getrandbits(128))))


@dataclass(frozen=True, slots=True)
class _Leg:
    channel: str
    call: str
    name: str
    campaign: str
    number: str

    def row(self, event: str, at: datetime, app: str, extra: str = "") -> CelTuple:
        return (event, at, self.name, self.channel, self.call, self.campaign, self.number, _OURS,
                "agent", "callfloor-answered", app, extra)  # fmt: skip


def _failed(random: Random, begin: datetime, customer: _Leg) -> list[CelTuple]:
    end = begin + timedelta(microseconds=random.randrange(500_000, 30_000_000))
    cause = random.choice((17, 19, 1, 21, 34))
    told = f'{{"hangupcause":{cause},"hangupsource":"","dialstatus":""}}'
    return [
        customer.row("CHAN_START", begin, ""),
        customer.row("HANGUP", end, "AppDial2", told),
        customer.row("CHAN_END", end, "AppDial2"),
        customer.row("LINKEDID_END", end, "AppDial2"),
    ]


def _answered(
    random: Random, begin: datetime, customer: _Leg, seat: _Leg, bridge: str
) -> list[CelTuple]:
    def later(moment: datetime, low: float, high: float) -> datetime:
        return moment + timedelta(microseconds=int(random.uniform(low, high) * 1_000_000))

    answer = later(begin, 1, 20)
    queue = later(answer, 0.001, 0.002)
    ring = later(queue, 0.001, 0.002)
    met = later(ring, 0.003, 1.9)
    end = later(met, 1, 400)
    gone = later(end, 0.0001, 0.001)
    inside = f'{{"bridge_id":"{bridge}","bridge_technology":"simple_bridge"}}'
    told = f'{{"hangupcause":16,"hangupsource":"{customer.name}","dialstatus":""}}'
    return [
        customer.row("CHAN_START", begin, ""),
        customer.row("ANSWER", answer, "AppDial2"),
        customer.row("APP_START", queue, "Queue"),
        seat.row("CHAN_START", ring, ""),
        seat.row("ANSWER", met, "AppQueue"),
        seat.row("BRIDGE_ENTER", met, "AppQueue", inside),
        customer.row("BRIDGE_ENTER", later(met, 0.0001, 0.001), "Queue", inside),
        customer.row("BRIDGE_EXIT", end, "Queue", inside),
        seat.row("BRIDGE_EXIT", end, "AppQueue", inside),
        seat.row("HANGUP", end, "AppQueue", told),
        seat.row("CHAN_END", end, "AppQueue"),
        customer.row("HANGUP", gone, "AppDial2", told),
        customer.row("CHAN_END", gone, "AppDial2"),
        customer.row("LINKEDID_END", gone, "AppDial2"),
    ]
