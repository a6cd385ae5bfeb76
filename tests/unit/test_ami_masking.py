"""Masking: who is called cannot be read, which call it is still can."""

import pytest

from ami_bridge.masking import masker

KEY = b"a key of a test, thirty-two bytes"[:32]
mask = masker(KEY)


def shown(text: str) -> str:
    """What becomes of the value of a header."""
    return mask(text).partition(": ")[2]


@pytest.mark.parametrize(
    "line",
    [
        "CallerIDNum: +8613800138000",
        "Exten: 13800138000",
        "DialString: +8613800138000@carrier",
        "Channel: Local/13800138000@from-agent-0000002a;1",
        "Channel: PJSIP/13800138000-0000002a",
        "ApplicationData: tel-13800138000,30",
        "AppData: /rec/13800138000.1795401493.wav",
        "UserEvent: Forwarded to13800138000",
    ],
)
def test_no_number_is_left(line: str) -> None:
    assert "13800138000" not in mask(line)
    assert mask(line).startswith(line.partition(":")[0])


@pytest.mark.parametrize(
    "line",
    [
        "Event: Newchannel",
        "Timestamp: 1795401493.952345",
        "Channel: PJSIP/agent-1001-00000027",
        "Channel: PJSIP/carrier-00000027",
        "Uniqueid: 1795401493.95",
        "DestUniqueid: 12345678-1234-1234-1234-123456789012",
        "Linkedid: 12345678901234567890",
        "BridgeUniqueid: 12345678-9012-4234-8234-123456789012",
        "SwapUniqueid: 1795401493.95",
        "ActionID: 12345678-9012-4234-8234-123456789012",
        "Attempt: 12345678-9012-4234-8234-123456789012",
        "LoginTime: 1795401493",
        "Exten: 1002",
        "CallerIDName: <unknown>",
        "ConnectedLineName: ",
        "Cause: 16",
        "a line without a header 13",
    ],
)
def test_what_calls_are_told_apart_by_is_left(line: str) -> None:
    assert mask(line) == line


@pytest.mark.parametrize("header", ["CallerIDName", "DestConnectedLineName", "MemberName", "Name"])
def test_names_are_hidden(header: str) -> None:
    assert "Li Lei" not in mask(f"{header}: Li Lei")


def test_channel_variables_are_not_shown_at_all() -> None:
    assert mask("ChanVariable(PJSIP/x-1): CUSTOMER=Li Lei") == "ChanVariable(PJSIP/x-1): masked"


def test_the_same_is_always_masked_in_the_same_way_with_or_without_a_plus() -> None:
    plain, plus = shown("Exten: 8613800138000"), shown("CallerIDNum: +8613800138000")

    assert plus == f"+{plain}"
    assert shown("Exten: 8613800138001") != plain
    assert shown("MemberName: Li Lei") == shown("CallerIDName: Li Lei")


def test_another_key_masks_in_another_way() -> None:
    other = masker(b"another" * 4)

    assert other("Exten: 13800138000") != mask("Exten: 13800138000")


def test_every_line_of_a_message_is_masked() -> None:
    text = "Event: Newchannel\r\nCallerIDNum: 13800138000\r\nExten: 13800138000"
    number = shown("Exten: 13800138000")

    assert mask(text) == f"Event: Newchannel\r\nCallerIDNum: {number}\r\nExten: {number}"
