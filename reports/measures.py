"""Every measure of the reports with its formula and, for rates, the denominator by name.

Formulas: domain notes 2.1. One place: the command line, the API and the files take them from here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from store.sums import MeasuredRow, Measures

METRIC_VERSION = "2026-11"
"""Names this set of formulas; every report carries it."""
Value = int | Decimal | None
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Measure:
    """One column. divided_by: the denominator's column, empty where nothing is divided."""

    name: str
    name_zh: str
    text: str
    of: Callable[[Measures], Value]
    divided_by: str = ""


def seconds(span: timedelta) -> Decimal:
    """Seconds with their microseconds, exactly."""
    return Decimal(span // _MICROSECOND).scaleb(-6)


def rate(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """Return part of whole to four places; None (printed n/a) where there is no whole."""
    if not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


MEASURES = (
    Measure("attempts", "呼出量", "Outbound calls that the network took; not our own failures.",
            lambda m: m.attempts),
    Measure("answered", "接通量", "Attempts that the customer's side answered.",
            lambda m: m.answered),
    Measure("connected", "双方接通量", "Answered attempts in which an agent met the customer.",
            lambda m: m.connected),
    Measure("valid", "有效呼叫", "Answered, talk at least the rule's short-call floor.",
            lambda m: m.valid),
    Measure("effective", "有效通话", "Answered, talk at least the rule's threshold, not rounded.",
            lambda m: m.effective),
    Measure("abandoned", "呼损量", "A person answered and no agent came.", lambda m: m.abandoned),
    Measure("talk_seconds", "通话时长", "Time of customer and agent in one bridge.",
            lambda m: seconds(m.talk)),
    Measure("effective_talk_seconds", "有效通话时长", "Talk of effective calls only.",
            lambda m: seconds(m.effective_talk)),
    Measure("answer_rate", "接通率", "answered / attempts",
            lambda m: rate(m.answered, m.attempts), "attempts"),
    Measure("connect_rate", "双方接听率", "connected / attempts",
            lambda m: rate(m.connected, m.attempts), "attempts"),
    Measure("effective_rate", "有效率", "effective / answered",
            lambda m: rate(m.effective, m.answered), "answered"),
    Measure("abandon_rate", "呼损率", "abandoned / answered by a person (compliance)",
            lambda m: rate(m.abandoned, m.human), "human"),
    Measure("abandon_rate_of_all", "呼损率（全部）", "abandoned / attempts",
            lambda m: rate(m.abandoned, m.attempts), "attempts"),
    Measure("mean_talk_seconds", "平均通话时长", "talk / answered",
            lambda m: _mean(m.talk, m.answered), "answered"),
    Measure("mean_talk_of_connected_seconds", "平均双方通话时长", "talk / connected",
            lambda m: _mean(m.talk, m.connected), "connected"),
    Measure("mean_wait_seconds", "平均等待时长", "wait of answered calls / answered",
            lambda m: _mean(m.wait, m.answered), "answered"),
    Measure("human", "真人接听量", "Answered by a person, as far as detection knows.",
            lambda m: m.human),
)  # fmt: skip


def _mean(span: timedelta, number: int) -> Decimal | None:
    return rate(seconds(span), number)


def per_head(amount: int | Decimal, agents_signed_in: int) -> Decimal | None:
    """人均: an amount by agents who were signed in that day (not by headcount)."""
    return rate(amount, agents_signed_in)


def occupancy(talk: timedelta, wrap_up: timedelta, signed_in: timedelta) -> Decimal | None:
    """坐席利用率: (talk + wrap-up) / signed-in time."""
    return rate(seconds(talk + wrap_up), seconds(signed_in))


def utilisation(productive: timedelta, paid: timedelta) -> Decimal | None:
    """工时利用率: productive time / paid hours; name another denominator where it is another."""
    return rate(seconds(productive), seconds(paid))


def total_of(rows: Iterable[MeasuredRow]) -> Measures:
    """Add rows up."""
    total = Measures()
    for row in rows:
        m = row.measures
        total = Measures(
            attempts=total.attempts + m.attempts,
            answered=total.answered + m.answered,
            human=total.human + m.human,
            connected=total.connected + m.connected,
            valid=total.valid + m.valid,
            effective=total.effective + m.effective,
            abandoned=total.abandoned + m.abandoned,
            talk=total.talk + m.talk,
            effective_talk=total.effective_talk + m.effective_talk,
            wait=total.wait + m.wait,
        )
    return total
