/** The floor as the page knows it: the server's messages applied one by one. Pure. */

import type { AgentView, CallView, Campaign, LiveMessage } from "./wire";

export interface FloorState {
  /** Server clock less ours, in ms: durations tick by the server's clock. */
  readonly clockOffset: number;
  readonly unknownBecause: string;
  readonly calls: ReadonlyMap<string, CallView>;
  readonly agents: ReadonlyMap<string, AgentView>;
  readonly campaigns: readonly Campaign[] | null;
}

function byKey<T>(values: readonly T[], key: (value: T) => string): Map<string, T> {
  return new Map(values.map((value) => [key(value), value]));
}

function merged<T>(
  before: ReadonlyMap<string, T>,
  changed: readonly T[],
  gone: readonly string[],
  key: (value: T) => string,
): ReadonlyMap<string, T> {
  if (changed.length === 0 && gone.length === 0) return before;
  const after = new Map(before);
  for (const id of gone) after.delete(id);
  for (const value of changed) after.set(key(value), value);
  return after;
}

const callKey = (call: CallView) => call.call;
const agentKey = (agent: AgentView) => agent.agent;

export function applyMessage(
  state: FloorState | null,
  message: LiveMessage,
  now: number,
): FloorState | null {
  if (message.type === "floor") {
    return {
      clockOffset: Date.parse(message.at) - now,
      unknownBecause: message.unknown_because,
      calls: byKey(message.calls, callKey),
      agents: byKey(message.agents, agentKey),
      campaigns: state?.campaigns ?? null,
    };
  }
  if (state === null) return null;
  switch (message.type) {
    case "campaigns":
      return { ...state, campaigns: message.campaigns };
    case "changes":
      return {
        ...state,
        calls: merged(state.calls, message.calls, message.ended_calls, callKey),
        agents: merged(state.agents, message.agents, message.gone_agents, agentKey),
      };
    case "tick":
      return { ...state, clockOffset: Date.parse(message.at) - now };
  }
}
