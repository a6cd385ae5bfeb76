"""The Asterisks of one service beside the first: each has its own link, floor and health."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ami_bridge.switch import AsteriskSwitch, LinkHealth
from dialer.live_floor import LiveFloor
from web.ports import HealthItem

MAIN = "main"
_GAUGES: Sequence[tuple[str, str, Callable[[LinkHealth], float]]] = (
    ("up", "1 while both logins are ready and the snapshot is taken", lambda h: h.connected),
    ("lag_seconds", "How late the newest fact was, by Asterisk's clock", lambda h: h.lag_seconds),
    ("queue_depth", "Facts that wait for the floor", lambda h: h.queue_depth),
    ("pending_actions", "Actions that await their answer", lambda h: h.pending_actions),
)
_COUNTERS: Sequence[tuple[str, str, Callable[[LinkHealth], float]]] = (
    ("reconnects", "How often the events' login came back", lambda h: h.reconnects),
    ("late_answers", "Answers after their deadline", lambda h: h.late_answers),
    ("bad_events", "Events that could not be understood", lambda h: h.bad_events),
)


class WatchedAsterisk:
    """One more Asterisk with a link, a floor and a health of its own.

    follow: takes its facts, for ever; unless somebody dials there, they go to the floor and no
    further.
    """

    def __init__(self, name: str, switch: AsteriskSwitch) -> None:
        self.name = name
        self.switch = switch
        self.live = LiveFloor()
        self.follow: Callable[[], Awaitable[None]] = self._only_watch

    async def run(self) -> None:
        """Keep its floor true for ever; that it is away is told, and disturbs nobody else."""
        try:
            await self.switch.start_patiently()
            await self.follow()
        finally:
            await self.switch.close()

    async def _only_watch(self) -> None:
        async for fact in self.switch.facts():
            self.live.apply(fact)

    def health(self) -> HealthItem:
        """Return whether it is linked and its floor known."""
        name = f"asterisk {self.name}"
        link = self.switch.health
        if not link.connected:
            return HealthItem(name, False, f"{link.problem}; no other Asterisk is affected")
        is_known = self.live.floor.is_known
        return HealthItem(name, is_known, "" if is_known else "not known until a snapshot")


class LinkCollector(Collector):
    """Each link's figures for Prometheus, as they are when asked. links: by Asterisk's name."""

    def __init__(self, links: Mapping[str, AsteriskSwitch]) -> None:
        self._links = links

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield one family for each figure, with a sample for each Asterisk."""
        healths = {name: switch.health for name, switch in self._links.items()}
        for name, what, read in _GAUGES:
            gauge = GaugeMetricFamily(f"callfloor_ami_{name}", what, labels=["asterisk"])
            for asterisk, health in healths.items():
                gauge.add_metric([asterisk], float(read(health)))
            yield gauge
        for name, what, read in _COUNTERS:
            counter = CounterMetricFamily(f"callfloor_ami_{name}", what, labels=["asterisk"])
            for asterisk, health in healths.items():
                counter.add_metric([asterisk], float(read(health)))
            yield counter
        yield _events(healths)
        yield _snapshot_age(healths)


def _events(healths: Mapping[str, LinkHealth]) -> Metric:
    events = CounterMetricFamily(
        "callfloor_ami_events", "Events heard", labels=["asterisk", "wanted"]
    )
    for asterisk, health in healths.items():
        events.add_metric([asterisk, "yes"], health.events_seen)
        events.add_metric([asterisk, "no"], health.events_skipped)
    return events


def _snapshot_age(healths: Mapping[str, LinkHealth]) -> Metric:
    age = GaugeMetricFamily(
        "callfloor_ami_snapshot_age_seconds", "Since the last snapshot", labels=["asterisk"]
    )
    for asterisk, health in healths.items():
        if health.last_snapshot_at is not None:
            seconds = (datetime.now(UTC) - health.last_snapshot_at).total_seconds()
            age.add_metric([asterisk], seconds)
    return age
