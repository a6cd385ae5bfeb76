"""Commands to bytes: exactly what Asterisk is to read, and nothing that could read as more."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ami_bridge.actions import MAX_LINE_BYTES, AmiAction, action_for, encode
from ami_bridge.errors import UnsafeField
from calls.commands import Command, EndCall, PauseAgent, PlaceCall, SignInAgent, SignOutAgent
from calls.ids import AgentId, AttemptId, CampaignName, ChannelId, QueueName

ATTEMPT = AttemptId("5f0c0a4e-0000-4000-8000-000000000001")
AGENT, QUEUE = AgentId("agent-1001"), QueueName("sales")


def a_call(**changes: object) -> PlaceCall:
    fields: dict[str, object] = {
        "attempt": ATTEMPT,
        "campaign": CampaignName("spring"),
        "queue": QUEUE,
        "number": "+8613800138000",
        "trunk": "carrier",
        "caller_id": "+861012345678",
        "ring_seconds": 30,
        "amd": "label",
        "variables": {"LEAD_NAME": "O'Brien"},
    }
    return PlaceCall(**{**fields, **changes})  # type: ignore[arg-type] # one field is varied


def lines_of(command: Command) -> list[str]:
    action = action_for(command)
    return encode(action, action.action_id or "id-1").decode().split("\r\n")


def test_row_13_place_call_is_an_asynchronous_originate_under_the_attempts_id() -> None:
    assert lines_of(a_call()) == [
        "Action: Originate",
        f"ActionID: {ATTEMPT}",
        f"ChannelId: {ATTEMPT}",
        "Channel: PJSIP/+8613800138000@carrier",
        "Context: callfloor-answered",
        "Exten: s",
        "Priority: 1",
        "Timeout: 30000",
        "CallerID: +861012345678",
        "Account: spring",
        "Async: true",
        f"Variable: CALLFLOOR_ATTEMPT={ATTEMPT}",
        "Variable: CALLFLOOR_CAMPAIGN=spring",
        "Variable: CALLFLOOR_QUEUE=sales",
        "Variable: CALLFLOOR_AMD=label",
        "Variable: LEAD_NAME=O'Brien",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        (EndCall(ChannelId("1700000000.12")), "Hangup|Channel: 1700000000.12|Cause: 16"),
        (
            SignInAgent(AGENT, QUEUE, "Li Lei", paused=True),
            "QueueAdd|Queue: sales|Interface: PJSIP/agent-1001|MemberName: Li Lei|Paused: true",
        ),
        (
            SignOutAgent(AGENT, QUEUE),
            "QueueRemove|Queue: sales|Interface: PJSIP/agent-1001",
        ),
        (
            PauseAgent(AGENT, QUEUE, paused=False, reason="back"),
            "QueuePause|Queue: sales|Interface: PJSIP/agent-1001|Paused: false|Reason: back",
        ),
    ],
)
def test_other_commands(command: Command, lines: str) -> None:
    action, *headers = lines.split("|")
    assert lines_of(command) == [f"Action: {action}", "ActionID: id-1", *headers, "", ""]


BREAKS_THE_LINE = ["x\r\n\r\nAction: Command\r\nCommand: core stop now", "x\ny", "x\ry", "x\0y"]
TOO_LONG = "x" * 1100
NOT_ASCII = "Müller-李"
IDS: list[tuple[str, Callable[[str], Command]]] = [
    ("attempt", lambda evil: a_call(attempt=evil)),
    ("queue", lambda evil: a_call(queue=evil)),
    ("number", lambda evil: a_call(number=evil)),
    ("trunk", lambda evil: a_call(trunk=evil)),
    ("caller_id", lambda evil: a_call(caller_id=evil)),
    ("amd", lambda evil: a_call(amd=evil)),
    ("Variable '", lambda evil: a_call(variables={evil: "1"})),
    ("channel", lambda evil: EndCall(ChannelId(evil))),
    ("agent", lambda evil: SignInAgent(AgentId(evil), QUEUE, "n")),
    ("queue", lambda evil: SignInAgent(AGENT, QueueName(evil), "n")),
    ("agent", lambda evil: SignOutAgent(AgentId(evil), QUEUE)),
    ("queue", lambda evil: SignOutAgent(AGENT, QueueName(evil))),
    ("agent", lambda evil: PauseAgent(AgentId(evil), QUEUE, paused=True)),
    ("queue", lambda evil: PauseAgent(AGENT, QueueName(evil), paused=True)),
]
"""The field's name in the refusal, and a command with the value in it: words of machines."""
TEXTS: list[tuple[str, Callable[[str], Command]]] = [
    ("Account", lambda evil: a_call(campaign=evil)),
    ("Variable LEAD_NAME", lambda evil: a_call(variables={"LEAD_NAME": evil})),
    ("MemberName", lambda evil: SignInAgent(AGENT, QUEUE, evil)),
    ("Reason", lambda evil: PauseAgent(AGENT, QUEUE, paused=True, reason=evil)),
]
"""The same for words of people, which may be in any script."""


def refused_field(make: Callable[[str], Command], evil: str) -> str:
    with pytest.raises(UnsafeField) as caught:
        lines_of(make(evil))
    assert f"field {caught.value.field}" in str(caught.value)
    assert "\r" not in str(caught.value)
    return caught.value.field


@pytest.mark.parametrize("evil", BREAKS_THE_LINE)
@pytest.mark.parametrize(("field", "make"), IDS + TEXTS)
def test_row_17_no_field_can_end_a_line(
    field: str, make: Callable[[str], Command], evil: str
) -> None:
    assert refused_field(make, evil).startswith(field)


@pytest.mark.parametrize(("field", "make"), IDS + TEXTS)
def test_a_value_that_is_too_long_is_refused_by_its_name(
    field: str, make: Callable[[str], Command]
) -> None:
    assert refused_field(make, TOO_LONG).startswith(field)


@pytest.mark.parametrize(("field", "make"), IDS)
def test_ids_in_other_scripts_are_refused_by_their_name(
    field: str, make: Callable[[str], Command]
) -> None:
    assert refused_field(make, NOT_ASCII).startswith(field)


@pytest.mark.parametrize(("field", "make"), TEXTS)
def test_words_of_people_go_through_in_any_script(
    field: str, make: Callable[[str], Command]
) -> None:
    assert any(NOT_ASCII in line for line in lines_of(make(NOT_ASCII)))


@pytest.mark.parametrize(("field", "make"), TEXTS)
def test_words_that_are_no_text_are_refused(field: str, make: Callable[[str], Command]) -> None:
    assert refused_field(make, "half a pair: \ud800")


@given(value=st.text(max_size=60))
def test_row_17_whatever_the_text_it_stays_within_its_line(value: str) -> None:
    try:
        lines = encode(AmiAction("Ping", (("Reason", value),)), "1").split(b"\r\n")
    except UnsafeField:
        return
    assert lines == [b"Action: Ping", b"ActionID: 1", f"Reason: {value}".encode(), b"", b""]


@pytest.mark.parametrize("name", ["FILE(/etc/x)", "A B", "A=B", "1A", "", "Ä", "CALLFLOOR_QUEUE"])
def test_variable_names_are_allow_listed_and_ours_are_ours(name: str) -> None:
    with pytest.raises(UnsafeField, match="Variable"):
        action_for(a_call(variables={name: "1"}))


def asterisk_splits(header: str) -> list[str]:
    """Split as `__ast_app_separate_args` does for AST_STANDARD_APP_ARGS."""
    out, current, paren, bracket, quote = [], "", 0, 0, False
    chars = iter(header)
    for char in chars:
        if char == "\\":
            current += next(chars, "")
        elif char == '"':
            quote = not quote
        elif char == "," and not (paren or bracket or quote):
            out.append(current)
            current = ""
        else:
            paren = max(0, paren + {"(": 1, ")": -1}.get(char, 0))
            bracket = max(0, bracket + {"[": 1, "]": -1}.get(char, 0))
            current += char
    return [*out, current]


@given(value=st.text(alphabet='ab,"\\()[]= ', max_size=20))
def test_row_17_a_variables_value_is_one_value_for_asterisk(value: str) -> None:
    action = action_for(a_call(variables={"A": value}))

    sent = [value for name, value in action.headers if name == "Variable"][-1]
    assert asterisk_splits(sent) == [f"A={value}"]


def test_a_comma_cannot_start_another_assignment() -> None:
    action = action_for(a_call(variables={"A": "x,FILE(/etc/passwd)=y"}))

    assert ("Variable", r"A=x\,FILE\(/etc/passwd\)=y") in action.headers


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "100@evil/n"}, "number"),
        ({"number": "PJSIP/1"}, "number"),
        ({"trunk": "carrier/x"}, "trunk"),
        ({"attempt": "x" * 150}, "attempt"),
        ({"ring_seconds": 0}, "ring_seconds"),
    ],
)
def test_a_call_that_would_dial_something_else_is_refused(
    changes: dict[str, object], field: str
) -> None:
    with pytest.raises(UnsafeField) as caught:
        action_for(a_call(**changes))
    assert caught.value.field == field


def test_a_pattern_is_no_channel() -> None:
    with pytest.raises(UnsafeField, match="channel"):
        action_for(EndCall(ChannelId("/PJSIP.*/")))


def test_lines_longer_than_asterisk_reads_are_refused() -> None:
    longest = "x" * (MAX_LINE_BYTES - len("Reason: "))
    encode(AmiAction("Ping", (("Reason", longest),)), "1")
    with pytest.raises(UnsafeField, match="Reason is longer"):
        encode(AmiAction("Ping", (("Reason", longest + "x"),)), "1")


def test_more_headers_than_asterisk_takes_are_refused() -> None:
    with pytest.raises(UnsafeField, match="header 129"):
        encode(AmiAction("Ping", (("A", "1"),) * 127), "1")
