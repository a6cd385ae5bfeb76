/** The supervisor's floor: campaigns, agents and calls as they are now. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { AgentsPanel } from "./agents_panel";
import { shownState } from "./alarms";
import { api } from "./api";
import { CallbacksPanel } from "./callbacks_panel";
import { CallsPanel } from "./calls_panel";
import { CampaignsPanel } from "./campaigns_panel";
import { useNow } from "./clock";
import { ConfirmDialog } from "./confirm_dialog";
import type { FloorState } from "./floor_state";
import { Icon } from "./icons";
import { useLanguage } from "./language";
import { useLiveFloor, type Link } from "./live";
import { LinesPanel } from "./lines_panel";
import { LostBanner } from "./lost_banner";
import { PhonePanel } from "./phone_panel";
import { SeatActions } from "./seat_actions";
import { usePhone } from "./use_phone";
import type { TextKey } from "./locales/en";
import type { AgentDayRow, AgentView, CallView, Me } from "./wire";
import { useFailure } from "./use_failure";

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
      <Tile label="tile_wrap_up" value={agents.filter((agent) => shownState(agent) === "wrap_up").length} state="wrap_up" />
      <Tile label="tile_paused" value={agents.filter((agent) => shownState(agent) === "paused").length} state="paused" />
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

/** Figures of today by agent, read again every ten seconds. */
function useDays(): ReadonlyMap<string, AgentDayRow> {
  const [days, setDays] = useState<ReadonlyMap<string, AgentDayRow>>(new Map());
  useEffect(() => {
    const read = async () => {
      try {
        const report = await api.agentDay(null);
        setDays(new Map(report.rows.map((row) => [row.agent ?? "", row])));
      } catch {
        // The live part says when Callfloor is away; old figures are better than none.
      }
    };
    void read();
    const timer = setInterval(() => void read(), 10_000);
    return () => clearInterval(timer);
  }, []);
  return days;
}

/** The own phone is answered by itself this long after one asked to join a call. */
const JOIN_MS = 20_000;

function useActs(me: Me, onSignedOut: () => void) {
  const { error, fail, forget } = useFailure(onSignedOut);
  const joining = useRef(0);
  const used = usePhone(
    () => Date.now() < joining.current,
    () => undefined,
    me.agent !== null && me.may_use.includes("listen"),
  );
  const act = (work: () => Promise<unknown>) => {
    void work().then(
      forget,
      fail,
    );
  };
  const onJoin = () => {
    joining.current = Date.now() + JOIN_MS;
  };
  return { act, error, onJoin, used };
}

function toggleFullScreen(): void {
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen();
  else void document.exitFullscreen();
}

export function FloorPage({ me, onSignedOut }: Props) {
  const { text } = useLanguage();
  const { floor, link, retryNow } = useLiveFloor(onSignedOut);
  const { act, error, onJoin, used } = useActs(me, onSignedOut);
  const [ending, setEnding] = useState<CallView | null>(null);
  const days = useDays();
  const now = useNow();
  const acts = useCallback(
    (agent: AgentView) => (
      <SeatActions
        agent={agent}
        me={me}
        onAct={act}
        onJoin={onJoin}
        onTakeOver={(dialog) => used.phone?.replace(dialog)}
      />
    ),
    // The others stay what they were made: they hold no state of a drawing.
    [me, used.phone],
  );
  const mayAct = me.may_use.includes("seat_pause");
  return (
    <div class={`page ${link.kind === "lost" ? "stale" : ""}`}>
      <h1 class="page-title">
        {text("nav_floor")} <LinkLight link={link} />
        <button type="button" class="button quiet" onClick={toggleFullScreen}>
          {text("full_screen")}
        </button>
      </h1>
      <LostBanner link={link} now={now} onRetry={retryNow} />
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      {floor === null ? (
        <p class="notice">{link.kind === "lost" ? "" : text("loading")}</p>
      ) : (
        <>
          <UnknownBanner floor={floor} />
          <Tiles floor={floor} />
          <PhonePanel used={used} />
          <CampaignsPanel campaigns={floor.campaigns} calls={floor.calls} me={me} onSignedOut={onSignedOut} />
          <div class="columns">
            <AgentsPanel
              floor={floor}
              serverNow={now + floor.clockOffset}
              days={days}
              acts={mayAct ? acts : null}
            />
            <CallsPanel
              floor={floor}
              serverNow={now + floor.clockOffset}
              onEnd={me.may_use.includes("call_end") ? setEnding : null}
            />
          </div>
          {me.may_use.includes("callbacks") && (
            <CallbacksPanel
              agents={[...floor.agents.keys()].sort()}
              mayAssign={me.may_use.includes("callbacks_assign")}
              onAct={act}
            />
          )}
          {me.may_use.includes("lines") && <LinesPanel />}
          {ending !== null && (
            <ConfirmDialog
              question={text("confirm_end_call", { number: ending.number })}
              action={text("end_call")}
              onEnd={(sure) => {
                setEnding(null);
                if (sure) act(() => api.callEnd(ending.call));
              }}
            />
          )}
        </>
      )}
    </div>
  );
}
