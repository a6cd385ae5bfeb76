/** The agent's desk: state, telephone, who is on the line, the result, and the day so far. */

import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { api } from "./api";
import { formatSeconds, useNow } from "./clock";
import { DialPanel, useAsker } from "./dial_panel";
import { LeadPanel } from "./lead_panel";
import { useLanguage } from "./language";
import { LiveConnection, type Link } from "./live";
import type { TextKey } from "./locales/en";
import { AGENT_ICONS } from "./icons";
import { LostBanner } from "./lost_banner";
import { MyCallbacksPanel } from "./my_callbacks_panel";
import { PhonePanel } from "./phone_panel";
import { PreviewPanel } from "./preview_panel";
import { RegionsPanel } from "./regions_panel";
import { ScriptPanel } from "./script_panel";
import { StateBadge } from "./state_badge";
import { usePhone, type UsedPhone } from "./use_phone";
import type { DayFigures, DeskState, Dialog, Tick } from "./wire";
import { WrapUpForm } from "./wrap_up_form";
import { useFailure } from "./use_failure";

const PAUSES = ["break", "lunch", "training", "meeting", "paperwork"] as const;
/** Why Callfloor itself withholds an agent from the queue. */
const OWN_PAUSES = {
  dialling: "pause.dialling",
  preview: "pause.preview",
  callback: "pause.callback",
  "missed preview": "pause.missed_preview",
} as const satisfies Readonly<Record<string, TextKey>>;
type PauseReason = (typeof PAUSES)[number];

interface LiveDesk {
  readonly desk: DeskState | null;
  readonly link: Link;
  readonly clockOffset: number;
  readonly retryNow: () => void;
}

function useDesk(onSignedOut: () => void): LiveDesk {
  const [link, setLink] = useState<Link>({ kind: "connecting" });
  const [state, receive] = useReducer(
    (before: { desk: DeskState | null; clockOffset: number }, message: DeskState | Tick) =>
      message.type === "desk"
        ? { desk: message, clockOffset: Date.parse(message.at) - Date.now() }
        : before,
    { desk: null, clockOffset: 0 },
  );
  const connection = useMemo(
    () =>
      new LiveConnection<DeskState | Tick>("desk/live", {
        link: (next) =>
          setLink((now) => (now.kind === "live" && next.kind === "live" ? now : next)),
        message: receive,
        signedOut: onSignedOut,
      }),
    [],
  );
  useEffect(() => {
    connection.start();
    return () => connection.stop();
  }, [connection]);
  return { ...state, link, retryNow: connection.retryNow };
}

/** After a reload the call goes on in Asterisk: the new page's phone takes the old one's place. */
function useRejoin(desk: DeskState | null, { phone, state }: UsedPhone): void {
  const tried = useRef<string | null>(null);
  useEffect(() => {
    if (desk === null || phone === null || desk.dialog === null) return;
    if (desk.seat?.state !== "talking" || state.status !== "registered" || state.call !== null) return;
    if (tried.current === desk.dialog.call_id) return;
    tried.current = desk.dialog.call_id;
    phone.replace(desk.dialog);
  }, [desk, phone, state]);
}

function deskState(desk: DeskState): "ready" | "ringing" | "talking" | "wrap_up" | "paused" | "logged_out" {
  const seat = desk.seat;
  if (seat === null) return "logged_out";
  if (seat.state !== "talking" && desk.to_wrap_up !== null) return "wrap_up";
  return seat.state;
}

function StatePanel(props: {
  readonly desk: DeskState;
  readonly serverNow: number;
  readonly onAct: (act: () => Promise<unknown>) => void;
}) {
  const { text } = useLanguage();
  const { desk, onAct } = props;
  const [reason, setReason] = useState<PauseReason>("break");
  const [queue, setQueue] = useState(desk.queues[0] ?? "");
  const state = deskState(desk);
  const ready = () => onAct(() => api.deskReady(queue === "" ? null : queue));
  const pause = () => onAct(() => api.deskPause(reason));
  useKey("F2", state === "paused" || state === "logged_out" ? ready : null);
  useKey("F4", desk.seat !== null ? pause : null);
  return (
    <section class="card desk-state" aria-labelledby="state-title">
      <h2 id="state-title" class="visually-hidden">
        {text("state")}
      </h2>
      <p class="big-state" role="status" data-state={state}>
        <StateBadge state={state} icon={AGENT_ICONS[state]} label={text(`agent.${state}`)} />
        {state === "paused" && <span class="sub">{pauseText(desk, text)}</span>}
      </p>
      <p class="timer" aria-hidden="true">
        {desk.seat !== null && formatSeconds((props.serverNow - Date.parse(desk.seat.since)) / 1000)}
      </p>
      {desk.seat !== null && !desk.seat.reachable && <p class="error">{text("unreachable")}</p>}
      <div class="desk-buttons">
        {state === "logged_out" && desk.queues.length > 1 && (
          <label>
            {text("queue")}
            <select value={queue} onChange={(event) => setQueue(event.currentTarget.value)}>
              {desk.queues.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <button
          type="button"
          class="button primary"
          disabled={state !== "paused" && state !== "logged_out"}
          onClick={ready}
        >
          {text("be_ready")} <kbd>F2</kbd>
        </button>
        <label>
          {text("pause_reason")}
          <select
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value as PauseReason)}
          >
            {PAUSES.map((one) => (
              <option key={one} value={one}>
                {text(`pause.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" disabled={desk.seat === null} onClick={pause}>
          {text("be_paused")} <kbd>F4</kbd>
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={desk.seat === null || state === "talking" || state === "wrap_up"}
          onClick={() => onAct(() => api.deskSignOut())}
        >
          {text("leave_queue")}
        </button>
      </div>
    </section>
  );
}

function pauseText(desk: DeskState, text: (key: TextKey) => string): string {
  const reason = desk.seat?.pause_reason ?? "";
  if ((PAUSES as readonly string[]).includes(reason)) return text(`pause.${reason as PauseReason}`);
  return reason in OWN_PAUSES ? text(OWN_PAUSES[reason as keyof typeof OWN_PAUSES]) : reason;
}

export function useKey(key: string, act: (() => void) | null): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== key || latest.current === null) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [key]);
}

function DayRow(props: { readonly label: TextKey; readonly value: number; readonly target: number; readonly seconds?: boolean }) {
  const { text, count } = useLanguage();
  const show = (value: number) => (props.seconds === true ? formatSeconds(value) : count(value));
  const { value, target } = props;
  return (
    <div class="day-row">
      <span id={`day-${props.label}`}>{text(props.label)}</span>
      <strong>{show(value)}</strong>
      <span class="muted">{target > 0 ? text("to_go", { left: show(Math.max(0, target - value)) }) : ""}</span>
      {target > 0 && (
        <progress max={target} value={Math.min(value, target)} aria-labelledby={`day-${props.label}`} />
      )}
    </div>
  );
}

function DayPanel({ day }: { readonly day: DayFigures }) {
  const { text } = useLanguage();
  return (
    <section class="card" aria-labelledby="day-title">
      <div class="card-head">
        <h2 id="day-title">{text("my_day")}</h2>
      </div>
      <div class="day">
        <DayRow label="attempts" value={day.attempts} target={day.target_attempts} />
        <DayRow label="answered" value={day.answered} target={0} />
        <DayRow label="valid" value={day.valid} target={0} />
        <DayRow label="effective" value={day.effective} target={day.target_effective} />
        <DayRow label="talk" value={day.talk_seconds} target={day.target_talk_seconds} seconds />
        <DayRow label="effective_talk" value={day.effective_talk_seconds} target={0} seconds />
      </div>
    </section>
  );
}

function rememberDialog(dialog: Dialog): void {
  void api.deskDialog(dialog).catch(() => undefined);
}

export function DeskPage({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const { text } = useLanguage();
  const { desk, link, clockOffset, retryNow } = useDesk(onSignedOut);
  const { error, fail, forget } = useFailure(onSignedOut);
  const now = useNow();
  const latest = useRef<DeskState | null>(null);
  latest.current = desk;
  const used = usePhone(() => {
    const seat = latest.current?.seat;
    if (seat === undefined || seat === null) return false;
    return !seat.wants_pause || latest.current?.dialing.call !== null || seat.pause_reason in OWN_PAUSES;
  }, rememberDialog);
  useRejoin(desk, used);
  const act = (work: () => Promise<unknown>) => {
    void work().then(
      forget,
      fail,
    );
  };
  const { ask, refusal } = useAsker(act);
  return (
    <div class={`page desk ${link.kind === "lost" ? "stale" : ""}`}>
      <h1 class="page-title">{text("nav_desk")}</h1>
      <LostBanner link={link} now={now} onRetry={retryNow} />
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      {desk === null ? (
        <p class="notice">{text("loading")}</p>
      ) : (
        <div class="desk-columns">
          <div>
            <StatePanel desk={desk} serverNow={now + clockOffset} onAct={act} />
            <PhonePanel used={used} transfers />
            <DialPanel desk={desk} ask={ask} refusal={refusal} onAct={act} />
          </div>
          <div>
            <LeadPanel desk={desk} />
            <ScriptPanel desk={desk} agent={desk.seat?.name ?? desk.agent} />
          </div>
          <div>
            {desk.dialing.preview !== null && (
              <PreviewPanel preview={desk.dialing.preview} serverNow={now + clockOffset} ask={ask} />
            )}
            {desk.to_wrap_up !== null && (
              <WrapUpForm
                key={desk.to_wrap_up}
                call={desk.to_wrap_up}
                zone={desk.lead?.time_zone ?? ""}
                isTalking={desk.seat?.state === "talking"}
                onAct={act}
              />
            )}
            <MyCallbacksPanel desk={desk} serverNow={now + clockOffset} ask={ask} fail={fail} />
            <DayPanel day={desk.day} />
            <RegionsPanel regions={desk.regions} />
          </div>
        </div>
      )}
    </div>
  );
}
