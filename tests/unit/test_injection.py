"""No value from outside can put words of its own into AMI. The tables themselves are walked, so
that a new command, body, query or column is covered, or fails here until somebody judged it.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

import msgspec
import pytest
from msgspec import inspect as described

import ami_bridge
from ami_bridge.actions import action_for, encode
from ami_bridge.errors import UnsafeField
from calls.campaign import DialOrder
from calls.commands import (
    Command,
    EndCall,
    JoinCall,
    PauseAgent,
    PlaceAskedCall,
    PlaceCall,
    SignInAgent,
    SignOutAgent,
)
from calls.ids import AgentId, AttemptId, CampaignName, ChannelId, QueueName
from crm.csv_rows import COLUMNS, RawRow
from crm.lead_rows import LONGEST_TEXT, MORE_PHONES, RowRules, read_leads
from web.routes import ROUTES

_INJECTED = "Action: Command\r\nCommand: core stop now"
_BREAKING = [f"x\r\n{_INJECTED}", "x\rX: 1", "x\nX: 1", "x\0y"]
_TOO_LONG = "1" * 100_000
_NOT_ASCII = "李雷"
_HALF_A_PAIR = "x\ud800"
_AGENT, _QUEUE = AgentId("agent-1001"), QueueName("callfloor")
_SOUND: dict[type, Command] = {
    PlaceCall: PlaceCall(
        AttemptId("5f0c"), CampaignName("spring"), _QUEUE, "+8613900000000", "carrier", "", 30
    ),
    PlaceAskedCall: PlaceAskedCall(
        AttemptId("5f0c"),
        CampaignName("spring"),
        _QUEUE,
        _AGENT,
        "+8613900000000",
        "carrier",
        "",
        30,
        DialOrder.AGENT_FIRST,
    ),
    EndCall: EndCall(ChannelId("5f0c")),
    SignInAgent: SignInAgent(_AGENT, _QUEUE, "Li Lei"),
    SignOutAgent: SignOutAgent(_AGENT, _QUEUE),
    PauseAgent: PauseAgent(_AGENT, _QUEUE, paused=True, reason="tea"),
    JoinCall: JoinCall(ChannelId("join-1"), AgentId("sup-1"), _AGENT, "listen"),
}
_SAID_AS = {"campaign": "Account", "name": "MemberName", "reason": "Reason"}
"""Words of people are refused under the header that would carry them."""
_NOT_FOR_ASTERISK = {
    ("SignIn", "login"): "compared with the accounts that there are",
    ("SignIn", "password"): "hashed",
    ("NewPassword", "old"): "hashed",
    ("NewPassword", "new"): "hashed",
    ("NewAccount", "password"): "hashed",
    ("WrapUp", "call"): "compared with the call on the floor",
    ("WrapUp", "note"): "kept in Postgres and shown",
    ("AgentDayQuery", "agent"): "a filter of a report",
    ("WhyQuery", "campaign"): "a filter of a listing",
    ("CallsQuery", "region"): "a filter of a listing",
    ("CallsQuery", "list"): "a filter of a listing",
    ("ScriptWish", "before_call"): "kept in Postgres and shown",
    ("ScriptWish", "during_call"): "kept in Postgres and shown",
    ("ScriptWish", "after_call"): "kept in Postgres and shown",
    ("ReportByQuery", "key"): "a filter of a report",
}
"""Body and query fields that may hold any text, and where it ends instead."""


def _bytes_of(command: Command) -> bytes:
    action = action_for(command)
    return encode(action, action.action_id or "1")


def _text_fields() -> Iterator[tuple[type, str, Callable[[str], Command]]]:
    for kind in get_args(Command):
        for name, hint in get_type_hints(kind).items():
            plain = getattr(hint, "__supertype__", hint)
            if plain is str:
                yield kind, name, _with(_SOUND[kind], name)
            elif plain == Mapping[str, str]:
                yield kind, name, _with(_SOUND[kind], name, lambda evil: {"LEAD": evil})
                yield kind, name, _with(_SOUND[kind], name, lambda evil: {evil: "x"})
            else:
                assert plain in (int, bool, DialOrder), (
                    f"{kind.__name__}.{name}: {hint}: say how to attack it"
                )


def _with(
    sound: Command, name: str, made: Callable[[str], object] = str
) -> Callable[[str], Command]:
    # Any: each command has fields of its own, and this walks them all.
    def attack(evil: str) -> Command:
        changed: dict[str, Any] = {name: made(evil)}
        return replace(sound, **changed)

    return attack


_FIELDS = [pytest.param(*case, id=f"{case[0].__name__}.{case[1]}") for case in _text_fields()]


def test_every_command_is_attacked_from_a_sound_one() -> None:
    assert set(_SOUND) == set(get_args(Command))
    for command in _SOUND.values():
        assert _bytes_of(command).count(b"\r\n\r\n") == 1
    attacked = {(case.values[0], case.values[1]) for case in _FIELDS}
    texts = {
        (kind, field.name)
        for kind in _SOUND
        for field in fields(kind)
        if field.name not in {"ring_seconds", "cause", "paused", "order"}
    }
    assert attacked == texts


@pytest.mark.parametrize("evil", [*_BREAKING, _TOO_LONG, _HALF_A_PAIR])
@pytest.mark.parametrize(("kind", "name", "attack"), _FIELDS)
def test_no_commands_field_can_break_out_of_its_line(
    kind: type, name: str, attack: Callable[[str], Command], evil: str
) -> None:
    with pytest.raises(UnsafeField) as refused:
        _bytes_of(attack(evil))
    named = "Variable" if name == "variables" else _SAID_AS.get(name, name)
    assert f"field {named}" in str(refused.value)


@pytest.mark.parametrize(("kind", "name", "attack"), _FIELDS)
def test_another_script_is_refused_or_stays_within_its_line(
    kind: type, name: str, attack: Callable[[str], Command]
) -> None:
    sent, refusal = b"", ""
    try:
        sent = _bytes_of(attack(_NOT_ASCII))
    except UnsafeField as refused:
        refusal = str(refused)
    assert f"field {'Variable' if name == 'variables' else name}" in refusal or sent.count(
        b"\r\n"
    ) == _bytes_of(attack("a")).count(b"\r\n")


def test_only_what_was_encoded_is_ever_written_to_a_connection() -> None:
    written = [
        ast.unparse(node)
        for path in Path(ami_bridge.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"write", "writelines", "sendall"}
        and "transport" in ast.unparse(node.func)
    ]
    assert written == ["self.transport.write(data.wire)"]


def _api_fields() -> Iterator[tuple[type[msgspec.Struct], str]]:
    types = {kind for route in ROUTES for kind in (route.body, route.query) if kind is not None}
    for kind in sorted(types, key=lambda kind: kind.__name__):
        info = described.type_info(kind)
        assert isinstance(info, described.StructType)
        for field in info.fields:
            if _takes_text(field.type):
                yield kind, field.encode_name


def _takes_text(kind: described.Type) -> bool:
    if isinstance(kind, described.UnionType):
        return any(_takes_text(one) for one in kind.types)
    number = (described.IntType, described.FloatType, described.BoolType, described.NoneType)
    return not isinstance(kind, number)


_API_FIELDS = [
    pytest.param(kind, name, id=f"{kind.__name__}.{name}") for kind, name in _api_fields()
]


def _refusal(kind: type[msgspec.Struct], name: str, evil: str) -> str:
    """Return what is said of the field alone; what else is missing does not count."""
    hints = get_type_hints(kind, include_extras=True)
    one = msgspec.defstruct("One", [(name, hints[name])], forbid_unknown_fields=True)
    try:
        msgspec.convert({name: evil}, one, strict=False)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("kind", "name"), _API_FIELDS)
def test_each_field_of_the_api_refuses_line_breaks_by_its_name(
    kind: type[msgspec.Struct], name: str
) -> None:
    refusals = [_refusal(kind, name, evil) for evil in _BREAKING]
    if (kind.__name__, name) in _NOT_FOR_ASTERISK:
        assert not all(refusals), "it refuses them by now: take it from the list"
        return
    assert all(f"$.{name}" in refusal for refusal in refusals), refusals


@pytest.mark.parametrize(("kind", "name"), _API_FIELDS)
def test_each_field_of_the_api_refuses_endless_values_by_its_name(
    kind: type[msgspec.Struct], name: str
) -> None:
    assert f"$.{name}" in _refusal(kind, name, _TOO_LONG)


@pytest.mark.parametrize(
    "path", sorted({route.path for route in ROUTES if re.search(r"\{[a-z]+:", route.path)})
)
def test_no_part_of_an_address_takes_what_could_break_a_line(path: str) -> None:
    patterns = re.findall(r"\{\w+:((?:[^{}]|\{[^{}]*\})+)\}", path)
    assert len(patterns) == len(re.findall(r"\{[a-z_]+", path))
    for pattern in patterns:
        for evil in (*_BREAKING, _NOT_ASCII):
            assert re.fullmatch(pattern, evil) is None


def test_every_part_of_an_address_has_a_form() -> None:
    assert not [route.path for route in ROUTES if re.search(r"\{[a-z_]+\}", route.path)]


_NUMBERS = ("phone", *MORE_PHONES)
_Outcome = Literal["refused", "kept"]


def _import(column: str, evil: str) -> tuple[_Outcome, str]:
    columns = tuple(dict.fromkeys(("phone", column)))
    texts = [evil if one == column else "+8613900000000" for one in columns]
    read = read_leads([RawRow(2, texts)], RowRules(columns))
    if read.bad:
        (bad,) = read.bad
        return "refused", str(bad.problem)
    (lead,) = read.leads
    return "kept", lead.phone


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_call_list_puts_a_line_break_into_what_is_dialled(column: str) -> None:
    for evil in (*_BREAKING, f"+8613900000000\r\n{_INJECTED}"):
        outcome, said = _import(column, evil)
        if outcome == "refused":
            assert said.startswith(f"line 2: {column} ")
        else:  # of a lead only the number goes to Asterisk (dialer.loop), and that is checked
            assert column not in _NUMBERS
            assert said == "+8613900000000"
    assert _import(column, "x\0y")[0] == "refused"


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_call_list_is_endless(column: str) -> None:
    assert column in LONGEST_TEXT or column in _NUMBERS
    outcome, said = _import(column, _TOO_LONG)
    assert (outcome, said.startswith(f"line 2: {column} ")) == ("refused", True)


def test_of_a_lead_nothing_but_its_number_goes_into_an_originate() -> None:
    source = Path("dialer/loop.py").read_text(encoding="utf-8")
    (call,) = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "PlaceCall"
    ]
    assert "variables" not in {keyword.arg for keyword in call.keywords}
