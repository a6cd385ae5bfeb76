"""Shapes with more than two people, or one who waits: hold, park, conference, groups, legs."""

from __future__ import annotations

from lab.shapes.catalogue import shape
from lab.shapes.plays_endings import STAYS, connect
from lab.shapes.stage import Stage


@shape("1 s of talk, 2 s on hold with music, 1 s of talk")
def hold_and_music(stage: Stage) -> None:
    """Re-INVITE of the phone."""
    phone = connect(stage)
    stage.talk(1)
    stage.hold(phone, 2)
    stage.heard("Unhold")
    stage.talk(1)
    stage.put_down(phone)


@shape("1 s of talk, 2 s on hold, and the customer hangs up there")
def hangs_up_on_hold(stage: Stage) -> None:
    """The hold never ends."""
    phone = connect(stage)
    stage.talk(1)
    stage.hold(phone, 30)
    stage.heard("Hold")
    stage.talk(2)
    stage.customer_hangs_up()


def _park(stage: Stage, phone: str) -> None:
    stage.press(phone, "#72")
    stage.heard("ParkedCall")


@shape("1 s of talk, parked for 2 s, another agent fetches the customer and talks 2 s")
def park_and_retrieve(stage: Stage) -> None:
    """#72, then 701 from another phone."""
    phone = connect(stage)
    stage.talk(1)
    _park(stage, phone)
    stage.talk(2)
    second = stage.agent_dials("1002", "701")
    stage.until_together("carrier", "agent-1002")
    stage.talk(2)
    stage.put_down(second)


@shape("1 s of talk, parked, and the customer hangs up there after 1 s")
def hangs_up_in_park(stage: Stage) -> None:
    """Nobody fetches the customer."""
    phone = connect(stage)
    stage.talk(1)
    _park(stage, phone)
    stage.talk(1)
    stage.customer_hangs_up()


@shape("1 s of talk, the agent adds a colleague with *3: 2 s all three, 1 s the colleague alone")
def conference_by_keys(stage: Stage) -> None:
    """Attended transfer turned into a three-way talk."""
    phone = connect(stage)
    stage.talk(1)
    stage.press(phone, "*2")
    stage.talk(0.6)
    stage.press(phone, "1002#")
    stage.until_together("agent-1001", "agent-1002")
    stage.talk(1)
    stage.press(phone, "*3")
    stage.until_together("carrier", "agent-1001", "agent-1002")
    stage.talk(2)
    stage.put_down(phone)
    stage.talk(1)
    stage.put_down(stage.phone_of("1002"))


@shape("1 s of talk, sent to a room where two agents wait: 2 s all three, then all hang up")
def conference_room(stage: Stage) -> None:
    """ConfBridge."""
    phone = connect(stage)
    stage.talk(1)
    others = [stage.agent_dials(agent, "8001") for agent in ("1002", "1003")]
    stage.until_together("agent-1002", "agent-1003")
    stage.refer(phone, "8001")
    stage.until_together("carrier", "agent-1002", "agent-1003")
    stage.talk(2)
    stage.customer_hangs_up()
    stage.until_gone("carrier")
    for other in others:
        stage.put_down(other)


@shape("three phones ring for one customer, one takes the call for 1 s")
def call_group_fork(stage: Stage) -> None:
    """Dial of three at once; the losers are cancelled."""
    stage.plan("1001", "ring")
    stage.plan("1002", "answer", ring=1)
    stage.plan("1003", "busy")
    stage.originate(f"PJSIP/{STAYS}@carrier", Context="lab-agent", Exten="group")
    stage.until_together("carrier", "agent-1002")
    stage.talk(1)
    stage.put_down(stage.phone_of("1002"))


@shape("the customer is called first, then a named agent: 2 s that the agent ends")
def customer_first(stage: Stage) -> None:
    """Two legs, customer before agent."""
    stage.plan("1001", "answer", ring=1)
    stage.originate(f"PJSIP/{STAYS}@carrier", Context="lab-agent", Exten="1001")
    stage.until_together("carrier", "agent-1001")
    stage.talk(2)
    stage.put_down(stage.phone_of("1001"))


@shape("the agent's phone is called first, then the customer: 2 s that the agent ends")
def agent_first(stage: Stage) -> None:
    """Click to call: two legs, agent before customer."""
    stage.plan("1001", "answer", ring=1)
    stage.originate("PJSIP/agent-1001", Context="lab-click", Exten=STAYS)
    stage.until_together("carrier", "agent-1001")
    stage.talk(2)
    stage.put_down(stage.phone_of("1001"))


@shape("the agent's phone is called first and takes the call, the customer's line is engaged")
def agent_first_customer_busy(stage: Stage) -> None:
    """The agent was up for a moment, nobody talked."""
    stage.originate("PJSIP/agent-1001", Context="lab-click", Exten="+8613940005001")


@shape("customer and agent joined through a Local channel that goes away: 2 s")
def local_optimised(stage: Stage) -> None:
    """Local without /n: both halves vanish when both sides are up."""
    stage.originate(f"PJSIP/{STAYS}@carrier", Context="lab-agent", Exten="plain")
    stage.until_together("carrier", "agent-1001")
    stage.talk(2)
    stage.put_down(stage.phone_of("1001"))


@shape("customer and agent joined through a Local channel that stays: 2 s")
def local_kept(stage: Stage) -> None:
    """Local with /n: two bridges for one talk."""
    stage.originate(f"PJSIP/{STAYS}@carrier", Context="lab-agent", Exten="stays")
    stage.until_together("carrier", "agent-1001")
    stage.talk(2)
    stage.put_down(stage.phone_of("1001"))


@shape("our Originate names a Local channel; the agent behind it talks with the customer for 2 s")
def originate_over_local(stage: Stage) -> None:
    """The attempt's id is on a Local half, not on the customer's channel."""
    stage.originate(f"Local/{STAYS}@lab-carrier/n", Context="lab-agent", Exten="1001")
    stage.until_together("carrier", "agent-1001")
    stage.talk(2)
    stage.put_down(stage.phone_of("1001"))


@shape("one agent calls another: 1 s")
def internal(stage: Stage) -> None:
    """No customer in it."""
    phone = stage.agent_dials("1001", "1002")
    stage.until_together("agent-1001", "agent-1002")
    stage.talk(1)
    stage.put_down(phone)
