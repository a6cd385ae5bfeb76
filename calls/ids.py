"""Typed identifiers, so that a channel cannot be handed over where a call is meant."""

from typing import NewType

AttemptId = NewType("AttemptId", str)
"""UUID text of one decision to dial; also the Originate's ActionID and ChannelId."""
CallId = NewType("CallId", str)
"""Linkedid of the call in Asterisk; equals the AttemptId of a call that we originated."""
ChannelId = NewType("ChannelId", str)
"""Uniqueid of one channel in Asterisk. Never parsed: it need not be `epoch.n`."""
BridgeId = NewType("BridgeId", str)
RelayHalf = NewType("RelayHalf", str)
"""One half of a Local pair, `Local/1002@floor-00000001;1`: no party, a door between bridges."""
AgentId = NewType("AgentId", str)
"""Name of the agent's endpoint, e.g. `agent-1001`; the queue member is `PJSIP/agent-1001`."""
AGENT_PREFIX = "agent-"
"""Endpoints of agents begin with it (asterisk-sample/etc/pjsip_agents.conf)."""
QueueName = NewType("QueueName", str)
CampaignName = NewType("CampaignName", str)
LeadId = NewType("LeadId", int)
