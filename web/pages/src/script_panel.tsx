/** What to say before, during and after the call; the part of now is open. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import { fillScript, PARTS, scriptIn, type ScriptPart } from "./script_text";
import type { CampaignScript, DeskState } from "./wire";

function partOf(desk: DeskState): ScriptPart {
  if (desk.seat?.state === "talking") return "during_call";
  return desk.to_wrap_up === null || desk.dialing.preview !== null ? "before_call" : "after_call";
}

/** Read anew for each lead: who changed the script meanwhile is not waited for. */
function useScript(campaign: string | null, lead: number | null): CampaignScript | null {
  const [script, setScript] = useState<CampaignScript | null>(null);
  useEffect(() => {
    let isWanted = true;
    setScript(null);
    // Without a script the call goes on; the desk says itself when the session is over.
    if (campaign !== null) api.script(campaign).then((found) => isWanted && setScript(found), () => undefined);
    return () => {
      isWanted = false;
    };
  }, [campaign, lead]);
  return script;
}

export function ScriptPanel({ desk, agent }: { readonly desk: DeskState; readonly agent: string }) {
  const { text, language } = useLanguage();
  const lead = desk.dialing.preview?.lead ?? desk.lead;
  const found = useScript(lead?.campaign ?? null, lead?.lead_id ?? null);
  const script = found === null ? null : scriptIn(language, found);
  if (lead === null || script === null) return null;
  const now = partOf(desk);
  return (
    <section class="card script" aria-labelledby="script-title" lang={script.language === "zh" ? "zh-CN" : "en"}>
      <div class="card-head">
        <h2 id="script-title">{text("script")}</h2>
      </div>
      {PARTS.filter((part) => script[part] !== "").map((part) => (
        // The key closes it again when its time is over.
        <details key={`${part} ${String(part === now)}`} open={part === now} data-script={part}>
          <summary>{text(`script.${part}`)}</summary>
          <p class="script-text">{fillScript(script[part], lead, agent)}</p>
        </details>
      ))}
    </section>
  );
}
