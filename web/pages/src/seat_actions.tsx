/** What a supervisor may do with a seat: each act is asked for once more, then done. */

import { useState } from "preact/hooks";
import { api } from "./api";
import { ConfirmDialog } from "./confirm_dialog";
import { useLanguage } from "./language";
import type { TextKey } from "./locales/en";
import type { AgentView, Dialog, Me, RouteName } from "./wire";

type Act = "listen" | "whisper" | "barge" | "take_over" | "pause" | "resume" | "move" | "sign_out";

const NEEDS: Readonly<Record<Act, RouteName>> = {
  listen: "listen",
  whisper: "listen",
  barge: "listen",
  take_over: "take_over",
  pause: "seat_pause",
  resume: "seat_resume",
  move: "seat_move",
  sign_out: "seat_sign_out",
};

function possible(agent: AgentView, me: Me): readonly Act[] {
  const joins: readonly Act[] =
    agent.state === "talking" && me.agent !== null ? ["listen", "whisper", "barge", "take_over"] : [];
  const seat: readonly Act[] = [agent.wants_pause ? "resume" : "pause", "move", "sign_out"];
  return [...joins, ...seat].filter((act) => me.may_use.includes(NEEDS[act]));
}

interface Props {
  readonly agent: AgentView;
  readonly me: Me;
  readonly onAct: (act: () => Promise<unknown>) => void;
  /** The own phone is about to be rung. */
  readonly onJoin: () => void;
  readonly onTakeOver: (dialog: Dialog) => void;
}

export function SeatActions({ agent, me, onAct, onJoin, onTakeOver }: Props) {
  const { text } = useLanguage();
  const [wish, setWish] = useState<Act | null>(null);
  const [queues, setQueues] = useState<readonly string[] | null>(null);
  const acts = possible(agent, me);
  if (acts.length === 0) return null;
  const fulfil = (sure: boolean, reason: string) => {
    const act = wish;
    setWish(null);
    if (!sure || act === null) return;
    onAct(async () => {
      switch (act) {
        case "listen":
        case "whisper":
        case "barge":
          onJoin();
          return api.listen(agent.agent, act);
        case "take_over":
          onJoin();
          return onTakeOver(await api.takeOver(agent.agent));
        case "pause":
          return api.seatPause(agent.agent, reason);
        case "resume":
          return api.seatResume(agent.agent);
        case "move":
          return api.seatMove(agent.agent, reason);
        case "sign_out":
          return api.seatSignOut(agent.agent);
      }
    });
  };
  const choose = (act: Act) => {
    setWish(act);
    if (act !== "move") return;
    onAct(async () => setQueues((await api.queues()).queues));
  };
  const label = (act: Act) => text(`act.${act}` satisfies TextKey);
  return (
    <>
      <select
        class="seat-act"
        aria-label={text("acts_for", { agent: agent.name })}
        value=""
        onChange={(event) => {
          choose(event.currentTarget.value as Act);
          event.currentTarget.value = "";
        }}
      >
        <option value="" disabled>
          {text("act")}
        </option>
        {acts.map((act) => (
          <option key={act} value={act}>
            {label(act)}
          </option>
        ))}
      </select>
      {wish !== null && (wish !== "move" || queues !== null) && (
        <ConfirmDialog
          question={text(`confirm_act.${wish}` satisfies TextKey, { agent: agent.name })}
          action={label(wish)}
          wantsReason={wish === "pause"}
          choice={
            wish === "move" ? { label: text("move_to"), options: queues ?? [] } : undefined
          }
          onEnd={fulfil}
        />
      )}
    </>
  );
}
