/** Wall-clock times of another zone. Pure. */

/** Minutes that the zone's clock is ahead of UTC at that moment. */
export function zoneOffset(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(at);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wall = Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"));
  return Math.round((wall - Math.floor(at / 60_000) * 60_000) / 60_000);
}

/** `2026-11-24T09:30` in the zone -> the moment as ISO 8601 in UTC. */
export function momentIn(zone: string, wall: string): string {
  const naive = Date.parse(`${wall}Z`);
  const first = naive - zoneOffset(zone, naive) * 60_000;
  // Looked up again: the offset may be another on the other side of a clock change.
  return new Date(naive - zoneOffset(zone, first) * 60_000).toISOString();
}

export function wallIn(zone: string, at: string, language: string): string {
  return new Date(at).toLocaleString(language, { timeZone: zone, dateStyle: "medium", timeStyle: "short" });
}

/** The zone of a lead that may be in several, or the browser's. */
export function firstZone(zones: string): string {
  const named = zones.split(",")[0]?.trim() ?? "";
  return named === "" ? Intl.DateTimeFormat().resolvedOptions().timeZone : named;
}
