"""Typed identifiers, so that a channel cannot be handed over where a call is meant."""

from typing import NewType

AttemptId = NewType("AttemptId", str)
"""UUID text of one decision to dial; also the Originate's ActionID and ChannelId."""
CallId = NewType("CallId", str)
"""Linkedid of the call in Asterisk; equals the AttemptId of a call that we originated."""
ChannelId = NewType("ChannelId", str)
"""Uniqueid of one channel in Asterisk. Never parsed: it need not be `epoch.n`."""
BridgeId = NewType("BridgeId", str)
AgentId = NewType("AgentId", str)
"""Name of the agent's endpoint, e.g. `agent-1001`; the queue member is `PJSIP/agent-1001`."""
QueueName = NewType("QueueName", str)
CampaignName = NewType("CampaignName", str)
LeadId = NewType("LeadId", int)
