/** Every call in progress. */

import { memo } from "preact/compat";
import { useMemo } from "preact/hooks";
import { formatSeconds } from "./clock";
import type { FloorState } from "./floor_state";
import { CALL_ICONS } from "./icons";
import { LongTable } from "./long_table";
import { useLanguage } from "./language";
import { StateBadge } from "./state_badge";
import type { CallState, CallView } from "./wire";

/** Who waits for an agent comes first: these seconds cost an abandoned call. */
const ORDER: Readonly<Record<CallState, number>> = {
  waiting: 0,
  unknown: 1,
  talking: 2,
  ringing: 3,
  dialling: 4,
  planned: 5,
  ended: 6,
};

function inOrder(a: CallView, b: CallView): number {
  return ORDER[a.state] - ORDER[b.state] || (a.since < b.since ? -1 : 1);
}

interface Props {
  readonly floor: FloorState;
  readonly serverNow: number;
  /** null: this role may not end calls. */
  readonly onEnd: ((call: CallView) => void) | null;
}

interface RowProps {
  readonly call: CallView;
  readonly rowIndex: number | undefined;
  readonly serverNow: number;
  readonly onEnd: ((call: CallView) => void) | null;
}

/** Drawn again only when something of its own changed. */
const CallRow = memo(function CallRow({ call, rowIndex, serverNow, onEnd }: RowProps) {
  const { text } = useLanguage();
  return (
    <tr data-call={call.call} aria-rowindex={rowIndex}>
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
  const calls = useMemo(() => [...floor.calls.values()].sort(inOrder), [floor.calls]);
  return (
    <section class="card" aria-labelledby="calls-title">
      <div class="card-head">
        <h2 id="calls-title">{text("live_calls")}</h2>
      </div>
      <LongTable
        labelledBy="calls-title"
        rows={calls}
        empty={text("no_calls")}
        head={
          <tr>
            <th scope="col">{text("number")}</th>
            <th scope="col">{text("state")}</th>
            <th scope="col" class="figure">{text("since")}</th>
            <th scope="col">{text("campaign")}</th>
            {onEnd !== null && <th scope="col">{text("actions")}</th>}
          </tr>
        }
        row={(call, rowIndex) => (
          <CallRow
            key={call.call}
            call={call}
            rowIndex={rowIndex}
            serverNow={serverNow}
            onEnd={onEnd}
          />
        )}
      />
    </section>
  );
}
