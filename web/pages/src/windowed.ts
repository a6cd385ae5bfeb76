/** Long tables: only the rows in sight are in the document; empty space stands for the others. */

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** A table up to this long is in the document as a whole. */
const LONG_ROWS = 80;
/** Height of a row in a `.windowed` table; style.css says the same. */
const ROW_PX = 42;
/** Rows beyond each edge, so that scrolling shows no gap. */
const BEYOND_ROWS = 6;

export interface Slice {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Heights of the empty space above and below, px. */
  readonly above: number;
  readonly below: number;
}

/** Which rows of `count` are in sight of a box that is scrolled to `top`. Pure. */
export function sliceOf(count: number, top: number, height: number): Slice {
  if (count <= LONG_ROWS) return { first: 0, end: count, above: 0, below: 0 };
  const seen = Math.min(Math.floor(top / ROW_PX), count);
  const first = Math.max(0, seen - BEYOND_ROWS);
  const end = Math.min(count, seen + Math.ceil(height / ROW_PX) + BEYOND_ROWS);
  return { first, end, above: first * ROW_PX, below: (count - end) * ROW_PX };
}

export interface Windowed {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly slice: Slice;
  readonly isLong: boolean;
}

export function useWindowed(count: number): Windowed {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const isLong = count > LONG_ROWS;
  useEffect(() => {
    const element = box.current;
    if (element === null || !isLong) return undefined;
    const look = () => {
      // By whole rows: nothing is drawn anew for a pixel.
      const top = Math.floor(element.scrollTop / ROW_PX) * ROW_PX;
      const height = element.clientHeight;
      setView((old) => (old.top === top && old.height === height ? old : { top, height }));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [isLong]);
  return { box, slice: sliceOf(count, view.top, view.height), isLong };
}
