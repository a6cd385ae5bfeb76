/** The telephone: whether it works, levels of both sides, mute, hold, keypad, hang up. */

import { useState } from "preact/hooks";
import { useKey } from "./desk_page";
import { useLanguage } from "./language";
import { TransferPanel } from "./transfer_panel";
import { useLevel, type UsedPhone } from "./use_phone";

/** Keys of the telephone. */
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

function Meter(props: { readonly label: string; readonly stream: MediaStream | null }) {
  const level = useLevel(props.stream);
  return (
    <label class="meter">
      {props.label}
      <meter min={0} max={1} value={level} />
    </label>
  );
}

interface Props {
  readonly used: UsedPhone;
  /** Whether calls may be handed on from here. */
  readonly transfers?: boolean;
}

export function PhonePanel({ used, transfers = false }: Props) {
  const { text } = useLanguage();
  const { phone, state } = used;
  const [keypad, showKeypad] = useState(false);
  const { call } = state;
  const mute = call === null ? null : () => phone?.setMuted(!call.muted);
  const hold = call === null ? null : () => phone?.setHeld(call.state !== "held");
  useKey("F8", mute);
  useKey("F9", hold);
  if (phone === null) return null;
  const heard = phone.audio.srcObject instanceof MediaStream ? phone.audio.srcObject : null;
  return (
    <section class="card phone-panel" aria-labelledby="phone-title">
      <div class="card-head">
        <h2 id="phone-title">{text("phone")}</h2>
        <span class="muted" role="status" data-phone={state.status} data-call={call?.state ?? "none"} data-colleague={call?.colleague ?? "none"}>
          {call?.state === "held" && call.colleague !== "three_way"
            ? text("customer_waits")
            : text(`phone.${state.status}`)}
        </span>
      </div>
      <Meter label={text("microphone")} stream={phone.microphone} />
      <Meter label={text("customer_voice")} stream={heard} />
      <div class="desk-buttons">
        {call?.state === "ringing" && (
          <button type="button" class="button primary" onClick={() => phone.answer()}>
            {text("answer")}
          </button>
        )}
        <button
          type="button"
          class="button"
          aria-pressed={call?.muted ?? false}
          disabled={mute === null}
          onClick={() => mute?.()}
        >
          {text("mute")} <kbd>F8</kbd>
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={call?.state === "held"}
          disabled={hold === null}
          onClick={() => hold?.()}
        >
          {text("hold")} <kbd>F9</kbd>
        </button>
        <button
          type="button"
          class="button"
          aria-expanded={keypad}
          disabled={call === null}
          onClick={() => showKeypad(!keypad)}
        >
          {text("keypad")}
        </button>
        <button type="button" class="button bad" disabled={call === null} onClick={() => phone.hangUp()}>
          {text("hang_up")}
        </button>
      </div>
      {keypad && call !== null && (
        <div class="keypad" role="group" aria-label={text("keypad")}>
          {KEYS.map((key) => (
            <button key={key} type="button" class="button" onClick={() => phone.tone(key)}>
              {key}
            </button>
          ))}
        </div>
      )}
      {transfers && call !== null && call.state !== "ringing" && (
        <TransferPanel phone={phone} colleague={call.colleague} refused={used.refusedTransfers} />
      )}
    </section>
  );
}
