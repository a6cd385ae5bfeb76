/** The supervisor's floor: campaigns, agents and calls as they are now. */

import { AgentsPanel } from "./agents_panel";
import { CallsPanel } from "./calls_panel";
import { CampaignsPanel } from "./campaigns_panel";
import { useNow } from "./clock";
import type { FloorState } from "./floor_state";
import { Icon } from "./icons";
import { useLanguage } from "./language";
import { useLiveFloor, type Link } from "./live";
import { LostBanner } from "./lost_banner";
import type { TextKey } from "./locales/en";
import type { Me } from "./wire";

function UnknownBanner({ floor }: { readonly floor: FloorState }) {
  const { text } = useLanguage();
  if (floor.unknownBecause === "") return null;
  return (
    <div class="banner warn" role="alert">
      <Icon name="question" />
      <span>{text("floor_unknown", { reason: floor.unknownBecause })}</span>
    </div>
  );
}

function Tile(props: { readonly label: TextKey; readonly value: number; readonly state?: string }) {
  const { text, count } = useLanguage();
  return (
    <div class={`tile ${props.state === undefined ? "" : `state-${props.state}`}`}>
      <dt>{text(props.label)}</dt>
      <dd>{count(props.value)}</dd>
    </div>
  );
}

function Tiles({ floor }: { readonly floor: FloorState }) {
  const agents = [...floor.agents.values()];
  const calls = [...floor.calls.values()];
  const inState = (state: string) => agents.filter((agent) => agent.state === state).length;
  const callsIn = (state: string) => calls.filter((call) => call.state === state).length;
  return (
    <dl class="tiles">
      <Tile label="tile_agents" value={agents.length} />
      <Tile label="tile_ready" value={inState("ready")} state="ready" />
      <Tile label="tile_talking" value={inState("talking")} state="talking" />
      <Tile label="tile_wrap_up" value={inState("wrap_up")} state="wrap_up" />
      <Tile label="tile_paused" value={inState("paused")} state="paused" />
      <Tile label="tile_calls" value={calls.length} />
      <Tile label="tile_ringing" value={callsIn("ringing")} state="ringing" />
      <Tile label="tile_waiting" value={callsIn("waiting")} state="waiting" />
    </dl>
  );
}

function LinkLight({ link }: { readonly link: Link }) {
  const { text } = useLanguage();
  if (link.kind === "lost") return null;
  return (
    <span class={`light ${link.kind}`}>{text(link.kind === "live" ? "live" : "connecting")}</span>
  );
}

interface Props {
  readonly me: Me;
  readonly onSignedOut: () => void;
}

export function FloorPage({ me, onSignedOut }: Props) {
  const { text } = useLanguage();
  const { floor, link, retryNow } = useLiveFloor(onSignedOut);
  const now = useNow();
  return (
    <div class={`page ${link.kind === "lost" ? "stale" : ""}`}>
      <h1 class="page-title">
        {text("nav_floor")} <LinkLight link={link} />
      </h1>
      <LostBanner link={link} now={now} onRetry={retryNow} />
      {floor === null ? (
        <p class="notice">{link.kind === "lost" ? "" : text("loading")}</p>
      ) : (
        <>
          <UnknownBanner floor={floor} />
          <Tiles floor={floor} />
          <CampaignsPanel campaigns={floor.campaigns} me={me} onSignedOut={onSignedOut} />
          <div class="columns">
            <AgentsPanel floor={floor} serverNow={now + floor.clockOffset} />
            <CallsPanel floor={floor} serverNow={now + floor.clockOffset} />
          </div>
        </>
      )}
    </div>
  );
}
