"""Signs that somebody plays to the threshold. They are flags for people, never a punishment.

Domain notes 2.2.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from store.sums import PausedTime, RepeatedNumber, SilentCall, TalkNearThreshold

BIN_RATIO = 3
"""Talk in [T, T+10 s) this many times as often as in the next ten seconds is a sign."""
FEWEST = 5
"""Fewer calls just over the threshold are chance."""
SAME_NUMBER = 3
"""So many effective calls a day to one number are a sign."""
HUNG_UP_SHARE = 0.5
"""This share of an agent's effective calls ended by the agent within 10 s after T is a sign."""


LONG_SILENCE = timedelta(seconds=30)
"""Nobody says a word for so long in a talk that counts: a sign."""
SILENT_SHARE = 0.5
"""So much of an effective call without a word is a sign."""
PAUSES = 12
"""So many pauses a day are a sign."""
PAUSED_TIME = timedelta(minutes=90)
"""So much paused time a day is a sign, meals included."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One sign. what: a fixed word for programs; why: the figures."""

    agent: str
    what: str
    why: str


def flags(
    near: Iterable[TalkNearThreshold],
    repeated: Iterable[RepeatedNumber],
    staff_numbers: Collection[str] = (),
    silent: Iterable[SilentCall] = (),
    paused: Iterable[PausedTime] = (),
) -> Iterator[Flag]:
    """Yield every sign of one day. staff_numbers: phones of people who work here."""
    for agent in near:
        if agent.just_over >= FEWEST and agent.just_over > BIN_RATIO * agent.next_bin:
            why = f"{agent.just_over} calls within 10 s over T, {agent.next_bin} in the next 10 s"
            yield Flag(agent.agent, "just_over_threshold", why)
        if agent.hung_up_after >= FEWEST and (
            agent.hung_up_after > HUNG_UP_SHARE * agent.effective
        ):
            why = f"hung up {agent.hung_up_after} of {agent.effective} effective calls just after T"
            yield Flag(agent.agent, "hangs_up_after_threshold", why)
    for number in repeated:
        if number.number in staff_numbers:
            yield Flag(number.agent, "calls_staff", f"{number.effective} effective calls to staff")
        elif number.effective >= SAME_NUMBER:
            why = f"{number.effective} effective calls to one number"
            yield Flag(number.agent, "same_number", why)
    yield from _silences(silent)
    yield from _pauses(paused)


def _silences(calls: Iterable[SilentCall]) -> Iterator[Flag]:
    for call in calls:
        share = call.silent / call.talk
        if call.longest >= LONG_SILENCE or share >= SILENT_SHARE:
            longest = f"{call.longest.total_seconds():.1f} s of silence at a stretch"
            why = f"{longest}, {share:.0%} of {call.talk.total_seconds():.1f} s talk"
            yield Flag(call.agent, "long_silence", f"call {call.call_id}: {why}".replace("%", " %"))


def _pauses(agents: Iterable[PausedTime]) -> Iterator[Flag]:
    for one in agents:
        if one.pauses >= PAUSES or one.paused >= PAUSED_TIME:
            minutes = one.paused // timedelta(minutes=1)
            yield Flag(one.agent, "long_paused", f"paused {one.pauses} times, {minutes} minutes")
