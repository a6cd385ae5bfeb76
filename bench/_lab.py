"""A lab for benchmarks: room for many calls, TLS, and a login that hears everything."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import trustme

from ami_bridge.parameters import AmiAddress
from lab.lab import Lab, PgTarget
from lab.manager import manager_changed, tls_lines, tls_port

_ALL = """
[bench-all]
secret = {secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = all
write = reporting
writetimeout = 5000
"""
# Wide enough for some thousand legs; the lab's own share of ports is for some hundred.
_RTP = {"pbx": (33_000, 41_000), "carrier": (41_000, 49_000), "phones": (49_000, 57_000)}


@dataclass(frozen=True, slots=True)
class BenchLab:
    """The running lab and the ways to its PBX. everything: its reader hears all event classes."""

    lab: Lab
    plain: AmiAddress
    tls: AmiAddress
    everything: AmiAddress


@contextmanager
def bench_lab(agents: int = 8, version: str = "22") -> Iterator[BenchLab]:
    """Run three Asterisks for the length of a benchmark."""
    with wide_lab(agents, version) as lab:
        authority = trustme.CA()
        pem = authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem
        pem.write_to_path(lab.pbx.etc_dir / "asterisk.pem")
        trusted = lab.pbx.etc_dir / "authority.pem"
        authority.cert_pem.write_to_path(trusted)
        lab.tree.own(lab.pbx.etc_dir)
        secret = secrets.token_hex(16)
        with manager_changed(lab, tls_lines(lab, "asterisk.pem"), _ALL.format(secret=secret)):
            plain = address_of(lab)
            yield BenchLab(
                lab,
                plain,
                replace(plain, port=tls_port(lab), tls=True, tls_ca_file=str(trusted)),
                replace(plain, reader_user="bench-all", reader_secret=secret, reader_events="on"),
            )


def wide_lab(agents: int, version: str, postgres: PgTarget | None = None) -> Lab:
    """Return a lab that is not started yet, with room for many calls."""
    lab = Lab(version, agents=agents, postgres=postgres)
    for instance in lab.instances:
        first, last = _RTP[instance.name]
        instance.ports = replace(instance.ports, rtp_start=first, rtp_end=last)
    return lab


def address_of(lab: Lab) -> AmiAddress:
    """Return the lab's PBX with both logins."""
    reader, actor = lab.pbx.logins["callfloor-reader"], lab.pbx.logins["callfloor-actor"]
    return AmiAddress(
        host=lab.pbx.ami_host,
        port=lab.pbx.ami_port,
        reader_user=reader.user,
        reader_secret=reader.secret,
        actor_user=actor.user,
        actor_secret=actor.secret,
    )
