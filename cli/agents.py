"""`callfloor agents`: who there is, and where each should sit."""

import re
from typing import Annotated

import typer

from calls.ids import AgentId, QueueName
from cli.output import Format, print_rows
from cli.session import Failure, report_errors, run_with_database
from store.campaigns import CampaignStore, Seat

app = typer.Typer(help="Agents: add, list, sign in and out, pause.", no_args_is_help=True)

Agent = Annotated[str, typer.Argument(metavar="AGENT", help="Endpoint name, e.g. agent-1001.")]
_ID = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")
_LONGEST_NAME = 200
"""Characters: as UTF-8 they fit into one line of AMI, where the queue member gets the name."""


@app.command()
@report_errors
def add(agent: Agent, name: Annotated[str, typer.Argument(help="For people to read.")]) -> None:
    """Make an agent known, or rename it."""
    if not _ID.match(agent):
        raise Failure(f"agent {agent!r}: should be small letters, digits, - and _, up to 40")
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise Failure(f"name {name!r}: should be printable text, up to {_LONGEST_NAME} characters")
    run_with_database(lambda _, db: CampaignStore(db).add_agent(AgentId(agent), name))
    print(f"agent {agent} is {name}")


@app.command("list")
@report_errors
def list_agents(format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """List the agents with the seat that each should have."""
    seats: list[Seat] = run_with_database(lambda _, db: CampaignStore(db).agents())
    rows = [(s.agent, s.name, s.queue, s.pause_reason) for s in seats]
    print_rows(("agent", "name", "queue", "pause_reason"), rows, format)


@app.command("sign-in")
@report_errors
def sign_in(
    agent: Agent, queue: Annotated[str, typer.Option(help="Queue to sit in.")] = "callfloor"
) -> None:
    """Seat the agent in a queue; the running service does it within a second."""
    run_with_database(lambda _, db: CampaignStore(db).sign_in(AgentId(agent), QueueName(queue)))
    print(f"agent {agent} is signed in to {queue}")


@app.command("sign-out")
@report_errors
def sign_out(agent: Agent) -> None:
    """Take the agent out of its queue; a call in progress goes on."""
    run_with_database(lambda _, db: CampaignStore(db).sign_out(AgentId(agent)))
    print(f"agent {agent} is signed out")


@app.command()
@report_errors
def pause(
    agent: Agent, reason: Annotated[str, typer.Option(help="Why; people will see it.")]
) -> None:
    """Pause the agent, with a reason; a call in progress goes on."""
    if not reason.strip() or not reason.isprintable():
        raise Failure("--reason should be printable text")
    run_with_database(lambda _, db: CampaignStore(db).pause(AgentId(agent), reason))
    print(f"agent {agent} is paused: {reason}")


@app.command()
@report_errors
def resume(agent: Agent) -> None:
    """End the agent's pause."""
    run_with_database(lambda _, db: CampaignStore(db).pause(AgentId(agent), None))
    print(f"agent {agent} is ready again")
