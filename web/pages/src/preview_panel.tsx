/** A lead to decide on before it is dialled: dial it, skip it, or let the time say. */

import { api } from "./api";
import { formatSeconds } from "./clock";
import { useKey } from "./desk_page";
import type { Asker } from "./dial_panel";
import { useLanguage } from "./language";
import type { PreviewView } from "./wire";
import { firstZone, wallIn } from "./zone_time";

interface Props {
  readonly preview: PreviewView;
  readonly serverNow: number;
  readonly ask: Asker;
}

export function PreviewPanel({ preview, serverNow, ask }: Props) {
  const { text, language } = useLanguage();
  const act = (what: "dial" | "skip") => () =>
    ask(() => api.deskPreview({ preview: preview.preview, act: what }));
  const maySkip = preview.skips_left > 0;
  useKey("F6", act("dial"));
  useKey("F7", maySkip ? act("skip") : null);
  const left = Math.max(0, (Date.parse(preview.decide_by) - serverNow) / 1000);
  const { lead } = preview;
  return (
    <section class="card" aria-labelledby="preview-title" data-preview={lead.lead_id}>
      <div class="card-head">
        <h2 id="preview-title">{text("preview")}</h2>
        <span class="timer" aria-hidden="true">
          {formatSeconds(left)}
        </span>
      </div>
      <p>
        <strong>{lead.contact}</strong> {lead.company} <span class="phone">{lead.number}</span>
      </p>
      {preview.callback_at !== null && (
        <p>
          {text("promised_for", { at: wallIn(firstZone(lead.time_zone), preview.callback_at, language) })}{" "}
          {preview.callback_note}
        </p>
      )}
      <p class="muted">{text(preview.dials_at_end ? "preview_dials" : "preview_returns")}</p>
      <div class="desk-buttons">
        <button type="button" class="button primary" onClick={act("dial")}>
          {text("dial_now")} <kbd>F6</kbd>
        </button>
        <button type="button" class="button" disabled={!maySkip} onClick={act("skip")}>
          {text("skip_lead", { left: preview.skips_left })} <kbd>F7</kbd>
        </button>
      </div>
    </section>
  );
}
