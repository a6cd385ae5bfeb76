"""Bytes to messages: any chunking gives the same messages, and nothing is lost on the way."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ami_bridge.errors import FramingError, TranslationError
from ami_bridge.framing import Frame, Framer, Headers, unescape

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
WANTED = {"Newchannel", "Hangup"}


def frames_of(chunks: list[bytes]) -> list[tuple[str, str]]:
    framer = Framer(WANTED)
    return [(frame.name, frame.text) for chunk in chunks for frame in framer.feed(chunk)]


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


values = st.text(
    st.characters(blacklist_characters="\r\n\0", blacklist_categories=["Cs"]), max_size=30
)
messages = st.lists(
    st.tuples(
        st.sampled_from(["Event: Newchannel", "Event: Hangup", "Event: VarSet", "Response: Error"]),
        st.lists(st.tuples(st.sampled_from(["A", "Uniqueid", "CallerIDName"]), values), max_size=4),
    ),
    max_size=8,
)


def encode(script: list[tuple[str, list[tuple[str, str]]]]) -> bytes:
    blocks = ["\r\n".join([first, *(f"{k}: {v}" for k, v in rest)]) for first, rest in script]
    return BANNER + "".join(f"{block}\r\n\r\n" for block in blocks).encode()


@given(script=messages, cuts=st.lists(st.integers(0, 400), max_size=12))
def test_any_chunking_gives_the_same_messages(
    script: list[tuple[str, list[tuple[str, str]]]], cuts: list[int]
) -> None:
    data = encode(script)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[a:b] for a, b in itertools.pairwise(edges)]

    assert frames_of(chunks) == frames_of([data])
    assert len(frames_of([data])) == sum(first != "Event: VarSet" for first, _ in script)


@given(script=messages)
def test_byte_by_byte_gives_the_same_headers(
    script: list[tuple[str, list[tuple[str, str]]]],
) -> None:
    framer = Framer(WANTED)
    frames = [frame for byte in cut(encode(script), 1) for frame in framer.feed(byte)]

    wanted = [rest for first, rest in script if first != "Event: VarSet"]
    assert [list(frame.headers())[1:] for frame in frames] == wanted


def test_row_1_a_character_split_over_two_reads_is_kept() -> None:
    data = BANNER + "Event: Newchannel\r\nCallerIDName: Иван Müller\r\n\r\n".encode()

    for size in range(1, len(data)):
        framer = Framer(WANTED)
        (frame,) = [frame for chunk in cut(data, size) for frame in framer.feed(chunk)]
        assert frame.get("CallerIDName") == "Иван Müller"


def test_row_2_bytes_that_are_no_utf8_are_marked_not_dropped() -> None:
    (frame,) = Framer(WANTED).feed(BANNER + b"Event: Newchannel\r\nName: M\xfcller\r\n\r\n")

    assert frame.get("Name") == "M\ufffdller"


def test_row_20_a_huge_message_costs_linear_time() -> None:
    def seconds(megabytes: int) -> float:
        framer = Framer(WANTED)
        framer.feed(BANNER)
        chunks = cut(b"Response: Success\r\nOutput: " + b"x" * (megabytes << 20), 16384)
        started = time.process_time()
        for chunk in chunks:
            framer.feed(chunk)
        assert len(framer.feed(b"\r\n\r\n")) == 1
        return time.process_time() - started

    small, large = (min(seconds(size) for _ in range(3)) for size in (2, 8))
    # 4 times the bytes; quadratic would be 16 times. Wide, for the machine may be busy.
    assert large < 10 * small + 0.05


def test_row_22_header_without_space_and_empty_last_header_are_kept() -> None:
    data = BANNER + b"Event:Newchannel\r\nChannel:PJSIP/a-1\r\nA:b: c\r\nAccountCode: \r\n\r\n"
    (frame,) = Framer(WANTED).feed(data)

    assert frame.name == "Newchannel"
    assert frame.need("Channel") == "PJSIP/a-1"
    assert list(frame.headers()) == [
        ("Event", "Newchannel"),
        ("Channel", "PJSIP/a-1"),
        ("A", "b: c"),
        ("AccountCode", ""),
    ]


def test_repeated_headers_are_all_kept_in_order() -> None:
    frame = Frame(b"Event: Newchannel\r\nChanVariable: A=1\r\nX: 0\r\nChanVariable: B=2")

    assert frame.get("ChanVariable") == "A=1"
    assert frame.get_all("ChanVariable") == ["A=1", "B=2"]


def test_a_header_is_found_by_its_whole_name_only() -> None:
    frame = Frame(b"Event: AgentCalled\r\nDestUniqueid: 2\r\nUniqueid: 1")

    assert frame.get("Uniqueid") == "1"
    assert frame.get("niqueid") == ""
    with pytest.raises(TranslationError, match="header Linkedid is missing"):
        frame.need("Linkedid")


def test_unwanted_events_are_counted_and_never_decoded() -> None:
    framer = Framer(WANTED)
    frames = framer.feed(BANNER + b"Event: VarSet\r\nV: \xff\r\n\r\n" * 3 + b"Event: New\r\n\r\n")

    assert frames == []
    assert framer.skipped == 4


def test_extra_empty_lines_between_messages_are_no_messages() -> None:
    data = BANNER + b"Response: Success\r\n\r\n\r\n\r\nEvent: Hangup\r\nCause: 16\r\n\r\n"

    assert [name for name, _ in frames_of(cut(data, 7))] == ["", "Hangup"]


def test_the_banner_may_come_in_pieces() -> None:
    framer = Framer(WANTED)
    framer.feed(BANNER[:9])
    assert framer.banner is None
    (frame,) = framer.feed(BANNER[9:] + b"Response: Success\r\n\r\n")

    assert framer.banner == "Asterisk Call Manager/11.0.0"
    assert frame.get("Response") == "Success"


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"x" * 300])
def test_what_is_no_ami_is_refused(greeting: bytes) -> None:
    with pytest.raises(FramingError):
        Framer(WANTED).feed(greeting)


def test_a_message_beyond_the_limit_is_refused() -> None:
    framer = Framer(WANTED, max_bytes=1000)
    framer.feed(BANNER + b"Event: Newchannel\r\nA: ")
    with pytest.raises(FramingError, match="more than 1000 bytes"):
        framer.feed(b"x" * 1001)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [(r"O\'Brien", "O'Brien"), (r"a\\b", r"a\b"), (r"\"x\"", '"x"'), (r"a\nb", "a\nb"), ("a", "a")],
)
def test_names_that_asterisk_escapes_are_unescaped(sent: str, meant: str) -> None:
    assert unescape(sent) == meant
    assert (
        Frame(f"Event: E\r\nCallerIDName: {sent}".encode()).get_unescaped("CallerIDName") == meant
    )


def test_many_events_in_one_chunk_keep_their_order() -> None:
    data = BANNER + b"".join(b"Event: Hangup\r\nUniqueid: %d\r\n\r\n" % n for n in range(1000))

    assert [frame.get("Uniqueid") for frame in Framer(WANTED).feed(data)] == [
        str(n) for n in range(1000)
    ]


def test_headers_read_together_are_those_read_one_by_one() -> None:
    headers = Headers("A", "B", "C", optional={"B"})
    wanted = ["1", "", "ü"]
    for text in (
        "A: 1\r\nB: \r\nC: ü\r\nD: 4",  # empty
        "A: 1\r\nC: ü",  # the last line, and one that is not there
        "C: ü\r\nA: 1\r\nB:",  # another order
    ):
        assert Frame(f"Event: E\r\n{text}".encode(), "E").read(headers) == wanted
    assert Frame(b"Event: E\r\nA: 1\r\nB: 2\r\nC: \xff\r\n", "E").read(headers)[2] == "\ufffd"


@pytest.mark.parametrize("text", ["A: 1\r\nB: 2\r\nC: \r\nD: 4", "A: 1\r\nB: 2\r\nD: 4"])
def test_of_headers_read_together_the_one_that_says_nothing_is_named(text: str) -> None:
    frame = Frame(f"Event: E\r\n{text}".encode(), "E")
    with pytest.raises(TranslationError, match="E: header C is missing"):
        frame.read(Headers("A", "B", "C", optional={"B"}))
