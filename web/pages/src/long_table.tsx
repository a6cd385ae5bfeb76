/** A table that keeps only the rows in sight in the document once it is long. */

import type { ComponentChildren } from "preact";
import { useWindowed } from "./windowed";

function Gap({ height }: { readonly height: number }) {
  return height === 0 ? null : (
    <tr class="gap" aria-hidden="true">
      <td style={{ height: `${height}px` }} />
    </tr>
  );
}

interface Props<T> {
  readonly labelledBy: string;
  readonly head: ComponentChildren;
  readonly rows: readonly T[];
  /** Must give its row a key; rowIndex: its place in the whole table, for screen readers. */
  readonly row: (value: T, rowIndex: number | undefined) => ComponentChildren;
  readonly empty: string;
}

export function LongTable<T>({ labelledBy, head, rows, row, empty }: Props<T>) {
  const { box, slice, isLong } = useWindowed(rows.length);
  // The head is row 1.
  const place = (index: number) => (isLong ? slice.first + index + 2 : undefined);
  return (
    <div
      ref={box}
      class={isLong ? "scroll windowed" : "scroll"}
      // A box that scrolls by itself must be reached by keyboard.
      tabIndex={isLong ? 0 : undefined}
      role={isLong ? "group" : undefined}
      aria-labelledby={isLong ? labelledBy : undefined}
    >
      <table aria-rowcount={isLong ? rows.length + 1 : undefined}>
        <thead>{head}</thead>
        <tbody>
          <Gap height={slice.above} />
          {rows.slice(slice.first, slice.end).map((value, index) => row(value, place(index)))}
          <Gap height={slice.below} />
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">{empty}</p>}
    </div>
  );
}
