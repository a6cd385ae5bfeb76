"""`callfloor simulate`: what a team may expect of a day, by playing it; no service is touched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.output import Cell, Format, print_rows
from cli.session import EXIT_FAILED, Failure, report_errors
from dialer.pacing.journal import JournalUnreadable, PacerOptions, RecordingPacer, replay
from dialer.simulation.engine import Score, Way, play
from dialer.simulation.rivals import RIVALS
from dialer.simulation.ways import PacerWay, hindsight_oracle
from dialer.simulation.world import World

BAR_CELLS = 24
SVG_WIDTH = 110


class Mode(StrEnum):
    """The modes in which the dialer chooses how many lines to dial."""

    PROGRESSIVE = "progressive"
    POWER = "power"
    PREDICTIVE = "predictive"


class Shape(StrEnum):
    """How durations spread; the names of `dialer.simulation.world.SHAPES`."""

    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"
    NARROW = "narrow"
    STEADY = "steady"
    TWO_KINDS = "two kinds"


class Shift(StrEnum):
    """How the share of answers changes over the day; the names of `SHIFTS`."""

    NONE = "none"
    STEPS = "steps"
    RAMP = "ramp"
    FALL = "fall"
    WAVES = "waves"
    DROP = "drop"
    JUMP = "jump"


class Staffing(StrEnum):
    """Whether agents come and go; the names of `STAFFING`."""

    ALL_DAY = "all day"
    BREAKS = "breaks"
    INBOUND = "inbound"


Percent = Annotated[float, typer.Option(min=0, max=100)]
COLUMNS = (
    "way", "busy_percent", "wait_seconds", "abandoned_percent", "worst_day_percent",
    "talk_minutes_per_hour", "answered", "dials",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way of pacing came to, over several days."""

    way: str
    days: Sequence[Score]

    def mean(self, figure: Callable[[Score], float]) -> float:
        """Return the mean of a figure over the days."""
        return fmean(figure(day) for day in self.days)

    def row(self) -> tuple[Cell, ...]:
        """Return the row of the table."""
        return (
            self.way,
            round(100 * self.mean(lambda day: day.utilisation), 1),
            round(self.mean(lambda day: day.wait_seconds), 1),
            round(100 * self.mean(lambda day: day.abandonment), 2),
            round(100 * max(day.abandonment for day in self.days), 2),
            round(self.mean(lambda day: day.talk_minutes_per_hour), 1),
            round(self.mean(lambda day: day.answered)),
            round(self.mean(lambda day: day.dials)),
        )


@report_errors
def simulate_command(
    agents: Annotated[int, typer.Option(min=1, max=500, help="Agents logged in.")] = 10,
    mode: Annotated[Mode, typer.Option()] = Mode.PREDICTIVE,
    ratio: Annotated[float | None, typer.Option(help="Lines per free agent, power mode.")] = None,
    answer_percent: Percent = 25,
    machine_percent: Percent = 0,
    fail_percent: Percent = 15,
    talk_seconds: Annotated[float, typer.Option(min=1, max=7200)] = 120,
    wrap_seconds: Annotated[float, typer.Option(min=0.1, max=3600)] = 20,
    ring_seconds: Annotated[float, typer.Option(min=0.5, max=120, help="Until answered.")] = 11,
    ring_out_seconds: Annotated[float, typer.Option(min=1, max=180, help="Longest ring.")] = 22,
    talk_shape: Annotated[Shape, typer.Option()] = Shape.EXPONENTIAL,
    wrap_shape: Annotated[Shape, typer.Option()] = Shape.EXPONENTIAL,
    ring_shape: Annotated[Shape, typer.Option()] = Shape.EXPONENTIAL,
    shift: Annotated[Shift, typer.Option(help="How the answers change over the day.")] = Shift.NONE,
    staffing: Annotated[Staffing, typer.Option()] = Staffing.ALL_DAY,
    connect_seconds: Annotated[float, typer.Option(min=0, max=60)] = 2,
    max_abandonment_percent: Percent = 3,
    hours: Annotated[float, typer.Option(min=0.1, max=24)] = 8,
    days: Annotated[int, typer.Option(min=1, max=100, help="Days played, each another.")] = 3,
    compare: Annotated[bool, typer.Option(help="Also the rivals, and the best in hindsight.")] = (
        False
    ),
    picture: Annotated[Path | None, typer.Option(help="Draw the result to this SVG.")] = None,
    journal: Annotated[
        Path | None, typer.Option(help="Write each decision of the first day, as JSON lines.")
    ] = None,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Play days of a team and tell what to expect: busy share, wait, abandonment, talk time."""
    if answer_percent + machine_percent + fail_percent > 100:
        raise typer.BadParameter("answer, machine and fail percent add up to more than 100")
    world = World(
        name="what if",
        answer=answer_percent / 100,
        machine=machine_percent / 100,
        fail=fail_percent / 100,
        shift=shift.value,
        ring_mean=ring_seconds,
        ring_shape=ring_shape.value,
        ring_out_seconds=ring_out_seconds,
        talk_mean=talk_seconds,
        talk_shape=talk_shape.value,
        wrap_mean=wrap_seconds,
        wrap_shape=wrap_shape.value,
        patience_seconds=connect_seconds,
        staffing=staffing.value,
        hours=hours,
    )
    cap = max_abandonment_percent / 100
    options = PacerOptions(
        mode.value, max_abandonment=cap, connect_seconds=connect_seconds, ratio=ratio
    )
    try:
        options.make()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    outcomes = [_play_ours(world, agents, days, options, journal)]
    if compare:
        outcomes += _play_others(world, agents, days, cap)
    _tell(outcomes, agents, picture, format)


def replay_command(
    journal: Annotated[Path, typer.Argument(help="Decisions written by simulate or serve.")],
) -> None:
    """Decide everything in a journal again; tell where this program would decide otherwise."""
    try:
        with journal.open("rb") as lines:
            differences = list(replay(lines))
    except (OSError, JournalUnreadable) as error:
        raise Failure(f"{journal}: {error}") from error
    for one in differences:
        print(
            f"line {one.line}: was {one.was.lines} lines, now {one.now.lines} ({one.now.because})"
        )
    if differences:
        raise typer.Exit(EXIT_FAILED)
    print("every decision comes out the same")


def register(app: typer.Typer) -> None:
    """Add the verbs of this module to the command."""
    app.command("simulate")(simulate_command)
    app.command("replay")(report_errors(replay_command))


def _play_ours(
    world: World, agents: int, days: int, options: PacerOptions, journal: Path | None
) -> Outcome:
    scores = [play(world, agents, day, PacerWay(options.make())) for day in range(2, days + 1)]
    if journal is None:
        first = play(world, agents, 1, PacerWay(options.make()))
    else:
        try:
            with journal.open("wb") as file:
                first = play(world, agents, 1, PacerWay(RecordingPacer(options, file)))
        except OSError as error:
            raise Failure(f"{journal}: {error.strerror}") from error
    return Outcome(f"Callfloor {options.mode}", [first, *scores])


def _play_others(world: World, agents: int, days: int, cap: float) -> list[Outcome]:
    def every(make: Callable[[], Way]) -> list[Score]:
        return [play(world, agents, day, make()) for day in range(1, days + 1)]

    oracle = [hindsight_oracle(world, agents, day, cap=cap)[1] for day in range(1, days + 1)]
    best = Outcome("best constant in hindsight", oracle)
    return [best, *(Outcome(name, every(make)) for name, make in RIVALS.items())]


def _tell(outcomes: Sequence[Outcome], agents: int, picture: Path | None, format: Format) -> None:
    if format is not Format.TABLE:
        print_rows(COLUMNS, [outcome.row() for outcome in outcomes], format)
    else:
        _draw(Console(), outcomes, agents)
    if picture is not None:
        console = Console(record=True, width=SVG_WIDTH, quiet=True)
        _draw(console, outcomes, agents)
        try:
            console.save_svg(str(picture), title="callfloor simulate")
        except OSError as error:
            raise Failure(f"{picture}: {error.strerror}") from error


def _draw(console: Console, outcomes: Sequence[Outcome], agents: int) -> None:
    console.print(expectation(outcomes[0], agents), highlight=False)
    table = Table("way")
    table.add_column("talk █ wrap-up ▓ wait ░", no_wrap=True)
    for column in ("busy %", "wait s", "lost %", "talk min/h"):
        table.add_column(column, justify="right")
    for outcome in outcomes:
        way, busy, wait, abandoned, _, talk, *_ = outcome.row()
        table.add_row(str(way), _bar(outcome), str(busy), str(wait), str(abandoned), str(talk))
    console.print(table)


def _bar(outcome: Outcome) -> Text:
    """Talk, wrap-up and waiting as parts of the logged-in time."""
    talk = round(BAR_CELLS * outcome.mean(lambda day: day.talk_minutes_per_hour) / 60)
    busy = round(BAR_CELLS * outcome.mean(lambda day: day.utilisation))
    bar = Text("█" * talk, style="green")
    bar.append("▓" * (busy - talk), style="cyan")
    return bar.append("░" * (BAR_CELLS - busy), style="bright_black")


def expectation(outcome: Outcome, agents: int) -> str:
    """Return in one paragraph what to expect, with the range over the days."""
    busy = [100 * day.utilisation for day in outcome.days]
    lost = [100 * day.abandonment for day in outcome.days]
    return (
        f"With {agents} agents, {outcome.way}, expect agents to be busy {fmean(busy):.0f} % of"
        f" their time ({min(busy):.0f} to {max(busy):.0f} over {len(busy)} days),"
        f" {outcome.mean(lambda day: day.talk_minutes_per_hour):.0f} minutes of talk in an hour,"
        f" {outcome.mean(lambda day: day.wait_seconds):.0f} s between calls,"
        f" {outcome.mean(lambda day: day.answered):.0f} people answering"
        f" {outcome.mean(lambda day: day.dials):.0f} dials a day,"
        f" and {fmean(lost):.1f} % of them finding no agent in time ({max(lost):.1f} at worst)."
    )
