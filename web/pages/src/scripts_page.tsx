/** Where supervisors write what agents say, for each campaign and language. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import { PARTS } from "./script_text";
import { useFailure } from "./use_failure";
import type { CampaignScript, ScriptView, ScriptWish } from "./wire";
import { wallIn } from "./zone_time";

type ScriptLanguage = ScriptWish["language"];
const LANGUAGES: Readonly<Record<ScriptLanguage, string>> = { en: "English", zh: "中文" };
const LONGEST = 4000;

function Changed({ script }: { readonly script: ScriptView | undefined }) {
  const { text, language } = useLanguage();
  if (script === undefined) return <p class="muted">{text("no_script")}</p>;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const when = wallIn(zone, script.changed_at, language);
  return <p class="muted">{text("script_changed", { when, login: script.changed_by })}</p>;
}

interface FormProps {
  readonly found: CampaignScript;
  readonly language: ScriptLanguage;
  readonly onSave: (wish: ScriptWish) => void;
}

function ScriptForm({ found, language, onSave }: FormProps) {
  const { text } = useLanguage();
  const script = found.scripts.find((one) => one.language === language);
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const part = (name: string) => String(fields.get(name) ?? "").replaceAll("\r\n", "\n");
    onSave({
      language,
      before_call: part("before_call"),
      during_call: part("during_call"),
      after_call: part("after_call"),
    });
  };
  const placeholders = found.placeholders.map((name) => `{${name}}`).join(" ");
  return (
    <form class="script-form" onSubmit={save}>
      {PARTS.map((part) => (
        <label key={part}>
          {text(`script.${part}`)}
          <textarea name={part} rows={6} maxLength={LONGEST} defaultValue={script?.[part] ?? ""} aria-describedby="script-hint" />
        </label>
      ))}
      <p id="script-hint" class="muted">
        {text("script_hint", { placeholders })}
      </p>
      <Changed script={script} />
      <button type="submit" class="button primary">
        {text("save_result")}
      </button>
    </form>
  );
}

export function ScriptsPage({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const { text, language: own } = useLanguage();
  const [campaigns, setCampaigns] = useState<readonly string[] | null>(null);
  const [campaign, setCampaign] = useState("");
  const [language, setLanguage] = useState<ScriptLanguage>(own);
  const [found, setFound] = useState<CampaignScript | null>(null);
  const [saved, setSaved] = useState(false);
  const { error, fail, forget } = useFailure(onSignedOut);
  useEffect(() => {
    api.campaigns().then(({ campaigns: there }) => {
      setCampaigns(there.map((one) => one.name));
      setCampaign(there[0]?.name ?? "");
    }, fail);
  }, []);
  useEffect(() => {
    setSaved(false);
    setFound(null);
    if (campaign !== "") api.script(campaign).then(setFound, fail);
  }, [campaign]);
  const save = (wish: ScriptWish) => {
    forget();
    setSaved(false);
    api.scriptSave(campaign, wish).then((now) => {
      setFound(now);
      setSaved(true);
    }, fail);
  };
  return (
    <div class="page">
      <h1 class="page-title">{text("nav_scripts")}</h1>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      <section class="card padded">
        <div class="card-head">
          <label>
            {text("campaign")}{" "}
            <select value={campaign} onChange={(event) => setCampaign(event.currentTarget.value)}>
              {campaigns?.map((name) => <option key={name}>{name}</option>)}
            </select>
          </label>
          <label>
            {text("script_language")}{" "}
            <select value={language} onChange={(event) => setLanguage(event.currentTarget.value as ScriptLanguage)}>
              {Object.entries(LANGUAGES).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <span role="status">{saved && text("script_saved")}</span>
        </div>
        {campaigns?.length === 0 && <p class="empty">{text("no_campaign_for_script")}</p>}
        {found !== null && (
          <ScriptForm key={`${found.campaign} ${language}`} found={found} language={language} onSave={save} />
        )}
      </section>
    </div>
  );
}
