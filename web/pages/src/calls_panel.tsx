/** Every call in progress. */

import { memo } from "preact/compat";
import { formatSeconds } from "./clock";
import type { FloorState } from "./floor_state";
import { CALL_ICONS } from "./icons";
import { useLanguage } from "./language";
import { StateBadge } from "./state_badge";
import type { CallState, CallView } from "./wire";

/** Who waits for an agent comes first: these seconds cost an abandoned call. */
const ORDER: readonly CallState[] = [
  "waiting",
  "unknown",
  "talking",
  "ringing",
  "dialling",
  "planned",
  "ended",
];

function inOrder(a: CallView, b: CallView): number {
  return ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.since.localeCompare(b.since);
}

interface Props {
  readonly floor: FloorState;
  readonly serverNow: number;
  /** null: this role may not end calls. */
  readonly onEnd: ((call: CallView) => void) | null;
}

interface RowProps {
  readonly call: CallView;
  readonly serverNow: number;
  readonly onEnd: ((call: CallView) => void) | null;
}

/** Drawn again only when something of its own changed. */
const CallRow = memo(function CallRow({ call, serverNow, onEnd }: RowProps) {
  const { text } = useLanguage();
  return (
    <tr data-call={call.call}>
      <th scope="row" class="phone">{call.number}</th>
      <td>
        <StateBadge
          state={call.state}
          icon={CALL_ICONS[call.state]}
          label={text(`call.${call.state}`)}
        />
      </td>
      <td class="figure">{formatSeconds((serverNow - Date.parse(call.since)) / 1000)}</td>
      <td>{call.campaign ?? ""}</td>
      {onEnd !== null && (
        <td class="actions">
          <button type="button" class="button small" onClick={() => onEnd(call)}>
            {text("end_call")}
          </button>
        </td>
      )}
    </tr>
  );
});

export function CallsPanel({ floor, serverNow, onEnd }: Props) {
  const { text } = useLanguage();
  const calls = [...floor.calls.values()].sort(inOrder);
  return (
    <section class="card" aria-labelledby="calls-title">
      <div class="card-head">
        <h2 id="calls-title">{text("live_calls")}</h2>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{text("number")}</th>
              <th scope="col">{text("state")}</th>
              <th scope="col" class="figure">{text("since")}</th>
              <th scope="col">{text("campaign")}</th>
              {onEnd !== null && <th scope="col">{text("actions")}</th>}
            </tr>
          </thead>
          <tbody>
            {calls.map((call) => (
              <CallRow key={call.call} call={call} serverNow={serverNow} onEnd={onEnd} />
            ))}
          </tbody>
        </table>
        {calls.length === 0 && <p class="empty">{text("no_calls")}</p>}
      </div>
    </section>
  );
}
