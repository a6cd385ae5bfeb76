"""Which pacer a mode means."""

import math

from dialer.pacing.fixed import FixedRatio, PeopleDial
from dialer.pacing.predictive import PredictivePacer
from dialer.pacing.view import Pacer

MODES = ("manual", "preview", "progressive", "power", "predictive")


def new_pacer(
    mode: str,
    *,
    max_abandonment: float = 0.03,
    connect_seconds: float = 2.0,
    max_lines: int = 10_000,
    ratio: float | None = None,
) -> Pacer:
    """Return a pacer for the mode; raises ValueError naming the option that cannot be.

    max_abandonment: share of the calls answered by a person that may find no agent, 0 to 1.
    connect_seconds: how long after the answer the law counts a call as abandoned; callers may wait
    so long. max_lines: lines of the campaign at once. ratio: lines per free agent, power mode only.
    """
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} is not known; there are: {', '.join(MODES)}")
    _check("max_abandonment", max_abandonment, 0, 1)
    _check("connect_seconds", connect_seconds, 0, 3600)
    _check("max_lines", max_lines, 0, 1_000_000)
    if mode in ("manual", "preview"):
        return PeopleDial(mode)
    if mode == "progressive":
        return FixedRatio(1.0, max_lines)
    if mode == "power":
        if ratio is None:
            raise ValueError("mode 'power' needs a ratio, lines per free agent, such as 1.5")
        _check("ratio", ratio, 1, 100)
        return FixedRatio(ratio, max_lines)
    return PredictivePacer(max_abandonment, connect_seconds, max_lines)


def _check(name: str, value: float, least: float, most: float) -> None:
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{name} is {value}; it must be between {least} and {most}")
