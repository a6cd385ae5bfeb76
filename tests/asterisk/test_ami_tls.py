"""AMI over TLS with a real Asterisk: verified by default, refused where it cannot be."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import trustme

from ami_bridge.doctor import examine_transport
from ami_bridge.errors import AsteriskUnreachable
from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.switch import AsteriskSwitch
from calls import facts as f
from calls.commands import EndCall
from calls.ids import ChannelId
from lab.lab import Lab
from lab.manager import manager_changed, tls_lines, tls_port
from tests.asterisk.test_ami_bridge import STAYS_30_SECONDS, a_call, address_of, until

pytestmark = pytest.mark.asterisk


@pytest.fixture
def tls(lab: Lab) -> Iterator[AmiAddress]:
    """The lab's PBX with TLS switched on in manager.conf."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(lab.pbx.etc_dir / "asterisk.pem")
    trusted = lab.pbx.etc_dir / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    lab.tree.own(lab.pbx.etc_dir)
    with manager_changed(lab, tls_lines(lab, "asterisk.pem")):
        yield replace(address_of(lab), port=tls_port(lab), tls=True, tls_ca_file=str(trusted))


async def test_a_call_over_a_verified_link(tls: AmiAddress) -> None:
    assert examine_transport(tls).is_ok
    switch = AsteriskSwitch(tls)
    await switch.start()
    call = a_call(STAYS_30_SECONDS)
    await switch.place(call)
    await until(switch, f.ChannelAnswered, call.attempt)
    await switch.send(EndCall(ChannelId(call.attempt)))
    ended = (await until(switch, f.ChannelEnded, call.attempt))[-1]
    await switch.close()

    assert isinstance(ended, f.ChannelEnded)
    assert ended.cause == 16


async def test_a_certificate_that_nobody_vouches_for_is_refused(tls: AmiAddress) -> None:
    for address in (
        replace(tls, tls_ca_file=None),  # the system's authorities do not know it
        replace(tls, host="localhost"),  # it is another name's
    ):
        with pytest.raises(AsteriskUnreachable, match="certificate verify failed"):
            await AsteriskSwitch(address, timeouts=AmiTimeouts(connect=3.0)).start()


async def test_plain_text_to_the_tls_port_is_told_in_time(tls: AmiAddress) -> None:
    limits = AmiTimeouts(connect=1.0)
    with pytest.raises(AsteriskUnreachable):
        await AsteriskSwitch(replace(tls, tls=False), timeouts=limits).start()
