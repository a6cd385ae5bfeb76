"""Makes Asterisk's queue members agree with the seats that the people want."""

from collections.abc import Iterable

import structlog

from calls.commands import Command, PauseAgent, SignInAgent, SignOutAgent
from calls.live import LiveAgent
from calls.switch import SwitchError
from config.timeouts import DIALER_WISHES_SECONDS
from dialer.live_floor import LiveFloor
from dialer.ports import Clock, SeatWish, Switch, Wishes
from dialer.rounds import go_round

log = structlog.get_logger("dialer.roster")


def seat_commands(wishes: Iterable[SeatWish], seats: Iterable[LiveAgent]) -> list[Command]:
    """Return what turns the live seats into the wished ones. Pure."""
    live = {seat.agent: seat for seat in seats}
    wanted = {wish.agent: wish for wish in wishes if wish.queue is not None}
    commands: list[Command] = []
    for agent, seat in live.items():
        keep = wanted[agent].queue if agent in wanted else None
        commands += [SignOutAgent(agent, q) for q in sorted(seat.queues) if q != keep]
    for agent, wish in wanted.items():
        commands += _seat_command(wish, live.get(agent))
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


class Roster:
    """The shell: reads the wishes every second and sends what is missing."""

    def __init__(self, wishes: Wishes, switch: Switch, live: LiveFloor, clock: Clock) -> None:
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
        for command in seat_commands(await self._wishes.seats(), self._live.floor.agents):
            try:
                await self._switch.send(command)
            except SwitchError as error:
                log.warning("roster.command_failed", command=repr(command), problem=str(error))
