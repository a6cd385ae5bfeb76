"""Shapes of the queue: who rings, who takes the call, and calls from outside."""

from __future__ import annotations

from lab.shapes.catalogue import shape
from lab.shapes.plays_endings import STAYS
from lab.shapes.stage import Stage


@shape("a customer calls, rings one second at an agent, talks two seconds, hangs up")
def inbound(stage: Stage) -> None:
    """From the trunk to the queue."""
    stage.plan("1001", "answer", ring=1)
    stage.sign_in("1001")
    stage.call_in()
    stage.until_together("carrier", "agent-1001")
    stage.talk(2)
    stage.customer_hangs_up()


@shape("a customer calls, rings at an agent who does not take it, hangs up after two seconds")
def inbound_abandoned(stage: Stage) -> None:
    """Abandoned while ringing."""
    stage.plan("1001", "ring")
    stage.sign_in("1001")
    stage.call_in()
    stage.heard("AgentCalled", Interface="PJSIP/agent-1001")
    stage.talk(2)
    stage.customer_hangs_up()


@shape("the first agent lets it ring to the queue's limit, the second takes it for one second")
def first_agent_does_not_answer(stage: Stage) -> None:
    """RINGNOANSWER, then the next; the second signs in while the first rings."""
    stage.plan("1001", "ring")
    stage.sign_in("1001")
    stage.call_in()
    stage.heard("AgentCalled", Interface="PJSIP/agent-1001")
    stage.heard("AgentRingNoAnswer", 20, Interface="PJSIP/agent-1001")
    stage.plan("1002", "answer", ring=0.5)
    stage.sign_in("1002")
    stage.until_together("carrier", "agent-1002")
    stage.talk(1)
    stage.put_down(stage.phone_of("1002"))


@shape("the first agent's phone says busy, the second takes the call for one second")
def first_agent_rejects(stage: Stage) -> None:
    """486 from the phone; the colleague signs in at that moment, and the queue looks again."""
    stage.plan("1001", "busy")
    stage.sign_in("1001")
    stage.dial(STAYS)
    stage.heard("AgentRingNoAnswer", Interface="PJSIP/agent-1001")
    stage.sign_in("1002")
    stage.until_together("carrier", "agent-1002")
    stage.talk(1)
    stage.put_down(stage.phone_of("1002"))


@shape("the agent's phone sends its calls to a colleague, who talks one second")
def forwarded_by_agent(stage: Stage) -> None:
    """302 from the phone: app_queue follows through a Local channel."""
    stage.plan("1001", "forward", target="1002")
    stage.sign_in("1001")
    stage.call_in()
    stage.until_together("carrier", "agent-1002")
    stage.talk(1)
    stage.put_down(stage.phone_of("1002"))


@shape("it rings at an agent; a colleague takes it with *8 and talks two seconds")
def pickup(stage: Stage) -> None:
    """Call pickup: the colleague's channel takes the place of the ringing one."""
    stage.plan("1001", "ring")
    stage.sign_in("1001")
    stage.call_in()
    stage.heard("AgentCalled", Interface="PJSIP/agent-1001")
    stage.talk(1)
    phone = stage.agent_dials("1002", "*8")
    stage.until_together("carrier", "agent-1002")
    stage.talk(2)
    stage.put_down(phone)


@shape("a member behind a Local channel takes the call for one second")
def queue_member_behind_local(stage: Stage) -> None:
    """Local/1003@from-agent/n with the phone's own state."""
    stage.sign_in_at("Local/1003@from-agent/n", "agent-1003", "PJSIP/agent-1003")
    stage.dial(STAYS)
    stage.until_together("carrier", "agent-1003")
    stage.talk(1)
    stage.put_down(stage.phone_of("1003"))
