/** My day by region of the customers. */

import { formatSeconds } from "./clock";
import { useLanguage } from "./language";
import type { TextKey } from "./locales/en";
import { ScrollBox } from "./scroll_box";
import type { RegionFigures } from "./wire";

const COUNTS = ["attempts", "answered", "valid", "effective"] as const satisfies readonly (keyof RegionFigures & TextKey)[];

export function RegionsPanel({ regions }: { readonly regions: readonly RegionFigures[] }) {
  const { text, count } = useLanguage();
  return (
    <section class="card" aria-labelledby="regions-title">
      <div class="card-head">
        <h2 id="regions-title">{text("my_regions")}</h2>
      </div>
      {regions.length === 0 ? (
        <p class="empty">{text("no_regions")}</p>
      ) : (
        <ScrollBox labelledBy="regions-title">
          <table>
            <thead>
              <tr>
                <th scope="col">{text("region")}</th>
                {[...COUNTS, "talk" as const].map((name) => (
                  <th key={name} scope="col" class="figure">
                    {text(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {regions.map((row) => (
                <tr key={row.region} data-my-region={row.region}>
                  <th scope="row">{row.region === "" ? text("region_unknown") : row.region}</th>
                  {COUNTS.map((name) => (
                    <td key={name} class="figure">
                      {count(row[name])}
                    </td>
                  ))}
                  <td class="figure">{formatSeconds(row.talk_seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}
