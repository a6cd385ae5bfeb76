/** When a supervisor should look at a seat. Pure. */

import type { AgentState, AgentView } from "./wire";

/** Seconds in a state after which a seat is worth a look. */
const TOO_LONG: Readonly<Partial<Record<AgentState, number>>> = {
  ready: 300,
  talking: 1800,
  wrap_up: 120,
  paused: 1800,
  ringing: 20,
};

export const WRAP_UP_REASON = "wrap-up";

/** The state as people see it: paused for the wrap-up is wrap-up, however long it takes. */
export function shownState(agent: AgentView): AgentState {
  return agent.state === "paused" && agent.pause_reason === WRAP_UP_REASON ? "wrap_up" : agent.state;
}

export function isAlarming(agent: AgentView, serverNow: number): boolean {
  const limit = TOO_LONG[shownState(agent)];
  return limit !== undefined && (serverNow - Date.parse(agent.since)) / 1000 > limit;
}
