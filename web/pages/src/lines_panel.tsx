/** Trunks and caller IDs of today: which of them people no longer answer, which of them fail. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { Icon } from "./icons";
import { useLanguage } from "./language";
import type { LineHealth } from "./wire";
import { ScrollBox } from "./scroll_box";

const READ_MS = 30_000;

function useLines(): LineHealth | null {
  const [lines, setLines] = useState<LineHealth | null>(null);
  useEffect(() => {
    // The live part says when Callfloor is away; old figures are better than none.
    const read = () => void api.lines().then(setLines, () => undefined);
    read();
    const timer = setInterval(read, READ_MS);
    return () => clearInterval(timer);
  }, []);
  return lines;
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
}

interface VerdictOf {
  readonly isBad: boolean;
  readonly restsUntil?: string | null | undefined;
}

function Verdict({ isBad, restsUntil }: VerdictOf) {
  const { text, language } = useLanguage();
  return (
    <td>
      {restsUntil && (
        <span class="muted">
          {text("line_rests", { until: new Date(restsUntil).toLocaleString(language) })}{" "}
        </span>
      )}
      {isBad ? (
        <span class="warn-text">
          <Icon name="alert" /> {text("line_bad")}
        </span>
      ) : (
        text("line_good")
      )}
    </td>
  );
}

export function LinesPanel() {
  const { text, count } = useLanguage();
  const lines = useLines();
  if (lines === null || lines.caller_ids.length + lines.trunks.length === 0) return null;
  return (
    <section class="card" aria-labelledby="lines-title">
      <div class="card-head">
        <h2 id="lines-title">
          {text("lines_title")} <span class="muted">{text("campaigns_today")}</span>
        </h2>
      </div>
      <ScrollBox labelledBy="lines-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{text("line")}</th>
              <th scope="col" class="figure">{text("attempts")}</th>
              <th scope="col" class="figure">{text("answered_today")}</th>
              <th scope="col" class="figure">{text("answered_week")}</th>
              <th scope="col" class="figure">{text("line_failed")}</th>
              <th scope="col">{text("line_health")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.trunks.map((one) => (
              <tr key={`trunk ${one.trunk}`} data-trunk={one.trunk} class={one.is_bad ? "alarm" : undefined}>
                <th scope="row">{text("trunk_named", { name: one.trunk })}</th>
                <td class="figure">{count(one.calls)}</td>
                <td class="figure">–</td>
                <td class="figure">–</td>
                <td class="figure">{percent(one.failed, one.calls)}</td>
                <Verdict isBad={one.is_bad} />
              </tr>
            ))}
            {lines.caller_ids.map((one) => (
              <tr
                key={one.caller_id}
                data-caller-id={one.caller_id}
                class={one.is_bad ? "alarm" : undefined}
              >
                <th scope="row" class="phone">{one.caller_id}</th>
                <td class="figure">{count(one.attempts)}</td>
                <td class="figure">{percent(one.answered, one.attempts)}</td>
                <td class="figure">{percent(one.answered_before, one.attempts_before)}</td>
                <td class="figure">–</td>
                <Verdict isBad={one.is_bad} restsUntil={one.resting_until} />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
