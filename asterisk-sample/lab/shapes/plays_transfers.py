"""Shapes in which the customer is handed on."""

from __future__ import annotations

from lab.shapes.catalogue import shape
from lab.shapes.plays_endings import connect
from lab.shapes.stage import Stage

_PROMPT_SECONDS = 0.6


def _send_blindly(stage: Stage, phone: str, target: str) -> None:
    stage.press(phone, "#1")
    stage.talk(_PROMPT_SECONDS)
    stage.press(phone, f"{target}#")


def _ask_first(stage: Stage, phone: str, target: str) -> None:
    stage.press(phone, "*2")
    stage.talk(_PROMPT_SECONDS)
    stage.press(phone, f"{target}#")


def _finish(stage: Stage, agent: str, seconds: float) -> None:
    """Customer and agent talk so long, then the agent hangs up."""
    stage.until_together("carrier", f"agent-{agent}")
    stage.talk(seconds)
    stage.put_down(stage.phone_of(agent))


@shape("1 s with the first agent, who sends the customer to a colleague by #1: 2 s more")
def blind_transfer_by_keys(stage: Stage) -> None:
    """DTMF."""
    phone = connect(stage)
    stage.plan("1002", "answer", ring=0.5)
    stage.talk(1)
    _send_blindly(stage, phone, "1002")
    _finish(stage, "1002", 2)


@shape("1 s with the first agent, whose phone sends the customer to a colleague: 2 s more")
def blind_transfer_by_refer(stage: Stage) -> None:
    """REFER."""
    phone = connect(stage)
    stage.plan("1002", "answer", ring=0.5)
    stage.talk(1)
    stage.refer(phone, "1002")
    _finish(stage, "1002", 2)


@shape("sent on blindly to a colleague whose line is engaged: the customer is dropped")
def blind_transfer_to_busy(stage: Stage) -> None:
    """The dialplan ends the customer's channel after Dial says BUSY."""
    phone = connect(stage)
    stage.plan("1002", "busy")
    stage.talk(1)
    stage.refer(phone, "1002")


@shape("1 s, then the agent asks a colleague for 1 s and hands over by hanging up: 2 s more")
def attended_transfer_by_keys(stage: Stage) -> None:
    """DTMF *2."""
    phone = connect(stage)
    stage.plan("1002", "answer", ring=0.5)
    stage.talk(1)
    _ask_first(stage, phone, "1002")
    stage.until_together("agent-1001", "agent-1002")
    stage.talk(1)
    stage.put_down(phone)
    _finish(stage, "1002", 2)


@shape("1 s, then hold, a second call of 1 s to a colleague, and the phone joins both: 2 s more")
def attended_transfer_by_refer(stage: Stage) -> None:
    """REFER with Replaces."""
    phone = connect(stage)
    stage.plan("1002", "answer", ring=0.5)
    stage.talk(1)
    stage.hold(phone, 30)
    second = stage.agent_dials("1001", "1002")
    stage.until_together("agent-1001", "agent-1002")
    stage.talk(1)
    stage.refer(phone, "1002", replaces=second)
    _finish(stage, "1002", 2)


@shape("1 s, then the agent asks a colleague, comes back with *1 and talks 1 s more")
def attended_transfer_taken_back(stage: Stage) -> None:
    """The first agent returns to the customer."""
    phone = connect(stage)
    stage.talk(1)
    _ask_first(stage, phone, "1002")
    stage.until_together("agent-1001", "agent-1002")
    stage.talk(1)
    stage.press(phone, "*1")
    stage.until_together("carrier", "agent-1001")
    stage.talk(1)
    stage.put_down(phone)


@shape("1 s, then the agent hands over while the colleague's phone still rings: 2 s more")
def blonde_transfer_by_keys(stage: Stage) -> None:
    """*2, then hang up before the answer."""
    phone = connect(stage)
    stage.plan("1002", "answer", ring=2)
    stage.talk(1)
    _ask_first(stage, phone, "1002")
    stage.heard("Newstate", ConnectedLineNum="1001", ChannelStateDesc="Ringing")
    stage.talk(0.5)
    stage.put_down(phone)
    _finish(stage, "1002", 2)


@shape("1 s, then the phone joins the customer to a call that still rings at a colleague: 2 s more")
def blonde_transfer_by_refer(stage: Stage) -> None:
    """REFER with Replaces before the answer."""
    phone = connect(stage)
    stage.plan("1002", "answer", ring=2)
    stage.talk(1)
    stage.hold(phone, 30)
    second = stage.agent_dials("1001", "1002")
    stage.heard("DialState", DestExten="s", DialStatus="RINGING")
    stage.talk(0.5)
    stage.refer(phone, "1002", replaces=second)
    _finish(stage, "1002", 2)


@shape("1 s with the first agent, who sends the customer to the queue: the next takes it for 2 s")
def transfer_to_queue(stage: Stage) -> None:
    """REFER to extension 500."""
    phone = connect(stage)
    stage.plan("1002", "answer", ring=0.5)
    stage.sign_in("1002")
    stage.talk(1)
    stage.refer(phone, "500")
    _finish(stage, "1002", 2)
