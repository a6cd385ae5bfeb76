"""How a call ended: network result, machine detection and the agent's word, kept apart.

The table is section 2.3 of the domain notes. Q.850 causes are what Asterisk reports as hangup
cause; SIP codes are what carriers typically send with them. What is in no row is
`SYSTEM_ERROR`, which costs the lead no try.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class NetworkResult(StrEnum):
    """What the network said."""

    ANSWERED = "answered"
    FORWARDED = "forwarded"  #: answered, but by another number (secretary, mailbox)
    INVALID = "invalid"
    SUSPENDED = "suspended"
    POWER_OFF = "power_off"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    BARRED = "barred"
    CANCELLED = "cancelled"
    SYSTEM_ERROR = "system_error"


class AmdResult(StrEnum):
    """What answering-machine detection said; absent where it did not run."""

    HUMAN = "human"
    MACHINE = "machine"
    NOT_SURE = "notsure"


class AgentDisposition(StrEnum):
    """What the agent said about the call."""

    INTERESTED = "interested"
    NOT_INTERESTED = "not_interested"
    CALL_BACK = "call_back"
    WRONG_NUMBER = "wrong_number"
    OPT_OUT = "opt_out"
    MACHINE = "machine"


ANSWERED_RESULTS = frozenset({NetworkResult.ANSWERED, NetworkResult.FORWARDED})


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One row of the table.

    retry_after: None means never again by itself. uses_up_try: whether the lead's tries count it.
    is_attempt: whether reports count it as an attempt (our own failures do not).
    """

    name_zh: str
    q850_causes: tuple[int, ...]
    sip_codes: tuple[int, ...]
    is_dead_number: bool
    retry_after: timedelta | None
    uses_up_try: bool = True
    is_attempt: bool = True


_HOUR = timedelta(hours=1)
_R = NetworkResult

OUTCOMES: Mapping[NetworkResult, OutcomeRow] = MappingProxyType(
    {
        _R.ANSWERED: OutcomeRow("接通", (), (200,), False, None),
        _R.FORWARDED: OutcomeRow("呼转", (), (181, 200), False, None),
        _R.INVALID: OutcomeRow("空号", (1, 2, 3, 22, 28), (404, 410, 484, 604), True, None),
        _R.SUSPENDED: OutcomeRow("停机", (31,), (480,), False, 72 * _HOUR),
        _R.POWER_OFF: OutcomeRow("关机", (20,), (480,), False, 4 * _HOUR),
        _R.UNREACHABLE: OutcomeRow("无法接通", (18,), (480, 408), False, 4 * _HOUR),
        _R.NO_ANSWER: OutcomeRow("无人接听", (19, 102), (480, 487), False, 2 * _HOUR),
        _R.BUSY: OutcomeRow("占线", (17,), (486, 600), False, _HOUR / 3),
        _R.REJECTED: OutcomeRow("拒接", (21,), (603, 403), False, 24 * _HOUR),
        _R.BARRED: OutcomeRow("运营商拦截", (52, 54, 55, 57), (403,), False, None),
        _R.CANCELLED: OutcomeRow("主叫取消", (127,), (487,), False, timedelta(0)),
        _R.SYSTEM_ERROR: OutcomeRow(
            "系统异常",
            (34, 38, 41, 42),
            (500, 502, 503),
            False,
            timedelta(minutes=5),
            uses_up_try=False,
            is_attempt=False,
        ),
    }
)

_BY_CAUSE: Mapping[int, NetworkResult] = MappingProxyType(
    {cause: result for result, row in OUTCOMES.items() for cause in row.q850_causes}
)
_NO_CAUSE = frozenset({0, 16})
"""Causes that say only "it was hung up": before an answer the hanging up was our own side's."""


def classify_network_result(
    *,
    answered: bool,
    forwarded: bool = False,
    cause: int | None,
    elapsed: timedelta,
    ring_limit: timedelta,
    cancelled_by_us: bool = False,
) -> NetworkResult:
    """Name how the network ended one call.

    cause: Q.850 hangup cause of the customer's channel, None if Asterisk gave none (it died).
    elapsed: from dialling to the end. ring_limit: the Originate's Timeout: an unanswered call
    that we hung up after it is `NO_ANSWER`; one that we hung up earlier is `CANCELLED`.
    """
    if answered:
        return NetworkResult.FORWARDED if forwarded else NetworkResult.ANSWERED
    if cancelled_by_us:
        return NetworkResult.CANCELLED
    if cause is None:
        return NetworkResult.SYSTEM_ERROR
    ours = cause in _NO_CAUSE or _BY_CAUSE.get(cause) is NetworkResult.CANCELLED
    if ours and elapsed >= ring_limit:
        return NetworkResult.NO_ANSWER
    if cause in _NO_CAUSE:
        return NetworkResult.CANCELLED
    return _BY_CAUSE.get(cause, NetworkResult.SYSTEM_ERROR)
