/** Reports with pictures: hour x weekday, talk lengths, answer rate by hour, campaigns, and the calls. */

import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { api } from "./api";
import { formatSeconds, isoDay } from "./clock";
import { useLanguage } from "./language";
import type { TextKey } from "./locales/en";
import { PagedCalls } from "./paged_calls";
import type { Hearing } from "./recording_player";
import type { HourView, Pictures } from "./wire";
import { useFailure } from "./use_failure";
import { ScrollBox } from "./scroll_box";

const HOURS = [...Array(24).keys()];
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const WIDTH = 520;
const HEIGHT = 220;
const SHADES = 5;

interface Drill {
  readonly region?: string;
  readonly weekday?: number;
  readonly hour?: number;
  readonly campaign?: string;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A chart that is drawn anew when its figures change. */
function Chart(props: {
  readonly label: string;
  readonly data: uPlot.AlignedData;
  readonly series: readonly uPlot.Series[];
  readonly line?: { readonly at: number; readonly label: string };
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return undefined;
    const ink = colour("--muted");
    const axis: uPlot.Axis = { stroke: ink, grid: { stroke: colour("--line") } };
    const { line } = props;
    const draw = (chart: uPlot) => {
      if (line === undefined) return;
      const x = chart.valToPos(line.at, "x", true);
      const context = chart.ctx;
      context.save();
      context.strokeStyle = context.fillStyle = colour("--bad");
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x, chart.bbox.top);
      context.lineTo(x, chart.bbox.top + chart.bbox.height);
      context.stroke();
      context.fillText(line.label, x + 6, chart.bbox.top + 14);
      context.restore();
    };
    const chart = new uPlot(
      {
        width: WIDTH,
        height: HEIGHT,
        scales: { x: { time: false } },
        axes: [axis, axis],
        series: [{}, ...props.series],
        legend: { show: false },
        hooks: { draw: [draw] },
      },
      props.data,
      box.current,
    );
    return () => chart.destroy();
  }, [props.data, props.line]);
  return <div class="chart" ref={box} role="img" aria-label={props.label} />;
}

function shade(attempts: number, most: number): number {
  return attempts === 0 ? 0 : Math.max(1, Math.ceil((SHADES * attempts) / most));
}

function HeatMap({ hours, onDrill }: { readonly hours: readonly HourView[]; readonly onDrill: (drill: Drill) => void }) {
  const { text, count, language } = useLanguage();
  const cells = new Map(hours.map((cell) => [`${cell.weekday} ${cell.hour}`, cell]));
  const most = Math.max(1, ...hours.map((cell) => cell.attempts));
  const dayName = (weekday: number) =>
    // 2024-01-01 was a Monday.
    new Date(Date.UTC(2024, 0, weekday)).toLocaleDateString(language, { weekday: "short", timeZone: "UTC" });
  return (
    <ScrollBox labelledBy="pictures-title">
      <table class="heat">
        <caption class="visually-hidden">{text("heat_map")}</caption>
        <thead>
          <tr>
            <th scope="col">{text("day")}</th>
            {HOURS.map((hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WEEKDAYS.map((weekday) => (
            <tr key={weekday}>
              <th scope="row">{dayName(weekday)}</th>
              {HOURS.map((hour) => {
                const cell = cells.get(`${weekday} ${hour}`);
                const attempts = cell?.attempts ?? 0;
                return (
                  <td key={hour} class={`heat-${shade(attempts, most)}`}>
                    {cell !== undefined && (
                      <button
                        type="button"
                        title={text("cell", {
                          attempts: count(attempts),
                          answered: count(cell.answered),
                          effective: count(cell.effective),
                        })}
                        onClick={() => onDrill({ weekday, hour })}
                      >
                        {count(attempts)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function byHour(hours: readonly HourView[]): uPlot.AlignedData {
  const rates = HOURS.map((hour) => {
    const cells = hours.filter((cell) => cell.hour === hour);
    const attempts = cells.reduce((sum, cell) => sum + cell.attempts, 0);
    const answered = cells.reduce((sum, cell) => sum + cell.answered, 0);
    return attempts === 0 ? null : (100 * answered) / attempts;
  });
  return [HOURS, rates];
}

function talkData(pictures: Pictures): uPlot.AlignedData {
  const starts = [...Array(41).keys()].map((bin) => bin * 15);
  const calls = new Map(pictures.talks.map((bin) => [bin.from_seconds, bin.calls]));
  return [starts, starts.map((start) => calls.get(start) ?? 0)];
}

const BARS = uPlot.paths.bars?.({ size: [0.9, 40], align: 1 });

function Charts({ pictures }: { readonly pictures: Pictures }) {
  const { text } = useLanguage();
  const effectiveFrom = Math.max(0, ...pictures.campaigns.map((one) => one.effective_from));
  const bar: uPlot.Series = { stroke: colour("--accent"), fill: colour("--bar-talk"), ...(BARS && { paths: BARS }) };
  return (
    <ScrollBox labelledBy="pictures-title">
      <div class="charts">
        <figure>
          <figcaption>{text("talk_lengths")}</figcaption>
          <Chart
            label={text("talk_lengths")}
            data={talkData(pictures)}
            series={[bar]}
            {...(effectiveFrom > 0 && {
              line: { at: effectiveFrom, label: text("effective_from", { seconds: effectiveFrom }) },
            })}
          />
        </figure>
        <figure>
          <figcaption>{text("answer_rate_by_hour")}</figcaption>
          <Chart
            label={text("answer_rate_by_hour")}
            data={byHour(pictures.hours)}
            series={[{ stroke: colour("--accent"), width: 2, points: { size: 6 } }]}
          />
        </figure>
      </div>
    </ScrollBox>
  );
}

function Campaigns({ pictures, onDrill }: { readonly pictures: Pictures; readonly onDrill: (drill: Drill) => void }) {
  const { text, count } = useLanguage();
  const share = (part: number, whole: number) => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`);
  return (
    <ScrollBox labelledBy="pictures-title">
      <table>
        <thead>
          <tr>
            <th scope="col">{text("campaign")}</th>
            {(["attempts", "answered", "valid", "effective", "talk"] as const satisfies readonly TextKey[]).map((name) => (
              <th key={name} scope="col" class="figure">
                {text(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pictures.campaigns.map((one) => (
            <tr key={one.campaign}>
              <th scope="row">
                {one.campaign === null ? (
                  "–"
                ) : (
                  <button type="button" class="button small" onClick={() => onDrill({ campaign: one.campaign ?? "" })}>
                    {one.campaign}
                  </button>
                )}
              </th>
              <td class="figure">{count(one.attempts)}</td>
              <td class="figure">
                {count(one.answered)} <span class="sub">{share(one.answered, one.attempts)}</span>
              </td>
              <td class="figure">{count(one.valid)}</td>
              <td class="figure">
                {count(one.effective)} <span class="sub">{share(one.effective, one.answered)}</span>
              </td>
              <td class="figure">{formatSeconds(one.talk_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** Regions as bars: the longest is that with the most attempts; in it those who answered. */
function Regions({ pictures, onDrill }: { readonly pictures: Pictures; readonly onDrill: (drill: Drill) => void }) {
  const { text, count } = useLanguage();
  const most = Math.max(1, ...pictures.regions.map((one) => one.attempts));
  return (
    <ScrollBox labelledBy="pictures-title">
      <table>
        <thead>
          <tr>
            <th scope="col">{text("region")}</th>
            {(["attempts", "answered", "effective", "talk"] as const satisfies readonly TextKey[]).map((name) => (
              <th key={name} scope="col" class="figure">
                {text(name)}
              </th>
            ))}
            <th scope="col" class="bar-head">{text("region_bars")}</th>
          </tr>
        </thead>
        <tbody>
          {pictures.regions.map((one) => (
            <tr key={one.region} data-region={one.region}>
              <th scope="row">
                <button type="button" class="button small" onClick={() => onDrill({ region: one.region })}>
                  {one.region === "" ? text("region_unknown") : one.region}
                </button>
              </th>
              <td class="figure">{count(one.attempts)}</td>
              <td class="figure">{count(one.answered)}</td>
              <td class="figure">{count(one.effective)}</td>
              <td class="figure">{formatSeconds(one.talk_seconds)}</td>
              <td class="bar-cell">
                <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="bar-ground" width="100" height="10" />
                  <rect class="bar-talk" width={(100 * one.attempts) / most} height="10" />
                  <rect class="bar-effective" width={(100 * one.answered) / most} height="10" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function query(since: string, until: string, drill: Drill): string {
  const wanted = new URLSearchParams({ since, until });
  for (const [name, value] of Object.entries(drill)) wanted.set(name, String(value));
  return wanted.toString();
}

interface Props {
  readonly maySeeCalls: boolean;
  readonly hearing: Hearing;
  readonly onSignedOut: () => void;
}

export function ReportPictures({ maySeeCalls, hearing, onSignedOut }: Props) {
  const { text } = useLanguage();
  const [since, setSince] = useState(isoDay(new Date(), -6));
  const [until, setUntil] = useState(isoDay(new Date()));
  const [pictures, setPictures] = useState<Pictures | null>(null);
  const [drill, setDrill] = useState<Drill | null>(null);
  const { error, fail, forget } = useFailure(onSignedOut);
  useEffect(() => {
    forget();
    api.pictures(query(since, until, {})).then(setPictures, fail);
  }, [since, until]);
  const open = (wanted: Drill) => setDrill(maySeeCalls ? wanted : null);
  return (
    <section class="card pictures" aria-labelledby="pictures-title">
      <div class="card-head">
        <h2 id="pictures-title">{text("pictures")}</h2>
        <label>
          {text("from_day")}{" "}
          <input type="date" value={since} max={until} onChange={(event) => setSince(event.currentTarget.value)} />
        </label>
        <label>
          {text("to_day")}{" "}
          <input type="date" value={until} min={since} onChange={(event) => setUntil(event.currentTarget.value)} />
        </label>
        {pictures !== null && <span class="muted">{pictures.zone}</span>}
      </div>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      {pictures === null ? (
        <p class="empty">{text("loading")}</p>
      ) : (
        <>
          <HeatMap hours={pictures.hours} onDrill={open} />
          <Charts pictures={pictures} />
          <Campaigns pictures={pictures} onDrill={open} />
          {pictures.regions.length > 0 && <Regions pictures={pictures} onDrill={open} />}
        </>
      )}
      {drill !== null && (
        <section aria-labelledby="calls-list-title">
          <h3 id="calls-list-title">{text("calls_behind")}</h3>
          <PagedCalls query={query(since, until, drill)} labelledBy="calls-list-title" hearing={hearing} fail={fail} />
        </section>
      )}
    </section>
  );
}
