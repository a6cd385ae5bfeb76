"""Reading single CEL rows: exact time, both spellings of a dialplan's event, named errors."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdr_ingest.rows import BadCelRow, CelEvent, parse_cel
from tests.fakes.cel_table import raw_row

GOOD = raw_row(
    "ledger byte 7",
    eventtype="ANSWER",
    eventtime="1795390582.000001",
    uniqueid="a",
    linkedid="a",
    channame="PJSIP/carrier-00000000",
)


def test_time_is_exact_to_the_microsecond() -> None:
    assert parse_cel(GOOD).at == datetime(2026, 11, 22, 23, 36, 22, 1, UTC)


@given(st.integers(0, 4_000_000_000), st.integers(0, 999_999))
def test_no_microsecond_is_lost(seconds: int, microseconds: int) -> None:
    row = parse_cel(replace(GOOD, eventtime=f"{seconds}.{microseconds:06}"))
    assert row.at.microsecond == microseconds
    assert int(row.at.replace(microsecond=0).timestamp()) == seconds


@pytest.mark.parametrize(
    ("eventtype", "userdeftype"),
    [("USER_DEFINED", "CALLFLOOR_AMD"), ("CALLFLOOR_AMD", "CALLFLOOR_AMD")],
)
def test_a_dialplan_event_reads_the_same_with_and_without_show_user_defined(
    eventtype: str, userdeftype: str
) -> None:
    raw = replace(GOOD, eventtype=eventtype, userdeftype=userdeftype, extra='{"extra":"HUMAN|x"}')
    row = parse_cel(raw)
    assert (row.event, row.mark, row.extra.text) == (
        CelEvent.USER_DEFINED,
        "CALLFLOOR_AMD",
        "HUMAN|x",
    )


def test_a_dialplan_event_may_carry_plain_text() -> None:
    raw = replace(GOOD, eventtype="USER_DEFINED", userdeftype="CALLFLOOR_AMD", extra="MACHINE|x")
    assert parse_cel(raw).extra.text == "MACHINE|x"


def test_hangup() -> None:
    extra = '{"hangupcause":17,"hangupsource":"PJSIP/carrier-00000000","dialstatus":"BUSY"}'
    found = parse_cel(replace(GOOD, eventtype="HANGUP", extra=extra)).extra
    assert (found.hangup_cause, found.hangup_source, found.dial_status) == (
        17,
        "PJSIP/carrier-00000000",
        "BUSY",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("eventtype", ""),
        ("eventtype", "SOMETHING"),
        ("eventtime", ""),
        ("eventtime", "2026-11-22 23:36:22.479902"),
        ("eventtime", "1.1234567"),
        ("eventtime", "-1.0"),
        ("eventtime", "999999999999.0"),
        ("eventtime", "١٢٣.0"),
        ("uniqueid", ""),
        ("linkedid", ""),
        ("extra", "{broken"),
        ("extra", '{"hangupcause":"many"}'),
        ("extra", '{"hangupcause":[]}'),
    ],
)
def test_an_error_names_origin_and_field(field: str, value: str) -> None:
    with pytest.raises(BadCelRow) as caught:
        parse_cel(replace(GOOD, **{field: value}))  # type: ignore[arg-type] # all text
    assert caught.value.field == field
    assert str(caught.value).startswith(f"ledger byte 7: {field}: ")


@pytest.mark.parametrize("event", ["BRIDGE_ENTER", "BRIDGE_EXIT"])
def test_a_bridge_event_needs_a_bridge(event: str) -> None:
    with pytest.raises(BadCelRow, match=f"extra: {event} without bridge_id"):
        parse_cel(replace(GOOD, eventtype=event))


def test_a_user_event_needs_its_name() -> None:
    with pytest.raises(BadCelRow, match="userdeftype: is empty"):
        parse_cel(replace(GOOD, eventtype="USER_DEFINED"))


def test_identity_is_the_same_from_table_and_ledger_and_differs_by_a_microsecond() -> None:
    assert (
        parse_cel(replace(GOOD, origin="table cel id 3", id=3)).identity
        == parse_cel(replace(GOOD, cid_name="read differently")).identity
    )
    later = replace(GOOD, eventtime="1795390582.000002")
    assert parse_cel(later).identity != parse_cel(GOOD).identity
