"""What every adapter of `dialer.ports.Records` promises."""

from calls.attempt import Settlement
from calls.ids import AttemptId
from calls.outcomes import NetworkResult
from tests.contract.records_desks import ENDED_AT, RecordsDesk

BUSY, BEGUN, UNKNOWN = (
    AttemptId(f"ab55a4f9-7224-4de1-8d7c-4896e79ca7{n}") for n in ("01", "02", "03")
)


async def test_a_complete_record_settles_its_attempt(records_desk: RecordsDesk) -> None:
    await records_desk.end_busy(BUSY)
    await records_desk.begin(BEGUN)

    told = await records_desk.records.settlements([BUSY, BEGUN, UNKNOWN])

    assert [(one.attempt, one.by, one.result, one.cause, one.ended_at) for one in told] == [
        (BUSY, "records", NetworkResult.BUSY, 17, ENDED_AT)
    ]
    assert isinstance(told[0], Settlement)


async def test_only_attempts_that_were_asked_for_are_told_of(records_desk: RecordsDesk) -> None:
    await records_desk.end_busy(BUSY)

    assert await records_desk.records.settlements([UNKNOWN]) == []
    assert await records_desk.records.touched([UNKNOWN]) == frozenset()


async def test_whatever_asterisk_wrote_of_an_attempt_is_a_trace(records_desk: RecordsDesk) -> None:
    await records_desk.end_busy(BUSY)
    await records_desk.begin(BEGUN)

    assert await records_desk.records.touched([BUSY, BEGUN, UNKNOWN]) == {BUSY, BEGUN}
