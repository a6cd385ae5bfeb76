/** Small pictures beside words; never the only carrier of a meaning. */

import type { AgentState, CallState } from "./wire";

const PATHS = {
  check: "M5 13l4 4L19 7",
  bell: "M6 16V11a6 6 0 0112 0v5l2 2H4zM10 21h4",
  talk: "M4 5h16v11H9l-5 4z",
  pen: "M4 20l4-1L19 8l-3-3L5 16zM14 7l3 3",
  pause: "M9 5v14M15 5v14",
  off: "M12 3v9M6.5 6.5a8 8 0 1011 0",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 3",
  dial: "M5 4h4l2 5-3 2a11 11 0 005 5l2-3 5 2v4a1 1 0 01-1 1A16 16 0 014 5a1 1 0 011-1z",
  question: "M9 9a3 3 0 115 2c-1.5 1-2 1.5-2 3M12 18v.5",
  play: "M7 5l12 7-12 7z",
  stop: "M6 6h12v12H6z",
  alert: "M12 4l9 16H3zM12 10v4M12 17v.5",
  down: "M12 4v11M7 11l5 5 5-5M5 20h14",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export const AGENT_ICONS: Readonly<Record<AgentState, IconName>> = {
  ready: "check",
  ringing: "bell",
  talking: "talk",
  wrap_up: "pen",
  paused: "pause",
  logged_out: "off",
};

export const CALL_ICONS: Readonly<Record<CallState, IconName>> = {
  planned: "clock",
  dialling: "dial",
  ringing: "bell",
  waiting: "clock",
  talking: "talk",
  unknown: "question",
  ended: "off",
};
