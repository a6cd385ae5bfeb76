"""Any bytes at all, cut anywhere; `bin/bench fuzz` does the same guided by coverage."""

from hypothesis import given
from hypothesis import strategies as st

from bench.ami.mix import call_events
from bench.fuzz.target import WANTED, read_bytes, through_the_bridge

EVENTS = list(call_events(1))
pieces = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(EVENTS),
    st.sampled_from([b"\r\n", b"\r\n\r\n", b"Event: ", b"Response: Success\r\n", b": ", b"\xff"]),
    st.sampled_from(sorted(WANTED)).map(lambda name: f"Event: {name}\r\n".encode()),
)


@given(cuts=st.binary(min_size=4, max_size=4), parts=st.lists(pieces, max_size=8))
async def test_no_bytes_make_the_reader_raise_or_depend_on_their_cuts(
    cuts: bytes, parts: list[bytes]
) -> None:
    data = cuts + b"".join(parts)[:4000]
    read_bytes(data)
    through_the_bridge(data)


@given(event=st.sampled_from(EVENTS), place=st.integers(0, 5000), byte=st.integers(0, 255))
async def test_a_real_event_with_one_wrong_byte_never_raises(
    event: bytes, place: int, byte: int
) -> None:
    place %= len(event)
    data = b"\x20\x60\xa0\xe0" + event[:place] + bytes([byte]) + event[place + 1 :]
    read_bytes(data)
    through_the_bridge(data)
