"""Shapes that the network decides: nobody to talk to, or a machine."""

from __future__ import annotations

from lab.instance import LOOPBACK
from lab.shapes.catalogue import shape
from lab.shapes.late_answerer import LateAnswerer
from lab.shapes.stage import Stage

# The carrier's scenarios (docs/numbering_plan.md).
BUSY, REJECTED, INVALID = "+8613940005001", "+8613942005001", "+8613910000001"
RINGS_ON, RINGS_THEN_GIVES_UP = "+8613931000001", "+8613930010001"
ANNOUNCEMENT, MACHINE, HUMAN = "+8613981000001", "+8613970008001", "+8613971004001"
SENT_ELSEWHERE = "+8613950020002"
EARLY_MEDIA = "+8613980020005"


@shape("the number is engaged")
def busy(stage: Stage) -> None:
    """486."""
    stage.sign_in("1001")
    stage.dial(BUSY)


@shape("the person declines")
def rejected(stage: Stage) -> None:
    """603."""
    stage.sign_in("1001")
    stage.dial(REJECTED)


@shape("no such number")
def invalid(stage: Stage) -> None:
    """404."""
    stage.sign_in("1001")
    stage.dial(INVALID)


@shape("rings for a second, then the network gives up")
def network_gives_up(stage: Stage) -> None:
    """480."""
    stage.sign_in("1001")
    stage.dial(RINGS_THEN_GIVES_UP)


@shape("rings until our time limit of two seconds")
def no_answer(stage: Stage) -> None:
    """CANCEL by the Originate's Timeout."""
    stage.sign_in("1001")
    stage.dial(RINGS_ON, seconds=2)


@shape("we take the call back while it rings")
def early_cancel(stage: Stage) -> None:
    """CANCEL by us."""
    stage.sign_in("1001")
    attempt = stage.dial(RINGS_ON)
    stage.heard("Newstate", Uniqueid=attempt, ChannelStateDesc="Ringing")
    stage.talk(1)
    stage.hang_up(attempt)


@shape("we take the call back, and in that moment the far end answers")
def answered_after_cancel(stage: Stage) -> None:
    """200 OK crosses CANCEL: the network's answer comes too late to be one."""
    stage.sign_in("1001")
    with LateAnswerer() as far_end:
        attempt = stage.dial(RINGS_ON, at=f"{LOOPBACK}:{far_end.port}")
        stage.heard("Newstate", Uniqueid=attempt, ChannelStateDesc="Ringing")
        stage.talk(1)
        stage.hang_up(attempt)
        stage.until_empty()
        stage.talk(1)


@shape("an announcement before any answer, then no such number")
def early_media_only(stage: Stage) -> None:
    """183 with sound, then 404."""
    stage.sign_in("1001")
    stage.dial(ANNOUNCEMENT)


@shape("tones before the answer, then a talk of two seconds that the customer ends")
def early_media_then_answer(stage: Stage) -> None:
    """183, 200."""
    stage.sign_in("1001")
    stage.dial(EARLY_MEDIA)


@shape("the network sends the call elsewhere, who answers talks for two seconds")
def forwarded_by_network(stage: Stage) -> None:
    """181 with Diversion, 200."""
    stage.sign_in("1001")
    stage.dial(SENT_ELSEWHERE)


@shape("a machine answers and is hung up on")
def amd_machine(stage: Stage) -> None:
    """AMD says MACHINE, campaign hangs up on machines."""
    stage.sign_in("1001")
    stage.dial(MACHINE, amd="hangup")


@shape("a person answers, is taken for one, and talks with an agent until hanging up")
def amd_human(stage: Stage) -> None:
    """AMD says HUMAN; the carrier's human stays four seconds."""
    stage.sign_in("1001")
    stage.dial(HUMAN, amd="hangup")
