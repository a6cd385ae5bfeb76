/** How a campaign is dialled: mode, ratio, lines, priority. The dialog is the confirmation. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useLanguage } from "./language";
import type { CampaignWish, Mode, Steering } from "./wire";

const MODES: readonly Mode[] = ["manual", "preview", "progressive", "power", "predictive"];

interface Props {
  readonly campaign: string;
  readonly now: Steering;
  /** null: nothing is changed. */
  readonly onEnd: (wish: CampaignWish | null) => void;
}

function NumberField(props: {
  readonly label: string;
  readonly value: string;
  readonly min: number;
  readonly max: number;
  readonly step: string;
  readonly onValue: (value: string) => void;
}) {
  return (
    <label>
      {props.label}
      <input
        type="number"
        required
        min={props.min}
        max={props.max}
        step={props.step}
        value={props.value}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    </label>
  );
}

export function SteerDialog({ campaign, now, onEnd }: Props) {
  const { text } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const [mode, setMode] = useState(now.mode);
  const [ratio, setRatio] = useState(String(now.ratio ?? 1.5));
  const [lines, setLines] = useState(String(now.max_lines));
  const [priority, setPriority] = useState(String(now.priority));
  useEffect(() => dialog.current?.showModal(), []);
  const close = (wish: CampaignWish | null) => {
    dialog.current?.close();
    onEnd(wish);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    close({
      mode,
      ratio: mode === "power" ? Number(ratio) : null,
      max_lines: Number(lines),
      priority: Number(priority),
    });
  };
  return (
    <dialog ref={dialog} class="card" aria-labelledby="steer-title" onCancel={() => onEnd(null)}>
      <form class="steer" onSubmit={submit}>
        <h2 id="steer-title">{text("steer_title", { campaign })}</h2>
        <label>
          {text("mode")}
          <select value={mode} onChange={(event) => setMode(event.currentTarget.value as Mode)}>
            {MODES.map((one) => (
              <option key={one} value={one}>
                {text(`mode.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {mode === "power" && (
          <NumberField label={text("ratio")} value={ratio} min={1} max={10} step="0.1" onValue={setRatio} />
        )}
        <NumberField label={text("max_lines")} value={lines} min={1} max={10_000} step="1" onValue={setLines} />
        <NumberField label={text("priority")} value={priority} min={-1000} max={1000} step="1" onValue={setPriority} />
        <p class="muted">{text("steer_hint")}</p>
        <div class="dialog-end">
          <button type="button" class="button" onClick={() => close(null)}>
            {text("cancel")}
          </button>
          <button type="submit" class="button primary">
            {text("change")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
