"""The roster: what turns the live seats into the wished ones."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from calls.agent_state import AgentEvent
from calls.commands import Command, PauseAgent, SignInAgent, SignOutAgent
from calls.ids import AgentId, QueueName
from calls.live import LiveAgent
from dialer.roster import seat_commands

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LI = AgentId("agent-1001")
SALES, OTHER = QueueName("sales"), QueueName("other")


@dataclass(frozen=True)
class Wish:
    agent: AgentId = LI
    name: str = "Li Na"
    queue: QueueName | None = SALES
    pause_reason: str | None = None


def seat(queue: QueueName = SALES, paused: str = "") -> LiveAgent:
    fresh = LiveAgent.fresh(LI, "Li Na", NOW).moved(AgentEvent.SIGNED_IN, NOW)
    seated = LiveAgent(
        agent=fresh.agent, name=fresh.name, state=fresh.state, since=NOW, queues=frozenset({queue})
    )
    return seated.with_pause(True, paused, NOW) if paused else seated


@pytest.mark.parametrize(
    ("wishes", "seats", "commands"),
    [
        ([], [], []),
        ([Wish()], [seat()], []),
        ([Wish()], [], [SignInAgent(LI, SALES, "Li Na")]),
        ([], [seat()], [SignOutAgent(LI, SALES)]),
        ([Wish(queue=None)], [seat()], [SignOutAgent(LI, SALES)]),
        (
            [Wish()],
            [seat(OTHER)],
            # In this order: who is moved sits somewhere at every moment.
            [SignInAgent(LI, SALES, "Li Na"), SignOutAgent(LI, OTHER)],
        ),
        ([Wish(pause_reason="lunch")], [seat()], [PauseAgent(LI, SALES, True, "lunch")]),
        ([Wish(pause_reason="lunch")], [seat(paused="lunch")], []),
        ([Wish()], [seat(paused="lunch")], [PauseAgent(LI, SALES, False)]),
        (
            [Wish(pause_reason="lunch")],
            [],
            [SignInAgent(LI, SALES, "Li Na", True), PauseAgent(LI, SALES, True, "lunch")],
        ),
    ],
)
def test_seats_become_what_is_wished(
    wishes: list[Wish], seats: list[LiveAgent], commands: list[Command]
) -> None:
    assert seat_commands(wishes, seats) == commands
