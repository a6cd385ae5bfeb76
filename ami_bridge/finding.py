"""What the doctor says about one thing that it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. remedy: what to do about a problem, else empty."""

    is_ok: bool
    subject: str
    detail: str
    remedy: str = ""
