/** Every agent who is signed in: state, since when, and with whom. */

import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useMemo, useState } from "preact/hooks";
import { isAlarming, shownState, WRAP_UP_REASON } from "./alarms";
import { formatSeconds } from "./clock";
import type { FloorState } from "./floor_state";
import { AGENT_ICONS } from "./icons";
import { LongTable } from "./long_table";
import { useLanguage } from "./language";
import { StateBadge } from "./state_badge";
import type { AgentDayRow, AgentState, AgentView, CallView } from "./wire";

const SHOWN_STATES: readonly AgentState[] = ["talking", "ringing", "ready", "wrap_up", "paused"];

export type SeatActs = (agent: AgentView) => ComponentChildren;

interface RowProps {
  readonly agent: AgentView;
  readonly rowIndex: number | undefined;
  readonly call: CallView | undefined;
  readonly serverNow: number;
  readonly day: AgentDayRow | undefined;
  readonly acts: SeatActs | null;
}

/** Drawn again only when something of its own changed: there are hundreds, twenty times a second. */
const AgentRow = memo(function AgentRow({ agent, rowIndex, call, serverNow, day, acts }: RowProps) {
  const { text, count } = useLanguage();
  const state = shownState(agent);
  const alarm = isAlarming(agent, serverNow);
  return (
    <tr data-agent={agent.agent} aria-rowindex={rowIndex} class={alarm ? "alarm" : undefined}>
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

function byName(a: AgentView, b: AgentView): number {
  return a.agent < b.agent ? -1 : 1;
}

function callWith(floor: FloorState, agent: AgentView): CallView | undefined {
  for (const call of floor.calls.values()) if (call.agent === agent.agent) return call;
  return undefined;
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
  const agents = useMemo(() => [...floor.agents.values()].sort(byName), [floor.agents]);
  const shown = agents.filter((agent) => chosen === "all" || agent.state === chosen);
  const callOf = (agent: AgentView) =>
    floor.calls.get(agent.call ?? "") ??
    (agent.state === "talking" ? callWith(floor, agent) : undefined);
  return (
    <section class="card" aria-labelledby="agents-title">
      <div class="card-head">
        <h2 id="agents-title">{text("agents")}</h2>
        <StateFilter agents={agents} chosen={chosen} onChoose={choose} />
      </div>
      <LongTable
        labelledBy="agents-title"
        rows={shown}
        empty={text(agents.length === 0 ? "no_agents" : "no_agents_in_state")}
        head={
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
        }
        row={(agent, rowIndex) => (
          <AgentRow
            key={agent.agent}
            agent={agent}
            rowIndex={rowIndex}
            call={callOf(agent)}
            serverNow={serverNow}
            day={days.get(agent.agent)}
            acts={acts}
          />
        )}
      />
    </section>
  );
}
