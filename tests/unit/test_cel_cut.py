"""What Asterisk really wrote before it died, and the record that it makes."""

from datetime import timedelta

from calls.outcomes import NetworkResult
from cdr_ingest.interpret import HangupBy
from tests.fakes.asterisk_wrote import CUT_RINGING, CUT_TALKING
from tests.fakes.cel_records import record_of
from tests.fakes.cel_table import at


def test_cut_by_restart_while_talking() -> None:
    record = record_of(CUT_TALKING, cut_at="1795390613.098496")
    assert record.cut_by_restart
    assert record.hangup_by is HangupBy.ASTERISK_RESTART
    assert record.network_result is NetworkResult.ANSWERED
    assert record.talk == timedelta(seconds=2)
    assert record.ended_at == at("1795390613.098496")
    assert record.hangup_cause is None
    assert record.agent == "agent-1004"


def test_cut_at_an_unknown_moment_ends_with_the_last_row() -> None:
    record = record_of(CUT_TALKING, cut_at="1.0")
    assert record.ended_at == at("1795390611.098496")
    assert record.talk == timedelta(0)
    # They met, so nobody was left waiting.
    assert record.agent == "agent-1004"
    assert not record.is_abandoned


def test_cut_by_restart_while_ringing() -> None:
    record = record_of(CUT_RINGING, cut_at="1795390613.098496")
    assert record.cut_by_restart
    # Our failure, so it costs the lead no try.
    assert record.network_result is NetworkResult.SYSTEM_ERROR
