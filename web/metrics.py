"""Figures for Prometheus: requests, live clients, and the floor as it is when asked."""

from collections import Counter as Tally
from collections.abc import Iterator

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from calls.agent_state import AgentState
from calls.call_state import CallState
from web.permissions import RouteName
from web.ports import FloorPort


class _FloorCollector(Collector):
    def __init__(self, floor: FloorPort) -> None:
        self._floor = floor

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand, so that registering does not look at the floor."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        view = self._floor.view()
        known = GaugeMetricFamily("callfloor_floor_known", "1 while the floor is known")
        known.add_metric([], float(not view.unknown_because))
        yield known
        calls = GaugeMetricFamily("callfloor_calls", "Calls on the floor", labels=["state"])
        by_state = Tally(call.state for call in view.calls)
        for state in CallState:
            calls.add_metric([state.value], by_state[state])
        yield calls
        agents = GaugeMetricFamily("callfloor_agents", "Seats on the floor", labels=["state"])
        seats = Tally(agent.state for agent in view.agents)
        for seat in AgentState:
            agents.add_metric([seat.value], seats[seat])
        yield agents


class Metrics:
    """Our figures in a registry that other parts may share."""

    def __init__(self, floor: FloorPort, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.registry.register(_FloorCollector(floor))
        self.requests = Counter(
            "callfloor_http_requests",
            "Requests answered",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "callfloor_http_request_seconds",
            "Time until the answer",
            ["route"],
            registry=self.registry,
        )
        self.live_clients = Gauge(
            "callfloor_live_clients", "Open live WebSockets", registry=self.registry
        )
        self.live_dropped = Counter(
            "callfloor_live_dropped", "Live clients dropped as too slow", registry=self.registry
        )


def metrics_middleware(metrics: Metrics) -> Middleware:
    """Count and time every request but the endless ones."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = request.match_info.route.name or "none"
        if route == RouteName.LIVE:
            return await handler(request)  # lasts as long as the page is open
        with metrics.seconds.labels(route).time():
            response = await handler(request)
        metrics.requests.labels(route, request.method, response.status).inc()
        return response

    return middleware
