"""`callfloor trace`: record what a live Asterisk says, and see what the floor makes of it."""

import asyncio
import os
import secrets
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from ami_bridge.errors import AmiError
from ami_bridge.masking import KEY_BYTES, leave_unmasked, masker
from ami_bridge.parameters import AmiAddress
from ami_bridge.switch import AsteriskSwitch
from ami_bridge.trace import TraceError, TraceRecorder, replay
from calls.facts import Fact
from calls.floor import Floor
from calls.switch import SwitchError
from calls.transitions import IllegalTransition
from cli.output import Cell, Format, fail, print_json, print_rows
from cli.service import ami_address
from cli.session import EXIT_USED_WRONGLY, Failure, read_settings, report_errors

app = typer.Typer(help="Record what Asterisk says, and replay it.", no_args_is_help=True)
_CALL_COLUMNS = ("call", "state", "number", "agent", "talk_seconds", "hold_seconds")
_SEAT_COLUMNS = ("agent", "state", "call", "calls")
_FACT_COLUMNS = ("at", "fact", "details")


@app.command("record")
@report_errors
def record_command(
    file: Annotated[Path, typer.Argument(help="The trace to write; must not exist yet.")],
    seconds: Annotated[float, typer.Option(help="End after this long; 0: on Ctrl-C.", min=0)] = 0,
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="Leave phone numbers and names readable.")
    ] = False,
) -> None:
    """Write every event that matters to the floor into FILE; then show the floor as it is live."""
    address = ami_address(read_settings())
    create_private(file)
    if unmasked:
        fail(f"WARNING: {file} will hold phone numbers and names as they are. Guard it.")
    mask = leave_unmasked if unmasked else masker(secrets.token_bytes(KEY_BYTES))
    recorder = TraceRecorder(file, mask)
    try:
        floor = asyncio.run(_record(address, recorder, seconds))
    except (AmiError, SwitchError) as error:
        raise Failure(str(error)) from error
    finally:
        recorder.close()
    if recorder.has_failed:
        raise Failure(f"{file}: could not be written to its end")
    print(f"{file}: {recorder.events} events, numbers and names {_are_masked(unmasked)}")
    _print_floor(floor, Format.TABLE)


@app.command("replay")
@report_errors
def replay_command(
    file: Annotated[Path, typer.Argument(help="A trace, plain or gzipped.")],
    format: Annotated[Format, typer.Option()] = Format.TABLE,
    floor_only: Annotated[bool, typer.Option("--floor-only", help="Leave out the facts.")] = False,
) -> None:
    """Print the facts of a trace and the floor that they lead to (CSV: the facts alone)."""
    floor, facts = Floor(), []
    try:
        for fact in replay(file):
            _apply(floor, fact)
            facts.append(fact)
    except OSError as error:
        fail(f"{file}: {error.strerror or error}")
        raise typer.Exit(EXIT_USED_WRONGLY) from error
    except TraceError as error:
        raise Failure(str(error)) from error
    if format is Format.JSON:
        told = (
            []
            if floor_only
            else [dict(zip(_FACT_COLUMNS, row, strict=True)) for row in _rows(facts)]
        )
        print_json({"facts": told, **floor_as_json(floor)})
        return
    if not floor_only:
        print_rows(_FACT_COLUMNS, _rows(facts), format, "facts")
    if format is Format.TABLE:
        _print_floor(floor, format)


def create_private(file: Path) -> None:
    """Make an empty file that only its owner may read. Ends the verb if there is one already."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        fail(f"{file}: exists already; name a new file")
        raise typer.Exit(EXIT_USED_WRONGLY) from None
    except OSError as error:
        fail(f"{file}: {error.strerror}")
        raise typer.Exit(EXIT_USED_WRONGLY) from None


def floor_as_json(floor: Floor) -> dict[str, object]:
    """Return the floor as plain values, the same for a live one and a replayed one."""
    return {
        "known": floor.is_known,
        "calls": [dict(zip(_CALL_COLUMNS, row, strict=True)) for row in _call_rows(floor)],
        "seats": [dict(zip(_SEAT_COLUMNS, row, strict=True)) for row in _seat_rows(floor)],
    }


async def _record(address: AmiAddress, recorder: TraceRecorder, seconds: float) -> Floor:
    """Follow the link until it is enough; return the floor as it then is."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    switch = AsteriskSwitch(address, recorder=recorder)
    await switch.start()
    floor = Floor()
    follower = asyncio.create_task(follow(switch, floor))
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds or None):
            await stop.wait()
    await settle(switch, recorder)
    follower.cancel()
    await switch.close()
    return floor


async def follow(switch: AsteriskSwitch, floor: Floor) -> None:
    """Apply every fact of the switch to the floor."""
    async for fact in switch.facts():
        _apply(floor, fact)


async def settle(switch: AsteriskSwitch, recorder: TraceRecorder) -> None:
    """End the trace, and wait until the floor has taken all that is in it."""
    recorder.close()
    while switch.health.queue_depth:  # noqa: ASYNC110 - the queue tells nobody that it is empty
        await asyncio.sleep(0)


def _apply(floor: Floor, fact: Fact) -> None:
    with suppress(IllegalTransition):  # changes nothing, here as in the service
        floor.apply(fact)


def _rows(facts: Iterable[Fact]) -> Iterator[tuple[Cell, ...]]:
    for fact in facts:
        values = {name: value for name, value in asdict(fact).items() if name != "at"}
        details = msgspec.json.encode(values).decode()
        yield fact.at.isoformat(), type(fact).__name__, details


def _print_floor(floor: Floor, format: Format) -> None:
    state = "known" if floor.is_known else "not known"
    print_rows(_CALL_COLUMNS, _call_rows(floor), format, f"calls; the floor is {state}")
    print_rows(_SEAT_COLUMNS, _seat_rows(floor), format, "seats")


def _call_rows(floor: Floor) -> Iterator[tuple[Cell, ...]]:
    for call in floor.calls:
        times = (call.talk.total_seconds(), call.hold.total_seconds())
        yield call.call, call.state.value, call.number, call.agent, *times


def _seat_rows(floor: Floor) -> Iterator[tuple[Cell, ...]]:
    for seat in floor.agents:
        yield seat.agent, seat.state.value, seat.call, seat.calls


def _are_masked(unmasked: bool) -> str:
    return "as they are" if unmasked else "masked"
