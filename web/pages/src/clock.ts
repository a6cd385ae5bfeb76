/** Time as the pages show it. */

import { useEffect, useState } from "preact/hooks";

/** The time of day in ms, anew every second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const two = (value: number) => String(value).padStart(2, "0");

/** 75 -> 1:15, 3675 -> 1:01:15; below zero counts as zero. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = two(whole % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

export function formatTime(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The local day as YYYY-MM-DD, `days` later. */
export function isoDay(at: Date, days = 0): string {
  const day = new Date(at.getFullYear(), at.getMonth(), at.getDate() + days);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export function shiftDay(day: string, days: number): string {
  return isoDay(new Date(`${day}T12:00:00`), days);
}
