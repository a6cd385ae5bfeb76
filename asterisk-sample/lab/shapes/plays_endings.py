"""Shapes of a plain call and of each way it can end."""

from __future__ import annotations

from lab.shapes.catalogue import shape
from lab.shapes.stage import Stage

# 01 and 03 of docs/numbering_plan.md: ends after 2 s, stays.
ENDS, STAYS = "+8613901020001", "+8613903020001"
EMPTY_QUEUE = "callfloor-empty"


def connect(stage: Stage, agent: str = "1001", number: str = STAYS) -> str:
    """Customer and agent talk; the agent's channel on the phones' side."""
    stage.sign_in(agent)
    stage.dial(number)
    stage.until_together("carrier", f"agent-{agent}")
    return stage.phone_of(agent)


@shape("a talk of two seconds that the customer ends")
def customer_hangs_up(stage: Stage) -> None:
    """BYE from the carrier."""
    stage.sign_in("1001")
    stage.dial(ENDS)


@shape("a talk of one second that the agent ends")
def agent_hangs_up(stage: Stage) -> None:
    """BYE from the phone."""
    phone = connect(stage)
    stage.talk(1)
    stage.put_down(phone)


@shape("a talk of one second that the agent ends by the key *0")
def agent_hangs_up_by_key(stage: Stage) -> None:
    """The feature code disconnect needs option h or H: without it the keys do nothing."""
    phone = connect(stage)
    stage.talk(1)
    stage.press(phone, "*0")
    stage.talk(1)
    stage.customer_hangs_up()


@shape("a talk of one second that we end")
def we_hang_up(stage: Stage) -> None:
    """AMI Hangup of the customer's channel."""
    connect(stage)
    stage.talk(1)
    stage.hang_up(stage.channel("carrier"))


@shape("Asterisk is killed one second into a talk and started again")
def asterisk_killed(stage: Stage) -> None:
    """SIGKILL: no end is written anywhere."""
    connect(stage)
    stage.talk(1)
    stage.lab.pbx.kill()
    stage.lab.pbx.start()
    stage.reconnect()


@shape("answered, but no agent within two seconds: the message, then the end")
def abandoned_by_us(stage: Stage) -> None:
    """The dialplan's safe harbour."""
    stage.dial(STAYS, queue=EMPTY_QUEUE)


@shape("answered; the customer hangs up after one second without an agent")
def customer_leaves_queue(stage: Stage) -> None:
    """BYE while in app_queue."""
    stage.dial("+8613901010001", queue=EMPTY_QUEUE)
