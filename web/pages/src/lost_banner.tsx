/** Says that the page does not reach Callfloor, and when it tries again. */

import { formatTime } from "./clock";
import { Icon } from "./icons";
import { useLanguage } from "./language";
import type { Link } from "./live";

export function LostBanner(props: { readonly link: Link; readonly now: number; readonly onRetry: () => void }) {
  const { text } = useLanguage();
  const { link, now } = props;
  if (link.kind !== "lost") return null;
  const wait = link.retryAt === null ? null : Math.max(0, Math.ceil((link.retryAt - now) / 1000));
  const seen = link.lastSeen === null ? "–" : formatTime(link.lastSeen);
  return (
    <div class="banner bad" role="alert">
      <Icon name="alert" />
      <span>{text("link_lost", { time: seen })}</span>
      {/* The seconds tick: a screen reader must not read each of them out. */}
      <span aria-hidden="true">
        {wait === null ? text("link_retrying") : text("link_retry_in", { seconds: wait })}
      </span>
      <button type="button" class="button" disabled={wait === null} onClick={props.onRetry}>
        {text("retry_now")}
      </button>
    </div>
  );
}
