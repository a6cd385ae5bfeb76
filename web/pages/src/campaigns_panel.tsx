/** Campaigns with today's figures, their pace and its reason, and the three buttons. */

import { useMemo, useState } from "preact/hooks";
import { api, type CampaignAction } from "./api";
import { ConfirmDialog } from "./confirm_dialog";
import { Icon, type IconName } from "./icons";
import { useLanguage } from "./language";
import { StateBadge } from "./state_badge";
import { en, type TextKey } from "./locales/en";
import { SteerDialog } from "./steer_dialog";
import type { CallView, Campaign, CampaignStatus, CampaignWish, Me, Steering } from "./wire";
import { useFailure } from "./use_failure";
import { ScrollBox } from "./scroll_box";

const ACTION_ICONS: Readonly<Record<CampaignAction, IconName>> = {
  start: "play",
  pause: "pause",
  stop: "stop",
};
const STATUS_ICONS: Readonly<Record<CampaignStatus, IconName>> = {
  running: "play",
  paused: "pause",
  stopped: "stop",
};
const POSSIBLE: Readonly<Record<CampaignStatus, readonly CampaignAction[]>> = {
  running: ["pause", "stop"],
  paused: ["start", "stop"],
  stopped: ["start"],
};

function share(part: number, whole: number): string {
  return whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;
}

function Figure(props: { readonly value: number; readonly share?: string }) {
  const { count } = useLanguage();
  return (
    <td class="figure">
      {count(props.value)}
      {props.share !== undefined && <span class="sub">{props.share}</span>}
    </td>
  );
}

/** The reason in the page's language; in the service's words where it gives no code. */
function reasonOf(campaign: Campaign, text: ReturnType<typeof useLanguage>["text"]): string {
  const { reason } = campaign;
  return reason ? text(`pace.${reason.code}`, { ...reason }) : campaign.because;
}

function modeOf(steering: Steering, text: ReturnType<typeof useLanguage>["text"]): string {
  const key = `mode.${steering.mode}`;
  const name = key in en ? text(key as TextKey) : steering.mode;
  return steering.mode === "power" && steering.ratio ? `${name} × ${steering.ratio}` : name;
}

/** Lines in use and those allowed. */
function linesOf(campaign: Campaign, calls: ReadonlyMap<string, number>): string {
  const inUse = calls.get(campaign.name) ?? 0;
  return campaign.steering ? `${inUse} / ${campaign.steering.max_lines}` : String(inUse);
}

/** From this share of the cap on, abandonment is worth a look. */
const NEAR_CAP = 0.8;

function AbandonedCell({ campaign }: { readonly campaign: Campaign }) {
  const { text, count } = useLanguage();
  const outlook = campaign.outlook ?? null;
  const rate = outlook === null || outlook.answered === 0 ? 0 : (100 * outlook.abandoned) / outlook.answered;
  const isNear = outlook !== null && rate > NEAR_CAP * outlook.cap_percent;
  return (
    <td class="figure">
      {count(campaign.abandoned)}
      <span class="sub">{share(campaign.abandoned, campaign.answered)}</span>
      {outlook !== null && (
        <span class={isNear ? "sub warn-text" : "sub"} data-window={outlook.answered}>
          {text("abandonment_window", {
            rate: rate.toFixed(1),
            cap: String(outlook.cap_percent),
          })}
        </span>
      )}
    </td>
  );
}

function LeftCell({ campaign }: { readonly campaign: Campaign }) {
  const { text, count, language } = useLanguage();
  const finish = campaign.outlook?.finish_at ?? null;
  const shown =
    finish === null
      ? null
      : new Date(finish).toLocaleString(language, { dateStyle: "short", timeStyle: "short" });
  return (
    <td class="figure">
      {count(campaign.leads_left)}
      {shown !== null && <span class="sub">{text("finish_at", { time: shown })}</span>}
    </td>
  );
}

interface Wish {
  readonly campaign: string;
  readonly action: CampaignAction;
}

function CampaignRow(props: {
  readonly campaign: Campaign;
  readonly actions: readonly CampaignAction[];
  readonly lines: ReadonlyMap<string, number>;
  readonly onWish: (wish: Wish) => void;
  /** null: this role may not change a pace. */
  readonly onSteer: ((campaign: Campaign) => void) | null;
}) {
  const { text } = useLanguage();
  const { campaign, onSteer } = props;
  return (
    <tr data-campaign={campaign.name}>
      <th scope="row">{campaign.name}</th>
      <td>
        <StateBadge
          state={campaign.status}
          icon={STATUS_ICONS[campaign.status]}
          label={text(`status.${campaign.status}`)}
        />
        {campaign.steering && (
          <span class="sub">
            {modeOf(campaign.steering, text)}
            {campaign.steering.priority !== 0 &&
              ` · ${text("priority_of", { priority: campaign.steering.priority })}`}
          </span>
        )}
      </td>
      <Figure value={campaign.attempts} />
      <Figure value={campaign.answered} share={share(campaign.answered, campaign.attempts)} />
      <Figure value={campaign.valid} />
      <Figure value={campaign.effective} share={share(campaign.effective, campaign.answered)} />
      <AbandonedCell campaign={campaign} />
      <LeftCell campaign={campaign} />
      <td class="figure">{linesOf(campaign, props.lines)}</td>
      <td class="pace">
        {campaign.pace === null ? "–" : text("pace_now", { count: campaign.pace })}
        <span class="sub">{reasonOf(campaign, text)}</span>
      </td>
      {props.actions.length > 0 && (
        <td class="actions">
          {POSSIBLE[campaign.status]
            .filter((action) => props.actions.includes(action))
            .map((action) => (
              <button
                key={action}
                type="button"
                class="button small"
                onClick={() => props.onWish({ campaign: campaign.name, action })}
              >
                <Icon name={ACTION_ICONS[action]} />
                {text(action)}
              </button>
            ))}
          {onSteer !== null && campaign.steering && (
            <button type="button" class="button small" onClick={() => onSteer(campaign)}>
              {text("steer")}
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

interface Props {
  readonly campaigns: readonly Campaign[] | null;
  readonly calls: ReadonlyMap<string, CallView>;
  readonly me: Me;
  readonly onSignedOut: () => void;
}

export function CampaignsPanel({ campaigns, calls, me, onSignedOut }: Props) {
  const { text } = useLanguage();
  const [wish, setWish] = useState<Wish | null>(null);
  const [steered, steer] = useState<Campaign | null>(null);
  const lines = useMemo(() => linesInUse(calls), [calls]);
  const { error, fail, forget } = useFailure(onSignedOut);
  const actions = (["start", "pause", "stop"] as const).filter((action) =>
    me.may_use.includes(`campaign_${action}`),
  );
  const change = async (wanted: CampaignWish | null) => {
    const campaign = steered;
    steer(null);
    if (wanted === null || campaign === null) return;
    try {
      await api.campaignChange(campaign.name, wanted);
      forget();
    } catch (thrown) {
      fail(thrown);
    }
  };
  const fulfil = async (sure: boolean) => {
    setWish(null);
    if (wish === null || !sure) return;
    try {
      await api.campaign(wish.campaign, wish.action);
      forget();
    } catch (thrown) {
      fail(thrown);
    }
  };
  return (
    <section class="card" aria-labelledby="campaigns-title">
      <div class="card-head">
        <h2 id="campaigns-title">
          {text("campaigns")} <span class="muted">{text("campaigns_today")}</span>
        </h2>
      </div>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      <ScrollBox labelledBy="campaigns-title">
        <CampaignTable
          campaigns={campaigns ?? []}
          actions={actions}
          lines={lines}
          onWish={setWish}
          onSteer={me.may_use.includes("campaign_change") ? steer : null}
        />
        {campaigns === null && <p class="empty">{text("loading")}</p>}
        {campaigns?.length === 0 && <p class="empty">{text("no_campaigns")}</p>}
      </ScrollBox>
      {steered?.steering && (
        <SteerDialog
          campaign={steered.name}
          now={steered.steering}
          onEnd={(wanted) => void change(wanted)}
        />
      )}
      {wish !== null && (
        <ConfirmDialog
          question={text(`confirm.${wish.action}`, { campaign: wish.campaign })}
          action={text(wish.action)}
          onEnd={(sure) => void fulfil(sure)}
        />
      )}
    </section>
  );
}

/** Calls in progress by campaign. */
function linesInUse(calls: ReadonlyMap<string, CallView>): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { campaign } of calls.values()) {
    if (campaign !== null) lines.set(campaign, (lines.get(campaign) ?? 0) + 1);
  }
  return lines;
}

function CampaignTable(props: {
  readonly campaigns: readonly Campaign[];
  readonly actions: readonly CampaignAction[];
  readonly lines: ReadonlyMap<string, number>;
  readonly onWish: (wish: Wish) => void;
  readonly onSteer: ((campaign: Campaign) => void) | null;
}) {
  const { text } = useLanguage();
  const figures = ["attempts", "answered", "valid", "effective", "abandoned", "leads_left"] as const;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text("campaign")}</th>
          <th scope="col">{text("status")}</th>
          {figures.map((figure) => (
            <th key={figure} scope="col" class="figure">
              {text(figure)}
            </th>
          ))}
          <th scope="col" class="figure">{text("lines_in_use")}</th>
          <th scope="col">{text("pace")}</th>
          {props.actions.length > 0 && <th scope="col">{text("actions")}</th>}
        </tr>
      </thead>
      <tbody>
        {props.campaigns.map((campaign) => (
          <CampaignRow
            key={campaign.name}
            campaign={campaign}
            actions={props.actions}
            lines={props.lines}
            onWish={props.onWish}
            onSteer={props.onSteer}
          />
        ))}
      </tbody>
    </table>
  );
}
