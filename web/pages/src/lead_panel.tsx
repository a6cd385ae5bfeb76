/** Who is on the line, and what was said before. */

import { formatSeconds } from "./clock";
import { useLanguage } from "./language";
import type { TextKey } from "./locales/en";
import type { DeskState, LeadView, PastCallView } from "./wire";
import { firstZone, wallIn } from "./zone_time";
import { ScrollBox } from "./scroll_box";

const FIELDS = [
  "company",
  "industry",
  "chain_role",
  "province",
  "city",
  "need",
  "supply",
  "remark",
] as const satisfies readonly (keyof LeadView & TextKey)[];

function Past({ past }: { readonly past: PastCallView }) {
  const { language, word } = useLanguage();
  return (
    <tr>
      <td>{wallIn(firstZone(""), past.dialled_at, language)}</td>
      <td>{word("result", past.result)}</td>
      <td>{word("disposition", past.disposition ?? "")}</td>
      <td class="figure">{formatSeconds(past.talk_seconds)}</td>
      <td>{past.note}</td>
    </tr>
  );
}

export function LeadPanel({ desk }: { readonly desk: DeskState }) {
  const { text } = useLanguage();
  const lead = desk.dialing.preview?.lead ?? desk.lead;
  return (
    <section class="card lead" aria-labelledby="lead-title" aria-live="polite">
      <div class="card-head">
        <h2 id="lead-title">{text("on_the_phone")}</h2>
        {lead !== null && <span class="muted">{lead.campaign}</span>}
      </div>
      {lead === null ? (
        <p class="empty">{text("no_call_yet")}</p>
      ) : (
        <>
          <p class="lead-name">
            {lead.contact} <span class="phone">{lead.number}</span>
          </p>
          <dl class="lead-fields">
            {FIELDS.filter((field) => lead[field] !== "").map((field) => (
              <div key={field}>
                <dt>{text(field)}</dt>
                <dd>{lead[field]}</dd>
              </div>
            ))}
          </dl>
          <h3 id="last-calls-title">{text("last_calls")}</h3>
          {lead.last_calls.length === 0 ? (
            <p class="empty">{text("first_call")}</p>
          ) : (
            <ScrollBox labelledBy="last-calls-title">
              <table>
                <thead>
                  <tr>
                    <th scope="col">{text("when")}</th>
                    <th scope="col">{text("result")}</th>
                    <th scope="col">{text("disposition")}</th>
                    <th scope="col" class="figure">{text("talk")}</th>
                    <th scope="col">{text("note")}</th>
                  </tr>
                </thead>
                <tbody>
                  {lead.last_calls.map((past) => (
                    <Past key={past.dialled_at} past={past} />
                  ))}
                </tbody>
              </table>
            </ScrollBox>
          )}
        </>
      )}
    </section>
  );
}
