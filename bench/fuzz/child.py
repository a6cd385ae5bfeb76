"""The fuzzing process: libFuzzer by way of atheris; it ends the process by itself."""

import asyncio
import logging
import sys

import atheris
import structlog

_WATCHED = ["ami_bridge.framing", "ami_bridge.translate", "ami_bridge.feed", "ami_bridge.protocol"]

with atheris.instrument_imports(include=_WATCHED):
    from bench.fuzz.target import TARGETS


async def main() -> None:
    """Fuzz inside a running loop, for a connection makes futures. First argument: the target."""
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(main())
