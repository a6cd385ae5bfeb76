"""Makes Asterisk's queue members agree with the seats that the people want."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import structlog

from calls.agent_state import AgentState
from calls.commands import Command, PauseAgent, SignInAgent, SignOutAgent
from calls.ids import AgentId, QueueName
from calls.live import LiveAgent
from calls.switch import SwitchError
from config.timeouts import DIALER_WISHES_SECONDS
from dialer.asking import OWN_REASONS
from dialer.live_floor import LiveFloor
from dialer.ports import Clock, SeatWish, Switch, Wishes
from dialer.rounds import go_round

log = structlog.get_logger("dialer.roster")
_STILL_BUSY = frozenset({AgentState.TALKING, AgentState.WRAP_UP})


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The wish of an agent whom the queue must leave alone for now."""

    agent: AgentId
    name: str
    queue: QueueName | None
    pause_reason: str | None


def held_back(
    wishes: Iterable[SeatWish], seats: Iterable[LiveAgent], withheld: Mapping[AgentId, str]
) -> list[SeatWish]:
    """Return the wishes with those paused who are busy with a call of their own asking. Pure.

    It lasts over the wrap-up of such a call, which app_queue knows nothing of.
    """
    after = {
        seat.agent: seat.pause_reason
        for seat in seats
        if seat.state in _STILL_BUSY and seat.pause_reason in OWN_REASONS
    }
    reasons = {**after, **withheld}
    return [
        HeldBack(wish.agent, wish.name, wish.queue, reasons[wish.agent])
        if wish.agent in reasons and wish.pause_reason is None
        else wish
        for wish in wishes
    ]


def seat_commands(wishes: Iterable[SeatWish], seats: Iterable[LiveAgent]) -> list[Command]:
    """Return what turns the live seats into the wished ones. Pure."""
    live = {seat.agent: seat for seat in seats}
    wanted = {wish.agent: wish for wish in wishes if wish.queue is not None}
    commands: list[Command] = []
    for agent, wish in wanted.items():
        commands += _seat_command(wish, live.get(agent))
    # Last: who is moved sits somewhere at every moment, so that no call or wrap-up is forgotten.
    for agent, seat in live.items():
        keep = wanted[agent].queue if agent in wanted else None
        commands += [SignOutAgent(agent, q) for q in sorted(seat.queues) if q != keep]
    return commands


def _seat_command(wish: SeatWish, seat: LiveAgent | None) -> list[Command]:
    if wish.queue is None:
        return []
    paused = wish.pause_reason is not None
    reason = wish.pause_reason or ""
    if seat is None or wish.queue not in seat.queues:
        joined: list[Command] = [SignInAgent(wish.agent, wish.queue, wish.name, paused)]
        return [*joined, PauseAgent(wish.agent, wish.queue, True, reason)] if paused else joined
    if seat.wants_pause != paused or (paused and seat.pause_reason != reason):
        return [PauseAgent(wish.agent, wish.queue, paused, reason)]
    return []


def _nobody() -> Mapping[AgentId, str]:
    return {}


class Roster:
    """The shell: reads the wishes every second and sends what is missing."""

    def __init__(
        self,
        wishes: Wishes,
        switch: Switch,
        live: LiveFloor,
        clock: Clock,
        withheld: Callable[[], Mapping[AgentId, str]] = _nobody,
    ) -> None:
        self._withheld = withheld
        self._wishes = wishes
        self._switch = switch
        self._live = live
        self._clock = clock

    async def run(self) -> None:
        """Keep the seats right, for ever."""
        await go_round("roster", self.look, DIALER_WISHES_SECONDS, self._clock)

    async def look(self) -> None:
        """Compare once and send what is missing."""
        if not self._live.floor.is_known:
            return
        wishes = await self._wishes.seats()
        seats = self._live.floor.agents
        for command in seat_commands(held_back(wishes, seats, self._withheld()), seats):
            try:
                await self._switch.send(command)
            except SwitchError as error:
                log.warning("roster.command_failed", command=repr(command), problem=str(error))
