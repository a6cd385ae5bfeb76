"""Change manager.conf of a running PBX for a while: TLS, more logins, other limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lab.lab import Lab


@contextmanager
def manager_changed(lab: Lab, general: str = "", more: str = "") -> Iterator[None]:
    """Add lines to [general] and sections at the end; put both back afterwards."""
    path = lab.pbx.etc_dir / "manager.conf"
    before = path.read_text(encoding="utf-8")
    text = before.replace("[general]", f"[general]\n{general}", 1) + f"\n{more}\n"
    path.write_text(text, encoding="utf-8")
    lab.pbx.console("manager reload")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        if lab.pbx.pid is not None:
            lab.pbx.console("manager reload")


def tls_lines(lab: Lab, pem: str) -> str:
    """Return what [general] needs for TLS on `tls_port`. pem: certificate and key, in etc_dir."""
    path = f"{lab.tree.inside(lab.pbx.etc_dir)}/{pem}"
    return (
        f"tlsenable = yes\ntlsbindaddr = {lab.pbx.ami_host}:{tls_port(lab)}\n"
        f"tlscertfile = {path}\ntlsprivatekey = {path}\n"
    )


def tls_port(lab: Lab) -> int:
    """Where AMI over TLS listens."""
    return lab.pbx.ports.http + 1
