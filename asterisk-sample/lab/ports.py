"""A block of ports per lab, held by a name that the kernel frees when the process ends."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass
from typing import Final

BLOCK_SIZE: Final = 1000
# Below the ports that Linux hands out by itself (32768 and up), so that nobody is in the way.
_BASES: Final = tuple(range(10_000, 32_000, BLOCK_SIZE))
# Two ports for each leg: the PBX has two legs for each of some hundred calls.
_RTP_SHARE: Final = {"pbx": (100, 550), "carrier": (560, 770), "phones": (780, 990)}
_ROLES: Final = ("pbx", "carrier", "phones")


class NoPortsError(Exception):
    """Every block of ports is taken."""


@dataclass(frozen=True, slots=True)
class InstancePorts:
    """Ports of one Asterisk."""

    sip: int
    ami: int
    http: int
    rtp_start: int
    rtp_end: int


class PortBlock:
    """The ports of one lab. Holds its claim until close() or the end of the process."""

    def __init__(self, base: int, claim: socket.socket) -> None:
        self.base = base
        self._claim = claim

    @classmethod
    def claim(cls, base: int = 0) -> PortBlock:
        """The block that starts at base, or any free one when base is 0."""
        candidates = [base] if base else random.sample(_BASES, len(_BASES))
        for candidate in candidates:
            if (block := cls._try_claim(candidate)) is not None:
                return block
        tried = ", ".join(map(str, candidates))
        raise NoPortsError(f"no free block of {BLOCK_SIZE} ports at {tried}")

    @classmethod
    def _try_claim(cls, base: int) -> PortBlock | None:
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            claim.bind(f"\0callfloor-lab-ports-{base}")
        except OSError:
            claim.close()
            return None
        block = cls(base, claim)
        if all(_is_free(block.of(role)) for role in _ROLES):
            return block
        claim.close()
        return None

    def of(self, role: str) -> InstancePorts:
        """The ports of pbx, carrier or phones."""
        first, last = _RTP_SHARE[role]
        offset = 10 * _ROLES.index(role)
        return InstancePorts(
            sip=self.base + offset,
            ami=self.base + offset + 1,
            http=self.base + offset + 2,
            rtp_start=self.base + first,
            rtp_end=self.base + last,
        )

    def close(self) -> None:
        """Give the block back."""
        self._claim.close()


def _is_free(ports: InstancePorts) -> bool:
    streams = (ports.ami, ports.http)
    return _can_bind(socket.SOCK_DGRAM, ports.sip) and all(
        _can_bind(socket.SOCK_STREAM, port) for port in streams
    )


def _can_bind(kind: socket.SocketKind, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
