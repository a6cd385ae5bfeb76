"""The lab with what the plays need on top: robots that follow a plan, extensions of the plays."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lab import render
from lab.instance import LOOPBACK, Instance
from lab.lab import FIRST_AGENT, Lab

_HERE: Final = Path(__file__).resolve().parent
# Music on hold needs a file, or there is neither music nor an event of it: the prompts will do.
_MUSIC: Final = "/usr/share/asterisk/sounds/en_US_f_Allison"


class ShapesLab(Lab):
    """Three Asterisks whose configuration goes on with the files beside this module."""

    def _write_pbx(self) -> None:
        super()._write_pbx()
        _append(self.pbx, {})
        music = f"[default]\nmode = files\ndirectory = {_MUSIC}\n"
        render.write_private(self.pbx.etc_dir / "musiconhold.conf", music)

    def _write_robot(self, instance: Instance, more: dict[str, str] | None = None) -> None:
        super()._write_robot(instance, more)
        _append(instance, {"PBX_SIP_PORT": str(self.pbx.ports.sip)})
        if instance is self.phones:
            _extend(instance.etc_dir / "pjsip.conf", phone_lines(self.agents, self.pbx.ports.sip))


def phone_lines(count: int, pbx_sip_port: int) -> str:
    """The robots' way to dial out: one endpoint for each, with the agent's own login."""
    return "".join(
        f"[out-{n}]\ntype = endpoint\ntransport = transport-udp\ncontext = from-pbx\n"
        f"disallow = all\nallow = alaw,ulaw\ndirect_media = no\nmoh_passthrough = yes\n"
        f"from_user = agent-{n}\noutbound_auth = agent-{n}\naors = out-{n}\n"
        f"[out-{n}]\ntype = aor\ncontact = sip:{LOOPBACK}:{pbx_sip_port}\n\n"
        for n in range(FIRST_AGENT, FIRST_AGENT + count)
    )


def _append(instance: Instance, values: dict[str, str]) -> None:
    for addition in sorted((_HERE / instance.name).glob("*.conf")):
        text = render.render_text(addition.read_text(encoding="utf-8"), values, addition.name)
        _extend(instance.etc_dir / addition.name, text)


def _extend(path: Path, text: str) -> None:
    render.write_private(path, path.read_text(encoding="utf-8") + text)
