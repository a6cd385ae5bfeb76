/** A box whose content may be wider than it is; then it can be reached and scrolled by keyboard. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  /** Id of the heading that names the content. */
  readonly labelledBy: string;
  readonly tall?: boolean;
  readonly children: ComponentChildren;
}

export function ScrollBox({ labelledBy, tall = false, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = () => setScrolls(element.scrollWidth > element.clientWidth);
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    for (const child of element.children) sizes.observe(child);
    look();
    return () => sizes.disconnect();
  }, []);
  return (
    <div
      ref={box}
      class={tall ? "scroll tall" : "scroll"}
      tabIndex={scrolls ? 0 : undefined}
      role={scrolls ? "group" : undefined}
      aria-labelledby={scrolls ? labelledBy : undefined}
    >
      {children}
    </div>
  );
}
