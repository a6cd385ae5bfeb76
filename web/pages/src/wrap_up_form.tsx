/** What is to be said of a call. A draft is kept in the browser, so a reload loses no word. */

import { useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import type { WrapUp } from "./wire";
import { firstZone, momentIn } from "./zone_time";

const DISPOSITIONS = [
  "interested",
  "sold",
  "callback",
  "not_interested",
  "not_the_person",
  "wrong_number",
  "refused",
  "other",
] as const satisfies readonly WrapUp["disposition"][];

interface Draft {
  readonly disposition: WrapUp["disposition"] | "";
  readonly note: string;
  readonly callback: string;
  readonly doNotCall: boolean;
  readonly callbackAny: boolean;
}

const EMPTY: Draft = { disposition: "", note: "", callback: "", doNotCall: false, callbackAny: false };
const KEPT = "callfloor.draft.";

/** The draft of one call: kept with each change, at once; forgotten only when it was saved. */
function useDraft(call: string): [Draft, (change: Partial<Draft>) => void, () => void] {
  const key = KEPT + call;
  const [draft, setDraft] = useState<Draft>(() => {
    const kept = sessionStorage.getItem(key);
    return kept === null ? EMPTY : { ...EMPTY, ...(JSON.parse(kept) as Partial<Draft>) };
  });
  const change = (what: Partial<Draft>) => {
    const now = { ...draft, ...what };
    sessionStorage.setItem(key, JSON.stringify(now));
    setDraft(now);
  };
  return [draft, change, () => sessionStorage.removeItem(key)];
}

interface Props {
  readonly call: string;
  readonly zone: string;
  readonly isTalking: boolean;
  readonly onAct: (act: () => Promise<unknown>) => void;
}

export function WrapUpForm({ call, zone, isTalking, onAct }: Props) {
  const { text } = useLanguage();
  const [draft, change, forget] = useDraft(call);
  const [saving, setSaving] = useState(false);
  const there = firstZone(zone);
  const save = (event: Event) => {
    event.preventDefault();
    if (draft.disposition === "" || isTalking) return;
    const said: WrapUp = {
      call,
      disposition: draft.disposition,
      note: draft.note,
      callback_at: draft.callback === "" ? null : momentIn(there, draft.callback),
      do_not_call: draft.doNotCall,
      callback_any: draft.callbackAny,
    };
    setSaving(true);
    onAct(() => api.deskWrapUp(said).then(forget).finally(() => setSaving(false)));
  };
  return (
    <form class="card wrap-up" aria-labelledby="wrap-up-title" onSubmit={save}>
      <div class="card-head">
        <h2 id="wrap-up-title">{text("wrap_up")}</h2>
      </div>
      <fieldset>
        <legend>{text("disposition")}</legend>
        {DISPOSITIONS.map((one) => (
          <label key={one} class="choice">
            <input
              type="radio"
              name="disposition"
              required
              checked={draft.disposition === one}
              onChange={() => change({ disposition: one })}
            />
            {text(`disposition.${one}`)}
          </label>
        ))}
      </fieldset>
      <label>
        {text("note")}
        <textarea
          rows={4}
          maxLength={2000}
          value={draft.note}
          onInput={(event) => change({ note: event.currentTarget.value })}
        />
      </label>
      <label>
        {text("callback_at", { zone: there })}
        <input
          type="datetime-local"
          required={draft.disposition === "callback"}
          value={draft.callback}
          onInput={(event) => change({ callback: event.currentTarget.value })}
        />
      </label>
      {draft.callback !== "" && (
        <label class="choice">
          <input
            type="checkbox"
            checked={draft.callbackAny}
            onChange={(event) => change({ callbackAny: event.currentTarget.checked })}
          />
          {text("callback_any")}
        </label>
      )}
      <label class="choice">
        <input
          type="checkbox"
          checked={draft.doNotCall}
          onChange={(event) => change({ doNotCall: event.currentTarget.checked })}
        />
        {text("do_not_call")}
      </label>
      <div class="dialog-end">
        {isTalking && <span class="muted">{text("save_after_call")}</span>}
        <button type="submit" class="button primary" disabled={isTalking || saving}>
          {text("save_result")}
        </button>
      </div>
    </form>
  );
}
