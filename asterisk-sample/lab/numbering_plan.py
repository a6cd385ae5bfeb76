"""What the simulated carrier does with each number. Pure: a table, and functions over it.

A number is +86 139 RR TTT XXX: RR the scenario, TTT its time, XXX a serial whose last digit is the
ring time of answered calls in steps of 0.2 s. `python -m lab.numbering_plan` prints
docs/numbering_plan.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

NetworkResult = Literal[
    "answered", "invalid", "suspended", "power_off", "unreachable", "no_answer", "busy", "rejected",
    "barred", "forwarded", "cancelled", "system_error",
]  # fmt: skip
AmdResult = Literal["human", "machine", "notsure"]
HangupBy = Literal["customer", "agent", "network", "caller"]
Unit = Literal["tenths", "seconds"]

FORWARDED_TO: Final = "+8613800000000"
RING_STEP_SECONDS: Final = 0.2
_NUMBER: Final = re.compile(r"\+86139(\d\d)(\d\d\d)(\d\d\d)")


class Time(Enum):
    """What TTT means."""

    TALK = "until the customer hangs up"
    AGENT_TALK = "until the agent hangs up"
    STAY = "until the machine or the human hangs up"
    RING = "tenths of ringing before the end"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Wire:
    """How a call ends: the SIP code on the wire, the cause in CEL, CDR and AMI, what that means."""

    sip_code: int
    cause: int
    network_result: NetworkResult


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way in which a call can go. on_22 and on_16: what the records of that Asterisk know."""

    digits: str
    name: str
    intended: NetworkResult
    on_22: Wire
    on_16: Wire
    originate_reason: int
    time: Time
    unit: Unit = "tenths"
    hangup_by: HangupBy = "network"
    amd_result: AmdResult | None = None
    note: str = ""

    @property
    def is_answered(self) -> bool:
        """True when the called side picks up."""
        return self.on_22.sip_code == 200


@dataclass(frozen=True, slots=True)
class Expected:
    """What the record of a call to a number must say.

    talk_seconds is that of a call whose agent was free at once; None where detection takes its
    share. q850_cause is the one that the PBX records; of an answered call it is 16.
    """

    network_result: NetworkResult
    amd_result: AmdResult | None
    answered: bool
    talk_seconds: float | None
    sip_code: int
    q850_cause: int
    hangup_by: HangupBy
    ring_seconds: float | None


def _answered(
    digits: str,
    name: str,
    time: Time,
    unit: Unit = "tenths",
    intended: NetworkResult = "answered",
    hangup_by: HangupBy = "customer",
    amd_result: AmdResult | None = None,
    note: str = "",
) -> Scenario:
    wire = Wire(200, 16, intended)
    return Scenario(digits, name, intended, wire, wire, 4, time, unit, hangup_by, amd_result, note)


def _failed(
    digits: str,
    name: str,
    intended: NetworkResult,
    on_22: Wire,
    on_16: Wire | None = None,
    note: str = "",
) -> Scenario:
    return Scenario(digits, name, intended, on_22, on_16 or on_22, 0, Time.RING, note=note)


_LOST: Final = "22.9 and later forget the Reason header: 480 is all that is left."
_INVALID, _BUSY = Wire(404, 1, "invalid"), Wire(486, 17, "busy")
_UNREACHABLE, _NO_ANSWER = Wire(408, 18, "unreachable"), Wire(480, 19, "no_answer")
_BARRED = Wire(403, 57, "barred")

SCENARIOS: Final[tuple[Scenario, ...]] = (
    _answered("01", "answered_customer_ends", Time.TALK),
    _answered("02", "answered_customer_ends_long", Time.TALK, "seconds"),
    _answered("03", "answered_agent_ends", Time.AGENT_TALK, hangup_by="agent"),
    _answered("04", "answered_agent_ends_long", Time.AGENT_TALK, "seconds", hangup_by="agent"),
    _failed("10", "invalid", "invalid", _INVALID),
    _failed("11", "invalid_incomplete", "invalid", Wire(484, 28, "invalid")),
    _failed(
        *("12", "invalid_everywhere", "invalid", Wire(604, 1, "invalid"), _INVALID),
        note="16 cannot send 604.",
    ),
    _failed(
        "20",
        "suspended",
        "suspended",
        Wire(410, 31, "suspended"),
        Wire(480, 31, "suspended"),
        note="Sent with cause 31. On 22 carrier-causes turns 410 into 31; Asterisk 16 sends 480.",
    ),
    _failed(
        "21",
        "power_off",
        "power_off",
        Wire(480, 20, "power_off"),
        note="Never rings. Cause 20; on 22 carrier-causes makes it of 480 without ringing.",
    ),
    _failed(
        "22",
        "unreachable",
        "unreachable",
        Wire(480, 20, "power_off"),
        Wire(408, 18, "unreachable"),
        note=f"Never rings. {_LOST} 16 cannot send 480 with cause 18.",
    ),
    _failed("23", "unreachable_timeout", "unreachable", _UNREACHABLE),
    _failed("30", "no_answer", "no_answer", _NO_ANSWER),
    Scenario(
        *("31", "no_answer_rings_on", "no_answer"),
        *(Wire(487, 19, "no_answer"), Wire(487, 0, "no_answer")),
        *(3, Time.NONE),
        hangup_by="caller",
        note="Rings until the Originate's Timeout. On 16 no cause is left, only Reason 3.",
    ),
    _failed("40", "busy", "busy", _BUSY),
    _failed(
        *("41", "busy_everywhere", "busy", Wire(600, 17, "busy"), _BUSY),
        note="16 cannot send 600.",
    ),
    _failed(
        *("42", "rejected", "rejected", Wire(603, 21, "rejected"), Wire(403, 21, "rejected")),
        note="16 sends 403 for cause 21.",
    ),
    _failed(
        *("43", "barred", "barred", _BARRED, Wire(603, 52, "barred")),
        note="Sent with cause 52; on 22 carrier-result makes 57 of 403. 16 sends 603 for 52.",
    ),
    _failed(
        *("44", "barred_not_authorised", "barred", _BARRED, Wire(603, 57, "barred")),
        note="16 sends 603 for cause 57.",
    ),
    _answered(
        *("50", "forwarded", Time.TALK),
        intended="forwarded",
        note=f"181 with Diversion {FORWARDED_TO}, then as 01. Only CALLFLOOR_FORWARDED tells.",
    ),
    _failed(
        *("51", "cancelled", "cancelled", Wire(487, 127, "cancelled"), Wire(500, 127, "cancelled")),
        note="16 cannot send 487: it sends 500.",
    ),
    _failed("60", "system_error_congestion", "system_error", Wire(503, 34, "system_error")),
    _failed("61", "system_error", "system_error", Wire(500, 38, "system_error")),
    _answered(
        *("70", "machine", Time.STAY, "seconds"),
        amd_result="machine",
        note="A long greeting. Only CALLFLOOR_AMD tells.",
    ),
    _answered(
        *("71", "human", Time.STAY, "seconds"),
        amd_result="human",
        note='Says "hello", then nothing. Only CALLFLOOR_AMD tells.',
    ),
    _answered("80", "early_media_answered", Time.TALK, note="183 with tones, then as 01."),
    Scenario(
        *("81", "early_media_invalid", "invalid", _INVALID, _INVALID, 0, Time.NONE),
        note="183 with an announcement of 4.9 s, then 404.",
    ),
)

_BY_DIGITS: Final = {scenario.digits: scenario for scenario in SCENARIOS}
_BY_NAME: Final = {scenario.name: scenario for scenario in SCENARIOS}


def scenario_named(name: str) -> Scenario:
    """The scenario of that name."""
    return _BY_NAME[name]


def number_for(scenario: Scenario | str, tenths: int = 0, serial: int = 0) -> str:
    """The number that plays a scenario; the time is in its unit, tenths or seconds."""
    found = scenario if isinstance(scenario, Scenario) else _BY_NAME[scenario]
    if not (0 <= tenths <= 999 and 0 <= serial <= 999):
        raise ValueError(f"time and serial have three digits: {tenths}, {serial}")
    return f"+86139{found.digits}{tenths:03d}{serial:03d}"


def scenario_of(number: str) -> Scenario:
    """The scenario a number plays. A number outside the plan does not exist: `invalid`."""
    match = _NUMBER.fullmatch(number)
    return _BY_DIGITS.get(match[1], _BY_NAME["invalid"]) if match else _BY_NAME["invalid"]


def expected(number: str, asterisk: str = "22") -> Expected:
    """What the records of a PBX of that version must say about a call to the number."""
    scenario = scenario_of(number)
    match = _NUMBER.fullmatch(number)
    time, serial = (int(match[2]), int(match[3])) if match else (0, 0)
    wire = scenario.on_16 if asterisk == "16" else scenario.on_22
    return Expected(
        network_result=wire.network_result,
        amd_result=scenario.amd_result,
        answered=scenario.is_answered,
        talk_seconds=_talk_seconds(scenario, time),
        sip_code=wire.sip_code,
        q850_cause=wire.cause,
        hangup_by=scenario.hangup_by,
        ring_seconds=_ring_seconds(scenario, time, serial),
    )


def _talk_seconds(scenario: Scenario, time: int) -> float | None:
    if scenario.time not in (Time.TALK, Time.AGENT_TALK):
        return None
    return float(time) if scenario.unit == "seconds" else time / 10


def _ring_seconds(scenario: Scenario, time: int, serial: int) -> float | None:
    if scenario.is_answered:
        return round(serial % 10 * RING_STEP_SECONDS, 1)
    return time / 10 if scenario.time is Time.RING else None


def markdown() -> str:
    """docs/numbering_plan.md."""
    return _HEAD + "".join(_row(scenario) for scenario in SCENARIOS) + _TAIL


def _row(scenario: Scenario) -> str:
    unit = "" if scenario.time in (Time.NONE, Time.RING) else f"{scenario.unit} "
    cells = (
        f"`+86139{scenario.digits}TTTXXX`",
        scenario.name,
        f"{unit}{scenario.time.value}",
        scenario.intended,
        _wire(scenario.on_22),
        _wire(scenario.on_16),
        str(scenario.originate_reason),
        scenario.note,
    )
    return f"| {' | '.join(cells)} |\n"


def _wire(wire: Wire) -> str:
    return f"{wire.sip_code} / {wire.cause}: {wire.network_result}"


_HEAD: Final = f"""<!-- Made by `python -m lab.numbering_plan`; do not edit. -->
# Numbering plan of the lab's carrier

What the simulated carrier does is in the number that is dialled, so the record of every call is
known beforehand. Numbers are valid Chinese mobile numbers: `+86 139 RR TTT XXX`.

- `RR` is the scenario, `TTT` its time, `XXX` a serial.
- Answered calls ring for the last digit times {RING_STEP_SECONDS} s; failed calls ring for `TTT`
  tenths of a second.
- The robot agent hangs up in scenarios 03 and 04; it reads the customer's number, which the PBX
  shows as caller.
- Every other number is answered with 404.

"On 22" and "on 16" give the final SIP code on the wire, the Q.850 cause that arrives in CEL
(`HANGUP`, `extra.hangupcause`) and in the AMI event `Hangup`, and the network result that follows.
Measured with the sample configuration on Asterisk 22.10.1 and 16.28.0, where
`tests/asterisk/test_dialplan.py` checks causes and reasons again. "Reason" is that of
`OriginateResponse`.

| Number | Scenario | TTT | Meant | On 22 | On 16 | Reason | Note |
|---|---|---|---|---|---|---|---|
"""

_TAIL: Final = """
## What only a CEL user event tells

| Event | Extra | Meaning |
|---|---|---|
| `CALLFLOOR_FORWARDED` | new number, or nothing | sent elsewhere by the network, answered there |
| `CALLFLOOR_AMD` | `<status>\\|<cause>` | `HUMAN`, `MACHINE`, `NOTSURE` or `HANGUP`; why |
| `CALLFLOOR_ABANDONED` | queue status, or `STRAY` | no agent in time: the message was played |
| `CALLFLOOR_RESULT` | SIP code | how the network refused a call that nobody answered |
"""


if __name__ == "__main__":
    print(markdown(), end="")
