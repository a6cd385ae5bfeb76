"""`callfloor account`: who may sign in to the pages."""

import sys
from typing import Annotated

import typer

from calls.ids import AgentId
from cli.output import Format, print_rows
from cli.session import Failure, report_errors, run_with_database
from store.accounts import Account, AccountStore, ListedAccount, Role
from web.passwords import PasswordUnfit, hash_password

app = typer.Typer(help="Accounts of the pages: add, list, change.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="e.g. li.wei")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def _hash(from_input: bool) -> str:
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        return hash_password(password)
    except PasswordUnfit as error:
        raise Failure(str(error)) from error


@app.command()
@report_errors
def add(
    login: Login,
    role: Annotated[Role, typer.Option(help="What this person may do; see docs/web.md.")],
    agent: Annotated[
        str | None, typer.Option(help="The seat of an agent's account, e.g. agent-1001.")
    ] = None,
    password_stdin: FromInput = False,
) -> None:
    """Add an account; the password is asked for, or read from standard input."""
    if role is Role.AGENT and agent is None:
        raise Failure("the role agent needs --agent: whose figures should this account see?")
    account = Account(login, role, AgentId(agent) if agent else None)
    password_hash = _hash(password_stdin)
    run_with_database(lambda _, db: AccountStore(db).add(account, password_hash))
    print(f"account {login} added as {role.value}")


@app.command("list")
@report_errors
def list_accounts(format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """List the accounts with their open sessions; never a password or its hash."""
    found: list[ListedAccount] = run_with_database(lambda _, db: AccountStore(db).list())
    rows = [
        (
            one.account.login,
            one.account.role.value,
            one.account.agent,
            one.created_at.isoformat(timespec="seconds"),
            one.sessions,
        )
        for one in found
    ]
    print_rows(("login", "role", "agent", "created_at", "sessions"), rows, format)


@app.command()
@report_errors
def password(login: Login, password_stdin: FromInput = False) -> None:
    """Set a new password; every session of this login ends."""
    password_hash = _hash(password_stdin)
    run_with_database(lambda _, db: AccountStore(db).set_password(login, password_hash))
    print(f"account {login} has a new password, its sessions have ended")


@app.command()
@report_errors
def revoke(login: Login) -> None:
    """End every session of a login."""
    count = run_with_database(lambda _, db: AccountStore(db).close_sessions(login))
    print(f"{count} sessions of {login} have ended")
