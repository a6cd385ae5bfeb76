/** Handing a call over: at once, after asking the colleague, or talking all three together. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import type { PhoneCall, SoftPhone } from "./phone";
import type { Colleague } from "./wire";

/** The dialplan's extension of the queue (from-agent). */
const QUEUE = "500";

interface Props {
  readonly phone: SoftPhone;
  readonly colleague: PhoneCall["colleague"];
  readonly refused: number;
}

function Choice({ phone }: { readonly phone: SoftPhone }) {
  const { text } = useLanguage();
  const [colleagues, setColleagues] = useState<readonly Colleague[]>([]);
  const [chosen, choose] = useState(QUEUE);
  const read = () => void api.colleagues().then((found) => setColleagues(found.colleagues), () => undefined);
  useEffect(read, []);
  return (
    <div class="desk-buttons">
      <label>
        {text("colleague")}
        <select value={chosen} onFocus={read} onChange={(event) => choose(event.currentTarget.value)}>
          <option value={QUEUE}>{text("back_to_queue")}</option>
          {colleagues.map((one) => (
            <option key={one.agent} value={one.agent}>
              {one.name} · {text(`agent.${one.state}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="button" onClick={() => phone.transfer(chosen)}>
        {text("transfer_now")}
      </button>
      <button
        type="button"
        class="button"
        disabled={chosen === QUEUE}
        onClick={() => phone.ask(chosen)}
      >
        {text("ask_first")}
      </button>
    </div>
  );
}

export function TransferPanel({ phone, colleague, refused }: Props) {
  const { text } = useLanguage();
  return (
    <div class="transfer" role="group" aria-label={text("transfer")}>
      <p role="status" class="muted">
        {text(`colleague.${colleague}`)}
        {colleague === "none" && refused > 0 && text("not_transferred")}
      </p>
      {colleague === "none" ? (
        <Choice phone={phone} />
      ) : (
        <div class="desk-buttons">
          <button
            type="button"
            class="button primary"
            disabled={colleague === "ringing"}
            onClick={() => phone.handOver()}
          >
            {text("hand_over")}
          </button>
          <button
            type="button"
            class="button"
            disabled={colleague !== "talking"}
            onClick={() => void phone.joinAll()}
          >
            {text("three_way")}
          </button>
          <button type="button" class="button" onClick={() => phone.leaveColleague()}>
            {text("back_to_customer")}
          </button>
        </div>
      )}
    </div>
  );
}
