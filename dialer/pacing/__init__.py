"""How many lines to dial now. Pure: (what is going on) -> (how many, and why).

`new_pacer` makes a pacer for a mode; its `decide` is called every half second with a `PacingView`.
A pacer keeps all that it learns inside, reads no clock and does no I/O: the same views in the same
order always give the same paces.
"""

from dialer.pacing.modes import MODES, new_pacer
from dialer.pacing.view import DialResult, Pace, Pacer, PacingView

__all__ = ["MODES", "DialResult", "Pace", "Pacer", "PacingView", "new_pacer"]
