/** Promises of everybody for who leads the floor: what was missed, and who calls instead. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import type { CallbackView } from "./wire";
import { firstZone, wallIn } from "./zone_time";

const READ_AGAIN_MS = 10_000;
const ANY = "";

interface Props {
  readonly agents: readonly string[];
  readonly mayAssign: boolean;
  readonly onAct: (act: () => Promise<unknown>) => void;
}

export function CallbacksPanel({ agents, mayAssign, onAct }: Props) {
  const { text, language } = useLanguage();
  const [list, setList] = useState<readonly CallbackView[]>([]);
  const [of, setOf] = useState<string | null>(null);
  const [to, setTo] = useState(ANY);
  const read = () => api.callbacks().then((found) => setList(found.callbacks));
  useEffect(() => {
    const again = () => void read().catch(() => undefined);
    again();
    const timer = setInterval(again, READ_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  if (list.length === 0) return null;
  const owners = [...new Set(list.map((one) => one.agent ?? ANY))].sort();
  const from = of !== null && owners.includes(of) ? of : owners[0] ?? ANY;
  const name = (agent: string) => (agent === ANY ? text("any_agent") : agent);
  const missed = list.filter((one) => one.is_missed).length;
  const assign = (event: Event) => {
    event.preventDefault();
    onAct(() =>
      api
        .assignCallbacks({ of: from === ANY ? null : from, to: to === ANY ? null : to, campaign: null, callbacks: null })
        .then(read),
    );
  };
  return (
    <section class="card" aria-labelledby="all-callbacks-title">
      <div class="card-head">
        <h2 id="all-callbacks-title">{text("callbacks")}</h2>
        <span role="status">
          {missed > 0 && (
            <strong class="error" data-missed={missed}>
              {text("callbacks_missed", { count: missed })}
            </strong>
          )}
        </span>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{text("due")}</th>
              <th scope="col">{text("agent")}</th>
              <th scope="col">{text("campaign")}</th>
              <th scope="col">{text("number")}</th>
              <th scope="col">{text("note")}</th>
            </tr>
          </thead>
          <tbody>
            {list.map((one) => (
              <tr key={one.callback_id} data-callback={one.callback_id}>
                <th scope="row">
                  {wallIn(firstZone(""), one.due_at, language)}{" "}
                  {one.is_missed && <span class="error">{text("missed")}</span>}
                </th>
                <td>{name(one.agent ?? ANY)}</td>
                <td>{one.campaign}</td>
                <td>{one.number}</td>
                <td>{one.note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayAssign && (
        <form class="code-form" onSubmit={assign}>
          <label>
            {text("callbacks_of")}
            <select value={from} onChange={(event) => setOf(event.currentTarget.value)}>
              {owners.map((one) => (
                <option key={one} value={one}>
                  {name(one)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {text("callbacks_to")}
            <select value={to} onChange={(event) => setTo(event.currentTarget.value)}>
              {[ANY, ...agents].map((one) => (
                <option key={one} value={one}>
                  {name(one)}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="button" disabled={from === to}>
            {text("assign")}
          </button>
        </form>
      )}
    </section>
  );
}
