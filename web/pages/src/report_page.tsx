/** What each agent did on one day, and what each figure means. */

import { lazy, Suspense } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { api, asApiError, type ApiError } from "./api";
import { formatSeconds, isoDay, shiftDay } from "./clock";
import { Icon } from "./icons";
import { useLanguage, type Language } from "./language";
import type { AgentDayReport, AgentDayRow, MeasureDefinition, Me } from "./wire";
import { hearingOf } from "./recording_player";
import { ScrollBox } from "./scroll_box";

/** The charts come after the table: nobody waits for the charting library to read a figure. */
const ReportPictures = lazy(async () => (await import("./report_pictures")).ReportPictures);

const COUNTS = ["attempts", "answered", "valid", "effective"] as const;
const DURATIONS = ["talk_seconds", "effective_talk_seconds"] as const;

function nameOf(definition: MeasureDefinition, language: Language): string {
  return language === "zh" ? definition.name_zh : definition.name_en;
}

function textOf(definition: MeasureDefinition, language: Language): string {
  return language === "zh" ? definition.text_zh : definition.text_en;
}

function MeasureHead({ definition }: { readonly definition: MeasureDefinition }) {
  const { language } = useLanguage();
  const id = `about-${definition.measure}`;
  return (
    <th scope="col" class="figure">
      <span class="hint-place">
        <button type="button" class="hint" aria-describedby={id}>
          {nameOf(definition, language)}
        </button>
        <span id={id} role="tooltip" class="tooltip">
          {textOf(definition, language)}
        </span>
      </span>
    </th>
  );
}

function TalkBar({ row, longest }: { readonly row: AgentDayRow; readonly longest: number }) {
  const width = (seconds: number) => (longest === 0 ? 0 : (100 * seconds) / longest);
  return (
    // The figures stand in the cells before it, so the picture says nothing new.
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-ground" width="100" height="10" />
      <rect class="bar-talk" width={width(row.talk_seconds)} height="10" />
      <rect class="bar-effective" width={width(row.effective_talk_seconds)} height="10" />
    </svg>
  );
}

function Cells({ row }: { readonly row: AgentDayRow }) {
  const { count } = useLanguage();
  return (
    <>
      {COUNTS.map((measure) => (
        <td key={measure} class="figure">
          {count(row[measure])}
        </td>
      ))}
      {DURATIONS.map((measure) => (
        <td key={measure} class="figure">
          {formatSeconds(row[measure])}
        </td>
      ))}
    </>
  );
}

function ReportTable({ report }: { readonly report: AgentDayReport }) {
  const { text } = useLanguage();
  const heads = new Map(report.definitions.map((one) => [one.measure, one]));
  const longest = Math.max(0, ...report.rows.map((row) => row.talk_seconds));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text("agent")}</th>
          {[...COUNTS, ...DURATIONS].map((measure) => {
            const definition = heads.get(measure);
            return definition === undefined ? (
              <th key={measure} scope="col" class="figure">{measure}</th>
            ) : (
              <MeasureHead key={measure} definition={definition} />
            );
          })}
          <th scope="col" class="bar-head">
            {text("talk_picture")}
            <span class="keys">
              <span class="key talk">{text("picture_talk")}</span>
              <span class="key effective">{text("picture_effective")}</span>
            </span>
          </th>
        </tr>
      </thead>
      <tbody>
        {report.rows.map((row) => (
          <tr key={row.agent ?? ""} data-agent={row.agent ?? ""}>
            <th scope="row">
              {row.agent === null ? text("no_agent") : row.name}
              {row.name !== row.agent && <span class="sub">{row.agent}</span>}
            </th>
            <Cells row={row} />
            <td class="bar-cell">
              <TalkBar row={row} longest={longest} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr data-total>
          <th scope="row">{text("total")}</th>
          <Cells row={report.total} />
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

function Definitions({ definitions }: { readonly definitions: readonly MeasureDefinition[] }) {
  const { language, text } = useLanguage();
  return (
    <section class="card" aria-labelledby="definitions-title">
      <div class="card-head">
        <h2 id="definitions-title">{text("definitions")}</h2>
      </div>
      <dl class="definitions">
        {definitions.map((definition) => (
          <div key={definition.measure}>
            <dt>{nameOf(definition, language)}</dt>
            <dd>{textOf(definition, language)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function DayPicker({ day, onDay }: { readonly day: string; readonly onDay: (day: string) => void }) {
  const { text } = useLanguage();
  return (
    <div class="day-picker">
      <button
        type="button"
        class="button small"
        aria-label={text("day_before")}
        onClick={() => onDay(shiftDay(day, -1))}
      >
        <Icon name="left" />
      </button>
      <label>
        <span class="visually-hidden">{text("day")}</span>
        <input
          type="date"
          value={day}
          required
          onChange={(event) => {
            // An emptied field is no day; the last one stays.
            if (event.currentTarget.value !== "") onDay(event.currentTarget.value);
          }}
        />
      </label>
      <button
        type="button"
        class="button small"
        aria-label={text("day_after")}
        onClick={() => onDay(shiftDay(day, 1))}
      >
        <Icon name="right" />
      </button>
      <button type="button" class="button small" onClick={() => onDay(isoDay(new Date()))}>
        {text("today")}
      </button>
      <a class="button small" href={api.agentDayCsv(day)} download>
        <Icon name="down" />
        {text("csv")}
      </a>
    </div>
  );
}

function dayOfAddress(): string {
  const day = new URLSearchParams(location.search).get("day") ?? "";
  return /^\d{4}-\d\d-\d\d$/.test(day) ? day : isoDay(new Date());
}

function useReport(day: string, onSignedOut: () => void) {
  const [report, setReport] = useState<AgentDayReport | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    let isWanted = true;
    api.agentDay(day).then(
      (found) => {
        if (!isWanted) return;
        setReport(found);
        setError(null);
      },
      (thrown: unknown) => {
        const failure = asApiError(thrown);
        if (failure.status === 401) onSignedOut();
        else if (isWanted) setError(failure);
      },
    );
    return () => {
      isWanted = false;
    };
  }, [day]);
  // The report of another day must not stand under this one's date.
  return { report: report?.day === day ? report : null, error };
}

interface PageProps {
  readonly me: Me;
  readonly onSignedOut: () => void;
}

/** The day's table for whom it is, and the pictures for everybody. */
export function ReportPage({ me, onSignedOut }: PageProps) {
  return (
    <div class="page">
      {me.may_use.includes("agent_day") && <AgentDay onSignedOut={onSignedOut} />}
      <Suspense fallback={null}>
        <ReportPictures
          maySeeCalls={me.may_use.includes("calls")}
          hearing={hearingOf(me)}
          onSignedOut={onSignedOut}
        />
      </Suspense>
    </div>
  );
}

function AgentDay({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const { text } = useLanguage();
  const [day, setDay] = useState(dayOfAddress);
  const { report, error } = useReport(day, onSignedOut);
  const choose = (wanted: string) => {
    history.replaceState(null, "", `/report?day=${wanted}`);
    setDay(wanted);
  };
  return (
    <>
      <div class="page-head">
        <h1 id="report-title" class="page-title">{text("report")}</h1>
        <DayPicker day={day} onDay={choose} />
      </div>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      <section class="card" aria-label={text("report")} aria-busy={report === null}>
        <ScrollBox labelledBy="report-title" tall>
          {report === null ? (
            <p class="empty">{error === null ? text("loading") : ""}</p>
          ) : (
            <ReportTable report={report} />
          )}
          {report?.rows.length === 0 && <p class="empty">{text("no_rows")}</p>}
        </ScrollBox>
      </section>
      {report !== null && <Definitions definitions={report.definitions} />}
    </>
  );
}
