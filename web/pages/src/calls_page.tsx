/** The outbound list: every call of some days, narrowed by what is known of it. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { shiftDay } from "./clock";
import { useLanguage } from "./language";
import { PagedCalls } from "./paged_calls";
import { hearingOf } from "./recording_player";
import { useFailure } from "./use_failure";
import type { CallChoices, Me } from "./wire";

const FIELDS = ["since", "until", "agent", "campaign", "list", "result", "region", "number"] as const;
type Wanted = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;
const USUAL_DAYS = 6;

function usual(choices: CallChoices): Wanted {
  return { since: shiftDay(choices.today, -USUAL_DAYS), until: choices.today };
}

/** What the address asks for, so that a narrowed list can be kept as a bookmark. */
function ofAddress(choices: CallChoices): Wanted {
  const asked = new URLSearchParams(location.search);
  const named = FIELDS.flatMap((name) => (asked.has(name) ? [[name, asked.get(name) ?? ""]] : []));
  return { ...usual(choices), ...(Object.fromEntries(named) as Wanted) };
}

function queryOf(wanted: Wanted): string {
  return new URLSearchParams(FIELDS.flatMap((name) => (wanted[name] ? [[name, wanted[name]]] : []))).toString();
}

function ofForm(form: HTMLFormElement): Wanted {
  const fields = new FormData(form);
  return Object.fromEntries(FIELDS.map((name) => [name, String(fields.get(name) ?? "").trim()]));
}

interface FormProps {
  readonly choices: CallChoices;
  readonly wanted: Wanted;
  readonly onWanted: (wanted: Wanted) => void;
}

function Choice(props: {
  readonly name: "agent" | "campaign" | "result";
  readonly values: readonly string[];
  readonly wanted: Wanted;
  readonly show?: (value: string) => string;
}) {
  const { text } = useLanguage();
  const { name, values, wanted, show = (value: string) => value } = props;
  return (
    <label>
      {text(name)}
      <select name={name} value={wanted[name] ?? ""}>
        <option value="">{text("any")}</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {show(value)}
          </option>
        ))}
      </select>
    </label>
  );
}

function FilterForm({ choices, wanted, onWanted }: FormProps) {
  const { text, word } = useLanguage();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onWanted(ofForm(event.currentTarget as HTMLFormElement));
  };
  return (
    // The key lays the fields anew when what is wanted was changed by something else.
    <form key={queryOf(wanted)} class="add-form" aria-label={text("filter_calls")} onSubmit={submit}>
      <label>
        {text("from_day")}
        <input type="date" name="since" required value={wanted.since} />
      </label>
      <label>
        {text("to_day")}
        <input type="date" name="until" required value={wanted.until} />
      </label>
      {choices.agents.length > 1 && <Choice name="agent" values={choices.agents} wanted={wanted} />}
      <Choice name="campaign" values={choices.campaigns} wanted={wanted} />
      <label>
        {text("list")}
        <input name="list" maxLength={200} value={wanted.list} />
      </label>
      <Choice name="result" values={choices.results} wanted={wanted} show={(value) => word("result", value)} />
      <label>
        {text("region")}
        <input name="region" maxLength={200} value={wanted.region} />
      </label>
      <label>
        {text("number")}
        <input
          name="number"
          inputMode="tel"
          pattern="\+?([0-9]{4}|[0-9]{8,15})"
          title={text("number_wanted")}
          placeholder={text("number_wanted")}
          value={wanted.number}
        />
      </label>
      <button type="submit" class="button primary">
        {text("show_calls")}
      </button>
      <button type="button" class="button" onClick={() => onWanted(usual(choices))}>
        {text("all_calls")}
      </button>
    </form>
  );
}

export function CallsPage({ me, onSignedOut }: { readonly me: Me; readonly onSignedOut: () => void }) {
  const { text } = useLanguage();
  const [choices, setChoices] = useState<CallChoices | null>(null);
  const [wanted, setWanted] = useState<Wanted>({});
  const { error, fail, forget } = useFailure(onSignedOut);
  useEffect(() => {
    api.callChoices().then((found) => {
      setWanted(ofAddress(found));
      setChoices(found);
    }, fail);
  }, []);
  const ask = (asked: Wanted) => {
    forget();
    history.replaceState(null, "", `/calls?${queryOf(asked)}`);
    setWanted(asked);
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1 id="calls-page-title" class="page-title">{text("nav_calls")}</h1>
        {choices !== null && <span class="muted">{text("days_in_zone", { zone: choices.zone })}</span>}
      </div>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      <section class="card padded" aria-labelledby="calls-page-title">
        {choices === null ? (
          <p class="empty">{text("loading")}</p>
        ) : (
          <>
            <FilterForm choices={choices} wanted={wanted} onWanted={ask} />
            <PagedCalls query={queryOf(wanted)} labelledBy="calls-page-title" hearing={hearingOf(me)} fail={fail} />
          </>
        )}
      </section>
    </div>
  );
}
