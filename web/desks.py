"""Agents' desks: what each open page shows, and that every talk gets its result said.

The rule: while an agent of a page talks, the seat is paused for the wrap-up, so no call comes
before the result of this one is saved. It is a wish in Postgres like any other pause, so it
survives our restart.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from calls.agent_state import AgentState
from calls.ids import AgentId, CallId
from calls.live import (
    AgentChanged,
    CallChanged,
    Change,
    FloorLost,
    FloorRestored,
    LiveAgent,
    LiveCall,
)
from config.timeouts import DESK_DAY_SECONDS, DESK_REVIVE_SECONDS
from dialer.asking import OWN_REASONS
from store.accounts import Account
from store.desk import LastAsked, LeadCard, ShownLead, Targets
from store.errors import StoreError
from store.report_rows import AgentRegionRow
from web.desk_ports import Dialable
from web.desk_schemas import Dialog
from web.dialing_schemas import Dialing
from web.hub import LiveClient
from web.ports import AgentDay, FloorOverrun, FloorView, WebServices
from web.presenting_desk import present_desk
from web.presenting_dialing import present_dialing
from web.schemas import Tick
from web.tenancy import Tenancy

_log = structlog.get_logger(__name__)

WRAP_UP = "wrap-up"
MISSED = "missed call"
UNSAVED_FOR = timedelta(hours=12)
"""A result that was not said in the shift will not be said any more."""


@dataclass(slots=True)
class Desk:
    """One agent whose page is, or was, open. to_wrap_up: the call whose result is to be said.

    next_pause: why to pause after the wrap-up; None: ready then. campaigns: in which it may ask for
    calls. shown: the lead that it looks at. last_asked: how the last call of its asking ended.
    """

    account: Account
    agent: AgentId
    clients: set[LiveClient] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    state: AgentState | None = None
    call: CallId | None = None
    lead: LeadCard | None = None
    to_wrap_up: str | None = None
    next_pause: str | None = None
    dialog: Dialog | None = None
    targets: Targets = field(default_factory=lambda: Targets(0, 0, 0))
    queues: Sequence[str] = ()
    day: AgentDay | None = None
    regions: Sequence[AgentRegionRow] = ()
    campaigns: Sequence[Dialable] = ()
    shown: ShownLead | None = None
    last_asked: LastAsked | None = None
    own_call: CallId | None = None


class DeskHub:
    """Keeps every agent's page up to date, and seats paused until results are said."""

    def __init__(self, services: WebServices, tenancy: Tenancy) -> None:
        self._services = services
        self._tenancy = tenancy
        self._desks: dict[AgentId, Desk] = {}
        self._updates: set[asyncio.Task[None]] = set()

    async def open(self, account: Account, agent: AgentId) -> Desk:
        """Return the agent's desk as it stands; made when first asked for."""
        desk = self._desks.setdefault(agent, Desk(account, agent))
        async with desk.lock:
            desk.targets = await self._services.desk.targets(account.organisation)
            desk.queues = await self._services.seats.queues(account.organisation)
            await self._read_day([desk])
            await self._follow_seat(desk)
        return desk

    def text(self, desk: Desk) -> str:
        """Return the desk as its page gets it."""
        view = self._services.floor.view()
        whole = self._tenancy.shows_whole_numbers(desk.account)
        dialing = self.dialing(desk)
        return msgspec.json.encode(present_desk(desk, view, dialing, shows_whole=whole)).decode()

    async def join(self, account: Account, agent: AgentId) -> tuple[Desk, LiveClient]:
        """Take in a page; the desk is its first message."""
        desk = await self.open(account, agent)
        client = LiveClient(account)
        client.put(self.text(desk))
        desk.clients.add(client)
        return desk, client

    def own_call(self, desk: Desk) -> LiveCall | None:
        """Return the call that the agent asked for, while it is on the floor."""
        return _own_call(desk.agent, self._services.floor.view())

    def dialing(self, desk: Desk) -> Dialing:
        """Return what the agent may dial, looks at and is dialling."""
        whole = self._tenancy.shows_whole_numbers(desk.account)
        return present_dialing(desk, self.own_call(desk), shows_whole=whole)

    async def refresh(self, desk: Desk) -> None:
        """Read anew what a request has just changed."""
        async with desk.lock:
            await self._follow_seat(desk)

    def find(self, agent: AgentId) -> Desk | None:
        """Return an agent's desk if its page was open in this run."""
        return self._desks.get(agent)

    def changed(self, desk: Desk) -> None:
        """Send the desk to its pages."""
        text = self.text(desk)
        for client in tuple(desk.clients):
            client.put(text)

    def close(self) -> None:
        """Close every page's connection, for a shutdown."""
        for desk in self._desks.values():
            for client in desk.clients:
                client.close()

    async def run(self) -> None:
        """Follow floor and figures until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_floor(), name="desk-floor")
            tasks.create_task(self._follow_days(), name="desk-days")

    async def _follow_floor(self) -> None:
        while True:
            try:
                with self._services.floor.subscribe() as batches:
                    self._update(self._desks)
                    async for batch in batches:
                        self._update(_touched(batch, self._desks))
            except FloorOverrun:
                _log.warning("desk_feed_overrun")
            except Exception:
                _log.exception("desk_feed_failed")
                await asyncio.sleep(DESK_REVIVE_SECONDS)

    def _update(self, agents: Iterable[AgentId]) -> None:
        for agent in tuple(agents):
            task = asyncio.create_task(self._update_one(self._desks[agent]), name=f"desk-{agent}")
            self._updates.add(task)
            task.add_done_callback(self._updates.discard)

    async def _update_one(self, desk: Desk) -> None:
        try:
            async with desk.lock:
                await self._follow_seat(desk)
        except StoreError as error:
            _log.warning("desk_not_read", agent=desk.agent, problem=str(error))
        self.changed(desk)

    async def _follow_seat(self, desk: Desk) -> None:
        view = self._services.floor.view()
        seat = next((one for one in view.agents if one.agent == desk.agent), None)
        before, desk.state = desk.state, seat.state if seat else None
        if seat is None:
            desk.call = desk.to_wrap_up = desk.lead = desk.dialog = None
            desk.campaigns, desk.shown, desk.own_call = (), None, None
            return
        await self._follow_call(desk, seat)
        await self._follow_own(desk, seat, view)
        is_ours = seat.pause_reason in OWN_REASONS
        if seat.state is AgentState.TALKING and (not seat.wants_pause or is_ours):
            await self._services.seats.pause(desk.agent, WRAP_UP)
        elif seat.is_direct and seat.pause_reason != WRAP_UP:
            desk.next_pause = desk.next_pause or seat.pause_reason
        elif before is AgentState.RINGING and _missed(seat, desk, view.calls):
            await self._services.seats.pause(desk.agent, MISSED)

    async def _follow_call(self, desk: Desk, seat: LiveAgent) -> None:
        if seat.call is not None and seat.call != desk.call:
            desk.call, desk.dialog = seat.call, None
            desk.lead = await self._services.desk.lead_card(seat.call)
        if seat.state is AgentState.TALKING:
            desk.to_wrap_up = desk.call
        elif seat.call is None:
            desk.dialog = None
        if desk.to_wrap_up is None and seat.wants_pause and seat.pause_reason == WRAP_UP:
            await self._recall(desk)

    async def _follow_own(self, desk: Desk, seat: LiveAgent, view: FloorView) -> None:
        """Follow the calls that the agent asks for, and the lead that it looks at."""
        port = self._services.dialing
        desk.campaigns = [one for queue in sorted(seat.queues) for one in port.campaigns(queue)]
        desk.shown = await port.shown(desk.agent)
        own = _own_call(desk.agent, view)
        if own is not None and own.call != desk.own_call:
            desk.own_call, desk.last_asked = own.call, None
            desk.call, desk.dialog = own.call, None
            desk.lead = await self._services.desk.lead_card(own.call)
        elif own is None and desk.to_wrap_up is None:
            if desk.own_call is not None:
                desk.own_call = desk.lead = None
            desk.last_asked = await port.last(desk.agent)

    async def _recall(self, desk: Desk) -> None:
        """After our own restart: which call is it whose result is to be said?"""
        since = datetime.now(UTC) - UNSAVED_FOR
        desk.to_wrap_up = await self._services.desk.last_unsaved_call(desk.agent, since)
        if desk.to_wrap_up is not None:
            desk.lead = await self._services.desk.lead_card(desk.to_wrap_up)

    async def _follow_days(self) -> None:
        while True:
            await asyncio.sleep(DESK_DAY_SECONDS)
            self._tick()
            desks = [desk for desk in self._desks.values() if desk.clients]
            try:
                changed = await self._read_day(desks) if desks else []
            except Exception:
                # The desk stays live with the figures that it has.
                _log.exception("desk_days_failed")
                continue
            for desk in changed:
                self.changed(desk)

    def _tick(self) -> None:
        """Let a page know a dead link from a quiet desk."""
        tick = msgspec.json.encode(Tick(datetime.now(UTC))).decode()
        for desk in self._desks.values():
            for client in tuple(desk.clients):
                client.put(tick)

    def is_talking(self, desk: Desk) -> bool:
        """Whether the agent talks now, as far as the floor knows."""
        view = self._services.floor.view()
        seat = next((one for one in view.agents if one.agent == desk.agent), None)
        return seat is not None and seat.state is AgentState.TALKING

    async def _read_day(self, desks: Sequence[Desk]) -> list[Desk]:
        reports = self._services.reports
        only = desks[0].agent if len(desks) == 1 else None
        today = reports.today()
        rows = {row.agent: row for row in await reports.agent_day(today, only)}
        changed = [desk for desk in desks if rows.get(desk.agent) != desk.day]
        # Regions are parts of the day: while it stays as it was, so do they.
        asked = [desk.agent for desk in changed]
        regions = await reports.agent_regions(today, asked) if asked else ()
        for desk in changed:
            desk.day = rows.get(desk.agent)
            desk.regions = [row for row in regions if row.agent == desk.agent]
        return changed


def _own_call(agent: AgentId, view: FloorView) -> LiveCall | None:
    return next((call for call in view.calls if call.asked_by == agent), None)


def _missed(seat: LiveAgent, desk: Desk, calls: Sequence[object]) -> bool:
    """Whether the phone rang and nobody took the call, which still waits for somebody."""
    waiting = {getattr(call, "call", None) for call in calls}
    return seat.state is AgentState.READY and desk.call in waiting


def _touched(batch: Sequence[Change], desks: dict[AgentId, Desk]) -> set[AgentId]:
    if any(isinstance(change, FloorLost | FloorRestored) for change in batch):
        return set(desks)
    touched: set[AgentId] = set()
    for change in batch:
        if isinstance(change, AgentChanged):
            touched.add(change.agent.agent)
        elif isinstance(change, CallChanged):
            touched |= {desk.agent for desk in desks.values() if desk.call == change.call.call}
            if change.call.asked_by is not None:
                touched.add(change.call.asked_by)
    return touched & desks.keys()
