/** Calls of the agent's own asking: a number field, what is on its way, and why not. */

import { useState } from "preact/hooks";
import { api } from "./api";
import { useKey } from "./desk_page";
import { useLanguage } from "./language";
import type { DeskState, DialAnswer, DialOrder, RefusalView } from "./wire";

export type Asker = (ask: () => Promise<DialAnswer>) => void;

/** Ask for a call; a refusal of the law or the list is no failure, it is shown as such. */
export function useAsker(onAct: (act: () => Promise<unknown>) => void): {
  readonly ask: Asker;
  readonly refusal: RefusalView | null;
} {
  const [refusal, setRefusal] = useState<RefusalView | null>(null);
  const ask: Asker = (work) => {
    setRefusal(null);
    onAct(() => work().then((told) => setRefusal(told.refusal ?? null)));
  };
  return { ask, refusal };
}

export function Refused({ refusal }: { readonly refusal: RefusalView | null }) {
  const { text, language } = useLanguage();
  if (refusal === null) return <div role="alert" />;
  const until = refusal.until === null ? null : new Date(refusal.until).toLocaleString(language);
  return (
    <div role="alert">
      <p class="error" data-refused={refusal.rule}>
        {text("not_dialled", { why: language === "zh" ? refusal.reason_zh : refusal.reason })}{" "}
        {until !== null && text("refused_until", { until })}{" "}
        <code>{refusal.rule}</code>
      </p>
    </div>
  );
}

interface Props {
  readonly desk: DeskState;
  readonly ask: Asker;
  readonly refusal: RefusalView | null;
  readonly onAct: (act: () => Promise<unknown>) => void;
}

export function DialPanel({ desk, ask, refusal, onAct }: Props) {
  const { text } = useLanguage();
  const { campaigns, call, last } = desk.dialing;
  const [number, setNumber] = useState("");
  const [chosen, setChosen] = useState("");
  const [order, setOrder] = useState<DialOrder | null>(null);
  const campaign = campaigns.find((one) => one.name === chosen) ?? campaigns[0];
  const isBusy = call !== null || desk.to_wrap_up !== null;
  const hangUp = () => onAct(() => api.deskHangUp());
  useKey("F7", call !== null ? hangUp : null);
  const dial = (event: Event) => {
    event.preventDefault();
    if (campaign === undefined || isBusy) return;
    ask(() => api.deskDial({ campaign: campaign.name, lead: null, number, order }));
  };
  return (
    <section class="card" aria-labelledby="dial-title">
      <div class="card-head">
        <h2 id="dial-title">{text("dial")}</h2>
      </div>
      {campaigns.length === 0 ? (
        <p class="empty">{text("nothing_to_dial_in")}</p>
      ) : (
        <form class="stack" onSubmit={dial}>
          <label>
            {text("campaign")}
            <select value={campaign?.name} onChange={(event) => setChosen(event.currentTarget.value)}>
              {campaigns.map((one) => (
                <option key={one.name}>{one.name}</option>
              ))}
            </select>
          </label>
          <label>
            {text("number")}
            <input
              type="tel"
              required
              maxLength={40}
              pattern="[0-9+*#\(\)./ \-]+"
              value={number}
              onInput={(event) => setNumber(event.currentTarget.value)}
            />
          </label>
          <label>
            {text("dial_order")}
            <select
              value={order ?? campaign?.dial_order}
              onChange={(event) => setOrder(event.currentTarget.value as DialOrder)}
            >
              <option value="agent_first">{text("order.agent_first")}</option>
              <option value="customer_first">{text("order.customer_first")}</option>
            </select>
          </label>
          <button type="submit" class="button primary" disabled={isBusy}>
            {text("dial_now")}
          </button>
        </form>
      )}
      {call !== null && (
        <p role="status" data-own-call={call.state}>
          {text("dialling_number", { number: call.number })}{" "}
          <button type="button" class="button" onClick={hangUp}>
            {text("hang_up_own")} <kbd>F7</kbd>
          </button>
        </p>
      )}
      {call === null && last !== null && (
        <p class="muted" data-last-result={last.result}>
          {text("last_dialled", { number: last.number, result: last.result })}
        </p>
      )}
      <Refused refusal={refusal} />
    </section>
  );
}
