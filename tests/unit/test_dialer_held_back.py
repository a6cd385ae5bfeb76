"""Who is busy with a call of its own asking is paused in the queue, and only so long."""

from dataclasses import replace

from calls.agent_state import AgentState
from calls.ids import AgentId
from calls.live import LiveAgent
from dialer.roster import HeldBack, held_back, seat_commands
from tests.fakes.clock import T0
from tests.fakes.dialer_world import QUEUE

AGENT = AgentId("agent-1")
WISH = HeldBack(AGENT, "Li", QUEUE, None)
READY = LiveAgent.fresh(AGENT, "Li", T0)._replace(state=AgentState.READY, queues=frozenset({QUEUE}))
PAUSED = READY._replace(state=AgentState.PAUSED, wants_pause=True, pause_reason="dialling")


def test_a_withheld_agent_is_paused_and_then_resumed() -> None:
    (held,) = held_back([WISH], [READY], {AGENT: "dialling"})
    assert held.pause_reason == "dialling"
    (resume,) = seat_commands(held_back([WISH], [PAUSED], {}), [PAUSED])
    assert getattr(resume, "paused", None) is False


def test_a_pause_that_people_want_stays_what_it_is() -> None:
    lunch = replace(WISH, pause_reason="lunch")
    assert held_back([lunch], [READY], {AGENT: "dialling"}) == [lunch]


def test_the_pause_lasts_over_talk_and_wrap_up_of_the_own_call() -> None:
    for state in (AgentState.TALKING, AgentState.WRAP_UP):
        (held,) = held_back([WISH], [PAUSED._replace(state=state)], {})
        assert held.pause_reason == "dialling"
