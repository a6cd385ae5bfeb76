"""A bad line to a real Asterisk: calls lost, doubled or wrong on the floor (none may be)."""

import argparse
import asyncio
import random
import statistics
import sys

import structlog

from bench._lab import bench_lab
from bench.faults.line import Fault
from bench.faults.run import Run, run

# Plain AMI cannot tell a changed digit from a right one; TLS can, so there bytes are garbled too.
_PLAIN = [fault for fault in Fault if fault is not Fault.GARBLE]
_ROW = "{:<6} {:>6} {:>7} {:>8} {:>6} {:>8} {:>6} {:>6} {:>11} {:>11} {:>9}"


def main() -> int:
    """Run both lines and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bin/bench faults")
    parser.add_argument("--faults", type=int, default=100, help="half of them over TLS")
    parser.add_argument("--rate", type=float, default=50.0, help="calls per second")
    parser.add_argument("--agents", type=int, default=40)
    parser.add_argument("--asterisk", default="22", choices=("22", "16"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", default="error", choices=("error", "warning", "info"))
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(options.log))
    title = f"{options.faults} faults under {options.rate:g} calls/s, Asterisk {options.asterisk}"
    print(title, flush=True)
    print(
        _ROW.format(
            *("line", "faults", "calls", "done", "lost", "doubled", "wrong", "left"),
            *("known p50 s", "known max s", "grown MiB"),
        )
    )
    with bench_lab(options.agents, options.asterisk) as lab:
        clean = True
        for name, address, kinds in (
            ("plain", lab.plain, _PLAIN),
            ("TLS", lab.tls, list(Fault)),
        ):
            dice = random.Random(options.seed)
            count = options.faults // 2
            faults = [kinds[number % len(kinds)] for number in range(count)]
            dice.shuffle(faults)
            seen = asyncio.run(
                run(
                    lab.lab,
                    address,
                    faults,
                    calls_per_second=options.rate,
                    agents=options.agents,
                    seed=options.seed,
                )
            )
            _print(name, seen)
            clean = clean and seen.is_clean
    return 0 if clean else 1


def _print(name: str, seen: Run) -> None:
    verdict = seen.verdict
    assert verdict is not None
    known = sorted(seen.known_after)
    print(
        _ROW.format(
            *(name, seen.faults, verdict.placed, verdict.carried_out, verdict.lost),
            *(verdict.doubled + verdict.sent_without_leave, len(seen.wrong)),
            *(verdict.left_on_floor, f"{statistics.median(known):.2f}", f"{known[-1]:.2f}"),
            f"{seen.grown_kib / 1024:+.1f}",
        )
    )
    print(
        f"       {seen.reconnects} reconnects, {verdict.settled_by_records} calls settled by the "
        f"records, {seen.illegal_facts} facts that contradicted the floor,\n"
        f"       {seen.grown_objects:+} living objects of the bridge since a quarter of the run"
    )
    for problem in seen.wrong[:20]:
        print(f"       wrong {problem}")


if __name__ == "__main__":
    sys.exit(main())
