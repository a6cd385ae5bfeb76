"""Draws the scoreboard's gains as an SVG; needs matplotlib (the extra `bench`)."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

from bench.pacing.board import Gain

CAPTION = "talk and wrap-up, % of logged-in time; abandonment at most 3 % in every run"


def draw(found: Sequence[Gain], file: Path) -> None:
    """Draw one panel for each world: ours and the oracle by team size."""
    mpl.rcParams["svg.hashsalt"] = "callfloor"  # the same scores give the same file
    worlds = list(dict.fromkeys(gain.world for gain in found))
    columns = min(3, len(worlds))
    lines = -(-len(worlds) // columns)
    figure, grid = plt.subplots(
        lines, columns, figsize=(3.4 * columns, 2.6 * lines), sharey=True, squeeze=False
    )
    for panel, world in zip(grid.flat, worlds, strict=False):
        gains = sorted((gain for gain in found if gain.world == world), key=lambda g: g.agents)
        sizes = [gain.agents for gain in gains]
        panel.plot(sizes, [gain.oracle for gain in gains], "o--", color="#888888", label="oracle")
        panel.plot(sizes, [gain.ours for gain in gains], "o-", color="#0b6e99", label="Callfloor")
        panel.set_xscale("log")
        panel.set_xticks(sizes, [str(size) for size in sizes])
        panel.minorticks_off()
        panel.set_title(world, fontsize=10)
        panel.grid(alpha=0.3)
    for panel in list(grid.flat)[len(worlds) :]:
        panel.set_axis_off()
    grid.flat[0].legend(fontsize=8)
    figure.supxlabel(f"agents ({CAPTION})", fontsize=9)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
