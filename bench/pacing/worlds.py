"""The worlds of the scoreboard: those that the rule was tuned on, and those kept for judging."""

from collections.abc import Sequence

from dialer.simulation.world import World

DEVELOPED_ON: Sequence[World] = (
    World("A steady"),
    World("B few answers", answer=0.10, talk_mean=90),
    World("C many answers", answer=0.40, talk_mean=180, wrap_mean=30),
    World(
        "A steps", machine=0.2, shift="steps", ring_shape="narrow",
        talk_shape="lognormal", wrap_shape="narrow",
    ),
    World(
        "B waves", answer=0.15, machine=0.1, shift="waves", ring_mean=8, ring_shape="narrow",
        ring_out_seconds=30, talk_mean=90, wrap_shape="lognormal",
    ),
    World("breaks", staffing="breaks", ring_shape="narrow", talk_shape="lognormal"),
)  # fmt: skip
HELD_OUT: Sequence[World] = (
    World("steady, lognormal", answer=0.3, machine=0.15, ring_mean=9, ring_shape="narrow",
          ring_out_seconds=25, talk_mean=150, talk_shape="lognormal", wrap_mean=25,
          wrap_shape="narrow"),
    World("steady, exponential", answer=0.18, talk_mean=75, wrap_mean=10, ring_mean=13,
          ring_out_seconds=30),
    World("sudden drop", answer=0.35, shift="drop", talk_mean=150, talk_shape="two kinds",
          wrap_shape="steady", ring_shape="narrow"),
    World("falling", answer=0.22, machine=0.2, shift="fall", talk_mean=60, talk_shape="lognormal",
          wrap_mean=15, ring_mean=14, ring_out_seconds=40),
    World("jump", answer=0.25, machine=0.1, shift="jump", ring_shape="narrow", wrap_shape="narrow"),
    World("inbound", answer=0.2, machine=0.2, staffing="inbound", talk_mean=200, ring_mean=9,
          talk_shape="narrow", wrap_mean=40, wrap_shape="narrow", shift="ramp"),
)  # fmt: skip
"""Not looked at while the rule was tuned, and played with seeds of their own."""

SIZES = (5, 8, 10, 20, 50, 100)
