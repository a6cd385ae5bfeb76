/** Every agent who is signed in: state, since when, and with whom. */

import { useState } from "preact/hooks";
import { formatSeconds } from "./clock";
import type { FloorState } from "./floor_state";
import { AGENT_ICONS } from "./icons";
import { useLanguage } from "./language";
import { StateBadge } from "./state_badge";
import type { AgentState, AgentView, CallView } from "./wire";

const SHOWN_STATES: readonly AgentState[] = ["talking", "ringing", "ready", "wrap_up", "paused"];

interface RowProps {
  readonly agent: AgentView;
  readonly call: CallView | undefined;
  readonly serverNow: number;
}

function AgentRow({ agent, call, serverNow }: RowProps) {
  const { text, count } = useLanguage();
  return (
    <tr data-agent={agent.agent}>
      <th scope="row">
        {agent.name}
        {agent.name !== agent.agent && <span class="id">{agent.agent}</span>}
      </th>
      <td>
        <StateBadge
          state={agent.state}
          icon={AGENT_ICONS[agent.state]}
          label={text(`agent.${agent.state}`)}
        />
        {agent.state === "paused" && agent.pause_reason !== "" && (
          <span class="sub">{agent.pause_reason}</span>
        )}
        {agent.state !== "paused" && agent.wants_pause && (
          <span class="sub">{text("will_pause")}</span>
        )}
        {!agent.reachable && <span class="sub warn-text">{text("unreachable")}</span>}
      </td>
      <td class="figure">{formatSeconds((serverNow - Date.parse(agent.since)) / 1000)}</td>
      <td class="phone">{call?.number ?? ""}</td>
      <td>{call?.campaign ?? ""}</td>
      <td class="figure">{count(agent.calls)}</td>
    </tr>
  );
}

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
}

export function AgentsPanel({ floor, serverNow }: Props) {
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
              <th scope="col" class="figure">{text("calls")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((agent) => (
              <AgentRow key={agent.agent} agent={agent} call={callOf(agent)} serverNow={serverNow} />
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
