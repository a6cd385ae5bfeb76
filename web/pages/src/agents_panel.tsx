/** Every agent who is signed in: state, since when, and with whom. */

import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import { isAlarming, shownState, WRAP_UP_REASON } from "./alarms";
import { formatSeconds } from "./clock";
import type { FloorState } from "./floor_state";
import { AGENT_ICONS } from "./icons";
import { useLanguage } from "./language";
import { StateBadge } from "./state_badge";
import type { AgentDayRow, AgentState, AgentView, CallView } from "./wire";

const SHOWN_STATES: readonly AgentState[] = ["talking", "ringing", "ready", "wrap_up", "paused"];

export type SeatActs = (agent: AgentView) => ComponentChildren;

interface RowProps {
  readonly agent: AgentView;
  readonly call: CallView | undefined;
  readonly serverNow: number;
  readonly day: AgentDayRow | undefined;
  readonly acts: SeatActs | null;
}

/** Drawn again only when something of its own changed: there are hundreds, twenty times a second. */
const AgentRow = memo(function AgentRow({ agent, call, serverNow, day, acts }: RowProps) {
  const { text, count } = useLanguage();
  const state = shownState(agent);
  const alarm = isAlarming(agent, serverNow);
  return (
    <tr data-agent={agent.agent} class={alarm ? "alarm" : undefined}>
      <th scope="row">
        {agent.name}
        {agent.name !== agent.agent && <span class="id">{agent.agent}</span>}
      </th>
      <td>
        <StateBadge
          state={state}
          icon={AGENT_ICONS[state]}
          label={text(`agent.${state}`)}
        />
        {alarm && <span class="sub warn-text">{text("too_long")}</span>}
        {state === "paused" && agent.pause_reason !== "" && (
          <span class="sub">{agent.pause_reason}</span>
        )}
        {agent.state !== "paused" && agent.wants_pause && agent.pause_reason !== WRAP_UP_REASON && (
          <span class="sub">{text("will_pause")}</span>
        )}
        {!agent.reachable && <span class="sub warn-text">{text("unreachable")}</span>}
      </td>
      <td class="figure">{formatSeconds((serverNow - Date.parse(agent.since)) / 1000)}</td>
      <td class="phone">{call?.number ?? ""}</td>
      <td>{call?.campaign ?? ""}</td>
      <td class="figure">{day === undefined ? "–" : count(day.attempts)}</td>
      <td class="figure">{day === undefined ? "–" : count(day.answered)}</td>
      <td class="figure">{day === undefined ? "–" : count(day.effective)}</td>
      <td class="figure">{day === undefined ? "–" : formatSeconds(day.talk_seconds)}</td>
      {acts !== null && <td class="actions">{acts(agent)}</td>}
    </tr>
  );
});

type Choice = AgentState | "all";

function StateFilter(props: {
  readonly agents: readonly AgentView[];
  readonly chosen: Choice;
  readonly onChoose: (choice: Choice) => void;
}) {
  const { text, count } = useLanguage();
  const option = (choice: Choice, label: string, number: number) => (
    <button
      key={choice}
      type="button"
      class="switch-option"
      aria-pressed={props.chosen === choice}
      onClick={() => props.onChoose(choice)}
    >
      {label} <span class="muted">{count(number)}</span>
    </button>
  );
  return (
    <div class="switch" role="group" aria-label={text("filter")}>
      {option("all", text("all"), props.agents.length)}
      {SHOWN_STATES.map((state) =>
        option(
          state,
          text(`agent.${state}`),
          props.agents.filter((agent) => agent.state === state).length,
        ),
      )}
    </div>
  );
}

interface Props {
  readonly floor: FloorState;
  readonly serverNow: number;
  /** Figures of today by agent. */
  readonly days: ReadonlyMap<string, AgentDayRow>;
  readonly acts: SeatActs | null;
}

export function AgentsPanel({ floor, serverNow, days, acts }: Props) {
  const { text } = useLanguage();
  const [chosen, choose] = useState<Choice>("all");
  const agents = [...floor.agents.values()].sort((a, b) => a.agent.localeCompare(b.agent));
  const shown = agents.filter((agent) => chosen === "all" || agent.state === chosen);
  const calls = [...floor.calls.values()];
  const callOf = (agent: AgentView) =>
    floor.calls.get(agent.call ?? "") ??
    (agent.state === "talking" ? calls.find((call) => call.agent === agent.agent) : undefined);
  return (
    <section class="card" aria-labelledby="agents-title">
      <div class="card-head">
        <h2 id="agents-title">{text("agents")}</h2>
        <StateFilter agents={agents} chosen={chosen} onChoose={choose} />
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{text("agent")}</th>
              <th scope="col">{text("state")}</th>
              <th scope="col" class="figure">{text("since")}</th>
              <th scope="col">{text("on_the_phone")}</th>
              <th scope="col">{text("campaign")}</th>
              <th scope="col" class="figure">{text("attempts")}</th>
              <th scope="col" class="figure">{text("answered")}</th>
              <th scope="col" class="figure">{text("effective")}</th>
              <th scope="col" class="figure">{text("talk")}</th>
              {acts !== null && <th scope="col">{text("actions")}</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((agent) => (
              <AgentRow
                key={agent.agent}
                agent={agent}
                call={callOf(agent)}
                serverNow={serverNow}
                day={days.get(agent.agent)}
                acts={acts}
              />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && (
          <p class="empty">{text(agents.length === 0 ? "no_agents" : "no_agents_in_state")}</p>
        )}
      </div>
    </section>
  );
}
