"""`python -m lab up`: run a lab until Ctrl-C and print its addresses as JSON."""

from __future__ import annotations

import argparse
import json
import signal
import sys

from lab.instance import Instance, InstanceError
from lab.lab import Lab
from lab.ports import NoPortsError
from lab.render import RenderError
from lab.tree import SUITES, TreeError


def describe(lab: Lab) -> dict[str, object]:
    """Addresses, logins and files of a running lab."""
    return {
        "asterisk": lab.tree.version,
        "agents": lab.agent_interfaces(),
        **{instance.name: _describe(instance) for instance in lab.instances},
    }


def _describe(instance: Instance) -> dict[str, object]:
    return {
        "pid": instance.pid,
        "ami": {"host": instance.ami_host, "port": instance.ami_port},
        "sip_port": instance.ports.sip,
        "logins": {login.user: login.secret for login in instance.logins.values()},
        "log": str(instance.log_path),
        "cel_ledger": str(instance.cel_ledger),
        "cdr_ledger": str(instance.cdr_ledger),
    }


def _wait_for_end() -> None:
    """Until Ctrl-C or SIGTERM. Blocked only now: the Asterisks would have inherited it."""
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="lab", description=__doc__)
    up = parser.add_subparsers(dest="verb", required=True).add_parser("up", help="run until Ctrl-C")
    up.add_argument("--version", choices=sorted(SUITES), default="22")
    up.add_argument("--agents", type=int, default=8)
    up.add_argument("--port-base", type=int, default=0)
    up.add_argument("--keep", action="store_true", help="leave the folders behind")
    options = parser.parse_args()
    try:
        with Lab(options.version, options.agents, options.port_base, keep=options.keep) as lab:
            print(json.dumps(describe(lab), indent=2), flush=True)
            _wait_for_end()
    except (TreeError, InstanceError, NoPortsError, RenderError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
