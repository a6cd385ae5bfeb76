/** Why is it not dialling? For a campaign and for a lead. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import type { WhyList } from "./wire";
import { useFailure } from "./use_failure";
import { ScrollBox } from "./scroll_box";

interface Props {
  readonly onSignedOut: () => void;
}

export function WhyPage({ onSignedOut }: Props) {
  const { text, language } = useLanguage();
  const [names, setNames] = useState<readonly string[]>([]);
  const [campaign, setCampaign] = useState("");
  const [lead, setLead] = useState("");
  const [list, setList] = useState<WhyList | null>(null);
  const { error, fail, forget } = useFailure(onSignedOut);
  useEffect(() => {
    api.campaigns().then((found) => {
      const all = found.campaigns.map((one) => one.name);
      setNames(all);
      setCampaign(all[0] ?? "");
    }, fail);
  }, []);
  const ask = (wanted: Readonly<Record<string, string>>) => {
    forget();
    setList(null);
    api.why(new URLSearchParams(wanted).toString()).then(setList, fail);
  };
  return (
    <div class="page">
      <h1 id="why-title" class="page-title">{text("nav_why")}</h1>
      <section class="card padded" aria-label={text("nav_why")}>
        <form
          class="code-form"
          onSubmit={(event) => {
            event.preventDefault();
            ask({ campaign });
          }}
        >
          <label>
            {text("campaign")}
            <select value={campaign} onChange={(event) => setCampaign(event.currentTarget.value)}>
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <button type="submit" class="button primary" disabled={campaign === ""}>
            {text("ask_campaign")}
          </button>
        </form>
        <form
          class="code-form"
          onSubmit={(event) => {
            event.preventDefault();
            ask({ lead });
          }}
        >
          <label>
            {text("lead_or_number")}
            <input
              required
              maxLength={40}
              pattern="[0-9+\(\) \-]+"
              value={lead}
              onInput={(event) => setLead(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="button primary">
            {text("ask_lead")}
          </button>
        </form>
      </section>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      {list !== null && (
        <section class="card" aria-label={text("answers")}>
          <ScrollBox labelledBy="why-title">
            <table>
              <thead>
                <tr>
                  <th scope="col">{text("what")}</th>
                  <th scope="col">{text("dialled_now")}</th>
                  <th scope="col">{text("why")}</th>
                  <th scope="col">{text("rule")}</th>
                  <th scope="col">{text("until")}</th>
                </tr>
              </thead>
              <tbody>
                {list.answers.map((one) => (
                  <tr key={`${one.what} ${one.rule} ${one.reason}`}>
                    <th scope="row">{one.what}</th>
                    <td>{one.allowed}</td>
                    <td>{one.reason}</td>
                    <td>{one.rule}</td>
                    <td>{one.until === null ? "–" : new Date(one.until).toLocaleString(language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        </section>
      )}
    </div>
  );
}
