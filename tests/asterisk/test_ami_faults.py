"""A bad line to a real Asterisk, in short; `bin/bench faults` is the long one."""

from dataclasses import astuple
from itertools import repeat
from pathlib import Path

import pytest

from bench.faults.line import Fault
from bench.faults.run import run
from bench.faults.traffic import Order
from bench.faults.truth import Ends, Verdict, judge
from calls.floor import Floor
from calls.ids import AttemptId, CallId
from lab.lab import Lab
from tests.asterisk.test_ami_bridge import address_of


@pytest.mark.asterisk
async def test_a_bad_line_loses_doubles_and_distorts_nothing(lab: Lab) -> None:
    faults = (Fault.CUT, Fault.SPLIT, Fault.HALF_OPEN, Fault.STALL)
    seen = await run(lab, address_of(lab), faults, calls_per_second=20.0, agents=8)

    assert seen.wrong == []
    assert seen.verdict is not None
    assert seen.verdict.is_clean, seen.verdict
    assert seen.verdict.carried_out > 20
    assert (seen.faults, seen.looks) == (4, 4)
    assert seen.reconnects >= 1


@pytest.mark.parametrize(
    ("order", "starts", "ends_in_ledger", "ends_on_floor", "verdict"),
    [
        (Order.QUEUED, 1, 1, 1, Verdict(1, 1, 0, 0, 0, 0, 0)),
        (Order.QUEUED, 0, 0, 0, Verdict(1, 0, 0, 1, 0, 0, 0)),
        (Order.QUEUED, 2, 2, 1, Verdict(1, 1, 0, 0, 1, 0, 0)),
        (Order.QUEUED, 1, 1, 2, Verdict(1, 1, 0, 0, 1, 0, 0)),
        (Order.QUEUED, 1, 0, 0, Verdict(1, 1, 1, 1, 0, 0, 0)),
        (Order.UNCERTAIN, 1, 1, 0, Verdict(1, 1, 1, 0, 0, 0, 0)),
        (Order.UNCERTAIN, 0, 0, 0, Verdict(1, 0, 0, 0, 0, 0, 0)),
        (Order.NOT_SENT, 1, 1, 0, Verdict(1, 1, 1, 0, 0, 1, 0)),
    ],
)
def test_the_judge_sees_what_was_lost_doubled_or_sent_without_leave(
    order: Order,
    starts: int,
    ends_in_ledger: int,
    ends_on_floor: int,
    verdict: Verdict,
    tmp_path: Path,
) -> None:
    ledger, attempt = tmp_path / "cel.csv", AttemptId("a-1")
    events = [*repeat("CHAN_START", starts), *repeat("CHAN_END", ends_in_ledger)]
    lines = (f"{event}{',' * 14}{attempt},l,,,,\n" for event in events)
    ledger.write_text("".join(lines), encoding="utf-8")
    ends = Ends()
    ends.count[CallId(attempt)] += ends_on_floor

    assert astuple(judge(ledger, {attempt: order}, ends, Floor())) == astuple(verdict)
