/** My promises to call again; those that are late are marked, and each can be called at once. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import type { Asker } from "./dial_panel";
import { useLanguage } from "./language";
import type { CallbackView, DeskState } from "./wire";
import { firstZone, wallIn } from "./zone_time";

const READ_AGAIN_MS = 10_000;

/** Read now, again and again, and whenever something of the desk's calls has changed. */
function useCallbacks(desk: DeskState, fail: (thrown: unknown) => void): readonly CallbackView[] {
  const [list, setList] = useState<readonly CallbackView[]>([]);
  const changed = `${desk.dialing.call?.call ?? ""} ${desk.dialing.last?.call ?? ""} ${desk.to_wrap_up ?? ""}`;
  useEffect(() => {
    let isGone = false;
    const read = () =>
      void api.deskCallbacks().then(
        (found) => !isGone && setList(found.callbacks),
        (thrown: unknown) => !isGone && fail(thrown),
      );
    read();
    const timer = setInterval(read, READ_AGAIN_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [changed]);
  return list;
}

interface Props {
  readonly desk: DeskState;
  readonly serverNow: number;
  readonly ask: Asker;
  readonly fail: (thrown: unknown) => void;
}

export function MyCallbacksPanel({ desk, serverNow, ask, fail }: Props) {
  const { text, language } = useLanguage();
  const list = useCallbacks(desk, fail);
  const isBusy = desk.dialing.call !== null || desk.to_wrap_up !== null || desk.seat === null;
  const late = list.filter((one) => one.is_missed).length;
  return (
    <section class="card" aria-labelledby="callbacks-title">
      <div class="card-head">
        <h2 id="callbacks-title">{text("my_callbacks")}</h2>
        <span role="status">{late > 0 && <strong class="error">{text("callbacks_missed", { count: late })}</strong>}</span>
      </div>
      {list.length === 0 ? (
        <p class="empty">{text("no_callbacks")}</p>
      ) : (
        <ul class="plain-list">
          {list.map((one) => (
            <li key={one.callback_id} data-callback={one.lead_id}>
              <strong>{wallIn(firstZone(one.time_zone), one.due_at, language)}</strong>{" "}
              {one.contact} {one.company} <span class="phone">{one.number}</span> {one.note}{" "}
              {one.is_missed && <span class="error">{text("missed")}</span>}{" "}
              <button
                type="button"
                class="button"
                disabled={isBusy || Date.parse(one.due_at) > serverNow}
                onClick={() =>
                  ask(() =>
                    api.deskDial({ campaign: one.campaign, lead: one.lead_id, number: null, order: null }),
                  )
                }
              >
                {text("call_now")}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
